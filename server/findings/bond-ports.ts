// SPDX-License-Identifier: Apache-2.0
import { asSentence } from "@/server/cluster/words";
import { defineRule, every } from "./define";

/** A bond carries less than it has, whatever the kernel's own word for it. Bonds inside bonds are told by the outermost. */
export const bondPorts = defineRule({
  name: "bond-ports",
  doc: {
    area: "network",
    title: "A bond carries less than it has",
    means: "Ports are down, carry nothing, or speak LACP to nobody, through all depths of bonds in bonds.",
    levels: ["bad", "risk", "unknown"],
    fires: "A leaf port is down or outside the active aggregator; no LACP partner; no ports at all.",
    not: "Bonds inside bonds: the outermost tells it. LACP facts hidden from the agent's user are not known.",
    todo: "Check the cable, the switch port, or LACP on the switch.",
    needs: [60, 61, 65, 69, 72],
  },
  find(view) {
    const all = every(view, "bond");
    return all.flatMap(([key, { bond, said, from, kernelSays, endurance }]) => {
      const hasParent = bond.parent !== null && all.some(([, other]) => other.from.node === from.node && other.bond.name === bond.parent);
      if (hasParent || !["bad", "risk", "unknown"].includes(said.level)) return [];
      const claims = kernelSays ? ` The ${kernelSays}.` : "";
      return [
        {
          id: `bond-ports:${from.node}/${bond.name}`,
          level: said.level,
          title: `${from.node}: ${bond.name} has ${said.word}`,
          why: `${said.why ?? ""}${claims}${endurance ? ` ${asSentence(capitalised(endurance.says))}` : ""}`.trim(),
          todo: said.word.includes("LACP")
            ? "Set LACP on the switch ports, or find the wrong cable."
            : "Check the cable or the switch port.",
          about: [
            key,
            ...all.filter(([, other]) => other.from.node === from.node && other.bond.parent === bond.name).map(([inner]) => inner),
          ],
        },
      ];
    });
  },
});

/** Our own words only: what begins with a name stays as it is written. */
function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
