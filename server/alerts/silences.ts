// SPDX-License-Identifier: Apache-2.0
import type { NewSilence, SilenceList } from "@/agent/protocol/console/alerts";
import { type Refusal, refusal } from "@/server/auth/refusal";
import type { Asker } from "@/server/commands/previews";
import { recorded } from "./audit";
import type { DeskDeps, Done, Made } from "./desk-deps";
import type { Silence } from "./state";
import { moment } from "./words";

const LONGEST_MS = 90 * 86_400_000;
const MOST_SILENCES = 500;

/** What nobody is to be told of, each with an end and a reason. */
export function createSilences(deps: DeskDeps) {
  const { records, now, newId, inTurn } = deps;
  const all = new Map(deps.kept.silences.map((one) => [one.id, one]));

  function misfit({ endsAtMs }: NewSilence, nowMs: number): Refusal | null {
    if (endsAtMs <= nowMs) return refusal("SILENCE_END", "It would be over already: say a time to come.");
    if (endsAtMs - nowMs > LONGEST_MS)
      return refusal("SILENCE_END", "A silence lasts 90 days at the most: what is to be quiet for good is better left out of the routes.");
    return all.size < MOST_SILENCES ? null : refusal("SILENCE_END", `More than ${MOST_SILENCES} silences are not kept: end one first.`);
  }

  return {
    all,
    list: (): SilenceList => ({ atMs: now(), silences: [...all.values()].sort((a, b) => b.createdAtMs - a.createdAtMs) }),
    add: (wanted: NewSilence, by: Asker): Promise<Made> =>
      inTurn(async () => {
        const nowMs = now();
        const no = misfit(wanted, nowMs);
        if (no) return no;
        const silence: Silence = { ...wanted, id: newId(), createdBy: by.user, createdAtMs: nowMs, endedBy: null };
        const { matchers, reason, endsAtMs } = wanted;
        const title = `Silence alerts of ${wordsOf(matchers)} until ${moment(endsAtMs)}`;
        const told = { cluster: clusterOf(matchers), verb: "alert.silence", title, args: { ...wanted }, reason };
        await recorded(deps.journal, by, told, () => records.keepSilence(silence));
        all.set(silence.id, silence);
        deps.onChanged();
        return { ok: true, id: silence.id };
      }),
    end: (id: string, by: Asker): Promise<Done> =>
      inTurn(async () => {
        const nowMs = now();
        const silence = all.get(id);
        if (!silence || silence.endedBy !== null || silence.endsAtMs <= nowMs)
          return refusal("SILENCE_UNKNOWN", "There is no such silence, or it is over.");
        const ended = { ...silence, endsAtMs: nowMs, endedBy: by.user };
        const { matchers, reason } = silence;
        const title = `End the silence of ${wordsOf(matchers)}`;
        const told = { cluster: clusterOf(matchers), verb: "alert.silence-end", title, args: { matchers }, reason: `It was: ${reason}` };
        await recorded(deps.journal, by, told, () => records.keepSilence(ended));
        all.set(id, ended);
        deps.onChanged();
        return { ok: true };
      }),
    /** What ended before is not listed any more. */
    forget(beforeMs: number): void {
      for (const { id, endsAtMs } of all.values()) if (endsAtMs < beforeMs) all.delete(id);
    },
  };
}

/** "rule node-gone, node not ruby or crystal": all of it must fit. */
function wordsOf(matchers: NewSilence["matchers"]): string {
  return matchers.map(({ label, isNot, values }) => `${label} ${isNot ? "not " : ""}${values.join(" or ")}`).join(", ");
}

/** The one cluster that matchers are about; empty: more than one, or any. */
function clusterOf(matchers: NewSilence["matchers"]): string {
  const [one, ...others] = matchers.flatMap(({ label, isNot, values }) => (label === "cluster" && !isNot ? values : []));
  return one !== undefined && others.length === 0 ? one : "";
}
