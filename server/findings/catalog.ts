// SPDX-License-Identifier: Apache-2.0

import { alertsUnsent } from "./alerts-unsent";
import { aoeMtu, aoeTwice } from "./aoe-ends";
import { aoePath, aoeSync } from "./aoe-path";
import { bondMissing } from "./bond-missing";
import { bondPorts } from "./bond-ports";
import { bondMiscabled, bondOneSwitch, switchLost } from "./bond-switches";
import { fencingFailed, fencingOff, fencingRuns, maintenance } from "./cluster-state";
import { corosyncConfig, mirrorSettings } from "./config-drift";
import { corosyncNames, corosyncQuorum, corosyncStopped } from "./corosync";
import type { Rule } from "./define";
import { drbdFencing } from "./drbd-fencing";
import { fencingLevel, fencingReach, fencingUnwatched } from "./fence-reach";
import { fencingLoop, fencingNone, fencingUntested } from "./fence-trust";
import { fencingGap } from "./fencing-gap";
import { iscsiSession, iscsiTarget, iscsiTimeout } from "./iscsi";
import { iscsiImplementation, iscsiRecovery, iscsiTid } from "./iscsi-settings";
import { leftOver } from "./left-over";
import { dlmOrphan, dlmWaits, ocfs2Config, ocfs2Stack } from "./lock-stacks";
import { maintenanceOver } from "./maintenance-over";
import { arrayBroken, arrayDegraded, arrayDiffers, arrayMoves } from "./md-array";
import { arrayCopies, arrayTwice } from "./md-twins";
import { mirrorAlone, mirrorLost } from "./mirror-alone";
import { mirrorBypassed } from "./mirror-bypassed";
import { mirrorCut } from "./mirror-cut";
import { mirrorDisk, mirrorSuspended } from "./mirror-disk";
import { mirrorFlaps } from "./mirror-flaps";
import { mirrorApart, mirrorMinors, mirrorNames } from "./mirror-identity";
import { mirrorPorts } from "./mirror-ports";
import { mirrorDiffers, mirrorMoves, mirrorUnknown, twoPrimaries } from "./mirror-state";
import { arrayMissing, poolMissing } from "./missing-after-boot";
import { mountSecondary, mountStopped, mountTwice } from "./mounts";
import { lineMtu, linkMtu } from "./mtus";
import { neverProven } from "./never-proven";
import { nodeClock } from "./node-clock";
import { nodeGone } from "./node-gone";
import { eccErrors, hungTasks, nodeMemory } from "./node-health";
import { nodeHeld } from "./node-held";
import { nodeIo } from "./node-io";
import { nodeSilent } from "./node-silent";
import { nodeUnheard, nodeUnread } from "./node-unread";
import { notJudged } from "./not-judged";
import { noQuorum, opinionsDiffer } from "./quorum";
import { repairOpen } from "./repair-open";
import { resyncStuck } from "./resync-stuck";
import { ringSharesLink } from "./ring-shares-link";
import { ringDown, ringLoopback, ringSingle } from "./rings";
import { operationFailed, operationSlow, serviceUnmanaged } from "./service-care";
import { serviceBlocked, serviceFailed, serviceOrphaned, serviceStopped, serviceTwice, serviceUnclear } from "./service-state";
import { sourceFailed } from "./source-failed";
import { takeoverLacks } from "./takeover-lacks";
import { verifyDiffered, verifyNever, verifyOld } from "./verify-age";
import { drbdVersions, nodeLacks, versionDrift } from "./version-drift";
import { drbdReload, mixedPacemaker } from "./versions";
import { zfsPool } from "./zfs-pool";

/** Every rule. Among findings of one level the earlier rule makes the headline. */
export const RULES: readonly Rule[] = [
  mirrorLost,
  mirrorSuspended,
  arrayTwice,
  arrayCopies,
  mountTwice,
  mirrorBypassed,
  mountStopped,
  mountSecondary,
  poolMissing,
  arrayMissing,
  zfsPool,
  arrayBroken,
  noQuorum,
  opinionsDiffer,
  corosyncQuorum,
  serviceTwice,
  nodeGone,
  switchLost,
  fencingLoop,
  repairOpen,
  resyncStuck,
  mirrorAlone,
  mirrorCut,
  serviceFailed,
  serviceBlocked,
  serviceStopped,
  serviceOrphaned,
  serviceUnclear,
  fencingFailed,
  aoeTwice,
  aoePath,
  iscsiTarget,
  iscsiSession,
  twoPrimaries,
  mirrorApart,
  mirrorPorts,
  mirrorFlaps,
  mirrorDisk,
  mirrorDiffers,
  arrayDegraded,
  arrayDiffers,
  dlmWaits,
  dlmOrphan,
  corosyncStopped,
  ringLoopback,
  ringDown,
  corosyncNames,
  corosyncConfig,
  ocfs2Stack,
  ocfs2Config,
  nodeSilent,
  nodeUnheard,
  nodeUnread,
  sourceFailed,
  mirrorUnknown,
  nodeIo,
  nodeMemory,
  hungTasks,
  eccErrors,
  nodeLacks,
  takeoverLacks,
  maintenanceOver,
  bondMiscabled,
  alertsUnsent,
  bondPorts,
  bondMissing,
  linkMtu,
  mirrorNames,
  mirrorMinors,
  mirrorSettings,
  aoeSync,
  aoeMtu,
  lineMtu,
  nodeClock,
  iscsiTimeout,
  iscsiImplementation,
  iscsiTid,
  iscsiRecovery,
  leftOver,
  mixedPacemaker,
  fencingOff,
  fencingNone,
  fencingGap,
  fencingReach,
  fencingLevel,
  drbdFencing,
  operationSlow,
  verifyDiffered,
  mirrorMoves,
  arrayMoves,
  drbdReload,
  fencingRuns,
  maintenance,
  nodeHeld,
  serviceUnmanaged,
  ringSingle,
  ringSharesLink,
  operationFailed,
  drbdVersions,
  versionDrift,
  fencingUntested,
  fencingUnwatched,
  neverProven,
  bondOneSwitch,
  verifyOld,
  verifyNever,
  // Last: it tells what no rule above has told.
  notJudged,
];
