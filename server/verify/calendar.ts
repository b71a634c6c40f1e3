// SPDX-License-Identifier: Apache-2.0
import type { VerifySummary } from "@/agent/protocol/console/verify";
import type { VerifyRecords } from "@/server/db/verifies";

/** Runs that one answer holds: of more, the newest of each cluster. */
const MOST_RUNS = 2_000;
/** Read at a time. */
const PART = 200;

/** Verifies of these clusters that began between two moments, oldest first. */
export async function runsBetween(
  records: Pick<VerifyRecords, "list">,
  clusters: readonly string[],
  fromMs: number,
  toMs: number,
): Promise<VerifySummary[]> {
  const found: VerifySummary[] = [];
  const most = Math.max(PART, Math.floor(MOST_RUNS / Math.max(1, clusters.length)));
  for (const cluster of clusters) {
    let before: { startedAtMs: number; id: string } = { startedAtMs: toMs, id: "" };
    for (let read = 0; read < most; ) {
      const part = (await records.list({ cluster, mirror: null, before }, PART)).map(({ summary }) => summary);
      found.push(...part.filter(({ startedAtMs }) => startedAtMs >= fromMs));
      const last = part.at(-1);
      if (!last || part.length < PART || last.startedAtMs < fromMs) break;
      before = { startedAtMs: Math.round(last.startedAtMs), id: last.id };
      read += part.length;
    }
  }
  return found.sort((a, b) => a.startedAtMs - b.startedAtMs);
}
