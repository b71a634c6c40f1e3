// SPDX-License-Identifier: Apache-2.0
"use client";
import { useClockText } from "@/components/live/use-live";
import { isOverdue, sayAge } from "./words";

const DAY_MS = 86_400_000;
/** Where on the bar the limit stands, so that there is room for what is beyond it. */
const LIMIT_AT_PERCENT = 75;

/** How old the last clean run is, against the limit. Never verified is not "0 d". */
export function AgeBar({ cleanAtMs, limitDays }: { cleanAtMs: number | null; limitDays: number }) {
  const text = useClockText(({ nowMs }) => (cleanAtMs === null ? "never" : sayAge(nowMs - cleanAtMs)));
  const isLate = useClockText(({ nowMs }) => (isOverdue(cleanAtMs, limitDays, nowMs) ? "late" : "")) !== "";
  const width = useClockText(({ nowMs }) =>
    cleanAtMs === null ? "0" : Math.min(100, ((nowMs - cleanAtMs) / (limitDays * DAY_MS)) * LIMIT_AT_PERCENT).toFixed(1),
  );
  return (
    <span className="agebar">
      <span className={cleanAtMs === null ? "d3" : isLate ? "risk" : ""}>{text}</span>
      <span className={isLate ? "agebar-track is-late" : "agebar-track"} aria-hidden="true">
        <i style={{ width: `${width}%` }} />
      </span>
      {isLate && <span className="sr">overdue: the limit is {limitDays} days</span>}
    </span>
  );
}
