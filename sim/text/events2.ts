// SPDX-License-Identifier: Apache-2.0

/** One object of DRBD as `drbdsetup events2` names it: `key` tells it from the others, `fields` are what it says, in order. */
export interface EventObject {
  kind: "resource" | "connection" | "device" | "peer-device" | "path";
  key: readonly (readonly [string, string | number])[];
  fields: readonly (readonly [string, string | number])[];
  /** Only with --statistics. Counters that run do not make a line by themselves. */
  statistics: readonly (readonly [string, string | number])[];
}

export interface EventOptions {
  hasStatistics: boolean;
  hasTimestamps: boolean;
}

function wordsOf(pairs: EventObject["fields"]): string[] {
  return pairs.map(([key, value]) => `${key}:${value}`);
}

/** `2026-11-20T11:18:00.832354+00:00 `, or nothing. */
function stampOf(atMs: number, options: EventOptions): string {
  return options.hasTimestamps ? `${new Date(atMs).toISOString().slice(0, -1)}000+00:00 ` : "";
}

function lineOf(action: string, object: EventObject, fields: EventObject["fields"], statistics: EventObject["fields"]): string {
  return [action, object.kind, ...wordsOf(object.key), ...wordsOf(fields), ...wordsOf(statistics)].join(" ");
}

/** The dump a new reader gets first: `exists` lines, then `exists -`. */
export function renderEventsDump(objects: readonly EventObject[], options: EventOptions, atMs: number): string {
  const lines = [
    ...objects.map((object) => lineOf("exists", object, object.fields, options.hasStatistics ? object.statistics : [])),
    "exists -",
  ];
  return lines.map((line) => `${stampOf(atMs, options)}${line}\n`).join("");
}

/** What changed between two moments: parents are made first and destroyed last; a change names only the fields that moved. */
export function renderEventsBetween(
  before: readonly EventObject[],
  after: readonly EventObject[],
  options: EventOptions,
  atMs: number,
): string {
  const idOf = (object: EventObject) => `${object.kind} ${wordsOf(object.key).join(" ")}`;
  const old = new Map(before.map((object) => [idOf(object), object]));
  const now = new Set(after.map(idOf));
  const gone = [...before].reverse().filter((object) => !now.has(idOf(object)));
  const lines = gone.map((object) => ["destroy", object.kind, ...wordsOf(object.key)].join(" "));
  for (const object of after) {
    const known = old.get(idOf(object));
    if (!known) {
      lines.push(lineOf("create", object, object.fields, options.hasStatistics ? object.statistics : []));
      continue;
    }
    const said = new Map([...known.fields, ...known.statistics]);
    const moved = object.fields.filter(([key, value]) => said.get(key) !== value);
    if (moved.length === 0) continue;
    // Counters are always said again, words only when they are others.
    const counted = object.statistics.filter(([key, value]) => typeof value === "number" || said.get(key) !== value);
    lines.push(lineOf("change", object, moved, options.hasStatistics ? counted : []));
  }
  return lines.map((line) => `${stampOf(atMs, options)}${line}\n`).join("");
}
