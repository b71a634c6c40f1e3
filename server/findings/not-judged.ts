// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { asSentence, counted, joinWords } from "@/server/cluster/words";
import { defineRule, type Finding, goneNodes } from "./define";
import { type Gap, gapsIn } from "./gaps";
import { aboutOf, findingIn, NOT_KNOWN, OVER } from "./standing";

/**
 * What no rule has told and yet cannot be called good: words nobody knows, values nobody could read.
 * It stands last, so that the cluster is never called calm over something that is not known.
 */
export const notJudged = defineRule({
  name: "not-judged",
  doc: {
    area: "sight",
    title: "Not known",
    means: "Words nobody knows, values nobody could read, and no other rule has told: unknown is not OK.",
    levels: ["unknown"],
    fires: "Something is judged unknown, old or bad, and no finding speaks of it.",
    not: "What a finding explains, and parts by which nothing is judged.",
    todo: "Look at the node itself.",
    needs: [130, 133],
  },
  find(view, { told }) {
    const keys = toldKeys(told);
    const byPlace = new Map<string, Gap[]>();
    for (const gap of gapsIn(view)) {
      if (keys.has(gap.key) || gap.causes.some((cause) => keys.has(cause))) continue;
      const place = gap.node ?? "cluster";
      byPlace.set(place, [...(byPlace.get(place) ?? []), gap]);
    }
    return [...byPlace].map(([place, gaps]) => {
      const names = [...new Set(gaps.map(({ name }) => name))];
      const listed = joinWords(names.length > 3 ? [...names.slice(0, 2), counted(names.length - 2, "other")] : names);
      const what = gaps[0]?.node === null ? listed : `${listed} on ${place}`;
      return {
        id: gaps[0]?.node === null ? "not-judged" : `not-judged:${place}`,
        level: "unknown" as const,
        title: `Not known: ${what}`,
        headline: what,
        why: [...new Set(gaps.map(({ why }) => asSentence(why)))].slice(0, 3).join(" "),
        todo: gaps[0]?.node === null ? "Look at the nodes themselves." : `Look at ${place} itself.`,
        about: [...new Set(gaps.map(({ key }) => key))],
      };
    });
  },
  // Told by what explains it.
  over: (id, view) => (findingIn(view, "no-quorum") || goneNodes(view).has(aboutOf(id)) ? NOT_KNOWN : OVER),
});

/** Rules that tell why a whole node, or the whole cluster, says nothing that may be believed. */
const EXPLAINING: ReadonlySet<string> = new Set(["node-gone", "node-silent", "node-unheard", "no-quorum"]);

/**
 * What the findings so far speak of. Busy and held ones, and fencing that is off, explain nothing that is not known;
 * and a node or cluster that is only named beside something else is not told by that.
 */
function toldKeys(told: readonly Finding[]): ReadonlySet<string> {
  const tells = told.filter(({ level, rule }) => level !== "busy" && level !== "held" && rule !== "fencing-off");
  return new Set(
    tells.flatMap(({ rule, about }) =>
      about.filter((key) => EXPLAINING.has(rule) || (key !== keyOf.cluster && !key.startsWith(keyOf.node("")))),
    ),
  );
}
