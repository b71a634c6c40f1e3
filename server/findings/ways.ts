// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import type { ViewSoFar } from "./define";

const numberOf = (address: string) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
const isV4 = (address: string) => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(address);

/**
 * The interface by which a node reaches an IPv4 address: the longest route that fits, a VLAN counted as what it stands on
 * ("bond0.10" is bond0). Null: no route is known, or two interfaces fit alike.
 */
export function wayTo(view: ViewSoFar, node: string, address: string | null): string | null {
  const entity = view.get(keyOf.node(node));
  const source = view.get(keyOf.source(node, "host"));
  const isCurrent = source?.kind === "source" && source.status === "ok" && source.freshness === "live";
  if (address === null || !isV4(address) || entity?.kind !== "node" || !isCurrent) return null;
  const fitting = (entity.host?.routes ?? []).filter(({ destination, prefixLength }) => {
    const size = 2 ** (32 - prefixLength);
    return Math.floor(numberOf(address) / size) === Math.floor(numberOf(destination) / size);
  });
  const longest = Math.max(-1, ...fitting.map(({ prefixLength }) => prefixLength));
  const names = new Set(fitting.filter(({ prefixLength }) => prefixLength === longest).map((route) => route.interface.split(".")[0] ?? ""));
  const [only] = names;
  return names.size === 1 && only ? only : null;
}

/** Whether all lines of a mirror that are cut leave a node by one interface. */
export function mirrorLeavesBy(view: ViewSoFar, mirror: EntityOf<"mirror">, node: string, name: string): boolean {
  const cut = mirror.pairs.filter(({ line }) => line === "cut");
  const own = view.get(mirror.copies.find((copy) => copy.node === node)?.drbd ?? "");
  const lines = own?.kind === "drbd" ? (own.settings?.connections ?? []) : [];
  return (
    cut.length > 0 &&
    cut.every(({ a, b }) => a === node || b === node) &&
    lines.length > 0 &&
    lines.every(({ remote }) => wayTo(view, node, remote?.address ?? null) === name)
  );
}

/** Whether all that is down of a ring leaves a node by one interface. */
export function ringLeavesBy(view: ViewSoFar, { link, pairs }: EntityOf<"ring">, node: string, name: string): boolean {
  const own = view.get(keyOf.corosync(node));
  const down = pairs.filter(({ said }) => said.level === "bad" || said.level === "risk");
  const links = own?.kind === "corosync" ? (own.corosync.links ?? []).filter((one) => one.link === link) : [];
  return (
    down.length > 0 &&
    down.every(({ a, b }) => a === node || b === node) &&
    links.length > 0 &&
    links.every(({ remoteAddress }) => wayTo(view, node, remoteAddress) === name)
  );
}
