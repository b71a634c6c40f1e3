// SPDX-License-Identifier: Apache-2.0
import { keyOf, type Said, type View } from "@/agent/protocol/console/view";
import { asSentence, counted, joinWords } from "@/server/cluster/words";
import { every } from "@/server/findings/define";
import { defineGuard, type Found } from "../define";
import { takers } from "../look";

interface Fault {
  key: string;
  says: string;
}

const NOT_WELL: ReadonlySet<string> = new Set(["bad", "risk", "unknown", "differs"]);

const faultsOf = new WeakMap<View, ReadonlyMap<string, readonly Fault[]>>();

/** What is not well on each node below the services: bonds, md arrays, its own AoE and iSCSI disks. Once per view. */
function faultsOn(view: View, node: string): readonly Fault[] {
  const known = faultsOf.get(view);
  if (known) return known.get(node) ?? [];
  const byNode = new Map<string, Fault[]>();
  const add = (of: string, key: string, name: string, said: Said) => {
    if (!NOT_WELL.has(said.level)) return;
    byNode.set(of, [...(byNode.get(of) ?? []), { key, says: `${name}: ${said.word}` }]);
  };
  const bonds = every(view, "bond");
  const names = new Set(bonds.map(([, { from, bond }]) => `${from.node}/${bond.name}`));
  for (const [key, { from, bond, said }] of bonds) {
    // A bond inside another one is told by the outer.
    if (bond.parent === null || !names.has(`${from.node}/${bond.parent}`)) add(from.node, key, bond.name, said);
  }
  for (const [key, { from, array, said }] of every(view, "array")) add(from.node, key, array.name, said);
  for (const [key, { from, device, said }] of every(view, "aoe")) add(from.node, key, device.name, said);
  for (const [key, { from, session, said }] of every(view, "session")) add(from.node, key, session.target ?? session.name, said);
  for (const [key, { from, pool, said }] of every(view, "pool")) add(from.node, key, pool.name, said);
  faultsOf.set(view, byNode);
  return byNode.get(node) ?? [];
}

/** What would carry the services stands on whole links, paths and arrays. */
export const targetStandsOnWholeParts = defineGuard({
  name: "target-stands-on-whole-parts",
  number: "3.6",
  check(context): Found[] {
    const nodes = takers(context);
    const faulty = nodes.map(({ name }) => ({ name, faults: faultsOn(context.view, name) })).filter(({ faults }) => faults.length > 0);
    if (faulty.length === 0) return [];
    const [first] = faulty;
    const about = faulty.flatMap(({ name, faults }) => [keyOf.node(name), ...faults.map(({ key }) => key)]);
    // Where another one could take it, that one may be meant.
    if (faulty.length < nodes.length) {
      const names = joinWords(
        faulty.length > 4
          ? [...faulty.slice(0, 3).map(({ name }) => name), counted(faulty.length - 3, "other")]
          : faulty.map(({ name }) => name),
      );
      return [
        {
          level: "inform",
          message: `Not every node that could take it is whole below: ${names}.`,
          about: faulty.map(({ name }) => keyOf.node(name)),
        },
      ];
    }
    const told = faulty.slice(0, 3).map(({ name, faults }) => {
      const what = asSentence(joinWords(faults.slice(0, 4).map(({ says }) => says)));
      return `${name} would run it on less than it has. ${what}`;
    });
    return [{ level: "warn", message: `${told.join(" ")} Mend ${first && faulty.length === 1 ? "that" : "one of them"} first.`, about }];
  },
});

/** What is known to be wrong with a ring; where a node is not heard, that it is not heard is told by itself. */
const BROKEN: ReadonlySet<string> = new Set(["bad", "risk", "differs"]);

/** The nodes hear each other on every ring: with the last one gone they would fence each other. */
export const ringsAreWhole = defineGuard({
  name: "rings-are-whole",
  number: "7.9",
  check({ view, touched }) {
    return every(view, "ring").flatMap(([key, { link, said, pairs }]): Found[] => {
      if (!BROKEN.has(said.level)) return [];
      // What only the leaving node does not hear ends with it.
      const isElsewhere = pairs.some(
        (pair) => BROKEN.has(pair.said.level) && !(touched.isWholeNode && [pair.a, pair.b].includes(touched.from ?? "")),
      );
      const message = `Ring ${link} is not whole (${said.word}): one more lost link, and a node is fenced. Mend it first.`;
      return [{ level: isElsewhere || pairs.length === 0 ? "warn" : "inform", message, about: [key] }];
    });
  },
});
