// SPDX-License-Identifier: Apache-2.0
import type { RepairMethod } from "@/agent/protocol/console/repair";
import { type EntityOf, keyOf, type MirrorPair, type View } from "@/agent/protocol/console/view";
import type { DrbdPeer } from "@/agent/protocol/model/drbd";
import { hasResetBitmap, UTILS_WITH_RESET_BITMAP } from "@/agent/protocol/reset-bitmap";
import { isAtLeast } from "@/agent/protocol/version-order";
import { every } from "@/server/findings/define";

type Mirror = EntityOf<"mirror">;

/** Which blocks of which copy are to be overwritten with whose: the arguments of every step of a repair. */
export interface RepairAsk {
  resource: string;
  volume: number;
  from: string;
  to: string;
}

/** One end of the line. */
export interface RepairEnd {
  node: string;
  drbd: EntityOf<"drbd"> | null;
  /** What it says of the other end; null where it says nothing. */
  peer: DrbdPeer | null;
  role: string;
  disk: string;
  /** Its own name of the resource, and of the other end where DRBD has names for that. */
  resource: string;
  peerName: string | null;
  /** The loaded DRBD and its tools; null where not known. */
  version: string | null;
  utils: string | null;
}

/** How the line stands. marked: connected, both complete, and blocks are marked. same: connected and complete. apart: not connected. */
export type RepairStage = "marked" | "same" | "apart" | "moving" | "unclear";

export interface RepairCase {
  ask: RepairAsk;
  key: string;
  mirror: Mirror;
  pair: MirrorPair;
  from: RepairEnd;
  to: RepairEnd;
  stage: RepairStage;
  /** Every volume of the resource: they have one connection. This one among them. */
  volumes: readonly { key: string; mirror: Mirror; pair: MirrorPair }[];
  /** What is marked, of all volumes that a step touches; null where a count is not known. */
  bytes: number | null;
  method: RepairMethod | null;
}

/** The line and all that is known of it; null where the view has none. */
export function caseOf(view: View, ask: RepairAsk): RepairCase | null {
  const key = keyOf.mirror(ask.resource, ask.volume);
  const mirror = view.get(key);
  if (mirror?.kind !== "mirror") return null;
  const pair = pairOf(mirror, ask);
  if (!pair) return null;
  const [from, to] = [endOf(view, mirror, ask.from, ask.to), endOf(view, mirror, ask.to, ask.from)];
  const method = methodOf(from, to);
  const volumes = every(view, "mirror").flatMap(([other, one]) => {
    const line = one.resource === mirror.resource ? pairOf(one, ask) : undefined;
    return line ? [{ key: other, mirror: one, pair: line }] : [];
  });
  const touched = method === "invalidate" ? [{ pair }] : volumes;
  const counts = touched.map((one) => one.pair.outOfSyncBytes);
  const bytes = counts.reduce((sum: number | null, count) => (sum === null || count === null ? null : sum + count), 0);
  return { ask, key, mirror, pair, from, to, stage: stageOf(pair), volumes, bytes, method };
}

function pairOf({ pairs }: Mirror, { from, to }: RepairAsk): MirrorPair | undefined {
  return pairs.find(({ a, b }) => (a === from && b === to) || (a === to && b === from));
}

export function stageOf({ line, said }: MirrorPair): RepairStage {
  if (said.level === "old" || said.level === "unknown") return "unclear";
  if (line === "differs" && said.level === "differs") return "marked";
  if (line === "cut") return "apart";
  if (line === "resync" || line === "verify" || said.level === "busy") return "moving";
  return line === "connected" && said.level === "ok" ? "same" : "unclear";
}

function endOf(view: View, mirror: Mirror, node: string, other: string): RepairEnd {
  const copy = mirror.copies.find((one) => one.node === node);
  const entity = copy?.drbd ? view.get(copy.drbd) : undefined;
  const drbd = entity?.kind === "drbd" ? entity : null;
  const peers = drbd?.device.peers ?? [];
  const [only] = peers.length === 1 ? peers : [];
  const peer = peers.find(({ name }) => name === other) ?? only ?? null;
  const of = view.get(keyOf.node(node));
  const versions = of?.kind === "node" ? (of.versions ?? []) : [];
  return {
    node,
    drbd,
    peer,
    role: copy?.role ?? "Unknown",
    disk: copy?.disk ?? "DUnknown",
    resource: copy?.resource ?? mirror.resource,
    peerName: peer?.name ?? null,
    version: of?.kind === "node" ? of.drbdVersion : null,
    utils: versions.find(({ what }) => what === "DRBD utilities")?.version ?? null,
  };
}

/** By what is loaded on both ends; null where no way is known. Source: the users' guides of 8.4 and 9, "Using online device verification". */
function methodOf(from: RepairEnd, to: RepairEnd): RepairMethod | null {
  const versions = [from.version, to.version];
  if (versions.every((version) => version !== null && /^8\.[34]\./.test(version))) return "reconnect";
  if (!versions.every((version) => version !== null && /^(?:8\.[34]|9)\./.test(version))) return null;
  const knowsIt = versions.every((version) => version !== null && hasResetBitmap(version));
  // Not known what the tools are: then the way that needs nothing of them.
  const canSayIt = to.utils !== null && isAtLeast(to.utils, UTILS_WITH_RESET_BITMAP) && to.peerName !== null;
  return knowsIt && canSayIt ? "invalidate" : "write";
}

/** The name that drbdadm is given for the peer: where several are possible. */
export function peerArgument({ to }: RepairCase): string | null {
  return to.version?.startsWith("9.") ? to.peerName : null;
}

/** The copy that is to be overwritten has let go of the other, on its own. */
export function hasLetGo({ stage, to }: RepairCase): boolean {
  return stage === "apart" && (to.peer === null || to.peer.connection === "StandAlone");
}

/** Both ends' DRBD is read now: only then does the line tell anything. */
export function isRepairTold(view: View, { from, to }: RepairAsk): boolean {
  return [from, to].every((node) => {
    const source = view.get(keyOf.source(node, "drbd"));
    return source?.kind === "source" && source.freshness === "live" && source.status === "ok";
  });
}

/** Locks that DRBD's handler left in the cluster's configuration for this mirror. */
export function locksOf(view: View, { mirror }: RepairCase): string[] {
  return every(view, "constraint").flatMap(([, { constraint }]) =>
    constraint.id.startsWith(`drbd-fence-by-handler-${mirror.resource}-`) ? [constraint.id] : [],
  );
}
