// SPDX-License-Identifier: Apache-2.0

import type { Primitive } from "@/sim/model/manager";
import type { Fleet } from "@/sim/model/model";
import { defineFault, type FaultReach, oneOf } from "./define";

function targetIn(fleet: Fleet, id: string): Primitive {
  const all = fleet.clusters.flatMap(({ pacemaker }) => pacemaker.services.flatMap(({ primitives }) => primitives));
  const found = all.find((primitive) => primitive.id === id && primitive.agent.endsWith(":iSCSITarget"));
  if (!found) throw new Error(`There is no iSCSI target ${id}.`);
  return found;
}

function setDeaf(reach: FaultReach, args: readonly string[], isDeaf: boolean): void {
  const id = oneOf("the target's resource", args);
  targetIn(reach.fleet(), id);
  reach.change((scene) => {
    targetIn(scene.fleet, id).isDeaf = isDeaf;
  });
}

/** A target is started and listens nowhere: what iSCSITarget with lio-t and its default portal calls Started. */
export const dropPortal = defineFault({
  name: "drop-portal",
  title: "Take a target's portal away while Pacemaker calls it Started",
  args: ["TARGET"],
  choices: (reach) =>
    reach
      .fleet()
      .clusters.flatMap(({ pacemaker }) =>
        pacemaker.services.flatMap(({ primitives }) =>
          primitives.filter(({ agent }) => agent.endsWith(":iSCSITarget")).map(({ id }) => [id]),
        ),
      ),
  apply: (reach, args) => setDeaf(reach, args, true),
  repair: (reach, args) => setDeaf(reach, args, false),
});
