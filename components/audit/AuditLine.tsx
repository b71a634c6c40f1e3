// SPDX-License-Identifier: Apache-2.0
"use client";
import Link from "next/link";
import type { AuditRow } from "@/agent/protocol/console/commands";
import { OUTCOMES } from "@/components/commands/outcome";
import { When } from "@/components/live/Age";
import { Button } from "@/components/ui/Button";
import { formatDuration, unbroken } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { AuditDetail } from "./AuditDetail";

interface AuditLineProps {
  row: AuditRow;
  isOfAll: boolean;
  /** The cluster it was on is still one of this console's. */
  isThere: boolean;
  isOpen: boolean;
  onToggle: () => void;
}

/** One command: who, when, what, how it ended; opened, all that is kept of it. */
export function AuditLine({ row, isOfAll, isThere, isOpen, onToggle }: AuditLineProps) {
  const { run, title, by, from, openedAtMs, closedAtMs, outcome, says, cluster } = row;
  const end = outcome === null ? null : OUTCOMES[outcome];
  return (
    <>
      <tr className={isOpen ? "is-open" : ""}>
        <th scope="row">
          <When atMs={openedAtMs} />
        </th>
        <td data-th="Who">
          <b>{by}</b>
          <small>{from === null ? "from an address not known" : from}</small>
        </td>
        <td data-th="What">
          <b>{title}</b>
          {isOfAll && (
            <small>
              {cluster === "" && "on the console"}
              {cluster !== "" && !isThere && `on ${cluster}, which was removed`}
              {cluster !== "" && isThere && (
                <>
                  on <Link href={`/c/${cluster}`}>{cluster}</Link>
                </>
              )}
            </small>
          )}
          {says !== null && <small>{unbroken(says)}</small>}
        </td>
        <td data-th="Outcome">
          {end === null ? (
            <span className="st act">
              <Icon shape="busy" />
              <span>under way</span>
            </span>
          ) : (
            <span className="st" data-outcome={outcome}>
              <Icon shape={end.shape} />
              <span>{end.word}</span>
            </span>
          )}
        </td>
        <td data-th="How long" className="tn">
          {closedAtMs === null ? <span className="d3">no end yet</span> : formatDuration(closedAtMs - openedAtMs)}
        </td>
        <td className="acts">
          <Button small onClick={onToggle} aria-expanded={isOpen} aria-controls={`audit-${run}`} aria-label={`Details of ${title}`}>
            {isOpen ? "Close" : "Details"}
          </Button>
        </td>
      </tr>
      {isOpen && (
        <tr className="audit-more" id={`audit-${run}`}>
          <td colSpan={6}>
            <AuditDetail row={row} />
          </td>
        </tr>
      )}
    </>
  );
}
