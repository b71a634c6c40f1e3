// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf, type Said } from "@/agent/protocol/console/view";
import type { Bond, Bonding, BondPort } from "@/agent/protocol/model/bonding";
import { type Baseline, missingPorts, NO_BASELINE, NO_PARTNER, partnersOf } from "./bond-baseline";
import { enduranceOf, type Leaf } from "./bond-endurance";
import type { Standing } from "./freshness";
import { memo } from "./memo";
import { aged, said } from "./said";
import { counted } from "./words";

/** MII words of the kernel. "going down" still carries, "going back" does not yet. Source: bond_slave_link_status, Linux 6.1. */
function linkLevel(word: string): "up" | "down" | "unknown" {
  if (word === "up" || word === "going down") return "up";
  if (word === "down" || word === "going back") return "down";
  return "unknown";
}

export function isLacp(bond: Bond): boolean {
  return bond.mode.includes("802.3ad");
}

interface PortCount {
  up: number;
  down: number;
  unknown: number;
}

type Keyed = [string, EntityOf<"bond">][];
const remembered = memo<Keyed>();

/** The bonds of one node, each judged through all its depths. */
export function bondEntities(node: string, value: Bonding, standing: Standing, baseline: Baseline = NO_BASELINE): Keyed {
  return remembered(value, [node, standing.isCurrent, standing.why, baseline.memory, baseline.bootedAtMs, baseline.offsetMs], () => {
    const byBond = new Map(value.bonds.map((bond) => [bond.name, bond]));
    return value.bonds.map((bond) => {
      const missing = missingPorts(bond, baseline);
      const entity = bondEntity(node, bond, byBond, standing);
      const partners = partnersOf(bond, baseline);
      const known = { ...(missing.length > 0 ? { missing } : {}), ...(partners.length > 0 ? { partners } : {}) };
      return [keyOf.bond(node, bond.name), { ...entity, ...known }];
    });
  });
}

function bondEntity(node: string, bond: Bond, byBond: ReadonlyMap<string, Bond>, standing: Standing): EntityOf<"bond"> {
  const count = countLeaves(bond, byBond, new Set());
  const portSaid = Object.fromEntries(bond.ports.map((port) => [port.name, aged(judgePort(bond, port, byBond), standing)]));
  const own = judgeBond(bond, count, byBond);
  const hides = linkLevel(bond.link) === "up" && count.up < total(count);
  return {
    kind: "bond",
    from: { node, source: "bonding" },
    bond,
    said: aged(own, standing),
    portsUp: count.up,
    ports: total(count),
    kernelSays: hides ? `kernel says ${bond.link}` : null,
    portSaid,
    ...(bond.parent === null && standing.isCurrent && count.up > 0 && count.unknown === 0
      ? { endurance: enduranceOf(carryingLeaves(bond, byBond, new Set())) }
      : {}),
  };
}

/** The kernel nests devices eight deep at most (MAX_NEST_DEV, include/linux/netdevice.h): what lies deeper is not followed, nor called good. */
const MAX_DEPTH = 16;

/** The ports in the end that carry, each with the switch behind it. */
function carryingLeaves(bond: Bond, byBond: ReadonlyMap<string, Bond>, seen: Set<string>, depth = 0): Leaf[] {
  if (depth > MAX_DEPTH) return [];
  seen.add(bond.name);
  return bond.ports.flatMap((port) => {
    if (portCarries(bond, port) !== "up") return [];
    const inner = byBond.get(port.name);
    if (inner) return seen.has(inner.name) ? [] : carryingLeaves(inner, byBond, seen, depth + 1);
    const partner = port.partnerMac ?? bond.lacp?.partnerMac ?? null;
    return [{ name: port.name, partnerMac: partner === NO_PARTNER ? null : partner }];
  });
}

function total(count: PortCount): number {
  return count.up + count.down + count.unknown;
}

/** Every port in the end: a port that is itself a bond counts as its own ports. A loop, which no kernel allows, counts once. */
function countLeaves(bond: Bond, byBond: ReadonlyMap<string, Bond>, seen: Set<string>, depth = 0): PortCount {
  const count: PortCount = { up: 0, down: 0, unknown: 0 };
  seen.add(bond.name);
  for (const port of bond.ports) {
    const inner = byBond.get(port.name);
    if (inner && seen.has(inner.name)) continue;
    if (inner && depth >= MAX_DEPTH) count.unknown += 1;
    else if (inner) {
      const below = countLeaves(inner, byBond, seen, depth + 1);
      // What is up inside a bond that carries nothing does not carry either.
      const carries = portCarries(bond, port) !== "down";
      count.up += carries ? below.up : 0;
      count.down += carries ? below.down : below.down + below.up;
      count.unknown += below.unknown;
    } else count[portCarries(bond, port)] += 1;
  }
  return count;
}

/** Whether a port carries: its MII word, and under LACP also its place in the active aggregator. */
function portCarries(bond: Bond, port: BondPort): "up" | "down" | "unknown" {
  const link = linkLevel(port.link);
  if (link !== "up" || !isLacp(bond) || bond.lacp === null || !bond.lacp.permitted) return link;
  if (bond.lacp.aggregatorId === null) return "down";
  return port.aggregatorId === null || port.aggregatorId === bond.lacp.aggregatorId ? "up" : "down";
}

function judgePort(bond: Bond, port: BondPort, byBond: ReadonlyMap<string, Bond>): Said {
  const fails = port.failureCount ? `, ${counted(port.failureCount, "fail")}` : "";
  const link = linkLevel(port.link);
  if (link === "unknown") return said("unknown", `${port.link || "no word"}${fails}`, "Not a word this console knows.");
  if (link === "down") return said("bad", `${port.link}${fails}`);
  const inner = byBond.get(port.name);
  if (inner) {
    const below = countLeaves(inner, byBond, new Set([bond.name]));
    if (below.up < total(below))
      return said(below.up === 0 ? "bad" : "risk", `${below.up} of ${counted(total(below), "port")}`, `The kernel says ${port.link}.`);
  }
  if (portCarries(bond, port) === "down") return said("risk", "up, but carries nothing", "It is not in the active aggregator.");
  if (isLacp(bond) && bond.lacp?.permitted && port.partnerMac === NO_PARTNER)
    return said("risk", "no LACP partner", "The other end does not speak LACP.");
  return port.link === "up" ? said("ok", `up${fails}`) : said("risk", `${port.link}${fails}`);
}

function judgeBond(bond: Bond, count: PortCount, byBond: ReadonlyMap<string, Bond>): Said {
  const ports = total(count);
  const word = `${count.up} of ${counted(ports, "port")}`;
  if (ports === 0) return said("risk", "no ports", "A bond without ports carries nothing.");
  if (count.unknown > 0) return said("unknown", word, "The kernel's word for a port is not one this console knows.");
  if (count.up === 0) return said("bad", "no port up", noneUp(bond));
  if (linkLevel(bond.link) !== "up") return said("bad", bond.link, `${word} up, but the kernel says that the bond is ${bond.link}.`);
  if (count.up < ports) return said("risk", word, lostPorts(bond, byBond));
  const deaf = withoutPartner(bond, byBond);
  if (deaf.length > 0) {
    return said(
      "risk",
      `${word}, no LACP partner`,
      `Nothing answers LACP on ${deaf.join(" and ")}: the kernel says up, but one port at most carries.`,
    );
  }
  const veiled = isLacp(bond) && bond.lacp !== null && !bond.lacp.permitted;
  return said("ok", word, veiled ? "Whether LACP has a partner is not known: the kernel hides it from this user." : null);
}

function noneUp(bond: Bond): string {
  return isLacp(bond) && bond.lacp?.permitted && bond.lacp.aggregatorId === null
    ? "It has no active aggregator."
    : "Nothing gets through it.";
}

/** The leaf ports that do not carry, by name. */
function lostPorts(bond: Bond, byBond: ReadonlyMap<string, Bond>): string {
  const lost = within(bond, byBond).flatMap((inner) =>
    inner.ports.flatMap((port) => (byBond.has(port.name) || portCarries(inner, port) === "up" ? [] : [port.name])),
  );
  return lost.length === 0 ? "Not all of its ports carry." : `${lost.join(", ")} ${lost.length === 1 ? "does" : "do"} not carry.`;
}

/** This bond and those in it which speak LACP to nobody. */
function withoutPartner(bond: Bond, byBond: ReadonlyMap<string, Bond>): string[] {
  return within(bond, byBond)
    .filter((inner) => isLacp(inner) && inner.lacp?.permitted === true && inner.lacp.partnerMac === NO_PARTNER)
    .map(({ name }) => name);
}

/** This bond and all in it, each once: the outer before the inner, in the order of the ports. */
function within(bond: Bond, byBond: ReadonlyMap<string, Bond>): Bond[] {
  const found = new Set<Bond>();
  const waiting = [bond];
  for (let inner = waiting.pop(); inner !== undefined; inner = waiting.pop()) {
    if (found.has(inner)) continue;
    found.add(inner);
    for (const port of [...inner.ports].reverse()) {
      const below = byBond.get(port.name);
      if (below && !found.has(below)) waiting.push(below);
    }
  }
  return [...found];
}
