// SPDX-License-Identifier: Apache-2.0
import type { Guard } from "../define";
import { agentMayAct } from "./agent-may-act";
import { anotherNodeIsUsable } from "./another-node-is-usable";
import { clusterHasQuorum, othersKeepQuorum } from "./cluster-has-quorum";
import { clusterIsSettled } from "./cluster-is-settled";
import { clientsAreHeard, clusterIsLive, factsAreFresh, pacemakerAnswers } from "./facts-are-fresh";
import { noOtherCommandRuns } from "./one-command-at-a-time";
import { noResyncFromHere, otherCopyIsHeard, otherCopyIsUpToDate, redundancyStays, targetHoldsTheMirror } from "./other-copy-is-up-to-date";
import { nodeIsKnown, targetDoesNotFail, targetIsAlike, targetIsNotBanned, targetIsProven, targetIsUp } from "./target-can-run";

// Which guards look at which command. Of findings of one level the earlier guard's comes first.

/** Looked at before anything is written, whatever it is. */
const ALWAYS: readonly Guard[] = [clusterIsLive, nodeIsKnown, factsAreFresh, pacemakerAnswers, agentMayAct, noOtherCommandRuns];

/** What is written has an effect, and a simulation tells which. */
const SETTLED: readonly Guard[] = [clusterHasQuorum, clusterIsSettled];

/** Everything leaves a node: standby, and the standing verdict. */
export const LEAVING: readonly Guard[] = [
  ...ALWAYS,
  otherCopyIsUpToDate,
  noResyncFromHere,
  otherCopyIsHeard,
  anotherNodeIsUsable,
  ...SETTLED,
  targetIsNotBanned,
  targetDoesNotFail,
  clientsAreHeard,
  redundancyStays,
  othersKeepQuorum,
  targetIsAlike,
  targetIsProven,
];

/** A node takes services again. */
export const RETURNING: readonly Guard[] = [...ALWAYS, ...SETTLED];

/** A resource goes to a named node. */
export const MOVING: readonly Guard[] = [
  ...ALWAYS,
  targetIsUp,
  targetHoldsTheMirror,
  ...SETTLED,
  targetIsNotBanned,
  targetDoesNotFail,
  clientsAreHeard,
  targetIsAlike,
  targetIsProven,
];

/** A resource leaves a node, wherever it goes. */
export const BANNING: readonly Guard[] = [...ALWAYS, ...SETTLED, clientsAreHeard];

/** Constraints that tools left go. */
export const CLEARING: readonly Guard[] = [...ALWAYS, ...SETTLED];

/** Failures are forgotten, and everything is probed again. */
export const CLEANING: readonly Guard[] = [...ALWAYS, ...SETTLED];

/** A resource is left to people. */
export const UNMANAGING: readonly Guard[] = [...ALWAYS, ...SETTLED];

/** A resource is taken back from people. */
export const MANAGING: readonly Guard[] = [...ALWAYS, ...SETTLED];

/** Maintenance of a node or the cluster, on and off: which of the two is told from the view. */
export const MAINTENANCE: readonly Guard[] = [...ALWAYS, ...SETTLED];

/** A node is cut off by force. */
export const FENCING: readonly Guard[] = [
  ...ALWAYS,
  otherCopyIsUpToDate,
  noResyncFromHere,
  otherCopyIsHeard,
  clusterHasQuorum,
  clusterIsSettled,
  othersKeepQuorum,
];

/** AoE targets are asked for: nothing in use is changed. */
export const DISCOVERING: readonly Guard[] = [clusterIsLive, nodeIsKnown, agentMayAct];
