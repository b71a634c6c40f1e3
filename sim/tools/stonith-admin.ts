// SPDX-License-Identifier: Apache-2.0
import { askFence } from "@/sim/model/fence-life";
import { clusterOf, type FenceEvent, memberOf } from "@/sim/model/model";
import { ctime } from "@/sim/text/crm-mon";
import { done, EXIT, needCluster, optionsOf, type Tool, type ToolCall, ToolEnd } from "./tool";

const LIST = ["reboot= B", "off= F", "list= l", "history= H", "tolerance=", "timeout= t", "verbose V", "output-as="];

/** `stonith_admin`: fences, tells which devices can reach a node, and what was fenced before. */
export const stonithAdmin: Tool = async (call, reach) => {
  const options = optionsOf("stonith_admin", LIST, call.args);
  needCluster(call, "stonith_admin");
  const listed = options.get("list");
  if (listed !== undefined) return done(devices(call, listed));
  const history = options.get("history");
  if (history !== undefined) return done(historyOf(call.cluster.pacemaker.fencing, history));
  const action = options.has("off") ? "off" : "reboot";
  const target = options.get(action);
  if (target === undefined)
    throw new ToolEnd(EXIT.usage, "stonith_admin: this simulated node only knows --reboot, --off, --list and --history");
  if (!memberOf(call.cluster, target)) throw new ToolEnd(EXIT.noSuch, `stonith_admin: No such device`);
  const client = `stonith_admin.${call.pid}`;
  reach.change((scene) => askFence(scene, clusterOf(scene.fleet, call.cluster.slug), target, { action, client, origin: call.node.name }));
  await reach.until((fleet) => !isPending(clusterOf(fleet, call.cluster.slug).pacemaker.fencing, client));
  return done();
};

const isPending = (fencing: readonly FenceEvent[], client: string) =>
  fencing.some((event) => event.client === client && event.status === "pending");

function devices(call: ToolCall, target: string): string {
  const found = call.cluster.pacemaker.fenceDevices.filter((device) => device.target === target && device.node !== null);
  const many = `${found.length} fence device${found.length === 1 ? "" : "s"} found`;
  return found.length === 0 ? "0 fence devices found\n" : `${[...found.map((device) => device.id), many].join("\n")}\n`;
}

function historyOf(fencing: readonly FenceEvent[], target: string): string {
  const said = fencing
    .filter((event) => target === "*" || event.target === target)
    .map(({ action, target: node, delegate, client, origin, completedAtMs }) =>
      completedAtMs === null
        ? `${client} from ${origin} wishes to ${action} node ${node}`
        : `${client} from ${origin} used ${delegate} to ${action} node ${node}: completed at ${ctime(completedAtMs)}`,
    );
  return `${said.length === 0 ? "0 events found" : said.join("\n")}\n`;
}
