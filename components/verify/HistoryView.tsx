// SPDX-License-Identifier: Apache-2.0
"use client";
import type { VerifySummary } from "@/agent/protocol/console/verify";
import { When } from "@/components/live/Age";
import { Asked } from "@/components/settings/Asked";
import { Button } from "@/components/ui/Button";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { formatRate, unbroken } from "@/components/ui/format";
import { ResultWord } from "./LastRun";
import { AskedRun } from "./MirrorMore";
import { RepairLink } from "./RepairLink";
import { sayBy, sayResult, sayTook } from "./words";

export interface HistoryViewProps {
  name: string;
  mirror: { cluster: string; resource: string; volume: number };
  /** Newest first; null while the console has not answered. */
  runs: readonly VerifySummary[] | null;
  error: Error | null;
  open: string | null;
  onOpen: (id: string | null) => void;
  /** Older ones; null: there are none. */
  more: { isAsking: boolean; onMore: () => void } | null;
}

/** Every verify of a mirror that is kept, also those that were started past the console. */
export function HistoryView({ name, mirror, runs, error, open, onOpen, more }: HistoryViewProps) {
  return (
    <Asked answer={runs} error={error}>
      {(list) =>
        list.length === 0 ? (
          <p className="remark d3">No verify of it was seen since this console watches it.</p>
        ) : (
          <>
            <table className="p cards verify-history">
              <caption className="sr">Verifies of {name}, the newest first</caption>
              <ColumnHeads names={["Began", "Result", "Took", "Mean rate", "Asked for"]} acts />
              <tbody>
                {list.map((run) => (
                  <HistoryRow key={run.id} run={run} mirror={mirror} isNewest={run === list[0]} isOpen={run.id === open} onOpen={onOpen} />
                ))}
              </tbody>
            </table>
            {more && (
              <p className="acts">
                <Button small onClick={more.onMore} disabled={more.isAsking}>
                  {more.isAsking ? "asking the console" : "Older ones"}
                </Button>
              </p>
            )}
          </>
        )
      }
    </Asked>
  );
}

interface HistoryRowProps extends Pick<HistoryViewProps, "mirror" | "onOpen"> {
  run: VerifySummary;
  isNewest: boolean;
  isOpen: boolean;
}

function HistoryRow({ run, mirror, isNewest, isOpen, onOpen }: HistoryRowProps) {
  const id = `run-${run.id}`;
  return (
    <>
      <tr className={isOpen ? "is-open" : ""}>
        <th scope="row">
          <When atMs={run.startedAtMs} />
        </th>
        <td data-th="Result">
          <ResultWord run={run} />
          {run.says !== null && <small>{unbroken(run.says)}</small>}
        </td>
        <td data-th="Took" className="tn">
          {sayTook(run) ?? <span className="d3">it runs</span>}
        </td>
        <td data-th="Mean rate" className="tn">
          {run.rateBytesPerSec === null ? <span className="d3">not known</span> : formatRate(run.rateBytesPerSec)}
        </td>
        <td data-th="Asked for">{sayBy(run)}</td>
        <td className="acts">
          <Button
            small
            onClick={() => onOpen(isOpen ? null : run.id)}
            aria-expanded={isOpen}
            aria-controls={id}
            aria-label={`${isOpen ? "Close the details" : "Details"} of the run: ${sayResult(run)}`}
          >
            {isOpen ? "Close" : "Details"}
          </Button>
        </td>
      </tr>
      {isOpen && (
        <tr className="verify-more" id={id}>
          <td colSpan={6}>
            <div className="verify-open">
              <AskedRun id={run.id}>{isNewest && run.result === "differs" && <RepairLink mirror={mirror} />}</AskedRun>
            </div>
          </td>
        </tr>
      )}
    </>
  );
}
