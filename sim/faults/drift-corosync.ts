// SPDX-License-Identifier: Apache-2.0
import { nodeOf } from "@/sim/model/model";
import { defineFault, everyNode, type FaultReach, oneOf } from "./define";

/** What somebody wrote into one file, and not into the others. */
const TOKEN_MS = 10_000;

function setToken(reach: FaultReach, args: readonly string[], tokenMs: number | null): void {
  const name = oneOf("the node", args);
  if (nodeOf(reach.fleet(), name).node.corosyncVersion === null) throw new Error(`${name} has no Corosync.`);
  reach.change((scene) => {
    nodeOf(scene.fleet, name).node.tokenMs = tokenMs;
  });
}

/** A node's corosync.conf is no longer what the others have. */
export const driftCorosync = defineFault({
  name: "drift-corosync",
  title: "Change corosync.conf on one node alone",
  args: ["NODE"],
  choices: (reach) => everyNode(reach).flatMap((name) => (nodeOf(reach.fleet(), name).node.corosyncVersion === null ? [] : [[name]])),
  apply: (reach, args) => setToken(reach, args, TOKEN_MS),
  repair: (reach, args) => setToken(reach, args, null),
});
