// SPDX-License-Identifier: Apache-2.0
import { byName, joinWords } from "@/server/cluster/words";
import { defineRule, type ViewSoFar } from "./define";
import { current, type Entry } from "./md-array";

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
  doc: {
    area: "storage",
    title: "One md array runs on two hosts",
    means: "Two hosts write one mirror, each without the other's knowledge.",
    levels: ["bad", "busy"],
    fires: "Two nodes run an active array of one UUID whose legs other nodes serve, and it is not cluster-md.",
    not: "An array moving from one host to the other (two readings, seconds apart), cluster-md, and disks of each host's own.",
    todo: "Stop it on all nodes but one, then check the file system.",
    needs: [47],
  },
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
  doc: {
    area: "storage",
    title: "md arrays with the same UUID",
    means: "Machines copied from one image, or one shared disk assembled twice: which of the two is not known here.",
    levels: ["risk", "busy"],
    fires: "Two nodes run arrays of one UUID on disks of which it is not known whether they are the same.",
    not: "cluster-md, and arrays on legs that are known to be served by others (that is array-twice).",
    todo: "Compare the serial numbers of the disks; give a copied array a UUID of its own.",
    needs: [47],
  },
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
