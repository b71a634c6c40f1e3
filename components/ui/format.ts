// SPDX-License-Identifier: Apache-2.0

/** Between a number and its unit, so that they never part at the end of a line. */
const SPACE = "\u00a0";

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] as const;

/** "86 GiB", "2.0 TiB", "12 KiB". Units: bytes. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 1023.5 of a unit would print as 1024: that is already one of the next.
  while (value >= 1023.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit >= 3 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)}${SPACE}${BYTE_UNITS[unit]}`;
}

/** "104 MiB/s". Units: bytes per second. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** "1 Gbit/s", "100 Mbit/s". Units: bits per second, powers of ten as network gear counts. */
export function formatBitRate(bitsPerSecond: number): string {
  if (bitsPerSecond >= 1e9) return `${trim(bitsPerSecond / 1e9)}${SPACE}Gbit/s`;
  if (bitsPerSecond >= 1e6) return `${trim(bitsPerSecond / 1e6)}${SPACE}Mbit/s`;
  return `${trim(bitsPerSecond / 1e3)}${SPACE}kbit/s`;
}

/** "61.4 %". Rounded down: 99.99 is not yet 100. */
export function formatPercent(percent: number, digits: 0 | 1 = 1): string {
  const scale = 10 ** digits;
  // The tiny addition undoes binary fractions: 61.4 × 10 is 613.9999….
  return `${(Math.floor(percent * scale + 1e-6) / scale).toFixed(digits)}${SPACE}%`;
}

/** "0.3 s", "14 s", "4 min 43 s", "2 h 22 min", "41 d 6 h". Units: milliseconds. */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)}${SPACE}s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds}${SPACE}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}${SPACE}min${SPACE}${pad(seconds % 60)}${SPACE}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}${SPACE}h${SPACE}${pad(minutes % 60)}${SPACE}min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 || days >= 100 ? `${days}${SPACE}d` : `${days}${SPACE}d${SPACE}${hours % 24}${SPACE}h`;
}

/** As a duration, in whole seconds from the first: "6 s", "14 min 06 s". Units: milliseconds. */
export function formatSeconds(durationMs: number): string {
  const seconds = Math.floor(Math.max(0, durationMs) / 1_000);
  return seconds < 10 ? `${seconds}${SPACE}s` : formatDuration(seconds * 1_000);
}

/** As a duration, in whole minutes from the first: "40 s", "43 min", "2 h 25 min". For what is read from afar. Units: milliseconds. */
export function formatMinutes(durationMs: number): string {
  const minutes = Math.floor(durationMs / 60_000);
  return minutes >= 1 && minutes < 60 ? `${minutes}${SPACE}min` : formatSeconds(durationMs);
}

/** How often something is done: "2 s", "1 min". Units: milliseconds. */
export function formatPace(everyMs: number): string {
  return formatSeconds(everyMs).replace(new RegExp(`(min)${SPACE}00${SPACE}s$`), "$1");
}

/** "14:02:31" in the given time zone. */
export function formatClock(atMs: number, zone: string): string {
  return clockOf(zone).format(atMs);
}

/** A moment as a person needs it: the clock for today, with the date for any other day. */
export function formatWhen(atMs: number, nowMs: number, zone: string): string {
  const [date, year] = dayOf(atMs, zone);
  const [today, thisYear] = dayOf(nowMs, zone);
  if (date === today && year === thisYear) return formatClock(atMs, zone);
  return `${date}${year === thisYear ? "" : ` ${year}`} ${formatClock(atMs, zone).slice(0, 5)}`;
}

/** "20 Nov 2026 11:32:10": a moment whole, for what is not of today. */
export function formatMoment(atMs: number, zone: string): string {
  return `${dayOf(atMs, zone).join(" ")} ${formatClock(atMs, zone)}`;
}

const UNITS = "(?:[KMGTPE]i?B|B|bytes|[kMG]bit)(?:/s)?|ms|s|min|h|d|%";
const BEFORE_UNIT = new RegExp(`(\\d) (?=(?:${UNITS})(?![\\w-]))`, "g");
const IN_DURATION = /(\d[ \u00a0](?:min|h|d)) (?=\d+[ \u00a0](?:s|min|h)(?!\w))/g;

/** A sentence whose numbers keep their units at the end of a line: sentences from elsewhere have plain spaces. */
export function unbroken<T extends string | null | undefined>(sentence: T): T | string {
  return typeof sentence === "string" ? sentence.replace(IN_DURATION, `$1${SPACE}`).replace(BEFORE_UNIT, `$1${SPACE}`) : sentence;
}

/** "1 fail", "2 fails". */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count}${SPACE}${count === 1 ? one : many}`;
}

function trim(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

const clocks = new Map<string, Intl.DateTimeFormat>();
const days = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  return keep(clocks, zone, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
}

/** Our own: whether September is Sep or Sept depends on the version of the browser, and the server has written first. */
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

function dayOf(atMs: number, zone: string): [string, string] {
  const parts = keep(days, zone, { day: "numeric", month: "numeric", year: "numeric" }).formatToParts(atMs);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return [`${Number(of("day"))} ${MONTHS[Number(of("month")) - 1] ?? ""}`, of("year")];
}

function keep(kept: Map<string, Intl.DateTimeFormat>, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const known = kept.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
  kept.set(zone, made);
  return made;
}
