// SPDX-License-Identifier: Apache-2.0
import { missingSentence } from "@/server/cluster/bond-endurance";
import { defineRule, every } from "./define";

/** A bond has fewer ports than it had: the kernel counts a port that was never added as nothing missing. */
export const bondMissing = defineRule({
  name: "bond-missing",
  doc: {
    area: "network",
    title: "A bond lacks a port it had",
    means: "A port that was never added after a boot looks to the kernel like one that never was.",
    levels: ["risk"],
    fires: "A port was in the bond before, and is not now.",
    not: "One that was taken out 30 days ago.",
    todo: "Check the carrier, then add it with ifenslave or ifup.",
    needs: [67, 68, 70],
  },
  find(view) {
    return every(view, "bond").flatMap(([key, { bond, from, missing = [], said }]) => {
      const [first] = missing;
      if (!first || said.level === "old") return [];
      const atBoot = missing.some(({ sinceBoot }) => sinceBoot);
      return [
        {
          id: `bond-missing:${from.node}/${bond.name}`,
          level: "risk" as const,
          title: `${from.node}: ${missing.map(({ port }) => port).join(", ")} missing from ${bond.name}`,
          why: `${missingSentence(bond, missing)} The kernel says nothing of a port that was never added.`,
          todo: atBoot
            ? "An interface without carrier at boot is often not added: check the cable, then add it with ifenslave or ifup."
            : "If it was taken out on purpose this is forgotten after 30 days.",
          about: [key],
          sinceMs: Math.min(...missing.map(({ sinceMs }) => sinceMs)),
        },
      ];
    });
  },
});
