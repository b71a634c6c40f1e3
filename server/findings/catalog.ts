// SPDX-License-Identifier: Apache-2.0
import { aoePath, aoeSync } from "./aoe-path";
import { bondMissing } from "./bond-missing";
import { bondPorts } from "./bond-ports";
import { fencingFailed, fencingOff, fencingRuns, maintenance } from "./cluster-state";
import { corosyncNames, corosyncQuorum, corosyncStopped } from "./corosync";
import type { Rule } from "./define";
import { iscsiSession, iscsiTarget, iscsiTimeout } from "./iscsi";
import { dlmOrphan, dlmWaits, ocfs2Config, ocfs2Stack } from "./lock-stacks";
import { maintenanceOver } from "./maintenance-over";
import { arrayBroken, arrayDegraded, arrayDiffers, arrayMoves } from "./md-array";
import { arrayCopies, arrayTwice } from "./md-twins";
import { mirrorAlone, mirrorLost } from "./mirror-alone";
import { mirrorCut } from "./mirror-cut";
import { mirrorDisk, mirrorSuspended } from "./mirror-disk";
import { mirrorApart, mirrorMinors, mirrorNames } from "./mirror-identity";
import { mirrorDiffers, mirrorMoves, mirrorUnknown, twoPrimaries } from "./mirror-state";
import { mirrorBypassed, mountSecondary, mountStopped, mountTwice } from "./mounts";
import { nodeClock } from "./node-clock";
import { nodeGone } from "./node-gone";
import { nodeHeld } from "./node-held";
import { nodeIo } from "./node-io";
import { nodeSilent } from "./node-silent";
import { nodeUnheard, nodeUnread } from "./node-unread";
import { notJudged } from "./not-judged";
import { noQuorum, opinionsDiffer } from "./quorum";
import { repairOpen } from "./repair-open";
import { ringDown, ringLoopback, ringSingle } from "./rings";
import { leftOver, serviceState } from "./service-state";
import { sourceFailed } from "./source-failed";
import { verifyDiffered, verifyNever, verifyOld } from "./verify-age";
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
  zfsPool,
  arrayBroken,
  noQuorum,
  opinionsDiffer,
  corosyncQuorum,
  nodeGone,
  repairOpen,
  mirrorAlone,
  mirrorCut,
  serviceState,
  fencingFailed,
  aoePath,
  iscsiTarget,
  iscsiSession,
  twoPrimaries,
  mirrorApart,
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
  ocfs2Stack,
  ocfs2Config,
  nodeSilent,
  nodeUnheard,
  nodeUnread,
  sourceFailed,
  mirrorUnknown,
  nodeIo,
  maintenanceOver,
  bondPorts,
  bondMissing,
  mirrorNames,
  mirrorMinors,
  aoeSync,
  nodeClock,
  iscsiTimeout,
  leftOver,
  mixedPacemaker,
  fencingOff,
  verifyDiffered,
  mirrorMoves,
  arrayMoves,
  drbdReload,
  fencingRuns,
  maintenance,
  nodeHeld,
  ringSingle,
  verifyOld,
  verifyNever,
  // Last: it tells what no rule above has told.
  notJudged,
];
