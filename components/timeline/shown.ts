// SPDX-License-Identifier: Apache-2.0
import type { EventKind, TimelineEntry } from "@/agent/protocol/console/timeline";
import type { EntityOf, Level } from "@/agent/protocol/console/view";
import { around, FIRST_SPAN_MS, type Window } from "./window";

/** What the timeline is narrowed to; empty: not narrowed. */
export interface Narrowed {
  what: readonly EventKind[];
  levels: LevelGroup | "";
  node: string;
  resource: string;
  text: string;
}

/** All that an address says of a timeline: what one sees can be sent to somebody. */
export interface Shown extends Narrowed {
  window: Window;
  /** The moment that everything else is told as before or after of. */
  markMs: number | null;
  /** The finding that began at the mark. */
  finding: string;
}

export type LevelGroup = "bad" | "risk" | "unseen" | "calm";

export const GROUPS: Readonly<Record<LevelGroup, { name: string; levels: readonly Level[] }>> = {
  bad: { name: "broken", levels: ["bad"] },
  risk: { name: "at risk", levels: ["risk", "differs"] },
  unseen: { name: "not known", levels: ["unknown", "old"] },
  calm: { name: "calm", levels: ["ok", "busy", "held", "absent"] },
};
export const LEVEL_GROUPS = ["bad", "risk", "unseen", "calm"] as const;

export const KINDS: Readonly<Record<EventKind, string>> = {
  state: "change",
  command: "command",
  finding: "finding",
  fencing: "fencing",
  version: "version",
  gap: "gap",
  note: "note",
};
export const KIND_NAMES = ["state", "command", "finding", "fencing", "version", "gap", "note"] as const;

/** How much is shown before a finding that one comes from. Units: ms. */
const BEFORE_FINDING_MS = 1_800_000;

export function readShown(params: Pick<URLSearchParams, "get">, nowMs: number): Shown {
  const of = (name: string) => params.get(name) ?? "";
  const kinds = of("what").split(",");
  const markMs = momentOf(of("mark"));
  const spanMs = momentOf(of("span"));
  const window =
    spanMs === null && markMs !== null
      ? around(markMs, BEFORE_FINDING_MS, nowMs)
      : { spanMs: spanMs ?? FIRST_SPAN_MS, toMs: momentOf(of("to")) };
  return {
    window,
    what: KIND_NAMES.filter((kind) => kinds.includes(kind)),
    levels: LEVEL_GROUPS.find((group) => group === of("level")) ?? "",
    ...{ node: of("node"), resource: of("resource"), text: of("text") },
    ...{ markMs, finding: of("finding") },
  };
}

function momentOf(text: string): number | null {
  return /^\d{1,15}$/.test(text) && Number(text) > 0 ? Number(text) : null;
}

export function writeShown({ window, markMs, finding, ...narrowed }: Shown): string {
  const told = [
    ["span", window.spanMs === FIRST_SPAN_MS && markMs === null ? "" : String(window.spanMs)],
    ["to", window.toMs === null ? "" : String(window.toMs)],
    ...words(narrowed),
    ["mark", markMs === null ? "" : String(markMs)],
    ["finding", finding],
  ];
  return new URLSearchParams(told.filter(([, value]) => value !== "")).toString();
}

function words({ what, levels, node, resource, text }: Narrowed): string[][] {
  return [
    ["what", what.join(",")],
    ["level", levels],
    ["node", node],
    ["resource", resource],
    ["text", text],
  ];
}

/** The same as the console is asked for it. */
export function askedFor(narrowed: Narrowed, more: Readonly<Record<string, string | null>>): string {
  const { levels } = narrowed;
  const told = words(narrowed).map(([name = "", value = ""]) =>
    name === "level" && levels !== "" ? [name, GROUPS[levels].levels.join(",")] : [name, value],
  );
  const rest = Object.entries(more).flatMap(([name, value]) => (value === null ? [] : [[name, value]]));
  return new URLSearchParams([...told.filter(([, value]) => value !== ""), ...rest]).toString();
}

export function isNarrowed({ what, levels, node, resource, text }: Narrowed): boolean {
  return what.length > 0 || levels !== "" || node !== "" || resource !== "" || text !== "";
}

/** Whether a pushed event is one that the console would have answered with. */
export function fits({ what, levels, node, resource, text }: Narrowed, entry: TimelineEntry): boolean {
  const has = (words: string | null) => words?.toLowerCase().includes(text.toLowerCase()) ?? false;
  return (
    (what.length === 0 || what.includes(entry.what)) &&
    (levels === "" || GROUPS[levels].levels.includes(entry.level)) &&
    (node === "" || entry.node === node || entry.subject === node) &&
    (resource === "" || entry.subject === resource || entry.subject.startsWith(`${resource}/`)) &&
    (text === "" || has(entry.text) || has(entry.why) || has(entry.by))
  );
}

/** A pushed event as an entry. */
export function entryOf(key: string, event: EntityOf<"event">): TimelineEntry {
  const { kind: _, what = "state", why = null, ref = null, ...rest } = event;
  return { id: Number(key.slice("event:".length)), ...rest, what, why, ref, withdrawn: null };
}

/** What was asked for, and what was pushed since, newest first. `isWhole`: nothing older is left to be asked for. */
export function together(
  asked: readonly TimelineEntry[],
  isWhole: boolean,
  pushed: readonly TimelineEntry[],
  span: { fromMs: number; toMs: number | null },
): { entries: TimelineEntry[]; fresh: number } {
  const known = new Set(asked.map(({ id }) => id));
  const oldest = isWhole ? 0 : (asked.at(-1)?.atMs ?? 0);
  const fresh = pushed.filter((one) => !known.has(one.id) && one.atMs >= oldest);
  const inSpan = ({ atMs }: TimelineEntry) => atMs >= span.fromMs && (span.toMs === null || atMs < span.toMs);
  const entries = [...fresh, ...asked].filter(inSpan).sort((a, b) => b.atMs - a.atMs || b.id - a.id);
  return { entries, fresh: fresh.length };
}
