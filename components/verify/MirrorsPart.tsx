// SPDX-License-Identifier: Apache-2.0
"use client";
import type { VerifyOverview } from "@/agent/protocol/console/verify";
import { useClockText } from "@/components/live/use-live";
import { Button } from "@/components/ui/Button";
import { ColumnHeads } from "@/components/ui/ColumnHeads";
import { EmptyState } from "@/components/ui/EmptyState";
import { findMirror } from "./live-mirrors";
import { MirrorFilters } from "./MirrorFilters";
import { MirrorRow } from "./MirrorRow";
import { mirrorId } from "./progress";
import { BarsKey } from "./RunBars";
import type { VerifyViewProps } from "./VerifyView";
import { fits, isNarrowed, NO_FILTER, writeFilter } from "./verify-filter";

interface MirrorsPartProps extends VerifyViewProps {
  mirrors: VerifyOverview["mirrors"];
  limitDays: number;
}

/** Every mirror with its proof, the least proven first. */
export function MirrorsPart(props: MirrorsPartProps) {
  const { mirrors, limitDays, live, filter, open, userRole, onFilter, onOpen, onQueue } = props;
  // As text, so that a list is drawn anew only when a mirror comes or goes, not with each second.
  const fitting = useClockText(({ nowMs }) =>
    mirrors
      .filter((mirror) => fits(mirror, filter, limitDays, nowMs))
      .map(rowId)
      .join("\n"),
  );
  const rows = fitting.split("\n");
  const shown = mirrors.filter((mirror) => rows.includes(rowId(mirror)));
  const clusters = live.filter(({ isRecording }) => !isRecording);
  if (mirrors.length === 0)
    return (
      <EmptyState title="No mirror is known yet">
        <p>A mirror appears here as soon as a node that holds one is enrolled. Recordings are not listed: nothing can be verified there.</p>
      </EmptyState>
    );
  return (
    <>
      <h2 className="sr">Mirrors</h2>
      <MirrorFilters key={writeFilter(filter)} clusters={clusters} filter={filter} onFilter={onFilter} />
      {shown.length === 0 && isNarrowed(filter) && (
        <EmptyState title="No mirror fits these filters">
          <p>
            <Button small onClick={() => onFilter(NO_FILTER)}>
              Show all
            </Button>
          </p>
        </EmptyState>
      )}
      {shown.length > 0 && (
        <>
          <table className="cards verify-rows">
            <caption className="sr">Mirrors, the least proven first</caption>
            <ColumnHeads names={["Mirror", `Clean since (limit ${limitDays} d)`, "Last run", "Last 12 runs", "Next run"]} acts />
            <tbody>
              {shown.map((mirror) => (
                <MirrorRow
                  key={rowId(mirror)}
                  mirror={mirror}
                  entity={findMirror(live, mirror)}
                  limitDays={limitDays}
                  userRole={userRole}
                  isOpen={open === rowId(mirror)}
                  onToggle={() => onOpen(open === rowId(mirror) ? null : rowId(mirror))}
                  onQueue={onQueue}
                />
              ))}
            </tbody>
          </table>
          <BarsKey />
        </>
      )}
    </>
  );
}

function rowId(mirror: VerifyOverview["mirrors"][number]): string {
  return `${mirror.cluster}/${mirrorId(mirror)}`;
}
