// SPDX-License-Identifier: Apache-2.0

import type { DrbdPeer } from "@/agent/protocol/model/drbd";
import type { KernelLine } from "@/agent/protocol/model/kernel-log";
import { linkState, nameOf, peerKey } from "./drbd-words";
import { isSplitLine, subjectOf } from "./events/kernel-lines";
import type { Memory, NodeFacts } from "./facts";

// A split brain looks like StandAlone in every state that DRBD prints; only the kernel log says what it was. So the line is
// remembered with the node's facts, and holds for as long as that side has not been connected since.

/** Resources whose last split brain is remembered: far above any node's, so that hostile lines do not grow the facts. */
const MAX_REMEMBERED = 256;

/** What is remembered of kernel lines after this one: `split:<resource>` = the node's clock at its last split brain. */
export function rememberSplit(memory: Memory, node: NodeFacts, line: KernelLine): Memory {
  if (!isSplitLine(line.text)) return memory;
  const key = `split:${subjectOf(line.text, node)}`;
  const next = { ...memory, [key]: Math.max(line.atMs, memory[key] ?? 0) };
  const known = Object.entries(next);
  if (known.length <= MAX_REMEMBERED) return next;
  // The oldest gives way: the newest split is the one that somebody has to know of.
  return Object.fromEntries(known.sort(([, one], [, other]) => other - one).slice(0, MAX_REMEMBERED));
}

/** The handshake that finds a split brain comes a moment before or after the reading that saw the line to the peer go. */
const HANDSHAKE_MS = 10_000;

/** The peers that this node refused for a split brain and has not been connected to since. */
export function splitPeers(node: NodeFacts): DrbdPeer[] {
  const lines = node.sources.kernelLog?.memory;
  const drbd = node.sources.drbd;
  if (!lines || !drbd?.lastOk) return [];
  return drbd.lastOk.value.devices.flatMap((device) => {
    const splitMs = lines[`split:${nameOf(device)}`];
    if (splitMs === undefined) return [];
    return device.peers.filter((peer, index) => {
      const apartMs = drbd.memory?.[`link:${peerKey(device, peer, index)}`];
      return linkState(peer.connection) === "standAlone" && apartMs !== undefined && splitMs >= apartMs - HANDSHAKE_MS;
    });
  });
}

/** The word for it, wherever it stands. */
export const SPLIT_BRAIN = "split brain";

/** The steps by hand, in their order. Source: LINBIT's user's guides 8.3, 8.4 and 9, "Manual split brain recovery". */
export function splitBrainSteps(resource: string, generation: string | null): string {
  const connect =
    generation === "8.3" ? `drbdadm -- --discard-my-data connect ${resource}` : `drbdadm connect --discard-my-data ${resource}`;
  return [
    "Decide whose changes are thrown away, and save them first.",
    `On that node: drbdadm disconnect ${resource}, drbdadm secondary ${resource}, ${connect}.`,
    `Then on the other, if it is StandAlone: drbdadm connect ${resource}.`,
  ].join(" ");
}
