// SPDX-License-Identifier: Apache-2.0
import { newFleet } from "@/sim/model/fleet";
import { type Fleet, nodeOf } from "@/sim/model/model";
import { play, tick } from "@/sim/model/tick";
import { treeOf } from "@/sim/tree/node-files";
import { answersOf } from "@/sim/tree/node-tools";
import { createFaultDesk } from "./catalog";
import type { FaultReach } from "./define";

// For tests; nothing that runs imports this file.

/** A desk over a world in memory; what reaches beyond the model is noted. */
export function newDesk(isCalm = true) {
  let fleet = newFleet({ atMs: Date.UTC(2026, 10, 20), isCalm, pace: 1, newId: () => "boot" });
  const done: string[] = [];
  const reach: FaultReach = {
    fleet: () => fleet,
    change(act) {
      fleet = play(fleet, act).fleet;
    },
    cutLine: (node) => done.push(`cut ${node}`),
    mendLine: (node) => done.push(`mend ${node}`),
    killAgent: (node) => done.push(`kill ${node}`),
    setClock: (node, offsetMs) => done.push(`clock ${node} ${offsetMs}`),
    setTool: (node, tool, state) => done.push(`${node} ${tool} ${state}`),
    tools: () => ["crm_mon", "drbdsetup"],
  };
  return {
    desk: createFaultDesk(reach, () => 7),
    reach,
    done,
    fleet: (): Fleet => fleet,
    pass(ms: number) {
      fleet = tick(fleet, ms).fleet;
    },
  };
}

/** A file of a node's tree as it would be written now. */
export function textOf(fleet: Fleet, name: string, nodePath: string): string {
  const { cluster, node } = nodeOf(fleet, name);
  const files = Object.assign({}, ...treeOf(cluster, node, fleet.atMs).map((part) => part.files()));
  return files[nodePath]?.text ?? "";
}

/** What a tool of the node would answer now. */
export function answerOf(fleet: Fleet, name: string, file: string): string {
  const { cluster, node } = nodeOf(fleet, name);
  const files = Object.assign({}, ...answersOf(cluster, node, fleet.atMs).map((part) => part.files()));
  return files[file]?.text ?? "";
}
