// SPDX-License-Identifier: Apache-2.0
import type { EntityOf, Said } from "@/agent/protocol/console/view";
import type { Picture } from "./picture";

export type Side = "a" | "b";
type Aoe = EntityOf<"aoe">;
type Export = EntityOf<"export">;
type Session = EntityOf<"session">;
type Target = EntityOf<"target">;

/** A row of what clients use: the same AoE device, or sessions to the same target, on each of the two clients. */
export type DeviceRow =
  | { kind: "aoe"; key: string; name: string; a: Aoe | undefined; b: Aoe | undefined }
  | { kind: "session"; key: string; name: string; a: Session | undefined; b: Session | undefined };

/** What stands at the end of a wire on a storage node: a running export, a target, or the place where nobody answers. */
export type ExportEnd =
  | { kind: "target"; key: string; target: Target }
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

/** A row of what the storage nodes serve, side by side. */
export interface ExportRow {
  kind: "export" | "target";
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
  picture: Pick<Picture, "of">,
  clients: Readonly<Record<Side, string | undefined>>,
  storage: Readonly<Record<Side, string | undefined>>,
): Wiring {
  const devices: readonly DeviceRow[] = [...aoeRows(picture, clients), ...sessionRows(picture, clients)];
  const ends: Record<ExportRow["kind"], Record<Side, ExportEnd[]>> = {
    target: { a: targetsOf(picture, storage.a), b: targetsOf(picture, storage.b) },
    export: { a: exportsOf(picture, storage.a), b: exportsOf(picture, storage.b) },
  };
  const sideOf = (node: string | null): Side | null => (node === null ? null : node === storage.a ? "a" : node === storage.b ? "b" : null);

  const loose: Omit<Wire, "offset" | "toRow">[] = [];
  const endKeys = new Map<string, string>();
  for (const [row, device] of devices.entries()) {
    if (device.kind === "session") {
      for (const side of ["a", "b"] as const) {
        const entity = device[side];
        const to = sideOf(entity?.servedBy?.node ?? null);
        if (to === null || !entity?.servedBy) continue;
        const key = `${entity.from.node}/${entity.session.name}`;
        endKeys.set(key, entity.servedBy.target);
        loose.push({ key, from: side, fromRow: row, to, level: entity.said.level });
      }
      continue;
    }
    for (const side of ["a", "b"] as const) {
      const entity = device[side];
      for (const talk of entity?.talksTo ?? []) {
        const to = sideOf(talk.node);
        if (to === null || !entity) continue;
        const key = `${entity.from.node}/${device.name}/${talk.mac}`;
        const found = ends.export[to].find((end) => end.kind === "export" && isMeant(end, talk.export));
        const end: ExportEnd = found ?? {
          kind: "nobody",
          key,
          device: device.name,
          client: entity.from.node,
          mac: talk.mac,
          said: talk.said,
        };
        if (!found) ends.export[to].unshift(end);
        endKeys.set(key, end.key);
        loose.push({ key, from: side, fromRow: row, to, level: talk.said.level });
      }
    }
  }

  const crossing = new Set(loose.flatMap(({ key, from, to }) => (from === to ? [] : [endKeys.get(key) ?? ""])));
  // In reverse order of the devices.
  const rows = [...rowsOf("target", ends.target, crossing), ...rowsOf("export", ends.export, crossing)];
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

type Clients = Readonly<Record<Side, string | undefined>>;

/** One row per AoE device, whichever of the two clients uses it. */
function aoeRows(picture: Pick<Picture, "of">, clients: Clients): DeviceRow[] {
  const aoes = picture.of("aoe");
  const of = (name: string, client: string | undefined) =>
    aoes.find(([, { device, from }]) => device.name === name && from.node === client)?.[1];
  const names = aoes.flatMap(([, { device, from }]) => (from.node === clients.a || from.node === clients.b ? [device.name] : []));
  return [...new Set(names)].sort().map((name) => ({ kind: "aoe", key: name, name, a: of(name, clients.a), b: of(name, clients.b) }));
}

/** One row per session; those of two clients to one target side by side. */
function sessionRows(picture: Pick<Picture, "of">, clients: Clients): DeviceRow[] {
  const of = (client: string | undefined) => picture.of("session").flatMap(([, entity]) => (entity.from.node === client ? [entity] : []));
  const [left, right] = [of(clients.a), of(clients.b)];
  const targets = [...new Set([...left, ...right].map(({ session }) => session.target ?? ""))].sort();
  return targets.flatMap((name) => {
    const [a, b] = [left, right].map((all) => all.filter(({ session }) => (session.target ?? "") === name));
    const count = Math.max(a?.length ?? 0, b?.length ?? 0);
    return Array.from(
      { length: count },
      (_, index): DeviceRow => ({
        kind: "session",
        key: `${name} ${index}`,
        name,
        a: a?.[index],
        b: b?.[index],
      }),
    );
  });
}

function exportsOf(picture: Pick<Picture, "of">, node: string | undefined): ExportEnd[] {
  return picture
    .of("export")
    .flatMap(([key, entity]): ExportEnd[] => (entity.from.node === node ? [{ kind: "export", key, export: entity }] : []))
    .sort((one, other) => (nameOf(one) < nameOf(other) ? 1 : -1));
}

function targetsOf(picture: Pick<Picture, "of">, node: string | undefined): ExportEnd[] {
  return picture
    .of("target")
    .flatMap(([key, entity]): ExportEnd[] => (entity.from.node === node ? [{ kind: "target", key, target: entity }] : []))
    .sort((one, other) => (nameOf(one) < nameOf(other) ? 1 : -1));
}

/** Ends side by side; but two that wires reach from the far side stand in rows of their own, or one wire would lie on the other. */
function rowsOf(
  kind: ExportRow["kind"],
  ends: Readonly<Record<Side, readonly ExportEnd[]>>,
  crossing: ReadonlySet<string>,
): readonly ExportRow[] {
  const rows: ExportRow[] = [];
  const left = [...ends.a];
  const right = [...ends.b];
  while (left.length > 0 || right.length > 0) {
    const [a] = left;
    const [b] = right;
    const isTangled = a && b && crossing.has(a.key) && crossing.has(b.key);
    if (!isTangled) left.shift();
    right.shift();
    rows.push({ kind, a: isTangled ? undefined : a, b });
  }
  return rows;
}

function nameOf(end: ExportEnd): string {
  if (end.kind === "target") return end.target.target.iqn;
  return end.kind === "export" ? end.export.export.name : end.device;
}

/** The server names an export by its key; its bare name will do as well. */
function isMeant(end: Extract<ExportEnd, { kind: "export" }>, named: string | null): boolean {
  return named !== null && (named === end.key || named === end.export.export.name);
}
