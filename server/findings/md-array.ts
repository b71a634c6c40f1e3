// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import { isDegraded, sayAction, sayMismatch, sayReserve } from "@/server/cluster/arrays";
import { asSentence, formatDuration, joinWords } from "@/server/cluster/words";
import { defineRule, every, type ViewSoFar } from "./define";

export type Entry = [string, EntityOf<"array">];

/** Arrays whose reading may be believed now. */
export function current(view: ViewSoFar): Entry[] {
  return every(view, "array").filter(([, { said }]) => said.level !== "old");
}

function nameOf({ from, array }: EntityOf<"array">): string {
  return `${from.node}: ${array.name}`;
}

/** The array, and the legs that are not good. */
function aboutOf([key, { legs }]: Entry): string[] {
  return [key, ...legs.flatMap((leg) => (leg.key !== null && leg.said.level !== "ok" ? [leg.key] : []))];
}

const legName = ({ name, at }: EntityOf<"array">["legs"][number]) => (at === null ? name : `${name} at ${at}`);

function wordsOf(state: string, raidDisks: number | null, word: string): string {
  if (state !== "active") return `is ${word}`;
  return raidDisks === null ? word : "has no leg in sync";
}

/** An array that serves nothing. */
export const arrayBroken = defineRule({
  name: "array-broken",
  doc: {
    area: "storage",
    title: "An md array serves nothing",
    means: "It is inactive or has too few legs.",
    levels: ["bad"],
    fires: "md says inactive or broken, or no leg is in sync.",
    not: "One that is merely auto-read-only until its first write.",
    todo: "Assemble it; never create it anew.",
    needs: [112],
  },
  find: (view) =>
    current(view).flatMap((entry) => {
      const { said, from, array } = entry[1];
      if (said.level !== "bad") return [];
      return [
        {
          id: `array-broken:${from.node}/${array.name}`,
          level: "bad" as const,
          title: `${nameOf(entry[1])} ${wordsOf(array.state, array.raidDisks, said.word)}`,
          why: said.why ?? "",
          todo: `mdadm --detail /dev/${array.name} on ${from.node} says what it lacks. Do not create it anew: assemble it.`,
          about: aboutOf(entry),
        },
      ];
    }),
});

/** An array that lacks a leg, or that still lists one that failed. */
export const arrayDegraded = defineRule({
  name: "array-degraded",
  doc: {
    area: "storage",
    title: "An md array lacks a leg",
    means: "It runs on, with less reserve than it should have.",
    levels: ["risk"],
    fires: "The map of the array has a gap, or a member is marked failed.",
    not: "A check or resync of a whole array.",
    todo: "Bring the device back, then re-add it.",
    needs: [46, 112],
  },
  find: (view) =>
    current(view).flatMap((entry) => {
      const { said, from, array, legs } = entry[1];
      const failed = legs.filter((leg) => leg.said.word === "failed");
      if (said.level !== "risk") return [];
      const isRebuilding = array.action !== null;
      const left = array.action?.finishSeconds ?? null;
      const what = failed.length > 0 ? `${joinWords(failed.map(legName))} failed. ` : "";
      const eta = left === null ? "" : `, ${formatDuration(left * 1_000)} left`;
      const doing = isRebuilding ? ` ${asSentence(`Being rebuilt: ${sayAction(array)}${eta}`)}` : "";
      const [first] = failed;
      return [
        {
          id: `array-degraded:${from.node}/${array.name}`,
          level: "risk" as const,
          title: `${nameOf(entry[1])} has ${said.word}`,
          why: `${what}${isDegraded(array) ? sayReserve(array) : "A spare took its place."}${doing}`,
          todo: isRebuilding
            ? null
            : first
              ? `When the device answers again: mdadm /dev/${array.name} --re-add DEVICE on ${from.node}; without a bitmap all of it is copied.`
              : `mdadm --detail /dev/${array.name} on ${from.node} says which leg it lacks.`,
          about: aboutOf(entry),
        },
      ];
    }),
});

/** The last check found legs that differ. */
export const arrayDiffers = defineRule({
  name: "array-differs",
  doc: {
    area: "storage",
    title: "The legs of an md array differ",
    means: "The last check found sectors that are not the same.",
    levels: ["differs"],
    fires: "mismatch_cnt is above zero after a check.",
    not: "RAID levels for which the count means nothing while a check runs.",
    todo: "Check once more; repair makes legs equal, not right.",
    needs: [112, 113],
  },
  find: (view) =>
    current(view).flatMap(([key, { said, from, array }]) =>
      said.level === "differs"
        ? [
            {
              id: `array-differs:${from.node}/${array.name}`,
              level: "differs" as const,
              title: `${from.node}: ${array.name}: ${said.word}`,
              why: sayMismatch(array),
              todo: `Check once more (echo check > /sys/block/${array.name}/md/sync_action on ${from.node}). If the count stays, compare the files with a backup before any repair: repair makes the legs equal, not right.`,
              about: [key],
            },
          ]
        : [],
    ),
});

/** Legs being made equal while none is missing. */
export const arrayMoves = defineRule({
  name: "array-moves",
  doc: {
    area: "storage",
    title: "md makes legs equal",
    means: "A resync with no leg missing.",
    levels: ["busy"],
    fires: "md says resync on a whole array.",
    not: "A rebuild of a degraded one.",
    todo: "Wait.",
    needs: [112],
  },
  find: (view) =>
    current(view).flatMap(([key, { said, from, array }]) =>
      said.level === "busy" && array.action?.kind === "resync"
        ? [
            {
              id: `array-moves:${from.node}/${array.name}`,
              level: "busy" as const,
              title: `${from.node}: ${array.name} ${sayAction(array)}`,
              why: said.why ?? "Its legs are being made equal.",
              todo: null,
              about: [key],
            },
          ]
        : [],
    ),
});
