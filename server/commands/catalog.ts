// SPDX-License-Identifier: Apache-2.0
import { aoeDiscover } from "./aoe-discover";
import type { Command } from "./define";
import { drbdVerify } from "./drbd-verify";
import { drbdVerifyStop } from "./drbd-verify-stop";
import { clusterMaintenanceOff, clusterMaintenanceOn, nodeMaintenanceOff, nodeMaintenanceOn } from "./maintenance";
import { nodeFence } from "./node-fence";
import { nodeStandby } from "./node-standby";
import { nodeUnstandby } from "./node-unstandby";
import { resourceBan } from "./resource-ban";
import { resourceCleanup } from "./resource-cleanup";
import { resourceClear } from "./resource-clear";
import { resourceManage, resourceUnmanage } from "./resource-managed";
import { resourceMove } from "./resource-move";

/** Every command, in the order in which they are offered. */
export const COMMANDS: readonly Command[] = [
  nodeStandby,
  nodeUnstandby,
  resourceMove,
  resourceBan,
  resourceClear,
  resourceCleanup,
  resourceUnmanage,
  resourceManage,
  clusterMaintenanceOn,
  clusterMaintenanceOff,
  nodeMaintenanceOn,
  nodeMaintenanceOff,
  drbdVerify,
  drbdVerifyStop,
  aoeDiscover,
  nodeFence,
];

export function commandOf(verb: string): Command | null {
  return COMMANDS.find((command) => command.verb === verb) ?? null;
}
