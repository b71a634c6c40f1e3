// SPDX-License-Identifier: Apache-2.0
import type { EntityOf, Said } from "@/agent/protocol/console/view";
import type { Picture } from "./picture";

export type Side = "a" | "b";
type Aoe = EntityOf<"aoe">;
type Export = EntityOf<"export">;

/** A row of AoE devices: the same device on each of the two clients. */
export interface DeviceRow {
  name: string;
  a: Aoe | undefined;
  b: Aoe | undefined;
}

/** What stands at the end of a wire on a storage node: a running export, or the place where nobody answers. */
export type ExportEnd =
  | { kind: "export"; key: string; export: Export }
  | { kind: "nobody"; key: string; device: string; client: string; mac: string; said: Said };

/** A wire from a device to where its MAC leads, as bands of rows: it starts in a device row and ends in an export row. */
export interface Wire {
  key: string;
  from: Side;
  fromRow: number;
  to: Side;
  toRow: number;
  level: Said["level"];
  /** Distance of the upright part from the edge on its own side. Units: px. */
  offset: number;
}

/** A row of what the storage nodes export, side by side. */
export interface ExportRow {
  a: ExportEnd | undefined;
  b: ExportEnd | undefined;
}

export interface Wiring {
  devices: readonly DeviceRow[];
  rows: readonly ExportRow[];
  wires: readonly Wire[];
}

const FIRST_OFFSET = 26;
const NEXT_OFFSET = 22;

/**
 * Who talks to whom, for up to two clients above two storage nodes. Exports stand in reverse order of the devices,
 * so that wires nest like brackets.
 */
export function wiringOf(
  picture: Pick<Picture, "aoes" | "exports">,
  clients: Readonly<Record<Side, string | undefined>>,
  storage: Readonly<Record<Side, string | undefined>>,
): Wiring {
  const of = (name: string, client: string | undefined) =>
    picture.aoes.find(([, { device, from }]) => device.name === name && from.node === client)?.[1];
  const names = [
    ...new Set(picture.aoes.flatMap(([, { device, from }]) => (from.node === clients.a || from.node === clients.b ? [device.name] : []))),
  ].sort();
  const devices = names.map((name) => ({ name, a: of(name, clients.a), b: of(name, clients.b) }));

  const exportsOf = (node: string | undefined): ExportEnd[] =>
    picture.exports
      .flatMap(([key, entity]): ExportEnd[] => (entity.from.node === node ? [{ kind: "export", key, export: entity }] : []))
      .sort((one, other) => (nameOf(one) < nameOf(other) ? 1 : -1));
  const ends: Record<Side, ExportEnd[]> = { a: exportsOf(storage.a), b: exportsOf(storage.b) };

  const loose: Omit<Wire, "offset" | "toRow">[] = [];
  const endKeys = new Map<string, string>();
  for (const [row, device] of devices.entries())
    for (const side of ["a", "b"] as const) {
      const entity = device[side];
      for (const talk of entity?.talksTo ?? []) {
        const to = talk.node === storage.a ? "a" : talk.node === storage.b ? "b" : null;
        if (to === null || talk.node === null || !entity) continue;
        const key = `${entity.from.node}/${device.name}/${talk.mac}`;
        const found = ends[to].find((end) => end.kind === "export" && isMeant(end, talk.export));
        const end: ExportEnd = found ?? {
          kind: "nobody",
          key,
          device: device.name,
          client: entity.from.node,
          mac: talk.mac,
          said: talk.said,
        };
        if (!found) ends[to].unshift(end);
        endKeys.set(key, end.key);
        loose.push({ key, from: side, fromRow: row, to, level: talk.said.level });
      }
    }

  const crossing = new Set(loose.flatMap(({ key, from, to }) => (from === to ? [] : [endKeys.get(key) ?? ""])));
  const rows = rowsOf(ends, crossing);
  const used: Record<Side, number> = { a: 0, b: 0 };
  // The wire that starts last ends first: it is the innermost bracket.
  const wires = [...loose]
    .sort((one, other) => other.fromRow - one.fromRow)
    .map((wire) => {
      const offset = FIRST_OFFSET + NEXT_OFFSET * used[wire.from];
      used[wire.from] += 1;
      return { ...wire, offset, toRow: rows.findIndex((row) => row[wire.to]?.key === endKeys.get(wire.key)) };
    });
  return { devices, rows, wires };
}

/** Ends side by side; but two that wires reach from the far side stand in rows of their own, or one wire would lie on the other. */
function rowsOf(ends: Readonly<Record<Side, readonly ExportEnd[]>>, crossing: ReadonlySet<string>): readonly ExportRow[] {
  const rows: ExportRow[] = [];
  const left = [...ends.a];
  const right = [...ends.b];
  while (left.length > 0 || right.length > 0) {
    const [a] = left;
    const [b] = right;
    const isTangled = a && b && crossing.has(a.key) && crossing.has(b.key);
    if (!isTangled) left.shift();
    right.shift();
    rows.push({ a: isTangled ? undefined : a, b });
  }
  return rows;
}

function nameOf(end: ExportEnd): string {
  return end.kind === "export" ? end.export.export.name : end.device;
}

/** The server names an export by its key; its bare name will do as well. */
function isMeant(end: Extract<ExportEnd, { kind: "export" }>, named: string | null): boolean {
  return named !== null && (named === end.key || named === end.export.export.name);
}
