// SPDX-License-Identifier: Apache-2.0

/** When a schedule's window opens: what the form offers, and (custom) what only cron can say. */
export type Opening =
  | { every: "week"; days: readonly number[]; time: string }
  | { every: "month"; day: number; time: string }
  | { every: "custom"; cron: string };

/** Cron counts the days of the week from Sunday, 0; 7 is Sunday too. */
export const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
/** As a week is read: Monday first. */
export const WEEK = [1, 2, 3, 4, 5, 6, 0] as const;

/** Five fields of cron as the form shows them. */
export function openingOf(cron: string): Opening {
  const custom: Opening = { every: "custom", cron };
  const [minute = "", hour = "", day = "", month = "", weekday = "", ...more] = cron.trim().split(/\s+/);
  if (more.length > 0 || month !== "*" || !isUpTo(minute, 59) || !isUpTo(hour, 23)) return custom;
  const time = `${hour.padStart(2, "0")}:${minute.padStart(2, "0")}`;
  if (day !== "*") return weekday === "*" && isUpTo(day, 31) && Number(day) > 0 ? { every: "month", day: Number(day), time } : custom;
  if (weekday === "*") return { every: "week", days: [...WEEK], time };
  const days = weekday.split(",");
  if (!days.every((one) => isUpTo(one, 7))) return custom;
  const named = new Set(days.map((one) => Number(one) % 7));
  return { every: "week", days: WEEK.filter((one) => named.has(one)), time };
}

/** The same as five fields of cron; empty while a part of it is missing. */
export function cronOf(opening: Opening): string {
  if (opening.every === "custom") return opening.cron.trim();
  const [hour, minute] = opening.time.split(":");
  if (!isUpTo(hour ?? "", 23) || !isUpTo(minute ?? "", 59)) return "";
  const at = `${Number(minute)} ${Number(hour)}`;
  if (opening.every === "month") return `${at} ${opening.day} * *`;
  if (opening.days.length === 0) return "";
  return `${at} * * ${opening.days.length === WEEK.length ? "*" : [...opening.days].sort((a, b) => a - b).join(",")}`;
}

/** "Sundays 02:00", "daily 02:00", "on day 1 of the month 02:00". */
export function sayOpening(cron: string): string {
  const opening = openingOf(cron);
  switch (opening.every) {
    case "custom":
      return cron;
    case "month":
      return `on day ${opening.day} of the month ${opening.time}`;
    case "week":
      return opening.days.length === WEEK.length
        ? `daily ${opening.time}`
        : `${opening.days.map((day) => `${WEEKDAYS[day]}s`).join(", ")} ${opening.time}`;
  }
}

function isUpTo(text: string, most: number): boolean {
  return /^\d{1,2}$/.test(text) && Number(text) <= most;
}
