// SPDX-License-Identifier: Apache-2.0
import type { AlertEnd } from "@/agent/protocol/console/alerts";
import { asSentence, counted, formatDuration } from "@/server/cluster/words";
import type { MessageBody, ToldAlert } from "./state";

// What a person reads of an alert, in a mail or a chat.

/** Where the cluster's page is; null where the console does not know its own address. */
export function pageOf(publicUrl: string | null, { cluster }: MessageBody): string | null {
  return publicUrl === null ? null : `${publicUrl}/c/${cluster.slug}`;
}

/** "[SAN A] critical: crystal is gone", "[SAN A] over: crystal is gone (and 2 more)". One line. */
export function subjectOf({ cluster, alerts }: MessageBody): string {
  const [first, ...more] = [...alerts].sort((a, b) => urgency(b) - urgency(a));
  const rest = more.length === 0 ? "" : ` (and ${more.length} more)`;
  return oneLine(`[${cluster.title}] ${first ? `${wordOf(first)}: ${first.title}` : ""}${rest}`);
}

function urgency({ reason, severity }: ToldAlert): number {
  return (reason === "resolved" || reason === "ended" ? 0 : 10) + (severity === "critical" ? 1 : 0);
}

/** The timeline's words for what ended without being over. */
const ENDED: Readonly<Record<AlertEnd, string>> = {
  over: "over",
  partOf: "told inside another",
  unwatched: "no longer looked for",
  untrusted: "no longer known",
  removed: "no longer looked at",
  meant: "left so",
};

/** How an alert ended, in a word or a few; null while it lasts. */
export function endWord({ reason, end }: Pick<ToldAlert, "reason" | "end">): string | null {
  if (reason === "resolved") return ENDED.over;
  return reason === "ended" ? (end ? ENDED[end] : "told no more") : null;
}

function wordOf({ reason, severity, end }: ToldAlert): string {
  const ended = endWord({ reason, end });
  if (ended !== null) return ended;
  if (reason === "test") return "test";
  return reason === "still" ? `still ${severity}` : severity;
}

/** All of a message as plain text. */
export function textOf(message: MessageBody, page: string | null): string {
  const parts = message.alerts.map((alert) => alertText(alert, message.atMs));
  const at = `As of ${moment(message.atMs)}, from Quarterdeck.${page === null ? "" : ` ${page}`}`;
  return `${parts.join("\n\n")}\n\n${at}\n`;
}

function alertText(alert: ToldAlert, atMs: number): string {
  const { title, why, todo, consequences, sinceMs, endedAtMs, endedBy, returns, acknowledged } = alert;
  const lines = [`${wordOf(alert).toUpperCase()}: ${oneLine(title)}`];
  const ended = endWord(alert);
  if (ended === null) lines.push(oneLine(why));
  if (ended === null && todo !== null) lines.push(`What to do: ${oneLine(todo)}`);
  if (consequences.length > 0) lines.push("What follows from it:", ...consequences.map((one) => `  - ${oneLine(one)}`));
  if (ended !== null) {
    lines.push(
      `Since ${moment(sinceMs)}, ${ended} at ${moment(endedAtMs ?? atMs)}, after ${formatDuration((endedAtMs ?? atMs) - sinceMs)}.`,
    );
    if (endedBy !== null) lines.push(oneLine(endedBy));
  } else lines.push(`Since ${moment(sinceMs)}, ${formatDuration(atMs - sinceMs)} ago.`);
  if (returns > 0)
    lines.push(`It came back ${counted(returns, "time")} within an hour of its end: it is believed to be over later each time.`);
  if (acknowledged) {
    const note = acknowledged.note === "" ? "." : `: ${asSentence(oneLine(acknowledged.note))}`;
    lines.push(`Acknowledged by ${acknowledged.by} at ${moment(acknowledged.atMs)}${note}`);
  }
  return lines.filter((line) => line !== "").join("\n");
}

/** "2026-11-20 15:10:56 UTC": who reads it may be anywhere. */
export function moment(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, " UTC");
}

/** Words of a node or a kernel may hold anything: never a second line, never a control character. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}
