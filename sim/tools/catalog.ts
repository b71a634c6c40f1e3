// SPDX-License-Identifier: Apache-2.0
import type { SimNode } from "@/sim/model/model";
import { aoeDiscover } from "./aoe-discover";
import { cibadmin } from "./cibadmin";
import { crmAttribute, crmStandby } from "./crm-attribute";
import { crmDiff } from "./crm-diff";
import { crmResource } from "./crm-resource";
import { crmSimulate } from "./crm-simulate";
import { drbdadm } from "./drbdadm";
import { stonithAdmin } from "./stonith-admin";
import type { Tool } from "./tool";

/** Tools that act, or compute: each call is answered by the simulation. */
export const PACEMAKER_TOOLS: Readonly<Record<string, Tool>> = {
  cibadmin,
  crm_attribute: crmAttribute,
  crm_diff: crmDiff,
  crm_resource: crmResource,
  crm_simulate: crmSimulate,
  crm_standby: crmStandby,
  stonith_admin: stonithAdmin,
};
const DRBD_TOOLS: Readonly<Record<string, Tool>> = { drbdadm };
const AOE_TOOLS: Readonly<Record<string, Tool>> = { "aoe-discover": aoeDiscover };

/** The acting tools of a node, by name. */
export function actingTools(node: SimNode): Readonly<Record<string, Tool>> {
  return {
    ...(node.pacemakerVersion === null ? {} : PACEMAKER_TOOLS),
    ...(node.drbd === null ? {} : DRBD_TOOLS),
    ...(node.aoe === null ? {} : AOE_TOOLS),
  };
}
