// SPDX-License-Identifier: Apache-2.0
import type { VerifySummary } from "@/agent/protocol/console/verify";
import { RESULTS } from "./words";

/** As many as there is room for; the oldest stand left. */
const SLOTS = 12;
const PITCH = 11;
const HEIGHT = 26;

interface RunBarsProps {
  runs: readonly Pick<VerifySummary, "id" | "result" | "differsBytes">[];
  mirror: string;
}

/** The last runs as bars: low: clean; high by how much differs; an outline: not to its end. */
export function RunBars({ runs, mirror }: RunBarsProps) {
  const shown = runs.slice(-SLOTS);
  if (shown.length === 0) return <span className="d3">none yet</span>;
  return (
    <svg className="run-bars" viewBox={`0 0 ${SLOTS * PITCH} ${HEIGHT}`} role="img" aria-label={`Runs of ${mirror}: ${sayRuns(shown)}`}>
      <line x1="0" x2={SLOTS * PITCH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
      {shown.map((run, index) => (
        <OneBar key={run.id} run={run} x={(SLOTS - shown.length + index) * PITCH + 1} />
      ))}
    </svg>
  );
}

function OneBar({ run: { result, differsBytes }, x }: { run: RunBarsProps["runs"][number]; x: number }) {
  switch (result) {
    case null:
      return <rect className="is-now" x={x} y={HEIGHT - 12} width="5" height="11" />;
    case "clean":
      return <rect className="is-clean" x={x} y={HEIGHT - 4} width="5" height="3" />;
    case "differs": {
      const height = barOf(differsBytes);
      return <rect className="is-differs" x={x} y={HEIGHT - 1 - height} width="5" height={height} />;
    }
    case "aborted":
      return <rect className={differsBytes ? "is-cut found" : "is-cut"} x={x + 0.5} y={HEIGHT - 8.5} width="4" height="7" />;
    case "refused":
    case "unknown":
      return <rect className="is-cut none" x={x + 0.5} y={HEIGHT - 5.5} width="4" height="4" />;
  }
}

/** One block of 4 KiB is plain to see, and a GiB does not burst the row. */
function barOf(differsBytes: number | null): number {
  const blocks = Math.max(1, (differsBytes ?? 4_096) / 4_096);
  return Math.min(24, 8 + Math.log2(blocks) * 3);
}

/** "9 clean, 2 differ, 1 aborted" */
function sayRuns(runs: RunBarsProps["runs"]): string {
  const words = runs.map(({ result }) => (result === null ? "running" : RESULTS[result].word));
  return [...new Set(words)].map((word) => `${words.filter((one) => one === word).length} ${word}`).join(", ");
}

const KEY = [
  { result: "clean", means: "clean" },
  { result: "differs", means: "differs, height by size" },
  { result: "aborted", means: "aborted" },
  { result: "unknown", means: "refused or not known" },
  { result: null, means: "running" },
] as const;

/** What the bars mean. */
export function BarsKey() {
  return (
    <p className="bars-key" aria-hidden="true">
      {KEY.map(({ result, means }) => (
        <span key={means}>
          <svg className="run-bars" viewBox={`0 0 6 ${HEIGHT}`} aria-hidden="true">
            <OneBar run={{ id: "", result, differsBytes: 12_288 }} x={0} />
          </svg>{" "}
          {means}
        </span>
      ))}
      <span>The tick on the age bar is the limit.</span>
    </p>
  );
}
