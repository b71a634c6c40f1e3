// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { byName, joinWords } from "@/server/cluster/words";
import { clusterOf, defineRule, every, type ViewSoFar } from "./define";
import { NOT_KNOWN, OVER } from "./standing";

type Node = EntityOf<"node">;
type Way = NonNullable<Node["fence"]>["ways"][number];

/** Members whose fencing the configuration tells for sure, where fencing is on. */
function known(view: ViewSoFar): [string, Node, NonNullable<Node["fence"]>][] {
  if (clusterOf(view)?.pacemaker?.fencing.level !== "ok") return [];
  return every(view, "node").flatMap(([key, node]): [string, Node, NonNullable<Node["fence"]>][] =>
    node.role === "member" && node.fence ? [[key, node, node.fence]] : [],
  );
}

const devicesOf = (ways: readonly Way[]) => joinWords([...new Set(ways.map(({ device }) => device))].sort(byName));
const aboutOf = (key: string, ways: readonly { device: string }[], view: ViewSoFar) => [
  key,
  ...new Set(ways.map(({ device }) => keyOf.resource(device)).filter((one) => view.has(one))),
];

function membersUp(view: ViewSoFar): string[] {
  return every(view, "node").flatMap(([, { name, role, state }]) =>
    role === "member" && state.level !== "bad" && state.level !== "old" && state.word !== "pending" ? [name] : [],
  );
}

/** A node has devices, and no node that could use one of them is up, or ever could. */
export const fencingReach = defineRule({
  name: "fencing-reach",
  doc: {
    area: "cluster",
    title: "Nobody who is up can fence a node",
    means: "There is a device for it, but only nodes that are gone may use it, or no other node: when it hangs nobody fences it.",
    levels: ["risk"],
    fires:
      "By the location constraints of all devices that name the node, none of the other members that are up may use one. Pacemaker has no node fence itself while others are there.",
    not: "A watchdog; the last node that is up; devices that are asked for their list; constraints with rules; what was not read.",
    todo: "Let the device be used from more nodes: a device may be used wherever its constraints do not forbid it, and need not run there.",
    needs: [101],
  },
  find(view) {
    const up = membersUp(view);
    return known(view).flatMap(([key, { name }, { ways, isKnown, hasWatchdog }]) => {
      const others = up.filter((one) => one !== name);
      if (!isKnown || hasWatchdog || ways.length === 0 || !up.includes(name) || others.length === 0) return [];
      const from = [...new Set(ways.flatMap((way) => way.from ?? []))].sort(byName);
      if (from.some((one) => others.includes(one))) return [];
      const isForbidden = from.length === 0;
      return [
        {
          id: `fencing-reach:${name}`,
          level: "risk" as const,
          title: isForbidden ? `No other node may fence ${name}` : `Nobody who is up can fence ${name}`,
          headline: isForbidden ? `no other node may fence ${name}` : `nobody who is up can fence ${name}`,
          why: isForbidden
            ? `The constraints of ${devicesOf(ways)} forbid every other node: a node that hangs fences nobody, least of all itself.`
            : `${devicesOf(ways)} may be used from ${joinWords(from)} alone, and ${from.length === 1 ? "that is" : "those are"} not up.`,
          todo: `Let ${devicesOf(ways)} be used from other nodes: take the constraints away that forbid it there (not the one that keeps it off ${name}).`,
          about: [...aboutOf(key, ways, view), ...from.map(keyOf.node)],
        },
      ];
    });
  },
  // Of the last node that is up it is not asked.
  over: (_, view) => (membersUp(view).length > 1 ? OVER : NOT_KNOWN),
});

/** A level of the topology that cannot be done: one of its devices is not there, off, or for other nodes. */
export const fencingLevel = defineRule({
  name: "fencing-level",
  doc: {
    area: "cluster",
    title: "A level of fencing cannot work",
    means:
      "All devices of a level must do their part: one that cannot takes the level away, and where it is the only one, nobody fences the node.",
    levels: ["risk"],
    fires:
      "A level of the fencing topology for a member names a device that is not configured, is switched off by target-role, or does not name the node.",
    not: "Levels for a pattern, devices that are asked for their list, fencing that is off.",
    todo: "Put the device's name right, or take it out of the level.",
    needs: [101],
  },
  find: (view) =>
    known(view).flatMap(([key, { name }, { broken, ways }]) => {
      if (broken.length === 0) return [];
      const levels = [...new Set(broken.map(({ level }) => level))];
      const isLast = ways.every(({ level }) => level !== null && levels.includes(level));
      return [
        {
          id: `fencing-level:${name}`,
          level: "risk" as const,
          title: `Fencing of ${name}: level ${joinWords(levels.map(String))} cannot work`,
          why: `${broken.map(({ device, level, why }) => `${device} of level ${level} ${why}.`).join(" ")} ${isLast ? `No other level is left: nobody fences ${name}.` : "Another level is left."}`,
          todo: "Put the device's name right in the topology, or take it out of the level; then test it: stonith_admin --reboot.",
          about: aboutOf(key, broken, view),
        },
      ];
    }),
});

/** Devices that nobody looks at until they are needed. */
export const fencingUnwatched = defineRule({
  name: "fencing-unwatched",
  doc: {
    area: "cluster",
    title: "A fencing device is not watched",
    means: "It has no monitor: that its power switch or password has changed is found out when a node must be fenced.",
    levels: ["absent"],
    fires: "A fencing device of the configuration has no monitor operation with an interval that is switched on.",
    not: "Devices whose monitor their template has.",
    todo: "Give it a monitor (an interval of minutes will do): a failed one is told as a failed service.",
    needs: [101, 106],
  },
  find(view) {
    if (clusterOf(view)?.pacemaker?.fencing.level !== "ok") return [];
    const open = every(view, "resource").filter(([, { isWatched, said }]) => isWatched === false && said.level !== "old");
    if (open.length === 0) return [];
    const names = joinWords(open.map(([, { id }]) => id).sort(byName));
    return [
      {
        id: "fencing-unwatched",
        level: "absent" as const,
        title: `Nobody watches ${names}`,
        why: `${open.length === 1 ? "It has" : "They have"} no monitor: whether fencing works is found out when a node must be fenced.`,
        todo: `Give ${names} a monitor operation with an interval of some minutes.`,
        about: [keyOf.cluster, ...open.map(([key]) => key)],
      },
    ];
  },
});
