// SPDX-License-Identifier: Apache-2.0
import { defineRule, every } from "./define";

/** Somebody meant to hold it still until a time, and that time has passed: the reminder. */
export const maintenanceOver = defineRule({
  name: "maintenance-over",
  doc: {
    area: "nodes",
    title: "Maintenance was to be over",
    means: "Somebody meant to hold it still until a time that has passed.",
    levels: ["risk"],
    fires: "A declared maintenance has an end in the past.",
    not: "One that still lasts.",
    todo: "End it, once what it was for is done.",
    needs: [85, 98],
  },
  find(view) {
    return every(view, "maintenance").flatMap(([key, { node, declared, said }]) => {
      if (said.level !== "risk" || declared === null) return [];
      const what = node === null ? "the whole cluster" : node;
      return [
        {
          id: `maintenance-over:${node ?? "*"}`,
          level: "risk" as const,
          title: `Maintenance of ${what} was to be over`,
          headline: `maintenance of ${what} was to be over`,
          why: `${said.why ?? ""} Until it ends nothing there is recovered. It was for: ${declared.note}.`.trim(),
          todo: "End it, once what it was for is done.",
          about: [key, ...(node === null ? ["cluster"] : [`node:${node}`])],
          sinceMs: declared.endsAtMs,
        },
      ];
    });
  },
});
