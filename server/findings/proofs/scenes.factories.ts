// SPDX-License-Identifier: Apache-2.0
import type { Bond } from "@/agent/protocol/model/bonding";
import type { DrbdDevice, DrbdPeer } from "@/agent/protocol/model/drbd";
import type { Pacemaker, PacemakerFencing } from "@/agent/protocol/model/pacemaker";
import { drbd, member, pacemaker, resource, T0, type Values } from "@/server/cluster/factories";
import type { ClusterFacts, NodeFacts } from "@/server/cluster/facts";
import { crystalSettings, crystalSide, pair, rubySettings, rubySide } from "@/server/cluster/pair.factories";
import type { Surroundings } from "@/server/cluster/project";

// Fixed values for tests; nothing that runs imports this file.

/** What a rule looks at: facts, and what is around them where it matters. */
export interface Scene {
  facts: ClusterFacts;
  around?: Partial<Surroundings>;
}

/** Each rule in a world where it fires, and in one that looks like it and in which it must not. */
export interface Proof {
  fires: Scene;
  not: Scene;
}
export type Proofs = Readonly<Record<string, Proof>>;

export const of = (facts: ClusterFacts, around?: Partial<Surroundings>): Scene => (around === undefined ? { facts } : { facts, around });

/** A peer that is not heard over DRBD's line. */
export const LOST: Partial<DrbdPeer> = { connection: "Connecting", replication: "Off", role: "Unknown", disk: "DUnknown" };
export const ALONE: Partial<DrbdPeer> = { ...LOST, connection: "StandAlone" };

type Half = [own?: Partial<DrbdDevice>, of?: Partial<DrbdPeer>];

/** ruby and crystal with one mirror: each side's own device, and what it says of the other. */
export function mirror(ruby: Half = [], crystal: Half = [], more: { ruby?: Values; crystal?: Values } = {}): ClusterFacts {
  return pair(
    { drbd: drbd([rubySide(...ruby)], { settings: [rubySettings] }), ...more.ruby },
    { drbd: drbd([crystalSide(...crystal)], { settings: [crystalSettings] }), ...more.crystal },
  );
}

export const members = (crystal: Parameters<typeof member>[1] = {}) => [member("ruby", { isDc: true }), member("crystal", crystal)];

/** Both nodes' Pacemaker says the same. */
export function both(more: Partial<Pacemaker>, values: Values = {}): ClusterFacts {
  const value = { ...pacemaker(members(), [resource("g_mail", "ruby")]), ...more };
  return pair({ pacemaker: value, ...values }, { pacemaker: value, ...values });
}

export const DEVICE = resource("st_ipmi", "ruby", { agent: "stonith:fence_ipmilan" });

export function fenced(
  target: string,
  status: string,
  completed: string | null = null,
  more: Partial<PacemakerFencing> = {},
): PacemakerFencing {
  return { target, action: "reboot", status, delegate: "ruby", client: "controld", origin: "ruby", completed, exitReason: null, ...more };
}

/** As Pacemaker prints a time. */
export const printed = (atMs: number) => new Date(atMs).toISOString().replace("T", " ").replace(".000Z", "Z");

export const bonds = (...list: Bond[]): Values => ({ bonding: { bonds: list, unread: [] } });

/** The same facts with one node changed. */
export function changed(facts: ClusterFacts, name: string, change: (node: NodeFacts) => NodeFacts): ClusterFacts {
  const node = facts.nodes.get(name);
  if (!node) throw new Error(`no ${name}`);
  return { ...facts, nodes: new Map(facts.nodes).set(name, change(node)) };
}

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
export const AT = T0;
