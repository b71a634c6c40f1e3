// SPDX-License-Identifier: Apache-2.0
import type { VerifySummary } from "@/agent/protocol/console/verify";
import { type Entity, type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { device, settings } from "@/server/cluster/factories";
import { cluster, copy, mirror, node, pair, source, T0 } from "@/server/commands/guards/test-view";

// Fixed values for tests; nothing that runs imports this file.

/** One mirror over two nodes of these addresses: its entity, and the side that says the addresses. */
export function linked(
  resource: string,
  [a, aAddress]: readonly [string, string],
  [b, bAddress]: readonly [string, string],
  part: Partial<EntityOf<"mirror">> = {},
): [string, Entity][] {
  const key = keyOf.mirror(resource, 0);
  const side: EntityOf<"drbd"> = {
    kind: "drbd",
    from: { node: a, source: "drbd" },
    resource,
    volume: 0,
    mirror: key,
    device: device({ resource }),
    settings: settings(resource, 0, aAddress, bAddress, 7_788),
    said: { level: "ok", word: "UpToDate", why: null },
  };
  const whole = mirror(resource, { copies: [copy(a), copy(b, { role: "Primary" })], pairs: [pair(a, b)], ...part });
  return [
    [keyOf.cluster, cluster()],
    [key, whole],
    [keyOf.drbd(resource, 0, a), side],
    ...[a, b].flatMap((name): [string, Entity][] => [
      [keyOf.node(name), node(name, { isDc: name === "ruby" })],
      [keyOf.source(name, "drbd"), source(name, "drbd")],
      [keyOf.source(name, "pacemaker"), source(name, "pacemaker")],
    ]),
  ];
}

/** A pair that verifies or resyncs, with so many seconds to go; null: not known. */
export function moving(a: string, b: string, kind: "verify" | "resync", etaSeconds: number | null, percent = 41) {
  const progress = { kind, percent, leftBytes: 1, totalBytes: 2, rateBytesPerSec: null, etaSeconds, stalled: false };
  return { pairs: [pair(a, b, { line: kind, progress })] };
}

/** What is known of a mirror's verifies: the last one went at this rate. */
export function verified(
  resource: string,
  rateBytesPerSec: number | null,
  part: Partial<EntityOf<"verify">> = {},
): [string, EntityOf<"verify">] {
  const last: VerifySummary = {
    id: `last-${resource}`,
    cluster: "san-a",
    resource,
    volume: 0,
    starter: "ruby",
    peer: "crystal",
    cause: "person",
    by: "anna",
    run: null,
    schedule: null,
    startedAtMs: T0 - 86_400_000,
    endedAtMs: T0 - 82_800_000,
    result: "clean",
    percent: 100,
    says: "Clean.",
    sizeBytes: null,
    rateBytesPerSec,
    differsBytes: 0,
    outOfSync: [],
  };
  const state = { cleanAtMs: T0 - 82_800_000, last, running: null, queued: null, next: null };
  return [
    keyOf.verify(resource, 0),
    { kind: "verify", resource, volume: 0, said: { level: "ok", word: "clean", why: null }, ...state, ...part },
  ];
}
