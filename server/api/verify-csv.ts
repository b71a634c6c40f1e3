// SPDX-License-Identifier: Apache-2.0
import type { VerifySummary } from "@/agent/protocol/console/verify";

export const VERIFY_COLUMNS = [
  "startedAt",
  "endedAt",
  "cluster",
  "resource",
  "volume",
  "starter",
  "peer",
  "cause",
  "by",
  "result",
  "percent",
  "says",
  "sizeBytes",
  "rateBytesPerSec",
  "differsBytes",
  "outOfSync",
  "run",
  "schedule",
  "id",
];

/** One verify as CSV. A cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function verifyCsvLine(one: VerifySummary): string {
  const when = (ms: number | null) => (ms === null ? "" : new Date(ms).toISOString());
  const count = (value: number | null) => (value === null ? "" : String(Math.round(value)));
  const cells = [
    when(one.startedAtMs),
    when(one.endedAtMs),
    one.cluster,
    one.resource,
    String(one.volume),
    one.starter ?? "",
    one.peer ?? "",
    one.cause,
    one.by ?? "",
    one.result ?? "",
    one.percent === null ? "" : String(Math.floor(one.percent)),
    one.says ?? "",
    count(one.sizeBytes),
    count(one.rateBytesPerSec),
    count(one.differsBytes),
    one.outOfSync
      .map(({ node, beforeBytes, afterBytes }) => `${node}: ${count(beforeBytes) || "?"} to ${count(afterBytes) || "?"}`)
      .join("; "),
    one.run ?? "",
    one.schedule ?? "",
    one.id,
  ];
  return cells.map((cell) => `"${cell.replace(/^[\s]*[=+\-@\t\r\n]/, "'$&").replaceAll('"', '""')}"`).join(",");
}
