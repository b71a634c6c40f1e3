// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import { isDegraded, sayAction, sayMismatch, sayReserve } from "@/server/cluster/arrays";
import { asSentence, byName, formatDuration, joinWords } from "@/server/cluster/words";
import { defineRule, every, type ViewSoFar } from "./define";

type Entry = [string, EntityOf<"array">];

/** Arrays whose reading may be believed now. */
function current(view: ViewSoFar): Entry[] {
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

/** Active arrays of one UUID on more than one node, which nothing allows them. */
function twins(view: ViewSoFar): { uuid: string; entries: Entry[]; nodes: string[] }[] {
  const byUuid = new Map<string, Entry[]>();
  for (const entry of current(view)) {
    const { uuid, state, isClustered } = entry[1].array;
    if (uuid === null || state !== "active" || isClustered === true) continue;
    byUuid.set(uuid, [...(byUuid.get(uuid) ?? []), entry]);
  }
  return [...byUuid].flatMap(([uuid, entries]) => {
    const nodes = [...new Set(entries.map(([, { from }]) => from.node))].sort(byName);
    return nodes.length < 2 ? [] : [{ uuid, entries, nodes }];
  });
}

/** True when two of them have a leg that other nodes serve: then the disks can be the same. What is local to each is known of neither. */
function canShareDisks(entries: readonly Entry[]): boolean {
  return new Set(entries.flatMap(([, { legs, from }]) => (legs.some(({ key }) => key !== null) ? [from.node] : []))).size > 1;
}

function sayEach(entries: readonly Entry[]): string {
  return joinWords(entries.map(([, { from, array }]) => `${array.name} on ${from.node}`));
}

/** One array running on two nodes without cluster-md: each writes as if it were alone. */
export const arrayTwice = defineRule({
  name: "array-twice",
  find: (view) =>
    twins(view)
      .filter(({ entries }) => canShareDisks(entries))
      .map(({ uuid, entries, nodes }) => ({
        id: `array-twice:${uuid}`,
        level: "bad" as const,
        title: `${joinWords(nodes)} run one md array at once`,
        why: `${sayEach(entries)} have the same UUID, and it is not cluster-md: two hosts write one mirror, each without the other's knowledge.`,
        todo: `Stop it on all nodes but one (umount, then mdadm --stop), then check the file system that is on it.`,
        about: entries.map(([key]) => key),
        joins: true,
      })),
});

/** Arrays of one UUID on disks of each node's own, as far as is seen: mostly machines that were copied. Told once for all of them. */
export const arrayCopies = defineRule({
  name: "array-copies",
  find(view) {
    const byNodes = new Map<string, { nodes: string[]; entries: Entry[] }>();
    for (const { nodes, entries } of twins(view)) {
      if (canShareDisks(entries)) continue;
      const key = nodes.join(" ");
      byNodes.set(key, { nodes, entries: [...(byNodes.get(key)?.entries ?? []), ...entries] });
    }
    return [...byNodes.values()].map(({ nodes, entries }) => ({
      id: `array-copies:${nodes.join("/")}`,
      level: "risk" as const,
      title: `${joinWords(nodes)} have md arrays with the same UUID`,
      why: `${sayEach(entries)}. Whether they stand on the same disks is not known here. Machines copied from one image are like that, and run well; on disks that both reach (SAS, Fibre Channel) two hosts would write one mirror.`,
      todo: "Compare the disks: lsblk -o NAME,SERIAL on each node. The same disks: stop the array on all nodes but one. Copies: give one a UUID of its own (mdadm --assemble --update=uuid), so that no disk put into the other joins the wrong array.",
      about: entries.map(([key]) => key),
      joins: true,
    }));
  },
});
