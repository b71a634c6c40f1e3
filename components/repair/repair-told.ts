// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@/agent/protocol/console/runs";
import type { EntityOf } from "@/agent/protocol/console/view";

type Mirror = EntityOf<"mirror">;

/** The verbs that a repair is made of. */
const VERBS: ReadonlySet<string> = new Set(["drbd.disconnect", "drbd.connect", "drbd.takeFromPeer"]);

function runsOf({ resource }: Mirror, runs: readonly Run[]): Run[] {
  return runs.filter(({ ask }) => VERBS.has(ask.verb) && ask.args.resource === resource);
}

/** Whether the console may have something to say of a repair: blocks are marked, or a step was taken. */
export function isRepairTold(mirror: Mirror, runs: readonly Run[]): boolean {
  return mirror.pairs.some(({ said }) => said.level === "differs") || runsOf(mirror, runs).length > 0;
}

/** What the steps hang on, as a word: when it changes they are asked for again. */
export function repairRevision(mirror: Mirror, runs: readonly Run[]): string {
  const lines = mirror.pairs.map(({ line, said, outOfSyncBytes }) => [line, said.word, outOfSyncBytes !== 0]);
  const roles = mirror.copies.map(({ node, role, disk }) => [node, role, disk]);
  return JSON.stringify([lines, roles, runsOf(mirror, runs).map(({ id, endedAtMs, outcome }) => [id, endedAtMs, outcome])]);
}
