// SPDX-License-Identifier: Apache-2.0

import { counted, joinWords } from "@/server/cluster/words";
import type { KeptSchedule, Opening, Told } from "@/server/db/verify-queue";
import { nextWindow, openingsBetween, type Times, type Window } from "./windows";

/** What is due of a schedule since it was last looked at. */
export interface Due {
  /** The window that opened and still is open. */
  open: Window | null;
  /** Of those that opened and closed unseen: the last, and how many there were. */
  missed: { last: Window; count: number } | null;
}

/** Openings that are counted after a long absence; of more it is said that there were at least as many. */
const COUNTED = 1_000;

/** Openings after `handledMs` up to now: one that is over was missed. */
export function dueOf(times: Times, handledMs: number, nowMs: number): Due {
  const found = openingsBetween(times, handledMs, nowMs, COUNTED);
  const open = found.find(({ closesAtMs }) => closesAtMs > nowMs) ?? null;
  const over = found.filter(({ closesAtMs }) => closesAtMs <= nowMs);
  const last = over.at(-1);
  return { open, missed: last ? { last, count: over.length } : null };
}

const firsts = new WeakMap<KeptSchedule, Window | null>();

/** The first opening that is not dealt with: due once its time has come. Null while paused. */
export function firstDue(schedule: KeptSchedule): Window | null {
  if (schedule.wanted.isPaused) return null;
  const known = firsts.get(schedule);
  if (known !== undefined) return known;
  const first = nextWindow(schedule.wanted, schedule.handledMs);
  firsts.set(schedule, first);
  return first;
}

/** "Sun 29 Nov, 02:00 to 06:00 Europe/Berlin": an opening as people of its zone read it. */
export function windowWords({ opensAtMs, closesAtMs }: Window, zone: string): string {
  const opens = partsOf(opensAtMs, zone);
  const closes = partsOf(closesAtMs, zone);
  const end = opens.day === closes.day ? closes.time : `${closes.day}, ${closes.time}`;
  return `${opens.day}, ${opens.time} to ${end} ${zone}`;
}

/** "06:00 Europe/Berlin" */
export function clockWords(atMs: number, zone: string): string {
  return `${partsOf(atMs, zone).time} ${zone}`;
}

/** "Sun 29 Nov" */
export function dayWords(atMs: number, zone: string): string {
  return partsOf(atMs, zone).day;
}

function partsOf(atMs: number, timeZone: string): { day: string; time: string } {
  const part = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("en-GB", { timeZone, ...options }).format(atMs);
  return {
    day: part({ weekday: "short", day: "numeric", month: "short" }).replace(",", ""),
    time: part({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  };
}

const WORDS: readonly { word: Told["word"]; says: (count: number) => string }[] = [
  { word: "runs", says: (count) => `${count} under way` },
  { word: "waits", says: (count) => `${count} waiting` },
  { word: "clean", says: (count) => `${count} clean` },
  { word: "differs", says: (count) => `${count} with differences` },
  { word: "aborted", says: (count) => `${count} aborted` },
  { word: "unknown", says: (count) => `${count} with an end that was not seen` },
  { word: "skipped", says: (count) => `${count} not started` },
];
/** Reasons that are told one by one. */
const MOST_REASONS = 3;

/** What became of an opening, in words. */
export function openingSays({ told, isMissed, missed, opensAtMs, closesAtMs }: Opening, zone: string): string {
  const before = missed === 0 ? "" : ` ${counted(missed, "opening")} before it ${missed === 1 ? "was" : "were"} missed as well.`;
  const window = windowWords({ opensAtMs, closesAtMs }, zone);
  if (isMissed) return `Missed: the console did not run while it was open (${window}).${before}`;
  const gap =
    missed === 0 ? "" : ` ${counted(missed, "opening")} before it ${missed === 1 ? "was" : "were"} missed: the console did not run.`;
  if (told.length === 0) return `No mirror was there to be verified.${gap}`;
  const counts = WORDS.flatMap(({ word, says }) => {
    const count = told.filter((one) => one.word === word).length;
    return count === 0 ? [] : [says(count)];
  });
  const reasons = told.flatMap(({ mirror, why }) => (why === null ? [] : [`${mirror}: ${why}`]));
  const more = reasons.length > MOST_REASONS ? ` And ${reasons.length - MOST_REASONS} more.` : "";
  return `Of ${counted(told.length, "mirror")}: ${joinWords(counts)}.${reasons
    .slice(0, MOST_REASONS)
    .map((reason) => ` ${reason}`)
    .join("")}${more}${gap}`;
}
