// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { NO_PARTNER } from "@/server/cluster/bond-baseline";
import { isLacp } from "@/server/cluster/bonds";
import { byName, counted, joinWords } from "@/server/cluster/words";
import { defineRule, every, type ViewSoFar } from "./define";

type Bond = EntityOf<"bond">;

/** "…73:aa:10:01": the end that tells two switches apart. */
const shortMac = (mac: string) => `…${mac.slice(-11)}`;

function current(view: ViewSoFar): [string, Bond][] {
  return every(view, "bond").filter(([, { said }]) => said.level !== "old");
}

/** Ports of one LACP bond that lead to different switches: only those of one of them carry. */
export const bondMiscabled = defineRule({
  name: "bond-miscabled",
  doc: {
    area: "network",
    title: "A bond's ports lead to different switches",
    means: "LACP bundles ports of one partner only: the others are up and carry nothing. Mostly a cable in the wrong switch.",
    levels: ["risk"],
    fires: "Ports of one 802.3ad bond are up and name different LACP partners, or stand in different aggregators.",
    not: "Bonds inside a bond, each with its own switch; and LACP facts that are hidden from the agent's user.",
    todo: "Follow the cables of the ports that are not in the active aggregator.",
    needs: [72],
  },
  find(view) {
    return current(view).flatMap(([key, { bond, from }]) => {
      if (!isLacp(bond) || bond.lacp?.permitted !== true) return [];
      const up = bond.ports.filter(({ link, isBond }) => link === "up" && !isBond);
      const byPartner = new Map<string, string[]>();
      for (const { name, partnerMac, aggregatorId } of up) {
        if (partnerMac === null || partnerMac === NO_PARTNER) continue;
        const end = `${partnerMac} ${aggregatorId ?? ""}`;
        byPartner.set(end, [...(byPartner.get(end) ?? []), name]);
      }
      if (byPartner.size < 2) return [];
      const partners = new Set([...byPartner.keys()].map((end) => end.split(" ")[0]));
      const says = [...byPartner].map(([end, ports]) => `${joinWords(ports)} at ${shortMac(end.split(" ")[0] ?? "")}`);
      return [
        {
          id: `bond-miscabled:${from.node}/${bond.name}`,
          level: "risk" as const,
          title: `${from.node}: ports of ${bond.name} ${partners.size > 1 ? "lead to different switches" : "are in different aggregators"}`,
          why: `${joinWords(says)}: only one of these carries.`,
          todo: "Follow the cables, or put the switch's ports into one LACP group.",
          about: [key],
        },
      ];
    });
  },
});

/** Everything of a bond on one switch: good to know, nothing is wrong. */
export const bondOneSwitch = defineRule({
  name: "bond-one-switch",
  doc: {
    area: "network",
    title: "A bond hangs on one switch",
    means: "When that switch fails the bond carries nothing. Two switches that act as one (MLAG) look the same from here.",
    levels: ["absent"],
    fires: "Two ports or more carry, each names its LACP partner, and it is the same one.",
    not: "A bond with one port, and one whose partners are not all known.",
    todo: "Put half of its ports on another switch.",
    needs: [65],
  },
  find(view) {
    const alone = current(view).filter(
      ([, { endurance, said }]) =>
        said.level === "ok" && endurance?.switches.length === 1 && (endurance.switches[0]?.ports.length ?? 0) > 1,
    );
    if (alone.length === 0) return [];
    const names = alone.map(([, { from, bond }]) => `${bond.name} of ${from.node}`).sort(byName);
    return [
      {
        id: "bond-one-switch",
        level: "absent" as const,
        title: `One switch carries all of ${joinWords(names.length > 3 ? [...names.slice(0, 2), counted(names.length - 2, "other bond")] : names)}`,
        why: "When it fails they carry nothing. Two switches that act as one look the same from here.",
        todo: "Put half of the ports on another switch, as a second bond inside it.",
        about: alone.map(([key]) => key),
      },
    ];
  },
});

/** A switch that carried ports of several nodes, and carries none any more: the cause of all that those bonds miss. */
export const switchLost = defineRule({
  name: "switch-lost",
  doc: {
    area: "network",
    title: "A switch carries nothing any more",
    means: "Every port that was connected to it is down, on two nodes or more: the switch, or its power, not the cables.",
    levels: ["risk"],
    fires: "All ports whose last LACP partner was this one do not carry now, on at least two nodes that are heard.",
    not: "One node's ports (its own fault), a switch over which any port still carries, and ports of which the partner was never known.",
    todo: "Look at the switch: power, uplink, a reload.",
    needs: [62, 65, 72],
  },
  find(view) {
    const bySwitch = new Map<string, { key: string; node: string; port: string; carries: boolean }[]>();
    for (const [key, { from, partners = [], portSaid }] of current(view))
      for (const { port, mac } of partners) {
        const carries = portSaid[port]?.level === "ok";
        bySwitch.set(mac, [...(bySwitch.get(mac) ?? []), { key, node: from.node, port: `${from.node} ${port}`, carries }]);
      }
    return [...bySwitch].flatMap(([mac, ports]) => {
      const nodes = [...new Set(ports.map(({ node }) => node))].sort(byName);
      if (nodes.length < 2 || ports.some(({ carries }) => carries)) return [];
      return [
        {
          id: `switch-lost:${mac}`,
          level: "risk" as const,
          title: `The switch ${shortMac(mac)} carries nothing any more`,
          headline: `the switch ${shortMac(mac)} carries nothing any more`,
          why: `All ${ports.length} ports that were connected to it are down: ${joinWords(ports.map(({ port }) => port).sort(byName))}.`,
          todo: "Look at the switch itself: its power, its uplink, whether somebody reloads it.",
          about: [...new Set(ports.map(({ key }) => key)), ...nodes.map(keyOf.node)],
        },
      ];
    });
  },
});
