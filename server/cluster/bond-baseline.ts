// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Bond, Bonding } from "@/agent/protocol/model/bonding";
import type { Memory, NodeFacts } from "./facts";

/**
 * What a bond's ports were, kept with the facts: `port:<bond>/<port>` since it was first seen there, `gone:<bond>/<port>` since
 * the first reading without it, and `mac:<bond>/<port>` the last LACP partner it had, as the number that its six bytes are. By the kernel alone a port that was never added after a boot looks like one that never was.
 */
export interface Baseline {
  memory: Memory;
  /** The node's clock at its boot; null when not known. */
  bootedAtMs: number | null;
  /** The console's clock minus the node's. */
  offsetMs: number;
}

export const NO_BASELINE: Baseline = { memory: {}, bootedAtMs: null, offsetMs: 0 };

/** The system MAC that a port shows while nobody answers its LACP. */
export const NO_PARTNER = "00:00:00:00:00:00";

const numberOf = (mac: string) => Number.parseInt(mac.replaceAll(":", ""), 16);
const macOf = (value: number) => (value.toString(16).padStart(12, "0").match(/../g) ?? []).join(":");
const isMac = (mac: string) => /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(mac);

const key = (kind: "port" | "gone" | "mac", bond: string, port: string) => `${kind}:${bond}/${port}`;

/** So long after a boot a first reading without the port means that the boot did not bring it. */
const BOOT_MS = 120_000;
/** So long a port that is gone is missed: whoever took it out on purpose is not reminded for ever. */
const MISSED_MS = 30 * 86_400_000;
/** More names than any node has ports: hostile names must not grow the facts without bound. */
const MAX_NAMES = 1_024;

/** What is remembered after a reading, from what was remembered before. Times are the node's own. */
export function rememberPorts(memory: Memory, { bonds }: Bonding, rawMs: number): Memory {
  const next: Record<string, number> = {};
  const now = new Set(bonds.flatMap((bond) => bond.ports.map((port) => key("port", bond.name, port.name))));
  const names = new Set(bonds.map(({ name }) => name));
  for (const bond of bonds)
    for (const { name, partnerMac, link } of bond.ports.slice(0, MAX_NAMES))
      if (partnerMac !== null && partnerMac !== NO_PARTNER && isMac(partnerMac) && link === "up")
        next[key("mac", bond.name, name)] = numberOf(partnerMac);
  for (const one of [...now].slice(0, MAX_NAMES)) next[one] = memory[one] ?? rawMs;
  for (const [one, sinceMs] of Object.entries(memory)) {
    if (Object.keys(next).length >= 2 * MAX_NAMES) break;
    const [, kind, bond, port] = /^(port|gone|mac):([^/]+)\/(.+)$/.exec(one) ?? [];
    // A bond that is itself gone is told as that; what else is remembered here is not ours.
    if (kind === undefined || bond === undefined || port === undefined || !names.has(bond)) {
      if (kind === undefined) next[one] = sinceMs;
      continue;
    }
    if (kind === "mac") {
      if (now.has(key("port", bond, port))) next[one] ??= sinceMs;
      continue;
    }
    if (now.has(key("port", bond, port))) continue;
    const goneMs = kind === "gone" ? sinceMs : rawMs;
    if (rawMs - goneMs < MISSED_MS) next[key("gone", bond, port)] ??= goneMs;
  }
  return next;
}

/** The ports that a bond had and has no more. */
export function missingPorts({ name, ports }: Bond, { memory, bootedAtMs, offsetMs }: Baseline): NonNullable<EntityOf<"bond">["missing"]> {
  const prefix = `gone:${name}/`;
  const now = new Set(ports.map((port) => port.name));
  return Object.entries(memory)
    .filter(([one]) => one.startsWith(prefix) && !now.has(one.slice(prefix.length)))
    .map(([one, goneMs]) => {
      const sinceBoot = bootedAtMs !== null && goneMs >= bootedAtMs && goneMs - bootedAtMs < BOOT_MS;
      return { port: one.slice(prefix.length), sinceMs: goneMs + offsetMs, sinceBoot };
    })
    .sort((x, y) => (x.port < y.port ? -1 : 1));
}

/** The LACP partner that each port has, or last had. */
export function partnersOf({ name, ports }: Bond, { memory }: Baseline): NonNullable<EntityOf<"bond">["partners"]> {
  return ports.flatMap(({ name: port }) => {
    const mac = memory[key("mac", name, port)];
    return mac === undefined ? [] : [{ port, mac: macOf(mac) }];
  });
}

/** What is remembered of a node's bonds, and its boot by its own clock. */
export function baselineOf(node: NodeFacts): Baseline {
  const host = node.sources.host?.lastOk;
  const uptime = host?.value.uptimeSeconds ?? null;
  return {
    memory: node.sources.bonding?.memory ?? NO_BASELINE.memory,
    // To the second: uptime and clock are read one after the other, and the view must not wander by that.
    bootedAtMs: host && uptime !== null ? Math.round((host.takenAtMs - uptime * 1_000) / 1_000) * 1_000 : null,
    offsetMs: node.clockOffsetMs,
  };
}
