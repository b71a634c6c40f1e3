// SPDX-License-Identifier: Apache-2.0
import { originOf } from "@/server/cluster/history";
import { defineRule, every } from "./define";

/** Constraints that a tool left behind: they decide silently where services may go. */
export const leftOver = defineRule({
  name: "left-over",
  doc: {
    area: "cluster",
    title: "A constraint was left behind",
    means: "A ban or preference of an old move, or DRBD's own lock of promotion, decides silently where a service may go.",
    levels: ["risk"],
    fires:
      "A location constraint named cli-ban-, cli-prefer- or drbd-fence-by-handler-. Its age is that of the console's first sight of it.",
    not: "Constraints that the configuration itself has.",
    todo: "Clear it; DRBD's own goes by itself when the copies are in sync.",
    needs: [92, 5],
  },
  find(view) {
    return every(view, "constraint").flatMap(([key, { constraint, said }]) => {
      const origin = originOf(constraint);
      if (said.level !== "risk" || origin === "configuration") return [];
      const resource = constraint.resource ?? "a service";
      const todo =
        origin === "drbdFence"
          ? "It goes by itself when the copies are in sync. Do not delete it while they are not."
          : `crm_resource --clear -r ${resource}, when nothing depends on it any more.`;
      const title = origin === "drbdFence" ? `DRBD has locked promotion of ${resource}` : `${resource} is ${said.word}`;
      return [
        { id: `left-over:${constraint.id}`, level: "risk" as const, title, why: said.why ?? "", todo, about: [key, `rsc:${resource}`] },
      ];
    });
  },
});
