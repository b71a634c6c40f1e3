// SPDX-License-Identifier: Apache-2.0
import { type Fleet, nodeOf, type SimSession } from "@/sim/model/model";
import { defineFault, type FaultReach, twoOf } from "./define";

function sessionIn(fleet: Fleet, node: string, name: string): SimSession {
  const found = nodeOf(fleet, node).node.iscsi?.sessions.find(({ id }) => `session${id}` === name);
  if (!found) throw new Error(`${node} has no iSCSI session ${name}.`);
  return found;
}

function setCut(reach: FaultReach, args: readonly string[], isCut: boolean): void {
  const [node, name] = twoOf(["the node", "its session"], args);
  sessionIn(reach.fleet(), node, name);
  reach.change((scene) => {
    sessionIn(scene.fleet, node, name).isCut = isCut;
  });
}

/** Something between a client and its target drops their packets: the session waits, then gives up. */
export const loseSession = defineFault({
  name: "lose-session",
  title: "Drop the packets between a client and its iSCSI target",
  args: ["NODE", "SESSION"],
  choices: (reach) =>
    reach
      .fleet()
      .clusters.flatMap(({ nodes }) => nodes.flatMap((node) => (node.iscsi?.sessions ?? []).map(({ id }) => [node.name, `session${id}`]))),
  apply: (reach, args) => setCut(reach, args, true),
  repair: (reach, args) => setCut(reach, args, false),
});
