// SPDX-License-Identifier: Apache-2.0
import { Cron } from "croner";
import { Temporal } from "temporal-polyfill";
import type { VerifyScheduleChange } from "@/agent/protocol/console/verify";

/** When a schedule opens: what of it decides that. */
export type Times = Pick<VerifyScheduleChange, "cron" | "zone" | "windowMinutes">;

/** One opening of a schedule. Epoch ms. */
export interface Window {
  opensAtMs: number;
  closesAtMs: number;
}

const MINUTE_MS = 60_000;
/** No zone's clock was ever set by more than this at once, the skipped days of the Pacific included. */
const LARGEST_CHANGE_MS = 26 * 60 * MINUTE_MS;
/** A pattern whose next opening is later than this never opens: "30 February". */
const YEARS_AHEAD = 9;

/** The pattern, read on a clock without changes: which hands of the clock it means, not which moments. @throws on a bad pattern */
function patternOf(cron: string): Cron {
  return new Cron(cron, { mode: "5-part", timezone: "Etc/UTC", paused: true });
}

/** What the clock on the wall of a zone shows, as the moment at which a clock in UTC shows the same. */
export function wallMs(zone: string, atMs: number): number {
  const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone);
  return atMs + offsetNanoseconds / 1e6;
}

function wallTime(ms: number): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO("UTC").toPlainDateTime();
}

/** The moments at which the clock shows this: one, or two, or for one that is never shown the moment at which it is skipped. */
function momentsOf(zone: string, time: Temporal.PlainDateTime): number[] {
  const earlier = time.toZonedDateTime(zone, { disambiguation: "earlier" });
  const later = time.toZonedDateTime(zone, { disambiguation: "later" });
  if (earlier.toPlainDateTime().equals(time)) return [earlier.epochMilliseconds, later.epochMilliseconds];
  return [earlier.getTimeZoneTransition("next")?.epochMilliseconds ?? later.epochMilliseconds];
}

function windowOf({ zone, windowMinutes }: Times, opensWallMs: number): Window {
  const lengthMs = windowMinutes * MINUTE_MS;
  const [opensAtMs = 0] = momentsOf(zone, wallTime(opensWallMs));
  const ends = momentsOf(zone, wallTime(opensWallMs + lengthMs));
  // One that lies wholly in an hour that is skipped is moved with its whole length.
  const closesAtMs = ends.find((atMs) => atMs > opensAtMs) ?? opensAtMs + lengthMs;
  return { opensAtMs, closesAtMs };
}

/**
 * The windows that are not over at a moment, in their order: the one that is open first. "02:00 for 4 hours" is open from 02:00
 * to 06:00 by the clock on the wall: three hours in the night that skips one, five in the night that has one twice.
 * A window that would open within the skipped hour opens with its end; one whose hour comes twice opens once, at the first.
 */
export function* windowsFrom(times: Times, nowMs: number): Generator<Window> {
  const pattern = patternOf(times.cron);
  const lengthMs = times.windowMinutes * MINUTE_MS;
  const startMs = wallMs(times.zone, nowMs) - lengthMs - LARGEST_CHANGE_MS;
  const lastMs = startMs + YEARS_AHEAD * 366 * 86_400_000;
  let wall = pattern.nextRun(new Date(startMs));
  let toldMs = Number.NEGATIVE_INFINITY;
  for (; wall !== null && wall.getTime() <= lastMs; wall = pattern.nextRun(wall)) {
    const found = windowOf(times, wall.getTime());
    // Two that the skipped hour pushed together are one.
    if (found.closesAtMs <= nowMs || found.opensAtMs <= toldMs) continue;
    toldMs = found.opensAtMs;
    yield found;
  }
}

/** The next window that opens after a moment; null when none ever does. */
export function nextWindow(times: Times, nowMs: number): Window | null {
  for (const found of windowsFrom(times, nowMs)) if (found.opensAtMs > nowMs) return found;
  return null;
}

/** The openings after a moment and up to another, the newest `most` of them, oldest first. */
export function openingsBetween(times: Times, afterMs: number, untilMs: number, most: number): Window[] {
  const found: Window[] = [];
  for (const one of windowsFrom(times, afterMs)) {
    if (one.opensAtMs > untilMs) break;
    if (one.opensAtMs > afterMs) found.push(one);
    if (found.length > most) found.shift();
  }
  return found;
}

/** What is wrong with these times, as a sentence; null when nothing is. */
export function timesMisfit(times: Times, nowMs: number): string | null {
  if (!isZone(times.zone)) return `There is no time zone ${times.zone}: name one of the IANA's list, "Europe/Berlin".`;
  if (times.cron.trim().split(/\s+/).length !== 5 || /[@?]/.test(times.cron)) return BAD_CRON;
  try {
    patternOf(times.cron);
  } catch (cause) {
    if (cause instanceof TypeError || cause instanceof RangeError) return BAD_CRON;
    throw cause;
  }
  const first = nextWindow(times, nowMs);
  if (first === null) return `"${times.cron}" never comes: no day fits it.`;
  const shortest = shortestPeriodMs(times.cron, nowMs);
  const lengthMs = times.windowMinutes * MINUTE_MS;
  if (shortest !== null && lengthMs > shortest) {
    const minutes = Math.floor(shortest / MINUTE_MS);
    return `A window of ${times.windowMinutes} min is longer than the time to its next opening (${minutes} min): make it shorter, or let it open less often.`;
  }
  return null;
}
const BAD_CRON =
  'The cron expression is not understood: it has five fields (minute, hour, day of the month, month, day of the week), like "0 2 * * SUN".';

/** Openings that are looked at for the shortest time between two: a year of daily ones. */
const LOOKED_AT = 400;

function shortestPeriodMs(cron: string, nowMs: number): number | null {
  const pattern = patternOf(cron);
  let before = pattern.nextRun(new Date(nowMs));
  let shortest: number | null = null;
  for (let count = 0; before !== null && count < LOOKED_AT; count += 1) {
    const after = pattern.nextRun(before);
    if (after === null) break;
    const apart = after.getTime() - before.getTime();
    if (shortest === null || apart < shortest) shortest = apart;
    before = after;
  }
  return shortest;
}

function isZone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(zone)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch (cause) {
    if (cause instanceof RangeError) return false;
    throw cause;
  }
}
