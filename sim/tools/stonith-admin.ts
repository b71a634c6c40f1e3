// SPDX-License-Identifier: Apache-2.0
import { askFence } from "@/sim/model/fence-life";
import type { FenceDevice, FenceEvent } from "@/sim/model/manager";
import { clusterOf, memberOf } from "@/sim/model/model";
import { ctime, monitorStyleOf } from "@/sim/text/crm-mon";
import { element, renderXml } from "@/sim/text/xml";
import { done, EXIT, needCluster, optionsOf, type Tool, type ToolCall, ToolEnd } from "./tool";

const LIST = ["reboot= B", "fence= F", "off=", "list= l", "history= H", "tolerance=", "timeout= t", "verbose V"];

/** `stonith_admin`: fences, tells which devices can reach a node, and what was fenced before. */
export const stonithAdmin: Tool = async (call, reach) => {
  // Since 2.0.3 it speaks XML too.
  const { isLegacy } = monitorStyleOf(call.node.pacemakerVersion ?? "");
  const options = optionsOf("stonith_admin", isLegacy ? LIST : [...LIST, "output-as="], call.args);
  needCluster(call, "stonith_admin");
  const listed = options.get("list");
  if (listed !== undefined) return done(devices(call, listed, options.get("output-as") === "xml"));
  const history = options.get("history");
  if (history !== undefined) return done(historyOf(call.cluster.pacemaker.fencing, history));
  const off = options.get("fence") ?? options.get("off");
  const action = off === undefined ? "reboot" : "off";
  const target = off ?? options.get("reboot");
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

function devices(call: ToolCall, target: string, isXml: boolean): string {
  const found = call.cluster.pacemaker.fenceDevices.filter((device) => device.target === target && device.node !== null);
  if (isXml) return deviceXml(call, found);
  const many = `${found.length} fence device${found.length === 1 ? "" : "s"} found`;
  return found.length === 0 ? "0 fence devices found\n" : `${[...found.map((device) => device.id), many].join("\n")}\n`;
}

/** Source: list-1.1.rng of Pacemaker 2.1.5. */
function deviceXml(call: ToolCall, found: readonly FenceDevice[]): string {
  const { api } = monitorStyleOf(call.node.pacemakerVersion ?? "");
  const items = found.map((device) => element("item", {}, device.id));
  return renderXml(
    element("pacemaker-result", { "api-version": api, request: `stonith_admin ${call.args.join(" ")}` }, [
      element("list", { name: "fence devices", count: found.length }, items),
      element("status", { code: 0, message: "OK" }),
    ]),
  );
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
