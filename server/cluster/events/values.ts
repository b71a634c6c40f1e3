// SPDX-License-Identifier: Apache-2.0
import type { Readings, SourceName, SourceValue } from "@/agent/protocol/sources";
import type { ClusterFacts, NodeFacts, SourceFacts } from "../facts";
import { lastGood } from "../fold";
import { areApart, nextMemory, timelineMemory, witnessOf } from "../witness";
import { tellAoe } from "./aoe";
import { tellBonding } from "./bonding";
import { tellCorosync } from "./corosync";
import { tellDrbd } from "./drbd";
import { tellHost } from "./host";
import { tellIscsi } from "./iscsi";
import { tellMd } from "./md";
import { tellMounts } from "./mounts";
import { tellPacemaker, tellPastFencing } from "./pacemaker";
import { type Change, type Telling, told } from "./tell";
import { tellVersions } from "./versions";
import { tellZfs } from "./zfs";

/** Who tells what changed in a source. Pacemaker's changes are told by the witness, kernel lines by themselves. */
const TELLERS: { readonly [N in SourceName]?: (change: Change<SourceValue<N>>) => Telling } = {
  drbd: tellDrbd,
  bonding: tellBonding,
  aoe: tellAoe,
  host: tellHost,
  md: tellMd,
  iscsi: tellIscsi,
  corosync: tellCorosync,
  mounts: tellMounts,
  zfs: tellZfs,
  versions: tellVersions,
};

/** Sources of which the names of what they list are remembered, without their module: they list nothing then. */
const NONE_LISTED: { readonly [N in SourceName]?: SourceValue<N> } = {
  zfs: { pools: [], unread: [] },
  md: { arrays: [], unread: [] },
};

/** What changed in the values of one source of one node. Null: nothing good was read, or others tell it. */
export function tellValue<N extends SourceName>(
  facts: ClusterFacts,
  node: NodeFacts,
  source: N,
  readings: Readings,
  rawMs: number,
): Telling | null {
  const tell = TELLERS[source];
  const reading = readings[source];
  const known: SourceFacts<N> | undefined = node.sources[source];
  if (!tell || !reading) return null;
  const change = { node: node.node, rawMs, facts, memory: known?.memory ?? {}, before: lastGood(known) };
  const none = NONE_LISTED[source];
  // That the source is gone is told as such; what it listed is missed from here on.
  if (reading.status === "absent" && none !== undefined) return { told: [], memory: tell({ ...change, after: none }).memory };
  if (reading.status !== "ok") return null;
  return tell({ ...change, after: reading.value });
}

/** What changed in the testimony that the timeline follows, whichever node's frame changed it. `memory` is for the node of the frame. */
export function tellWitness(before: ClusterFacts, after: ClusterFacts, rawMs: number): (Telling & { node: string }) | null {
  const was = witnessOf(before);
  const now = witnessOf(after);
  if (!now || was?.value === now.value) return null;
  if (!was) {
    const past = tellPastFencing(now.value.fencing);
    return past.length > 0 ? { told: past, memory: nextMemory(after, now, {}), node: now.node } : null;
  }
  const memory = timelineMemory(before);
  if (areApart(was, now)) {
    const text = `${was.node} and ${now.node} each call the other gone: from here on as ${now.node} sees it`;
    return { told: [told("cluster", text, "bad")], memory: nextMemory(after, now, memory), node: now.node };
  }
  const telling = tellPacemaker(was.value, now.value, memory, rawMs);
  return { told: telling.told, memory: nextMemory(after, now, telling.memory), node: now.node };
}
