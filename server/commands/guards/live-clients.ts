// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { byName, joinWords } from "@/server/cluster/words";
import { clusterOf, every } from "@/server/findings/define";
import { defineGuard, type Found, type GuardContext } from "../define";
import { isFence, isStanding, movedMirrors, usual } from "../look";
import { isTouchedTarget } from "./stops-end-in-time";

/** Who uses what is touched: clients by name where they are known, with what they use. */
function clientsOf(context: GuardContext): { names: string[]; uses: string[]; about: string[] } {
  const { view, touched } = context;
  const names = new Set<string>();
  const uses = new Set<string>();
  const about = new Set<string>();
  for (const [key, target] of every(view, "target")) {
    if (!isTouchedTarget(context, target) || target.initiators.length === 0) continue;
    for (const { node, initiator } of target.initiators) names.add(node ?? initiator);
    uses.add(target.target.iqn);
    about.add(key);
  }
  const exported = new Set(touchedExports(context).map(([, one]) => one.export.name));
  for (const [key, { from, device, talksTo }] of every(view, "aoe")) {
    const isHere = talksTo.some(({ node }) => node !== null && node === touched.from);
    if (!isHere || !(touched.isWholeNode || exported.has(device.name))) continue;
    names.add(from.node);
    uses.add(device.name);
    about.add(key);
  }
  return { names: [...names].sort(byName), uses: [...uses].sort(byName), about: [...about] };
}

function touchedExports(context: GuardContext) {
  const { view, touched } = context;
  const mirrors = new Set(movedMirrors(context).map(([key]) => key));
  return every(view, "export").filter(
    ([, { from, mirror }]) => from.node === touched.from && (touched.isWholeNode || (mirror !== null && mirrors.has(mirror))),
  );
}

/** Clients stall while what they use moves; where nothing moves it, they lose it. */
export const clientsMayStall = defineGuard({
  name: "clients-may-stall",
  number: "4.8",
  check(context): Found[] {
    const { names, uses, about } = clientsOf(context);
    if (names.length === 0) return [];
    const who = names.length > 6 ? `${joinWords([...names.slice(0, 5), `${names.length - 5} others`])}` : joinWords(names);
    const verb = names.length === 1 ? "uses" : "use";
    const what = joinWords(uses.slice(0, 4));
    if (clusterOf(context.view)?.pacemaker === null) {
      const message = `${who} ${verb} ${what} from ${context.touched.from}, and no cluster moves it elsewhere: they lose their disk. Move them first.`;
      return [{ level: "warn", message, about }];
    }
    const until = isFence(context) ? "until another node has taken over" : "while it moves";
    return [{ level: usual(context), message: `${who} ${verb} ${what} from ${context.touched.from}: they stall ${until}.`, about }];
  },
});

/** A vblade without -s answers before the disk has it: what it has not written is lost with its node. */
export const exportsWriteThrough = defineGuard({
  name: "exports-write-through",
  number: "4.9",
  check(context) {
    const lax = touchedExports(context).filter(([, one]) => !one.export.sync && !one.export.direct);
    if (lax.length === 0) return [];
    const names = joinWords(lax.map(([, one]) => one.export.name));
    const about = lax.map(([key]) => key);
    if (isFence(context)) {
      const message = `vblade serves ${names} on ${context.touched.from} without -s: writes that the clients believe done are lost by the fencing.`;
      return [{ level: "warn", message, about }];
    }
    const message = `vblade serves ${names} on ${context.touched.from} without -s: a clean stop keeps every write, but a stop that fails ends in a fencing, and that loses some.`;
    return [{ level: isStanding(context) ? "inform" : "warn", message, about }];
  },
});

/** AoE is asked for without harm. */
export const discoveryIsSafe = defineGuard({
  name: "discovery-is-safe",
  number: "7.2",
  check: () => [
    { level: "inform", message: "Nothing in use is changed: what is found is shown beside what was there.", about: [keyOf.cluster] },
  ],
});
