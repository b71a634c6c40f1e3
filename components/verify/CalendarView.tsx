// SPDX-License-Identifier: Apache-2.0
"use client";
import Link from "next/link";
import type { VerifySummary } from "@/agent/protocol/console/verify";
import type { VerifyCalendar } from "@/agent/protocol/console/verify-plan";
import { Refusal } from "@/components/ask/Refusal";
import { Button } from "@/components/ui/Button";
import { formatClock } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { byDay, type OnDay } from "./calendar";
import { WEEK, WEEKDAYS } from "./cron";
import { type Day, monthAfter, weeksOf } from "./days";
import { mirrorHref, nameOf, partOf } from "./progress";
import { RESULTS, sayResult } from "./words";

interface CalendarViewProps {
  month: Pick<Day, "year" | "month">;
  /** The day of today; null where it is of another month. */
  today: number | null;
  zone: string;
  /** Null while the console has not answered. */
  calendar: VerifyCalendar | null;
  error: Error | null;
  onMonth: (month: Pick<Day, "year" | "month">) => void;
}

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;
const SHOWN = 5;

/** A month: what ran on each day and how it ended, and which windows open. */
export function CalendarView({ month, today, zone, calendar, error, onMonth }: CalendarViewProps) {
  const days = byDay(calendar ?? { runs: [], due: [] }, month, zone);
  const title = `${MONTHS[month.month - 1]} ${month.year}`;
  return (
    <section className="verify-calendar" aria-label={`Runs of ${title}`}>
      <header>
        <h2>{title}</h2>
        <p className="acts">
          <Button small onClick={() => onMonth(monthAfter(month, -1))} aria-label="The month before">
            Before
          </Button>
          <Button small onClick={() => onMonth(monthAfter(month, 1))} aria-label="The month after">
            After
          </Button>
        </p>
        <p className="d3 s12">
          days of {zone}, the console's zone{calendar === null && error === null && <span role="status">, asking the console</span>}
        </p>
      </header>
      <Refusal error={error} />
      {calendar !== null && days.size === 0 && <p className="remark d3">Nothing ran in this month, and no window opens in it.</p>}
      <table>
        <caption className="sr">{title}, weeks from Monday</caption>
        <thead>
          <tr>
            {WEEK.map((day) => (
              <th key={day} scope="col">
                {WEEKDAYS[day]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a week of a month is its number
            <tr key={index}>
              {week.map((day, weekday) =>
                day === null ? (
                  <td key={WEEKDAYS[WEEK[weekday] ?? 0]} className="is-other" />
                ) : (
                  <td
                    key={day.day}
                    className={days.has(day.day) ? "has-some" : ""}
                    {...(day.day === today ? { "aria-current": "date" as const } : {})}
                  >
                    <b className="tn">{day.day}</b> <span className="weekday">{WEEKDAYS[WEEK[weekday] ?? 0]}</span>
                    <Entries on={days.get(day.day)} zone={zone} />
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Entries({ on, zone }: { on: OnDay | undefined; zone: string }) {
  if (!on) return null;
  const more = Math.max(0, on.runs.length - SHOWN);
  return (
    <ul>
      {on.due.map((window) => (
        <li key={`${window.schedule} ${window.opensAtMs}`} className="is-due">
          <Icon shape="old" plain />
          <span>
            {formatClock(window.opensAtMs, zone).slice(0, 5)} to {formatClock(window.closesAtMs, zone).slice(0, 5)}{" "}
            <span className="d3">
              {window.cluster}, {sayMirrors(window.mirrors)}
            </span>
          </span>
        </li>
      ))}
      {on.runs.slice(0, SHOWN).map((run) => (
        <OneRun key={run.id} run={run} zone={zone} />
      ))}
      {more > 0 && <li className="d3">and {more} more</li>}
    </ul>
  );
}

function OneRun({ run, zone }: { run: VerifySummary; zone: string }) {
  const { shape, ink } = run.result === null ? { shape: "busy" as const, ink: "act" } : RESULTS[run.result];
  return (
    <li>
      <Icon shape={shape} />
      <span>
        {formatClock(run.startedAtMs, zone).slice(0, 5)}{" "}
        <Link href={`${mirrorHref(run)}#${partOf("verifies", run.volume)}`}>{nameOf(run)}</Link>{" "}
        <span className={ink}>{sayResult(run)}</span>
      </span>
    </li>
  );
}

/** Which mirrors a window is for. */
export function sayMirrors(mirrors: readonly string[]): string {
  return mirrors.length === 0 ? "every mirror" : mirrors.map((mirror) => mirror.replace(/\/0$/, "")).join(", ");
}
