// SPDX-License-Identifier: Apache-2.0
import type { Guard } from "../define";
import { agentMayAct } from "./agent-may-act";
import { anotherNodeIsKnown, anotherNodeIsUsable } from "./another-node-is-usable";
import { probesMayAct } from "./cleanup";
import { clusterHasQuorum, othersKeepQuorum, quorumIsKnown } from "./cluster-has-quorum";
import { clusterIsSettled, nobodyIsJoining } from "./cluster-is-settled";
import { clearedLockIsNotNeeded, drbdHasNotLocked, noConstraintIsLeft, noPreferenceIsReplaced } from "./constraints";
import { dcStaysWhileMixed } from "./dc-and-versions";
import { clientsAreHeard, clusterIsLive, factsAreFresh, pacemakerAnswers } from "./facts-are-fresh";
import { fencedNodeHoldsNothingAlone, fencingIsMeant, fencingIsOn, fencingWorks, somebodyCanFence } from "./fencing";
import { clusterMayAct, resourceRuns } from "./has-an-effect";
import { clientsMayStall, discoveryIsSafe, exportsWriteThrough } from "./live-clients";
import {
  fencingStaysLive,
  noLockspaceIsLeft,
  nothingRunsTwice,
  nothingWasChangedByHand,
  pacemakerKeepsRunning,
  releaseChangesNothing,
} from "./maintenance";
import { noVerifyIsCut } from "./no-verify-is-cut";
import { noOtherCommandRuns } from "./one-command-at-a-time";
import { noResyncFromHere, noResyncToHere, otherCopyIsHeard, otherCopyIsUpToDate, redundancyStays } from "./other-copy-is-up-to-date";
import { ringsAreWhole, targetStandsOnWholeParts } from "./path-of-the-target";
import {
  blocksAreMarked,
  copyLessIsAccepted,
  directionIsMeant,
  lineIsKnown,
  methodFitsVersions,
  pacemakerWillStay,
  primaryHasWritten,
  quorumIsKept,
  sourceIsComplete,
} from "./repair";
import { mirrorsResyncFirst } from "./returning";
import {
  clearingMovesNothing,
  failBackMovesNothing,
  nothingIsBlocked,
  nothingIsFenced,
  nothingStopsEverywhere,
  saysWhatMovesAlong,
  simulationReachesTarget,
} from "./simulation";
import { noSessionIsBusy, nothingHangs, stopsEndInTime } from "./stops-end-in-time";
import {
  nodeIsKnown,
  resourceIsKnown,
  targetDoesNotFail,
  targetIsAlike,
  targetIsNotBanned,
  targetIsProven,
  targetIsUp,
} from "./target-can-run";
import { targetHoldsTheMirror } from "./target-holds-the-mirror";
import {
  copiesAreUpToDate,
  copiesHaveDisks,
  mirrorIsAtRest,
  mirrorIsKnown,
  verifyAlgIsLoaded,
  verifyAlgIsSet,
  verifyEndsAreConnected,
  verifyEndsAreHeard,
} from "./verify-can-begin";
import {
  drbdIsKnownToBearIt,
  lowerMirrorIsWhole,
  stoppedVerifyProvesNothing,
  verifyCanBeStopped,
  verifyRepairsNothing,
  verifyRuns,
} from "./verify-limits";
import { nodesAndLinesAreFree, nodesAreQuiet, oneNodeWrites, saysHowLong } from "./verify-load";

// Which guards look at which command. Of findings of one level the earlier guard's comes first.

/** Looked at before anything is written, whatever it is. */
const ALWAYS: readonly Guard[] = [
  clusterIsLive,
  nodeIsKnown,
  resourceIsKnown,
  factsAreFresh,
  pacemakerAnswers,
  agentMayAct,
  noOtherCommandRuns,
];

/** What is written has an effect, and a simulation tells which. */
const SETTLED: readonly Guard[] = [clusterHasQuorum, quorumIsKnown, clusterIsSettled, nobodyIsJoining];

/** What the simulation must not do. */
const SIMULATED: readonly Guard[] = [nothingIsFenced, nothingStopsEverywhere, nothingIsBlocked];

/** Something that runs is stopped and started elsewhere. */
const INTERRUPTED: readonly Guard[] = [
  stopsEndInTime,
  nothingHangs,
  noSessionIsBusy,
  fencingIsOn,
  noConstraintIsLeft,
  targetStandsOnWholeParts,
  ringsAreWhole,
  clientsAreHeard,
  clientsMayStall,
  exportsWriteThrough,
  targetIsAlike,
  targetIsProven,
];

/** Everything leaves a node: standby, and the standing verdict. */
export const LEAVING: readonly Guard[] = [
  ...ALWAYS,
  otherCopyIsUpToDate,
  noResyncFromHere,
  otherCopyIsHeard,
  drbdHasNotLocked,
  anotherNodeIsUsable,
  anotherNodeIsKnown,
  clusterMayAct,
  noLockspaceIsLeft,
  ...SETTLED,
  ...SIMULATED,
  targetIsNotBanned,
  targetDoesNotFail,
  noResyncToHere,
  dcStaysWhileMixed,
  noVerifyIsCut,
  ...INTERRUPTED,
  redundancyStays,
  othersKeepQuorum,
];

/** A node takes services again. */
export const RETURNING: readonly Guard[] = [...ALWAYS, ...SETTLED, ...SIMULATED, failBackMovesNothing, mirrorsResyncFirst];

/** A resource goes to a named node. */
export const MOVING: readonly Guard[] = [
  ...ALWAYS,
  targetIsUp,
  targetHoldsTheMirror,
  drbdHasNotLocked,
  clusterMayAct,
  resourceRuns,
  ...SETTLED,
  targetIsNotBanned,
  simulationReachesTarget,
  ...SIMULATED,
  targetDoesNotFail,
  saysWhatMovesAlong,
  noPreferenceIsReplaced,
  ...INTERRUPTED,
];

/** A resource leaves a node, wherever it goes. */
export const BANNING: readonly Guard[] = [
  ...ALWAYS,
  drbdHasNotLocked,
  clusterMayAct,
  ...SETTLED,
  ...SIMULATED,
  saysWhatMovesAlong,
  ...INTERRUPTED,
];

/** Constraints that tools left go. */
export const CLEARING: readonly Guard[] = [...ALWAYS, clearedLockIsNotNeeded, ...SETTLED, ...SIMULATED, clearingMovesNothing];

/** Failures are forgotten, and everything is probed again. */
export const CLEANING: readonly Guard[] = [...ALWAYS, ...SETTLED, ...SIMULATED, probesMayAct];

/** A resource is left to people. */
export const UNMANAGING: readonly Guard[] = [...ALWAYS, ...SETTLED, ...SIMULATED, fencingStaysLive];

/** A resource is taken back from people. */
export const MANAGING: readonly Guard[] = [...ALWAYS, ...SETTLED, ...SIMULATED, nothingRunsTwice, releaseChangesNothing];

/** Maintenance of a node or the cluster, on and off: each guard tells from the verb whether it is its own. */
export const MAINTENANCE: readonly Guard[] = [
  ...ALWAYS,
  nothingRunsTwice,
  nothingWasChangedByHand,
  ...SETTLED,
  ...SIMULATED,
  releaseChangesNothing,
  fencingStaysLive,
  pacemakerKeepsRunning,
  noLockspaceIsLeft,
];

/** A node is cut off by force. */
export const FENCING: readonly Guard[] = [
  ...ALWAYS,
  fencedNodeHoldsNothingAlone,
  somebodyCanFence,
  clusterHasQuorum,
  quorumIsKnown,
  clusterIsSettled,
  nothingIsFenced,
  fencingIsMeant,
  othersKeepQuorum,
  fencingWorks,
  exportsWriteThrough,
  clientsMayStall,
];

/** AoE targets are asked for: nothing in use is changed. */
export const DISCOVERING: readonly Guard[] = [clusterIsLive, nodeIsKnown, agentMayAct, discoveryIsSafe];

/** The copies of a mirror are compared. No word of Pacemaker's is needed: DRBD does it by itself. */
export const VERIFYING: readonly Guard[] = [
  clusterIsLive,
  mirrorIsKnown,
  verifyEndsAreHeard,
  agentMayAct,
  noOtherCommandRuns,
  verifyEndsAreConnected,
  mirrorIsAtRest,
  verifyAlgIsSet,
  copiesHaveDisks,
  copiesAreUpToDate,
  drbdIsKnownToBearIt,
  nodesAndLinesAreFree,
  verifyAlgIsLoaded,
  lowerMirrorIsWhole,
  nodesAreQuiet,
  oneNodeWrites,
  verifyCanBeStopped,
  saysHowLong,
  verifyRepairsNothing,
];

/** A comparison that runs is ended early. */
export const STOPPING_VERIFY: readonly Guard[] = [clusterIsLive, verifyRuns, agentMayAct, verifyCanBeStopped, stoppedVerifyProvesNothing];

/** Marked blocks are made the same again: each step of a repair; every guard tells from the verb whether it is its own. */
export const REPAIRING: readonly Guard[] = [
  clusterIsLive,
  nodeIsKnown,
  factsAreFresh,
  agentMayAct,
  noOtherCommandRuns,
  lineIsKnown,
  methodFitsVersions,
  blocksAreMarked,
  sourceIsComplete,
  quorumIsKept,
  directionIsMeant,
  primaryHasWritten,
  pacemakerWillStay,
  copyLessIsAccepted,
];

/** Every list, for what is written of them. */
export const GUARD_LISTS: Readonly<Record<string, readonly Guard[]>> = {
  LEAVING,
  RETURNING,
  MOVING,
  BANNING,
  CLEARING,
  CLEANING,
  UNMANAGING,
  MANAGING,
  MAINTENANCE,
  FENCING,
  DISCOVERING,
  VERIFYING,
  STOPPING_VERIFY,
  REPAIRING,
};
