// SPDX-License-Identifier: Apache-2.0
import type { Snapshot } from "@/agent/protocol/console/feed";
import { keyOf } from "@/agent/protocol/console/keys";
import type { Entity, EntityKind, EntityOf, Level, Said } from "@/agent/protocol/console/view";
import type { DlmLockspace } from "@/agent/protocol/model/dlm";
import type { HostFacts } from "@/agent/protocol/model/host";
import type { Ocfs2 } from "@/agent/protocol/model/ocfs2";

/** 20 November 2026, 14:02:45 UTC: the moment at which all factories stand. */
export const NOW_MS = Date.UTC(2026, 10, 20, 14, 2, 45);

export const said = (level: Level, word: string, why: string | null = null): Said => ({ level, word, why });

export type Part<K extends Entity["kind"]> = Partial<Omit<EntityOf<K>, "kind">>;

export function cluster(part: Part<"cluster"> = {}): EntityOf<"cluster"> {
  return {
    kind: "cluster",
    slug: "san-a",
    title: "san-a",
    environment: "prod",
    madeOf: "2 nodes, DRBD 8.4",
    headline: said("ok", "Nothing known is wrong"),
    sinceMs: NOW_MS - 2_461_000,
    pacemaker: {
      from: { node: "ruby", source: "pacemaker" },
      version: "2.1.5",
      dc: "ruby",
      quorum: said("ok", "quorate"),
      fencing: said("ok", "on"),
      maintenance: false,
      featureSet: "3.16.2",
    },
    dissent: [],
    ...part,
  };
}

export function hostFacts(part: Partial<HostFacts> = {}): HostFacts {
  return {
    kernel: "6.1.0-56-amd64",
    bootId: "b0",
    uptimeSeconds: 3_564_000,
    cpus: 16,
    load1: 1.8,
    memoryTotalBytes: 128 * 2 ** 30,
    memoryAvailableBytes: 67 * 2 ** 30,
    ioPressurePercent: 4,
    eccCorrected: 0,
    eccUncorrected: 0,
    interfaces: [],
    unread: [],
    ...part,
  };
}

export function node(name: string, part: Part<"node"> = {}): EntityOf<"node"> {
  return {
    kind: "node",
    name,
    role: "member",
    link: "live",
    lastWordAtMs: NOW_MS - 300,
    linkSinceMs: NOW_MS - 3_600_000,
    state: said("ok", "online"),
    opinions: [],
    isDc: false,
    carries: said("ok", "Runs nothing; Secondary for store."),
    host: hostFacts(),
    drbdVersion: "8.4.11",
    agentVersion: "0.1.0",
    bootedAtMs: NOW_MS - 3_564_000_000,
    ...part,
  };
}

export function source(
  nodeName: string,
  name: EntityOf<"source">["source"],
  part: Omit<Part<"source">, "node" | "source"> = {},
): EntityOf<"source"> {
  return {
    kind: "source",
    node: nodeName,
    source: name,
    status: "ok",
    error: null,
    freshness: "live",
    takenAtMs: NOW_MS - 600,
    okAtMs: NOW_MS - 600,
    everyMs: 2_000,
    how: name === "pacemaker" ? "crm_mon --output-as=xml" : name === "drbd" ? "/proc/drbd" : name,
    unread: [],
    ...part,
  };
}

export function ocfs2(nodeName: string, model: Partial<Ocfs2> = {}, part: Part<"ocfs2"> = {}): EntityOf<"ocfs2"> {
  const nodes = [
    { name: "hv05", number: 0, address: "10.30.9.5", port: 7777 },
    { name: "hv06", number: 1, address: "10.30.9.6", port: 7777 },
  ];
  const vmstore = { name: "vmstore", nodes, heartbeatMode: "local", deadThreshold: null, regions: [], localNode: null };
  return {
    kind: "ocfs2",
    from: { node: nodeName, source: "ocfs2" },
    ocfs2: {
      isLoaded: true,
      stack: "o2cb",
      loadedPlugins: ["o2cb"],
      activePlugin: "o2cb",
      lockingProtocol: "1.0",
      running: [{ ...vmstore, deadThreshold: 31, localNode: nodeName }],
      configured: [vmstore],
      unread: [],
      ...model,
    },
    said: said("ok", "stack o2cb"),
    ...part,
  };
}

export function dlm(nodeName: string, spaces: readonly Partial<DlmLockspace>[] = [{}], part: Part<"dlm"> = {}): EntityOf<"dlm"> {
  const lockspaces = spaces.map((more) => ({
    name: "lvm_global",
    id: "0x12aabd2d",
    inKernel: true,
    inDaemon: true,
    flags: [],
    members: [1, 2],
    newStatus: null,
    waitsFor: null,
    recoverStatus: "0",
    recoverNodeId: 0,
    hasNoDirectory: false,
    ...more,
  }));
  return {
    kind: "dlm",
    from: { node: nodeName, source: "dlm" },
    dlm: { lockspaces, daemon: { nodeId: 1, isQuorate: true, fencePid: null, nodes: [{ nodeId: 1, isMember: true }] }, unread: [] },
    said: said("ok", "1 lockspace"),
    spaceSaid: Object.fromEntries(lockspaces.map(({ name }) => [name, said("ok", "2 members")])),
    ...part,
  };
}

export function resource(id: string, part: Part<"resource"> = {}): EntityOf<"resource"> {
  return {
    kind: "resource",
    from: { node: "ruby", source: "pacemaker" },
    id,
    type: "primitive",
    parents: [],
    children: [],
    agent: "ocf:heartbeat:Filesystem",
    places: [{ node: "ruby", role: "Started", said: said("ok", "started") }],
    said: said("ok", "started"),
    opinions: [],
    failures: [],
    ...part,
  };
}

export function constraint(id: string, part: Part<"constraint"> = {}): EntityOf<"constraint"> {
  return {
    kind: "constraint",
    from: { node: "ruby", source: "pacemaker" },
    constraint: { id, kind: "location", resource: "g_iscsi", with: null, node: "crystal", score: "-INFINITY", role: null, rule: null },
    said: said("risk", "banned from crystal", "Left over from a move."),
    ...part,
  };
}

export function finding(title: string, part: Part<"finding"> = {}): EntityOf<"finding"> {
  return {
    kind: "finding",
    rule: "mirrorHasOneGoodCopy",
    level: "risk",
    title,
    why: "Until the resync is done, nothing may happen to ruby.",
    todo: null,
    about: [keyOf.mirror("store", 0)],
    sinceMs: NOW_MS - 2_461_000,
    ...part,
  };
}

export function event(text: string, part: Part<"event"> = {}): EntityOf<"event"> {
  return {
    kind: "event",
    atMs: NOW_MS - 60_000,
    node: "ruby",
    source: "drbd",
    subject: "store",
    text,
    level: "ok",
    by: "kernel, ruby",
    ...part,
  };
}

export function kernel(nodeName: string, lines: readonly { ago: number; text: string; priority?: number }[]): EntityOf<"kernel"> {
  return {
    kind: "kernel",
    from: { node: nodeName, source: "kernelLog" },
    lines: lines.map(({ ago, text, priority = 6 }, index) => ({
      kmsgSeq: 9_000 - index,
      atMs: NOW_MS - ago * 1_000,
      priority,
      topic: "drbd" as const,
      text,
    })),
  };
}

/** Standby of ruby by anna, under way since 12 s: one phase done, one going on. */
export function run(id: string, part: Part<"run"> = {}): EntityOf<"run"> {
  return {
    kind: "run",
    id,
    ask: { verb: "node.standby", args: { node: "ruby" } },
    title: "Standby ruby",
    about: [keyOf.node("ruby")],
    by: "anna",
    isDisruptive: true,
    startedAtMs: NOW_MS - 12_000,
    endedAtMs: null,
    phases: [
      { says: "writes the change on ruby", startedAtMs: NOW_MS - 12_000, endedAtMs: NOW_MS - 11_000 },
      { says: "g_mail stops on ruby", startedAtMs: NOW_MS - 11_000, endedAtMs: null },
    ],
    outcome: null,
    says: null,
    undo: null,
    ...part,
  };
}

type Reason = EntityOf<"safety">["reasons"][number];

export function guardFinding(guard: string, part: Partial<Reason> = {}): Reason {
  return { guard, number: "3.1", level: "warn", message: `${guard} is not as it should be. Wait for it.`, about: [], ...part };
}

export function safety(nodeName: string, part: Part<"safety"> = {}): EntityOf<"safety"> {
  return { kind: "safety", node: nodeName, answer: "yes", says: "Yes. g_mail moves to crystal.", reasons: [], ...part };
}

/** Maintenance of one node (null: of the cluster), by anna, from half an hour ago until in an hour. */
export function maintenance(nodeName: string | null, part: Part<"maintenance"> = {}): EntityOf<"maintenance"> {
  return {
    kind: "maintenance",
    node: nodeName,
    declared: { owner: "anna", note: "new memory", startedAtMs: NOW_MS - 1_800_000, endsAtMs: NOW_MS + 3_600_000 },
    said: said("held", "maintenance"),
    ...part,
  };
}

/** The key an entity stands under; findings, events, constraints and fencing get theirs from what is unique in them. */
const KEYS: { readonly [K in EntityKind]: (one: EntityOf<K>) => string } = {
  cluster: () => keyOf.cluster,
  node: (one) => keyOf.node(one.name),
  source: (one) => keyOf.source(one.node, one.source),
  drbd: (one) => keyOf.drbd(one.resource, one.volume, one.from.node),
  mirror: (one) => keyOf.mirror(one.resource, one.volume),
  bond: (one) => keyOf.bond(one.from.node, one.bond.name),
  aoe: (one) => keyOf.aoe(one.from.node, one.device.name),
  target: (one) => keyOf.target(one.from.node, one.target.iqn),
  session: (one) => keyOf.session(one.from.node, one.session.name),
  export: (one) => keyOf.export(one.from.node, one.export.name, one.export.interface),
  pool: (one) => keyOf.pool(one.from.node, one.pool.name),
  mount: (one) => keyOf.mount(one.from.node, one.mount.mountPoint),
  swap: (one) => keyOf.swap(one.from.node, one.swap.device),
  array: (one) => keyOf.array(one.from.node, one.array.name),
  corosync: (one) => keyOf.corosync(one.from.node),
  ring: (one) => keyOf.ring(one.link),
  ocfs2: (one) => keyOf.ocfs2(one.from.node),
  dlm: (one) => keyOf.dlm(one.from.node),
  resource: (one) => keyOf.resource(one.id),
  constraint: (one) => keyOf.constraint(one.constraint.id),
  fencing: () => keyOf.fencing(0),
  finding: (one) => keyOf.finding(`${one.rule}/${one.title}`),
  event: (one) => keyOf.event(`${one.atMs}/${one.text}`),
  run: (one) => keyOf.run(one.id),
  verify: (one) => keyOf.verify(one.resource, one.volume),
  safety: (one) => keyOf.safety(one.node),
  maintenance: (one) => keyOf.maintenance(one.node),
  kernel: (one) => keyOf.kernel(one.from.node),
};

function keyFor<K extends EntityKind>(kind: K, entity: EntityOf<K>): string {
  return KEYS[kind](entity);
}

/** Entities under their keys, as a snapshot carries them. */
export function keyed(entities: readonly Entity[]): Record<string, Entity> {
  return Object.fromEntries(entities.map((entity) => [keyFor(entity.kind, entity), entity]));
}

export function snapshot(slug: string, entities: readonly Entity[], part: Partial<Snapshot> = {}): Snapshot {
  return { type: "snapshot", scope: { of: "cluster", slug }, number: 7, atMs: NOW_MS, clusters: { [slug]: keyed(entities) }, ...part };
}
