// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import { NO_GOOD_COPY } from "@/server/cluster/mirrors";
import { asSentence, formatDuration, formatPercent, joinWords } from "@/server/cluster/words";
import { defineRule, every, mirrorName } from "./define";

type Mirror = EntityOf<"mirror">;

/** One node alone holds all of a mirror. Mirrors that share a holder share the finding. */
export const mirrorAlone = defineRule({
  name: "mirror-alone",
  doc: {
    area: "mirrors",
    title: "One good copy",
    means: "One node alone holds all of a mirror.",
    levels: ["risk"],
    fires: "Every other copy is known not to be good: Inconsistent, Outdated, Diskless, gone.",
    not: "A copy that is silent but was good, and a resync beside two good copies.",
    todo: "Bring the other copy back; until then nothing may happen to the node.",
    needs: [13, 14, 83, 105],
  },
  find(view) {
    const byHolder = new Map<string, [string, Mirror][]>();
    for (const [key, mirror] of every(view, "mirror")) {
      const holder = mirror.onlyHolder;
      if (!holder) continue;
      byHolder.set(holder, [...(byHolder.get(holder) ?? []), [key, mirror]]);
    }
    return [...byHolder].map(([holder, mirrors]) => {
      const names = joinWords(mirrors.map(([, mirror]) => mirrorName(mirror)));
      const reasons = mirrors.map(([, mirror]) => reasonOf(mirror, holder, mirrors.length > 1));
      const isHealing = reasons.every(({ heals }) => heals);
      const told = inWords(reasons).slice(0, 3).join(" ");
      return {
        id: `mirror-alone:${holder}`,
        level: "risk" as const,
        title: `Only ${holder} holds ${names}`,
        headline: `only ${holder} holds ${names}`,
        why: `${told} Until ${isHealing ? "then" : "another copy is good again"} nothing may happen to ${holder}.`,
        todo: isHealing ? null : "Bring the other copy back: the mirror says what it waits for.",
        about: [...mirrors.map(([key]) => key), `node:${holder}`],
      };
    });
  },
});

/** Why the other copy of a mirror does not count. */
interface Reason {
  /** Whose reason it is, where that must be said. */
  of: string | null;
  text: string;
  /** Whether it ends by itself. */
  heals: boolean;
}

/** A sentence for each reason, with all that it is the reason of: "mail and store: not connected." */
function inWords(reasons: readonly Reason[]): string[] {
  const names = new Map<string, string[]>();
  for (const { of, text } of reasons) names.set(text, [...(names.get(text) ?? []), ...(of === null ? [] : [of])]);
  return [...names].map(([text, whose]) => asSentence(whose.length === 0 ? text : `${joinWords(whose)}: ${text}`));
}

function reasonOf(mirror: Mirror, holder: string, isOneOfMany: boolean): Reason {
  const name = mirrorName(mirror);
  const of = isOneOfMany ? name : null;
  for (const { a, b, towards, progress, said, line } of mirror.pairs) {
    if (a !== holder && b !== holder) continue;
    if (line === "resync" && progress && towards !== null) {
      const left = progress.etaSeconds === null ? "" : `, ${formatDuration(progress.etaSeconds * 1000)} left`;
      const heals = said.level === "busy";
      if (progress.stalled) return { of: null, text: `${towards} stands at ${formatPercent(progress.percent)} of ${name}, stalled`, heals };
      return { of, text: `${towards} is ${formatPercent(progress.percent)} synced${left}`, heals };
    }
    if (said.level !== "ok") return { of: name, text: `${said.word}${said.why ? `. ${said.why}` : ""}`, heals: said.level === "busy" };
  }
  const other = mirror.copies.find((copy) => copy.node !== holder);
  return other ? { of, text: `${other.node} is ${other.disk}`, heals: false } : { of: null, text: `${name} has one copy`, heals: false };
}

/** Nobody holds all of it. */
export const mirrorLost = defineRule({
  name: "mirror-lost",
  doc: {
    area: "mirrors",
    title: "No good copy is known",
    means: "No node has an UpToDate copy of the mirror: DRBD will not choose one by itself.",
    levels: ["bad"],
    fires: "Every side is known, and none of them is UpToDate.",
    not: "A side that is silent: what it holds is not known, which is told as that.",
    todo: "Find out which copy is the newest before anything is forced.",
    needs: [23, 25],
  },
  find(view) {
    return every(view, "mirror").flatMap(([key, mirror]) =>
      mirror.said.word === NO_GOOD_COPY
        ? [
            {
              id: `mirror-lost:${mirrorName(mirror)}`,
              level: "bad" as const,
              title: `No good copy of ${mirrorName(mirror)} is known`,
              headline: `no good copy of ${mirrorName(mirror)} is known`,
              why: `${joinWords(mirror.copies.map((copy) => `${copy.node} is ${copy.disk}`))}. DRBD will not choose one by itself.`,
              todo: "Find out which copy is the newest before anything is forced.",
              about: [key],
            },
          ]
        : [],
    );
  },
});
