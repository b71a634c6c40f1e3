// SPDX-License-Identifier: Apache-2.0
import type { VerifyState, VerifySummary } from "@/agent/protocol/console/verify";
import { type Entity, type EntityOf, keyOf, type Said } from "@/agent/protocol/console/view";
import { said } from "./said";
import { formatBytes, formatPercent } from "./words";

/** Nothing is known of a mirror's verifies: there was none that this console saw. */
export const NEVER: VerifyState = { cleanAtMs: null, last: null, running: null, queued: null, next: null };

/** What is known of each mirror's verifies, beside the mirror. */
export function verifyEntities(
  entities: ReadonlyMap<string, Entity>,
  states: ReadonlyMap<string, VerifyState> | undefined,
): [string, EntityOf<"verify">][] {
  if (!states) return [];
  return [...entities].flatMap(([key, entity]) => {
    if (entity.kind !== "mirror") return [];
    // The key of a mirror has its name of its own, where two have the same.
    const name = key.slice("mirror:".length, -`/${entity.volume}`.length);
    const verifyKey = keyOf.verify(name, entity.volume);
    const state = states.get(verifyKey) ?? NEVER;
    return [[verifyKey, { kind: "verify", resource: name, volume: entity.volume, said: sayResult(state.last), ...state }]];
  });
}

/** The result of a verify as a word. */
export function sayResult(last: VerifySummary | null): Said {
  if (last === null) return said("absent", "never verified", "Whether both copies are the same is only known from a verify.");
  switch (last.result) {
    case "clean":
      return said("ok", "clean", last.says);
    case "differs":
      return said("differs", last.differsBytes ? `differs in ${formatBytes(last.differsBytes)}` : "differs", last.says);
    case "aborted":
      return said("risk", last.percent === null ? "aborted" : `aborted at ${formatPercent(last.percent)}`, last.says);
    case "refused":
      return said("risk", "refused", last.says);
    case "unknown":
    case null:
      return said("unknown", "end not seen", last.says);
  }
}
