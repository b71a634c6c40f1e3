// SPDX-License-Identifier: Apache-2.0
"use client";
import { useQuery } from "@tanstack/react-query";
import type { VerifyWindows, VerifyWindowsAsk } from "@/agent/protocol/console/verify-plan";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { Refusal } from "@/components/ask/Refusal";
import { unbroken } from "@/components/ui/format";

/** What is chosen, as the console understands it: a refusal is shown before saving, not after. */
export function NextWindows({ cron, zone, windowMinutes, isPaused }: VerifyWindowsAsk & { isPaused: boolean }) {
  const windows = useQuery({
    queryKey: ["verify-windows", cron, zone, windowMinutes],
    queryFn: () => ask("POST", "/api/v1/verify/schedules/windows", answers.verifyWindows, { cron, zone, windowMinutes }),
    enabled: cron !== "" && zone.trim() !== "",
    staleTime: 60_000,
  });
  return (
    <section className="next-windows" aria-label="The next windows">
      <h3>What that comes to</h3>
      <div role="status">
        {cron === "" ? (
          <p className="d3">Choose at least one day and a time.</p>
        ) : windows.error ? (
          <Refusal error={windows.error} />
        ) : windows.data === undefined ? (
          <p className="d3">asking the console</p>
        ) : (
          <Told windows={windows.data} zone={zone} isPaused={isPaused} />
        )}
      </div>
    </section>
  );
}

export function Told({ windows: { says, windows, notes }, zone, isPaused }: { windows: VerifyWindows; zone: string; isPaused: boolean }) {
  return (
    <>
      <p>
        {unbroken(says)}
        {isPaused && <span className="held">, paused: none of these opens until it is resumed</span>}
      </p>
      {windows.length === 0 && <p className="risk">It never opens.</p>}
      <ol>
        {windows.map(({ opensAtMs, closesAtMs }) => (
          <li key={opensAtMs} className="tn">
            {sayWindow(opensAtMs, closesAtMs, zone)}
          </li>
        ))}
      </ol>
      {notes.map((note) => (
        <p key={note} className="d2 s12">
          {unbroken(note)}
        </p>
      ))}
    </>
  );
}

/** "Sunday 29 Nov 2026 02:00 to 06:00", by the wall clock of the schedule's own zone. */
export function sayWindow(opensAtMs: number, closesAtMs: number, zone: string): string {
  const of = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone, hourCycle: "h23" });
  const day = of({ weekday: "long", day: "numeric", month: "short", year: "numeric" });
  const clock = of({ hour: "2-digit", minute: "2-digit" });
  const [from, to] = [day.format(opensAtMs).replaceAll(",", ""), day.format(closesAtMs).replaceAll(",", "")];
  return `${from} ${clock.format(opensAtMs)} to ${from === to ? "" : `${to} `}${clock.format(closesAtMs)}`;
}
