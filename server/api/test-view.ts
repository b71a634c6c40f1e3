// SPDX-License-Identifier: Apache-2.0
import { type Entity, type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import type { SourceName } from "@/agent/protocol/sources";

const ok = (word: string) => ({ level: "ok" as const, word, why: null });

/** Entities under keys, for tests. */
export function viewOf(...entities: readonly Entity[]): View {
  return new Map(entities.map((entity) => [keyFor(entity), entity]));
}

function keyFor(entity: Entity): string {
  switch (entity.kind) {
    case "node":
      return keyOf.node(entity.name);
    case "source":
      return keyOf.source(entity.node, entity.source);
    case "drbd":
      return keyOf.drbd(entity.resource, entity.volume, entity.from.node);
    case "mirror":
      return keyOf.mirror(entity.resource, entity.volume);
    case "kernel":
      return keyOf.kernel(entity.from.node);
    case "finding":
      return keyOf.finding(entity.rule);
    default:
      return entity.kind;
  }
}

export const clusterEntity: EntityOf<"cluster"> = {
  kind: "cluster",
  slug: "san-a",
  title: "SAN A",
  environment: "PROD",
  madeOf: "2 nodes",
  headline: ok("Nothing known is wrong"),
  sinceMs: 1_000,
  pacemaker: null,
  dissent: [],
};

export function nodeEntity(name: string, change: Partial<EntityOf<"node">>): EntityOf<"node"> {
  return {
    kind: "node",
    name,
    role: "member",
    link: "live",
    lastWordAtMs: null,
    linkSinceMs: null,
    state: ok("online"),
    opinions: [],
    isDc: false,
    carries: ok("Runs nothing"),
    host: null,
    drbdVersion: null,
    agentVersion: null,
    bootedAtMs: null,
    ...change,
  };
}

export function sourceEntity(node: string, source: SourceName, change: Partial<EntityOf<"source">>): EntityOf<"source"> {
  return {
    kind: "source",
    node,
    source,
    status: "ok",
    error: null,
    freshness: "live",
    takenAtMs: null,
    okAtMs: null,
    everyMs: 2_000,
    how: "/proc",
    unread: [],
    ...change,
  };
}

export function kernelEntity(node: string): EntityOf<"kernel"> {
  return { kind: "kernel", from: { node, source: "kernelLog" }, lines: [] };
}

export function mirrorEntity(copies: readonly { node: string; drbd: string | null }[]): EntityOf<"mirror"> {
  return {
    kind: "mirror",
    resource: "store",
    volume: 0,
    device: "drbd0",
    protocol: "C",
    sizeBytes: null,
    copies: copies.map((copy) => ({ ...copy, role: "Primary", disk: "UpToDate", said: ok("UpToDate"), syncedPercent: null })),
    pairs: [],
    said: ok("in sync"),
    meaning: [],
  };
}

export function findingEntity(rule: string, about: string[]): EntityOf<"finding"> {
  return { kind: "finding", rule, level: "risk", title: "t", why: "w", todo: null, about, sinceMs: 1 };
}

export function eventEntity(change: Partial<EntityOf<"event">>): EntityOf<"event"> {
  return {
    kind: "event",
    atMs: 1,
    node: null,
    source: null,
    subject: "store",
    text: "t",
    level: "ok",
    by: "found by the console",
    ...change,
  };
}
