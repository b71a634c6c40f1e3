// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import type { DrbdGeneration, Step } from "@/agent/protocol/steps";
import { byName } from "@/server/cluster/words";
import type { GuardContext } from "./define";
import { type Mirror, nodeOf } from "./look";

export interface VerifyArgs {
  resource: string;
  volume: number;
  /** Whose copy it is compared with; null: every other one. */
  peer: string | null;
}

/** Who compares a mirror's copies with whose, and in which words it is asked for. */
export interface VerifyPair {
  key: string;
  mirror: Mirror;
  starter: string;
  /** The nodes it is compared with. */
  peers: readonly string[];
  step: Extract<Step, { kind: "drbdVerify" }>;
}

/** The pair that a guard looks at: `touched` names the mirror, and in `to` whose copy it is compared with. Null: it cannot be told who would. */
export function pairOf({ view, touched }: Pick<GuardContext, "view" | "touched">): VerifyPair | null {
  const mirror = view.get(touched.mirrors[0] ?? "");
  return mirror?.kind === "mirror" ? verifyPair(view, { resource: mirror.resource, volume: mirror.volume, peer: touched.to }) : null;
}

export function mirrorFor(view: View, { resource, volume }: Pick<VerifyArgs, "resource" | "volume">): Mirror | null {
  const mirror = view.get(keyOf.mirror(resource, volume));
  return mirror?.kind === "mirror" ? mirror : null;
}

/** One side of a mirror in its own words. */
export function sideOf(view: View, mirror: Mirror, node: string): EntityOf<"drbd"> | null {
  const key = mirror.copies.find((copy) => copy.node === node)?.drbd ?? null;
  const side = key === null ? undefined : view.get(key);
  return side?.kind === "drbd" ? side : null;
}

/** "8.3.16" → "8.3"; null for what this console does not know how to speak to. */
export function generationOf(version: string | null): DrbdGeneration | null {
  if (version === null) return null;
  if (/^8\.[0-3]\./.test(version)) return "8.3";
  if (version.startsWith("8.4.")) return "8.4";
  return version.startsWith("9.") ? "9" : null;
}

/**
 * The node that starts it, and the rest. Both ends read all of it; the starter asks, compares, and sets the pace by its own settings.
 * Of two copies the Secondary's node starts: its disk serves nobody else. Of more than two the Primary's, so that what is in use is
 * compared with every other copy. A node whose agent may not act, or is not heard, comes last: then it cannot be asked.
 * @returns null where no copy's own DRBD tells how it is called
 */
export function verifyPair(view: View, args: VerifyArgs): VerifyPair | null {
  const mirror = mirrorFor(view, args);
  if (!mirror) return null;
  const ranks = mirror.copies
    .filter(({ node, drbd }) => drbd !== null && node !== args.peer)
    .map(({ node, role }) => {
      const agent = nodeOf(view, node);
      const canAct = agent?.link === "live" && agent.steps?.includes("drbdVerify") === true;
      const isFirst = (role === "Primary") === mirror.copies.length > 2;
      return { node, rank: (canAct ? 0 : 2) + (isFirst ? 0 : 1) };
    })
    .sort((a, b) => a.rank - b.rank || byName(a.node, b.node));
  const starter = ranks[0]?.node;
  const side = starter === undefined ? null : sideOf(view, mirror, starter);
  const generation = starter === undefined ? null : generationOf(nodeOf(view, starter)?.drbdVersion ?? null);
  const resource = side?.device.resource ?? null;
  if (starter === undefined || resource === null || generation === null) return null;
  const peers = args.peer === null ? mirror.copies.map(({ node }) => node).filter((node) => node !== starter) : [args.peer];
  const [peer, more] = peers;
  // DRBD 9 takes no peer for every peer; 8.x has one.
  const named = generation === "9" && peer !== undefined && more === undefined ? peer : null;
  const step = { kind: "drbdVerify", resource, volume: side?.device.volume ?? args.volume, peer: named, generation } as const;
  return { key: keyOf.mirror(args.resource, args.volume), mirror, starter, peers, step };
}

/** The lines between the starter's copy and those it is compared with. */
export function pairsOf({ mirror, starter, peers }: Pick<VerifyPair, "mirror" | "starter" | "peers">): Mirror["pairs"] {
  return mirror.pairs.filter(({ a, b }) => (a === starter && peers.includes(b)) || (b === starter && peers.includes(a)));
}

/** Whether what a node's DRBD says is its word of now. */
export function isDrbdHeard(view: View, node: string): boolean {
  const read = view.get(keyOf.source(node, "drbd"));
  return nodeOf(view, node)?.link === "live" && read?.kind === "source" && read.freshness === "live" && read.status === "ok";
}

/** Whether anybody tells now how a mirror's verify goes: one end that is heard is enough, for the other may have died over it. */
export function isVerifyTold(view: View, args: Pick<VerifyArgs, "resource" | "volume">): boolean {
  return mirrorFor(view, args)?.copies.some(({ node }) => isDrbdHeard(view, node)) ?? false;
}

/** Who started the verifies that run now, by the kernels' own words: VerifyS is the starter, whatever its role. */
export function runningVerifies(view: View, mirror: Mirror): { starter: string; peer: string | null }[] {
  return mirror.copies.flatMap(({ node }) => {
    if (!isDrbdHeard(view, node)) return [];
    const peers = sideOf(view, mirror, node)?.device.peers ?? [];
    const other = mirror.copies.length === 2 ? (mirror.copies.find((copy) => copy.node !== node)?.node ?? null) : null;
    return peers.filter(({ replication }) => replication === "VerifyS").map(({ name }) => ({ starter: node, peer: name ?? other }));
  });
}
