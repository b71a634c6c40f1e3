// SPDX-License-Identifier: Apache-2.0
"use client";
import type { VerifySummary } from "@/agent/protocol/console/verify";
import { useLoaded } from "@/components/ask/use-loaded";
import { When } from "@/components/live/Age";
import { formatBytes, formatDuration, formatRate } from "@/components/ui/format";
import { ResultWord } from "./LastRun";

const loadPlots = () => import("./TrendPlots");
/** How long runs took, how fast they were and what they found: as curves, which come when they are shown, and in numbers. */
export function Trend({ runs, name }: { runs: readonly VerifySummary[]; name: string }) {
  const ended = runs.filter(({ endedAtMs }) => endedAtMs !== null);
  const plots = useLoaded(loadPlots, ended.length > 1);
  if (ended.length === 0) return null;
  return (
    <section className="trend" aria-label={`Trend of ${name}`}>
      {plots.is === "unreachable" && <p className="d3 s12">The curves could not be loaded: the numbers are below.</p>}
      {plots.is === "there" && <plots.module.TrendPlots runs={ended} />}
      <details>
        <summary>The last {ended.length} runs in numbers</summary>
        <table className="p">
          <caption className="sr">Trend of {name}, the newest first</caption>
          <thead>
            <tr>
              {["Began", "Result", "Took", "Mean rate", "Differs"].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...ended].reverse().map((run) => (
              <tr key={run.id}>
                <td>
                  <When atMs={run.startedAtMs} />
                </td>
                <td>
                  <ResultWord run={run} />
                </td>
                <td className="tn">{run.endedAtMs === null ? "" : formatDuration(run.endedAtMs - run.startedAtMs)}</td>
                <td className="tn">{run.rateBytesPerSec === null ? "not known" : formatRate(run.rateBytesPerSec)}</td>
                <td className="tn">{run.differsBytes === null ? "not known" : formatBytes(run.differsBytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}
