// SPDX-License-Identifier: Apache-2.0
"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { answers } from "@/components/ask/answers";
import { ask } from "@/components/ask/ask";
import { useClockText, useLiveValue } from "@/components/live/use-live";
import { CalendarView } from "./CalendarView";
import { dayOf, monthAfter, monthFrom, monthName, startOf } from "./days";

/** A month of runs and of what is due; which one stands in the address. */
export function CalendarPanel() {
  const { zone } = useLiveValue();
  const asked = useSearchParams().get("month");
  const now = useClockText(({ nowMs }) => monthName(dayOf(nowMs, zone)));
  const today = useClockText(({ nowMs }) => String(dayOf(nowMs, zone).day));
  const month = monthFrom(asked) ?? monthFrom(now) ?? { year: 1970, month: 1 };
  const fromMs = startOf({ ...month, day: 1 }, zone);
  const toMs = startOf({ ...monthAfter(month, 1), day: 1 }, zone);
  const calendar = useQuery({
    queryKey: ["verify-calendar", fromMs, toMs],
    queryFn: () => ask("GET", `/api/v1/verify/calendar?from=${fromMs}&to=${toMs}`, answers.verifyCalendar),
    placeholderData: keepPreviousData,
  });
  return (
    <CalendarView
      month={month}
      today={monthName(month) === now ? Number(today) : null}
      zone={zone}
      calendar={calendar.data ?? null}
      error={calendar.error}
      onMonth={(next) => window.history.replaceState(null, "", `?part=calendar&month=${monthName(next)}`)}
    />
  );
}
