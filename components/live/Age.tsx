// SPDX-License-Identifier: Apache-2.0
"use client";
import { formatClock, formatDuration, formatMoment, formatSeconds, formatWhen } from "@/components/ui/format";
import { isSilent, useClockText } from "./use-live";

/** How old the word of a `node:` or `source:` entity is. Without its console a page prints the clock time: no age can be known. */
export function Age({ slug, of }: { slug: string; of: string }) {
  const text = useClockText(({ nowMs, zone, line, heardAtMs, recordedAtMs }) => {
    const atMs = heardAtMs(slug, of);
    const momentMs = recordedAtMs(slug);
    if (momentMs !== null) return atMs === null ? "not recorded" : `recorded ${formatMoment(momentMs, zone)}`;
    if (atMs === null) return "never heard";
    return isSilent(line) ? `as of ${formatClock(atMs, zone)}` : formatDuration(nowMs - atMs);
  });
  return <span className="age">{text}</span>;
}

/** "since 13:58:02, 4 min 43 s ago": when something was last known, as clock time and age. `word`: what stands before it. */
export function Since({ atMs, word = "since " }: { atMs: number | null; word?: string }) {
  const text = useClockText(({ nowMs, zone, line }) => {
    if (atMs === null) return "since it was added";
    const since = `${word}${formatWhen(atMs, nowMs, zone)}`;
    return isSilent(line) ? since : `${since}, ${formatDuration(nowMs - atMs)} ago`;
  });
  return <>{text}</>;
}

/** A moment: the clock for today, with its date for another day. */
export function When({ atMs }: { atMs: number }) {
  const text = useClockText(({ nowMs, zone }) => formatWhen(atMs, nowMs, zone));
  return <time dateTime={new Date(atMs).toISOString()}>{text}</time>;
}

/** How long something has lasted: "up 41 d 6 h". */
export function Lasting({ sinceMs }: { sinceMs: number }) {
  return <span className="tn">{useClockText(({ nowMs }) => formatSeconds(nowMs - sinceMs))}</span>;
}
