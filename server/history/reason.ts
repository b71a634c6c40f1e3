// SPDX-License-Identifier: Apache-2.0
import type { FencingAttempt, FencingReason } from "@/agent/protocol/console/history";
import type { Run } from "@/agent/protocol/console/runs";
import { keyOf } from "@/agent/protocol/console/view";
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import { failureWords } from "@/server/cluster/service-roles";
import { nodeWords } from "@/server/cluster/testimony";
import { asSentence } from "@/server/cluster/words";

/** Clocks of a node and the console agree this far. */
const SLACK_MS = 5_000;

/** The surest first: of two reasons that were seen the surer one stays. */
const SURENESS = { console: 0, program: 1, stopFailed: 2, lost: 3 } as const;

/** Why a node is being fenced, as far as one reading and the commands of this console say; null: they do not. */
export function reasonOf(
  node: string,
  { value, attempts, runs, atMs }: { value: Pacemaker; attempts: readonly FencingAttempt[]; runs: readonly Run[]; atMs: number },
): FencingReason | null {
  const run = runs.findLast((one) => isFenceOf(one, node) && spans(one, atMs));
  if (run && attempts.length > 0) return { kind: "console", says: `${run.by} had it fenced from this console.` };
  const stranger = attempts.find(({ client }) => client !== null && !isController(client));
  if (stranger) {
    const where = stranger.origin === null ? "" : ` on ${stranger.origin}`;
    return { kind: "program", says: `${stranger.client}${where} asked for it, not the cluster by itself.` };
  }
  const stop = value.failures.find((one) => one.node === node && one.task === "stop");
  if (stop) return { kind: "stopFailed", says: asSentence(failureWords(stop)) };
  const word = nodeWords(value).get(node);
  if (word === "unclean" || word === "offline") {
    return { kind: "lost", says: `The cluster did not hear it any more: ${node} was ${word === "unclean" ? "unclean" : "offline"}.` };
  }
  return null;
}

/** The surer of what was known and what is seen now. */
export function surer(known: FencingReason | null, seen: FencingReason | null): FencingReason | null {
  if (known === null || seen === null) return known ?? seen;
  return SURENESS[seen.kind] < SURENESS[known.kind] ? seen : known;
}

/** The cluster's own controller, with its process id: "pacemaker-controld.48"; "crmd.48" before Pacemaker 2. */
function isController(client: string): boolean {
  return /^(pacemaker-controld|crmd)(\.|$)/.test(client);
}

export function isFenceOf({ ask, about, outcome }: Run, node: string): boolean {
  return ask.verb === "node.fence" && about.includes(keyOf.node(node)) && outcome !== "refused";
}

function spans({ startedAtMs, endedAtMs }: Run, atMs: number): boolean {
  return atMs >= startedAtMs - SLACK_MS && (endedAtMs === null || atMs <= endedAtMs + SLACK_MS);
}
