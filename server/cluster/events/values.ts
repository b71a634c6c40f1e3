// SPDX-License-Identifier: Apache-2.0
import type { Readings, SourceName } from "@/agent/protocol/sources";
import type { ClusterFacts, Memory, NodeFacts } from "../facts";
import { lastGood } from "../fold";
import { areApart, witnessOf } from "../witness";
import { tellAoe } from "./aoe";
import { tellBonding } from "./bonding";
import { tellDrbd } from "./drbd";
import { tellHost } from "./host";
import { tellPacemaker } from "./pacemaker";
import { type Telling, told } from "./tell";

/** What changed in the values of one source of one node. Null: nothing good was read, or others tell it. */
export function tellValue(facts: ClusterFacts, node: NodeFacts, source: SourceName, readings: Readings, rawMs: number): Telling | null {
  const around = { node: node.node, rawMs, facts, memory: node.sources[source]?.memory ?? {} };
  switch (source) {
    case "drbd":
      return readings.drbd?.status === "ok"
        ? tellDrbd({ ...around, before: lastGood(node.sources.drbd), after: readings.drbd.value })
        : null;
    case "bonding":
      return readings.bonding?.status === "ok"
        ? tellBonding({ ...around, before: lastGood(node.sources.bonding), after: readings.bonding.value })
        : null;
    case "aoe":
      return readings.aoe?.status === "ok" ? tellAoe({ ...around, before: lastGood(node.sources.aoe), after: readings.aoe.value }) : null;
    case "host":
      return readings.host?.status === "ok"
        ? tellHost({ ...around, before: lastGood(node.sources.host), after: readings.host.value })
        : null;
    case "pacemaker":
    case "kernelLog":
      return null;
  }
}

/** Which of the nodes' memories of the timeline is the newest: a count that only grows. */
const TURN = "turn";

/** What the timeline remembers: kept with the node whose frame it last came by, since only that node's facts are committed with it. */
function timelineMemory(facts: ClusterFacts): Memory {
  let newest: Memory = {};
  for (const node of facts.nodes.values()) {
    const memory = node.sources.pacemaker?.memory;
    if (memory && (memory[TURN] ?? 0) > (newest[TURN] ?? 0)) newest = memory;
  }
  return newest;
}

/** What changed in the testimony that the timeline follows, whichever node's frame changed it. `memory` is for the node of the frame. */
export function tellWitness(before: ClusterFacts, after: ClusterFacts, rawMs: number): (Telling & { node: string }) | null {
  const was = witnessOf(before);
  const now = witnessOf(after);
  if (!was || !now || was.value === now.value) return null;
  const memory = timelineMemory(before);
  const turn = { [TURN]: (memory[TURN] ?? 0) + 1 };
  if (areApart(was, now)) {
    const text = `${was.node} and ${now.node} each call the other gone: from here on as ${now.node} sees it`;
    return { told: [told("cluster", text, "bad")], memory: { ...memory, ...turn }, node: now.node };
  }
  const telling = tellPacemaker(was.value, now.value, memory, rawMs);
  return { told: telling.told, memory: { ...telling.memory, ...turn }, node: now.node };
}
