// SPDX-License-Identifier: Apache-2.0
import type { ClientStall } from "@/agent/protocol/console/history";
import type { AgentFrame } from "@/agent/protocol/messages";
import type { SourceName } from "@/agent/protocol/sources";
import type { ClusterFacts, NodeFacts } from "@/server/cluster/facts";
import { momentOf } from "./moment";

/** A way of a client to its disk, in the driver's own word. */
interface Way {
  what: string;
  word: string;
  isOpen: boolean;
}

/** The sources that show a client whether its disks answer. */
export const CLIENT_SOURCES: readonly SourceName[] = ["iscsi", "aoe"];

/** Every way of a client, by its name; null: its readings do not say. */
function waysOf(node: NodeFacts, source: SourceName): Map<string, Way> | null {
  const ways = new Map<string, Way>();
  if (source === "iscsi") {
    const sessions = node.sources.iscsi?.lastOk?.value.sessions ?? null;
    for (const { name, target, state, connectionState } of sessions ?? []) {
      const what = `iSCSI ${target ?? name}`;
      if (state === null) continue;
      const isOpen = state === "LOGGED_IN" && (connectionState === null || connectionState === "up");
      ways.set(what, { what, word: state === "LOGGED_IN" && !isOpen ? (connectionState ?? state) : state, isOpen });
    }
    return sessions === null ? null : ways;
  }
  const devices = node.sources.aoe?.lastOk?.value.devices ?? null;
  for (const { name, state } of devices ?? []) ways.set(`AoE ${name}`, { what: `AoE ${name}`, word: state, isOpen: state === "up" });
  return devices === null ? null : ways;
}

/** Clients of a cluster whose ways to their disks are read. */
export function clientsRead(facts: ClusterFacts): string[] {
  const clients = [...facts.nodes.values()].filter(({ role }) => role === "client");
  return clients.filter((node) => CLIENT_SOURCES.some((source) => (waysOf(node, source)?.size ?? 0) > 0)).map(({ node }) => node);
}

/** The stalls with what one client's new reading says: a way that stopped is a new one, a way that works again ends its. */
export function followStalls(
  stalls: readonly ClientStall[],
  { before, after, client, source }: { before: ClusterFacts; after: ClusterFacts; client: string; source: SourceName },
): readonly ClientStall[] {
  const was = before.nodes.get(client);
  const now = after.nodes.get(client);
  if (!was || !now || now.role !== "client") return stalls;
  const known = waysOf(was, source);
  const ways = waysOf(now, source);
  const seen = momentOf(after, client, source, was.sources[source]?.okAtMs ?? null);
  if (!known || !ways || !seen) return stalls;
  const ended = stalls.map((one) =>
    one.client === client && one.until === null && ways.get(one.what)?.isOpen === true ? { ...one, until: seen } : one,
  );
  const begun = [...ways.values()].filter(({ what, isOpen }) => !isOpen && known.get(what)?.isOpen === true);
  const isMoved = begun.length > 0 || ended.some((one, index) => one !== stalls[index]);
  return isMoved ? [...ended, ...begun.map(({ what, word }) => ({ client, what, word, from: seen, until: null }))] : stalls;
}

type Frame = Extract<AgentFrame, { type: "fact" | "telemetry" | "line" | "gap" }>;

/** A way that works again is of no consequence any more after this. */
const REMEMBERED_MS = 60_000;

/** Clients' ways that stopped, whatever for: a client may notice before its cluster does. With what one frame adds. */
export function recentStalls(
  known: readonly ClientStall[],
  frame: Frame,
  { before, after, node }: { before: ClusterFacts; after: ClusterFacts; node: string },
): readonly ClientStall[] {
  if ((frame.type !== "fact" && frame.type !== "telemetry") || !CLIENT_SOURCES.includes(frame.source)) return known;
  const stalls = followStalls(known, { before, after, client: node, source: frame.source });
  const nowMs = after.nodes.get(node)?.lastWordAtMs ?? 0;
  const isOld = ({ until }: ClientStall) => until !== null && nowMs - until.atMs > REMEMBERED_MS;
  return stalls.some(isOld) ? stalls.filter((one) => !isOld(one)) : stalls;
}

/** Clocks of a node and the console agree this far. */
const SLACK_MS = 5_000;

/** Those of them that began when what is told now did: their end may be over, and is theirs all the same. */
export function stalledSince(stalls: readonly ClientStall[], sinceMs: number): ClientStall[] {
  return stalls.filter(({ from }) => from.atMs >= sinceMs - SLACK_MS);
}
