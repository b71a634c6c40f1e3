// SPDX-License-Identifier: Apache-2.0

/** The part of time that is shown. `toMs` null: it ends now, and moves on. Units: ms. */
export interface Window {
  spanMs: number;
  toMs: number | null;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** From ten seconds to as long as anything is kept: ten years of counts. */
const LEAST_MS = 10 * SECOND;
const MOST_MS = 3_660 * DAY;

/** Spans to choose from; between them the wheel goes as it likes. */
export const SPANS: readonly { ms: number; name: string }[] = [
  { ms: MINUTE, name: "1 minute" },
  { ms: 10 * MINUTE, name: "10 minutes" },
  { ms: HOUR, name: "1 hour" },
  { ms: 6 * HOUR, name: "6 hours" },
  { ms: DAY, name: "1 day" },
  { ms: 7 * DAY, name: "1 week" },
  { ms: 30 * DAY, name: "30 days" },
  { ms: 365 * DAY, name: "1 year" },
];
export const FIRST_SPAN_MS = DAY;

/** One step of a key or button: twice as far, or half. */
export const STEP = 2;

/** Closer (`factor` under 1) or wider, with the moment at `place` (0: left edge, 1: right edge) staying where it is. */
export function zoomed(shown: Window, factor: number, place: number, nowMs: number): Window {
  const spanMs = Math.round(Math.min(MOST_MS, Math.max(LEAST_MS, shown.spanMs * factor)));
  // What ends now goes on to end now, unless one looks at a place further back.
  if (shown.toMs === null && place > 0.9) return { spanMs, toMs: null };
  const toMs = shown.toMs ?? nowMs;
  const anchorMs = toMs - shown.spanMs * (1 - place);
  return held({ spanMs, toMs: anchorMs + spanMs * (1 - place) }, nowMs);
}

/** Earlier (`parts` under 0) or later, by parts of what is shown. */
export function moved(shown: Window, parts: number, nowMs: number): Window {
  return held({ ...shown, toMs: (shown.toMs ?? nowMs) + shown.spanMs * parts }, nowMs);
}

/** Just what lies between two places. */
export function between(shown: Window, one: number, other: number, nowMs: number): Window {
  const fromMs = (shown.toMs ?? nowMs) - shown.spanMs;
  const [left, right] = [Math.min(one, other), Math.max(one, other)];
  const spanMs = Math.round(Math.max(LEAST_MS, shown.spanMs * (right - left)));
  return held({ spanMs, toMs: fromMs + shown.spanMs * left + spanMs }, nowMs);
}

/** What lies around a moment: mostly what was before it, and a little of what came after. */
export function around(atMs: number, spanMs: number, nowMs: number): Window {
  return held({ spanMs, toMs: atMs + spanMs * 0.2 }, nowMs);
}

/** What a key does on the strip; null: nothing. */
export function byKey(key: string, shown: Window, nowMs: number): Window | null {
  switch (key) {
    case "ArrowLeft":
      return moved(shown, -0.25, nowMs);
    case "ArrowRight":
      return moved(shown, 0.25, nowMs);
    case "PageUp":
      return moved(shown, -1, nowMs);
    case "PageDown":
      return moved(shown, 1, nowMs);
    case "End":
      return { ...shown, toMs: null };
    case "+":
    case "=":
      return zoomed(shown, 1 / STEP, 0.5, nowMs);
    case "-":
      return zoomed(shown, STEP, 0.5, nowMs);
    default:
      return null;
  }
}

/** There is nothing after now: what would reach beyond it ends now. */
function held({ spanMs, toMs }: { spanMs: number; toMs: number }, nowMs: number): Window {
  return { spanMs, toMs: toMs >= nowMs ? null : Math.max(0, Math.round(toMs)) };
}

/** How often a span that ends now moves on: its strip by one part, but not more often than a person looks. */
export function paceOf(spanMs: number): number {
  return Math.min(MINUTE, Math.max(2 * SECOND, spanMs / 120));
}

const TICKS: readonly number[] = [
  ...[SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND],
  ...[MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE],
  ...[HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 60 * DAY, 180 * DAY, 360 * DAY],
];

/** Where the axis has its ticks, about so many, on whole hours and days of the zone. */
export function ticksOf(fromMs: number, toMs: number, zone: string, about: number): { ticks: number[]; stepMs: number } {
  const stepMs = TICKS.find((step) => (toMs - fromMs) / step <= about) ?? 360 * DAY;
  const ticks: number[] = [];
  const localMs = fromMs + offsetOf(fromMs, zone);
  for (let local = Math.ceil(localMs / stepMs) * stepMs; ticks.length < 40; local += stepMs) {
    const guess = local - offsetOf(fromMs, zone);
    const atMs = local - offsetOf(guess, zone);
    if (atMs > toMs) break;
    if (atMs >= fromMs) ticks.push(atMs);
  }
  return { ticks, stepMs };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the zone's clock is ahead of UTC at a moment. */
function offsetOf(atMs: number, zone: string): number {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat("en-GB", {
      ...{ timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" },
      ...{ hour: "numeric", minute: "numeric", second: "numeric" },
    });
  formats.set(zone, format);
  const parts = format.formatToParts(atMs);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const local = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return local - Math.floor(atMs / 1_000) * 1_000;
}
