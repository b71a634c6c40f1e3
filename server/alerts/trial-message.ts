// SPDX-License-Identifier: Apache-2.0
import type { Sending } from "./send";

/** What the test button sends: an alert that is none, and says so. It is over as soon as it is sent. */
export function trialMessage(id: string, by: string, nowMs: number): Sending {
  const none = { environment: [], node: [], resource: [] };
  return {
    id,
    body: {
      cluster: { slug: "test", title: "Test", environment: null },
      atMs: nowMs,
      alerts: [
        {
          id,
          reason: "test",
          severity: "warning",
          wasSeverity: null,
          title: "A test of Quarterdeck's alerts",
          why: `${by} tried this way. Nothing is wrong.`,
          todo: null,
          labels: { ...none, cluster: ["test"], severity: ["warning"], rule: ["test"], finding: ["test"] },
          consequences: [],
          sinceMs: nowMs,
          endedAtMs: nowMs,
          endedBy: null,
          returns: 0,
          acknowledged: null,
        },
      ],
    },
  };
}
