// SPDX-License-Identifier: Apache-2.0
import type { VerifySummary } from "@/agent/protocol/console/verify";
import { When } from "@/components/live/Age";
import { unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { RESULTS, sayResult, sayTook } from "./words";

/** The end of a run as shape, word and colour; a run that goes on is moving. */
export function ResultWord({ run }: { run: Pick<VerifySummary, "result" | "percent" | "differsBytes"> }) {
  const { shape, ink } = run.result === null ? { shape: "busy" as const, ink: "act" } : RESULTS[run.result];
  return (
    <span className={`st ${ink}`} data-result={run.result ?? "running"}>
      <Icon shape={shape} />
      <span>{unbroken(sayResult(run))}</span>
    </span>
  );
}

/** The last run that ended: its result, when it began, how long it took. */
export function LastRun({ last }: { last: VerifySummary | null }) {
  if (last === null) return <span className="d3">never verified</span>;
  const took = sayTook(last);
  return (
    <>
      <ResultWord run={last} />
      <small>
        <When atMs={last.endedAtMs ?? last.startedAtMs} />
        {took !== null && `, took ${took}`}
      </small>
    </>
  );
}
