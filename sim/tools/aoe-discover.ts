// SPDX-License-Identifier: Apache-2.0
import { discover } from "@/sim/model/aoe-life";
import { nodeOf } from "@/sim/model/model";
import { done, type Tool } from "./tool";

/** `aoe-discover`: asks the network which targets there are; each that answers is sent to from then on. */
export const aoeDiscover: Tool = (call, reach) => {
  reach.change((scene) => {
    const { cluster, node } = nodeOf(scene.fleet, call.node.name);
    discover(scene, cluster, node);
  });
  return done();
};
