// SPDX-License-Identifier: Apache-2.0
import type { Drbd, DrbdAddress, DrbdDevice, DrbdPeer, DrbdSettings } from "@/agent/protocol/model/drbd";
import { byName } from "./words";

/** One node's side of a mirror. */
export interface Side {
  node: string;
  device: DrbdDevice;
  settings: DrbdSettings | null;
}

/** One connection as one side configures or reports it. */
interface End {
  side: Side;
  peer: DrbdPeer | null;
  peerName: string | null;
  local: DrbdAddress | null;
  remote: DrbdAddress | null;
}

/** Two sides of a mirror and what each says of the other; `b` is null where no reading of the other side was found. */
export interface Line {
  a: Side;
  aPeer: DrbdPeer | null;
  b: Side | null;
  bPeer: DrbdPeer | null;
  /** The other side's node: known from the join, or from DRBD 9's own words. */
  bName: string | null;
}

/** Sides that belong together, by node name, and the lines between them. */
export interface Joined {
  sides: Side[];
  lines: Line[];
}

export function volumeOf(device: DrbdDevice): number {
  return device.volume ?? 0;
}

/** The sides of one node: every device with the settings of its resource. */
export function sidesOf(node: string, drbd: Drbd): Side[] {
  return drbd.devices.map((device) => {
    const settings = drbd.settings?.find(
      (candidate) =>
        (device.resource !== null && candidate.resource === device.resource) ||
        (device.resource === null && candidate.volumes.some(({ minor }) => minor === device.minor)),
    );
    return { node, device, settings: settings ?? null };
  });
}

function endsOf(side: Side): End[] {
  const { peers } = side.device;
  const connections = side.settings?.connections ?? [];
  const ends = peers.map((peer): End => {
    const named = peer.name === null ? undefined : connections.find((connection) => connection.peer === peer.name);
    const connection = named ?? (peers.length === 1 && connections.length === 1 ? connections[0] : undefined);
    const peerName = peer.name ?? connection?.peer ?? null;
    return { side, peer, peerName, local: connection?.local ?? null, remote: connection?.remote ?? null };
  });
  // A connection that is configured but not up has no peer of its own, and is a line all the same.
  const spoken = new Set(ends.map((end) => addressPair(end.local, end.remote) ?? end.peerName));
  for (const connection of connections) {
    const isSpoken = spoken.has(addressPair(connection.local, connection.remote) ?? connection.peer);
    if (isSpoken || (peers.length === 1 && connections.length === 1)) continue;
    ends.push({ side, peer: null, peerName: connection.peer, local: connection.local, remote: connection.remote });
  }
  return ends;
}

function addressPair(from: DrbdAddress | null, to: DrbdAddress | null): string | null {
  return from && to ? `${from.address} ${from.port} ${to.address} ${to.port}` : null;
}

/**
 * Joins the sides of all mirrors of a cluster: by address pair and port where both settings are known (a minor or a name
 * may mean something else on each node), else by resource and volume where that leaves one candidate, else not at all.
 */
export function joinSides(sides: readonly Side[]): Joined[] {
  const ends = sides.flatMap(endsOf);
  const byAddress = new Map<string, End[]>();
  const byResource = new Map<string, Side[]>();
  for (const end of ends) {
    const pair = addressPair(end.local, end.remote);
    if (pair) add(byAddress, `${pair} ${volumeOf(end.side.device)}`, end);
  }
  for (const side of sides) if (side.device.resource !== null) add(byResource, nameKey(side), side);
  const endsBySide = new Map<Side, End[]>();
  for (const end of ends) add(endsBySide, end.side, end);

  const group = new Map<Side, Side>();
  const rootOf = (side: Side): Side => {
    let root = side;
    for (let up = group.get(root); up && up !== root; up = group.get(root)) root = up;
    return root;
  };
  const taken = new Set<End>();
  const lines: Line[] = [];
  for (const end of ends) {
    if (taken.has(end)) continue;
    taken.add(end);
    const other = otherEnd(end, byAddress, byResource, endsBySide, taken);
    if (other?.end) taken.add(other.end);
    if (other) group.set(rootOf(other.side), rootOf(end.side));
    lines.push(lineOf(end, other));
  }
  const joined = new Map<Side, Joined>();
  for (const side of [...sides].sort((x, y) => byName(x.node, y.node) || x.device.minor - y.device.minor)) {
    const root = rootOf(side);
    const mirror = joined.get(root) ?? { sides: [], lines: [] };
    mirror.sides.push(side);
    joined.set(root, mirror);
  }
  for (const line of lines) joined.get(rootOf(line.a))?.lines.push(line);
  return [...joined.values()];
}

function nameKey(side: Side): string {
  return `${side.device.resource ?? ""}/${volumeOf(side.device)}`;
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function otherEnd(
  end: End,
  byAddress: ReadonlyMap<string, End[]>,
  byResource: ReadonlyMap<string, Side[]>,
  endsBySide: ReadonlyMap<Side, End[]>,
  taken: ReadonlySet<End>,
): { side: Side; end: End | null } | null {
  const back = addressPair(end.remote, end.local);
  if (back) {
    const matches = (byAddress.get(`${back} ${volumeOf(end.side.device)}`) ?? []).filter((other) => other.side.node !== end.side.node);
    const [match] = matches;
    if (match && matches.length === 1 && !taken.has(match)) return { side: match.side, end: match };
  }
  if (end.side.device.resource === null) return null;
  const named = (byResource.get(nameKey(end.side)) ?? []).filter((side) => side.node !== end.side.node);
  const candidates = end.peerName === null ? named : named.filter((side) => side.node === end.peerName);
  const [candidate] = candidates;
  if (!candidate || candidates.length !== 1) return null;
  const ends = endsBySide.get(candidate) ?? [];
  const open = ends.filter((other) => !taken.has(other) && (other.peerName === null || other.peerName === end.side.node));
  // Where both sides say their addresses and these do not meet, the names mislead.
  const fitting = open.filter((other) => back === null || addressPair(other.local, other.remote) === null);
  const [fit] = fitting;
  if (fit && (fitting.length === 1 || fit.peerName === end.side.node)) return { side: candidate, end: fit };
  return ends.length === 0 ? { side: candidate, end: null } : null;
}

function lineOf(end: End, other: { side: Side; end: End | null } | null): Line {
  const here = { side: end.side, peer: end.peer };
  if (!other) return { a: here.side, aPeer: here.peer, b: null, bPeer: null, bName: end.peerName };
  const there = { side: other.side, peer: other.end?.peer ?? null };
  const [first, second] = byName(here.side.node, there.side.node) <= 0 ? [here, there] : [there, here];
  return { a: first.side, aPeer: first.peer, b: second.side, bPeer: second.peer, bName: second.side.node };
}
