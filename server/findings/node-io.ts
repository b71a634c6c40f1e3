// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { defineRule, every } from "./define";

/** Share of time from which on services feel it; below it a resync or a backup is at work. */
const WAITS_PERCENT = 40;
/** Once told it stands until it is well below: a value that wavers around a bound is not news each time. */
const CALM_PERCENT = 25;

/** Tasks on a node wait for its disks most of the time: stops of services time out then, and a timed-out stop is a fencing. */
export const nodeIo = defineRule({
  name: "node-io",
  doc: {
    area: "nodes",
    title: "A node waits for its disks",
    means: "Most of the time some task waits for I/O: stops time out, and a timed-out stop is a fencing.",
    levels: ["risk"],
    fires: "More than 40 % of the last 10 s (/proc/pressure/io); over below 25 %.",
    not: "A reading that is not current, and a kernel that does not say.",
    todo: "Look for a failing disk, and at what reads or writes.",
    needs: [59, 104],
  },
  find(view, { findingSince }) {
    return every(view, "node").flatMap(([key, { name, host, link }]) => {
      const percent = host?.ioPressurePercent ?? null;
      const id = `node-io:${name}`;
      const source = view.get(keyOf.source(name, "host"));
      // A share of ten seconds says nothing of now when it was read long ago.
      const isCurrent = source?.kind === "source" && source.status === "ok" && source.freshness === "live";
      if (link !== "live" || !isCurrent || percent === null || percent < (findingSince.has(id) ? CALM_PERCENT : WAITS_PERCENT)) return [];
      const mirrors = every(view, "drbd").filter(([, { from }]) => from.node === name);
      const others = mirrors.length > 0 ? " Mirrors here wait with it: under protocol C also their peers do." : "";
      return [
        {
          id,
          level: "risk" as const,
          title: `${name} waits for its disks`,
          why: `More than ${Math.floor(percent / 10) * 10} % of the last 10 s some task waited for I/O.${others} A service that does not stop in time is fenced.`,
          todo: `Look for a failing disk on ${name} (kernel log, smartctl), and at what reads or writes there.`,
          about: [key],
        },
      ];
    });
  },
});
