// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import type { ViewSoFar } from "./define";

type Interface = NonNullable<EntityOf<"node">["host"]>["interfaces"][number];
type HostFacts = NonNullable<EntityOf<"node">["host"]>;

const isV4 = (address: string) => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(address);

/** An address as bits; null for what is none (a name, one bound to a link by "%eth0"). */
function bitsOf(address: string): string | null {
  if (isV4(address))
    return address
      .split(".")
      .map((part) => Number(part).toString(2).padStart(8, "0"))
      .join("");
  if (!/^[0-9a-f:]+$/i.test(address) || !address.includes(":")) return null;
  const [head = "", tail] = address.split("::");
  const words = (text: string) => (text === "" ? [] : text.split(":"));
  const [first, last] = [words(head), words(tail ?? "")];
  const gap = 8 - first.length - last.length;
  if (gap < 0 || (tail === undefined && gap !== 0)) return null;
  const all = [...first, ...Array.from({ length: gap }, () => "0"), ...last];
  return all.map((word) => Number.parseInt(word, 16).toString(2).padStart(16, "0")).join("");
}

/** What a node says of itself, where that is of now. */
export function hostNow(view: ViewSoFar, node: string): HostFacts | null {
  const entity = view.get(keyOf.node(node));
  const source = view.get(keyOf.source(node, "host"));
  const isCurrent = source?.kind === "source" && source.status === "ok" && source.freshness === "live";
  return isCurrent && entity?.kind === "node" ? entity.host : null;
}

/** The nets that a node reaches, and by what: of IPv4 its routes, of IPv6 the nets of its own addresses. */
function netsOf({ routes = [], addresses = [] }: HostFacts, address: string): { name: string; bits: string }[] {
  if (isV4(address))
    return routes.flatMap(({ interface: name, destination, prefixLength }) => {
      const bits = bitsOf(destination);
      return bits === null ? [] : [{ name, bits: bits.slice(0, prefixLength) }];
    });
  return addresses.flatMap(({ address: own, interface: name, prefixLength }) => {
    const bits = isV4(own) || name === null || prefixLength === null || prefixLength === 128 ? null : bitsOf(own);
    return bits === null || name === null ? [] : [{ name, bits: bits.slice(0, prefixLength ?? 0) }];
  });
}

/**
 * The interface by which a node reaches an address: the longest net that fits. Null: none is known, two fit alike, or the node's
 * end of the line (`local`) is an address of another interface: then something else than these tables decides.
 */
export function interfaceTo(view: ViewSoFar, node: string, address: string | null, local: string | null = null): string | null {
  const host = hostNow(view, node);
  const bits = address === null ? null : bitsOf(address);
  if (host === null || address === null || bits === null) return null;
  const fitting = netsOf(host, address).filter((net) => bits.startsWith(net.bits));
  const longest = Math.max(-1, ...fitting.map((net) => net.bits.length));
  const names = new Set(fitting.filter((net) => net.bits.length === longest).map(({ name }) => name));
  const [only] = names;
  const own = local === null ? undefined : host.addresses?.find((one) => bitsOf(one.address) === bitsOf(local))?.interface;
  return names.size === 1 && only && (own == null || own === only) ? only : null;
}

/** The same with a VLAN counted as what it stands on ("bond0.10" is bond0). */
export function wayTo(view: ViewSoFar, node: string, address: string | null, local: string | null = null): string | null {
  return interfaceTo(view, node, address, local)?.split(".")[0] ?? null;
}

/** An interface of a node by its name, where that is known now. */
export function interfaceOf(view: ViewSoFar, node: string, name: string | null): Interface | null {
  return hostNow(view, node)?.interfaces.find((one) => one.name === name) ?? null;
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
    lines.every(({ local, remote }) => wayTo(view, node, remote?.address ?? null, local?.address ?? null) === name)
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
    links.every(({ localAddress, remoteAddress }) => wayTo(view, node, remoteAddress, localAddress) === name)
  );
}
