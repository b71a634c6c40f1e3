// SPDX-License-Identifier: Apache-2.0
import { aoeDiscover } from "./aoe-discover";
import type { Command } from "./define";
import { drbdConnect } from "./drbd-connect";
import { drbdDisconnect } from "./drbd-disconnect";
import { drbdTakeFromPeer } from "./drbd-take-from-peer";
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
  drbdDisconnect,
  drbdConnect,
  drbdTakeFromPeer,
  nodeFence,
];

export function commandOf(verb: string): Command | null {
  return COMMANDS.find((command) => command.verb === verb) ?? null;
}

/** A command that is in the catalogue by its own word. @throws when it is not */
export function commandFor(verb: string): Command {
  const command = commandOf(verb);
  if (!command) throw new Error(`There is no command ${verb}.`);
  return command;
}
