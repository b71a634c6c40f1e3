// SPDX-License-Identifier: Apache-2.0
import type { VerifyWindows } from "@/agent/protocol/console/verify-plan";
import { formatDuration, joinWords } from "@/server/cluster/words";
import { dayWords } from "./due";
import { type Times, type Window, wallMs, windowsFrom } from "./windows";

const DAYS = ["Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays"];
const SHORT = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const NTH = ["first", "second", "third", "fourth", "fifth"];
const MINUTE_MS = 60_000;
/** A year and a month: both changes of the clock are within it, for a window of any day. */
const LOOK_AHEAD_MS = 400 * 86_400_000;
const MOST_NOTES = 2;
/** Twice a day for as long. */
const MOST_LOOKED = 800;

/** What times come to: in words, as the next three windows, and where the clock's changes make one of them another. */
export function timesComeTo(times: Times, nowMs: number): VerifyWindows {
  const windows: Window[] = [];
  const notes: string[] = [];
  let looked = 0;
  for (const one of windowsFrom(times, nowMs)) {
    looked += 1;
    if (one.opensAtMs > nowMs && windows.length < 3) windows.push(one);
    const note = noteOn(one, times);
    if (note !== null && notes.length < MOST_NOTES) notes.push(note);
    if (one.opensAtMs - nowMs > LOOK_AHEAD_MS || looked >= MOST_LOOKED) break;
  }
  return { atMs: nowMs, says: timesSay(times), windows, notes };
}

function noteOn({ opensAtMs, closesAtMs }: Window, { zone, windowMinutes, cron }: Times): string | null {
  const lengthMs = closesAtMs - opensAtMs;
  const longerMs = lengthMs - windowMinutes * MINUTE_MS;
  const meant = timeOf(cron);
  const shown = new Date(wallMs(zone, opensAtMs)).toISOString().slice(11, 16);
  const later = meant !== null && shown !== meant ? ` It opens at ${shown}.` : "";
  if (longerMs === 0 && later === "") return null;
  const change = longerMs > 0 ? "goes back" : "leaps ahead";
  return `On ${dayWords(opensAtMs, zone)} the clock ${change}: the window is ${formatDuration(lengthMs)} long.${later}`;
}

/** "Sundays 02:00 to 06:00, Europe/Berlin"; a pattern that is no plain one is said as it is. */
export function timesSay({ cron, zone, windowMinutes }: Times): string {
  const opens = timeOf(cron);
  const [, , day = "", month = "", weekday = ""] = cron.trim().split(/\s+/);
  const days = month === "*" ? daysSay(day, weekday) : null;
  if (opens === null || days === null) return `"${cron}", open for ${formatDuration(windowMinutes * MINUTE_MS)}, ${zone}`;
  const endMinutes = Number(opens.slice(0, 2)) * 60 + Number(opens.slice(3)) + windowMinutes;
  const nights = Math.floor(endMinutes / 1_440);
  const end = `${two(Math.floor((endMinutes % 1_440) / 60))}:${two(endMinutes % 60)}`;
  const later = nights === 0 ? "" : nights === 1 ? " the next day" : ` ${nights} days later`;
  return `${days} ${opens} to ${end}${later}, ${zone}`;
}

/** "02:30" where the pattern has one time of the day; null otherwise. */
function timeOf(cron: string): string | null {
  const [minute = "", hour = ""] = cron.trim().split(/\s+/);
  return /^\d{1,2}$/.test(minute) && /^\d{1,2}$/.test(hour) ? `${two(Number(hour))}:${two(Number(minute))}` : null;
}

function daysSay(day: string, weekday: string): string | null {
  if (day === "*" && weekday === "*") return "Every day";
  if (/^\d{1,2}$/.test(day) && weekday === "*") return `On day ${Number(day)} of each month`;
  if (day !== "*") return null;
  const nth = /^(\w+)#([1-5])$/.exec(weekday);
  const nthDay = nth?.[1] === undefined ? null : dayIndex(nth[1]);
  if (nth && nthDay !== null) return `The ${NTH[Number(nth[2]) - 1]} ${DAYS[nthDay]?.slice(0, -1)} of each month`;
  const named = weekday.split(",").map((part) => {
    const ends = part.split("-").map(dayIndex);
    const [first, last] = ends;
    if (first === null || first === undefined || last === null || ends.length > 2) return null;
    return last === undefined ? (DAYS[first] ?? null) : `${DAYS[first]} to ${DAYS[last]}`;
  });
  const words = named.flatMap((word) => word ?? []);
  return words.length === named.length ? joinWords(words) : null;
}

function dayIndex(text: string): number | null {
  if (/^[0-7]$/.test(text)) return Number(text) % 7;
  const index = SHORT.indexOf(text.toUpperCase());
  return index === -1 ? null : index;
}

function two(count: number): string {
  return String(count).padStart(2, "0");
}
