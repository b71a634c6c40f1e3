// SPDX-License-Identifier: Apache-2.0
import { type CibNode, childOf, cibNode, ensureChild, findById, readCib, sectionOf, setValue } from "@/sim/cib/tree";
import { clusterOf } from "@/sim/model/model";
import { touch } from "@/sim/model/scene";
import { planStep } from "@/sim/model/service-life";
import { lifetimeRule } from "@/sim/text/cib";
import { isoStamp, monitorStyleOf } from "@/sim/text/crm-mon";
import { renderXml } from "@/sim/text/xml";
import { done, EXIT, editCopy, needCluster, optionsOf, type Tool, type ToolAnswer, type ToolCall, ToolEnd, type ToolReach } from "./tool";

const LIST = [
  ...["move M", "ban B", "clear U", "cleanup C", "meta m", "master", "quiet Q", "force f"],
  ...["resource= r", "node= N", "lifetime= u", "set-parameter= p", "delete-parameter= d", "parameter-value= v"],
];
const NAMES: readonly string[] = ["primitive", "group", "clone", "master"];

/** `crm_resource`: constraints and meta attributes on a copy, and the cleanup of failures in the cluster itself. */
export const crmResource: Tool = (call, reach) => {
  // Before 2.1.0 promoted was called master.
  const { isModern } = monitorStyleOf(call.node.pacemakerVersion ?? "");
  const options = optionsOf("crm_resource", isModern ? [...LIST, "promoted"] : LIST, call.args);
  const id = options.get("resource");
  if (id === undefined) throw new ToolEnd(EXIT.usage, "crm_resource: Must supply a resource id with -r");
  if (options.has("cleanup")) return cleanup(call, reach, id, options.get("node") ?? null);
  if (options.has("move") || options.has("ban")) return constrain(call, id, options);
  if (options.has("meta")) return setMeta(call, id, options);
  throw new ToolEnd(EXIT.usage, "crm_resource: this simulated node only knows --move, --ban, --meta and --cleanup");
};

function resourceIn(cib: CibNode, id: string): CibNode {
  const found = findById(sectionOf(cib, "resources"), NAMES, id);
  if (!found) throw new ToolEnd(EXIT.noSuch, `crm_resource: Resource '${id}' not found\nError performing operation: No such object`);
  return found;
}

function setMeta(call: ToolCall, id: string, options: ReadonlyMap<string, string>): ToolAnswer {
  const [name, gone] = [options.get("set-parameter"), options.get("delete-parameter")];
  const value = options.get("parameter-value");
  if ((name === undefined || value === undefined) && gone === undefined)
    throw new ToolEnd(EXIT.usage, "crm_resource: say --set-parameter and --parameter-value, or --delete-parameter");
  editCopy(call, "crm_resource", (cib) => {
    const resource = resourceIn(cib, id);
    if (gone !== undefined && !childOf(resource, "meta_attributes")) return;
    const set = ensureChild(resource, "meta_attributes", `${id}-meta_attributes`);
    setValue(set, gone ?? name ?? "", gone === undefined ? (value ?? "") : null);
  });
  const own = `${id}-meta_attributes`;
  if (gone !== undefined) return done(`Deleted '${id}' option: id=${own}-${gone} name=${gone}\n`);
  return done(`Set '${id}' option: id=${own}-${name} set=${own} name=${name} value=${value}\n`);
}

function constrain(call: ToolCall, id: string, options: ReadonlyMap<string, string>): ToolAnswer {
  const isMove = options.has("move");
  const node = options.get("node");
  if (node === undefined) throw new ToolEnd(EXIT.usage, "crm_resource: on this simulated node only with --node");
  const { isModern } = monitorStyleOf(call.node.pacemakerVersion ?? "");
  const role = options.has("promoted") || options.has("master") ? (isModern ? "Promoted" : "Master") : "Started";
  const seconds = /^PT(\d+)S$/.exec(options.get("lifetime") ?? "")?.[1];
  if (options.has("lifetime") && seconds === undefined)
    throw new ToolEnd(EXIT.usage, "crm_resource: on this simulated node a lifetime is PTnS");
  const untilMs = seconds === undefined ? null : Date.now() + Number(seconds) * 1_000;
  editCopy(call, "crm_resource", (cib) => {
    resourceIn(cib, id);
    if (!sectionOf(cib, "nodes").content.some((one) => one.attributes.uname === node))
      throw new ToolEnd(EXIT.noSuch, `crm_resource: Node '${node}' not found\nError performing operation: No such object`);
    if (isMove && holds(cib, call, id, role, node))
      throw new ToolEnd(EXIT.exists, "crm_resource: Error performing operation: Requested item already exists");
    const constraints = sectionOf(cib, "constraints");
    // A move first takes back what banned the resource from there: a change of its own.
    if (isMove) constraints.content = constraints.content.filter((one) => one.attributes.id !== `cli-ban-${id}-on-${node}`);
  });
  editCopy(call, "crm_resource", (cib) => {
    const made = isMove
      ? location(`cli-prefer-${id}`, id, role, node, "INFINITY", untilMs)
      : location(`cli-ban-${id}-on-${node}`, id, role, node, "-INFINITY", untilMs);
    const constraints = sectionOf(cib, "constraints");
    const at = constraints.content.findIndex((one) => one.attributes.id === made.attributes.id);
    if (at < 0) constraints.content.push(made);
    else constraints.content[at] = made;
  });
  const until = untilMs === null ? "" : `Migration will take effect until: ${isoStamp(untilMs)}\n`;
  return { code: 0, stdout: until, stderr: isMove ? "" : warning(id, node, role) };
}

function location(id: string, rsc: string, role: string, node: string, score: string, untilMs: number | null): CibNode {
  if (untilMs === null) return cibNode("rsc_location", { id, rsc, role, node, score });
  return cibNode("rsc_location", { id, rsc, role }, [readCib(renderXml(lifetimeRule({ id, node, score }, untilMs)))]);
}

/** True when the resource is there already, as the copy's status has it. */
function holds(cib: CibNode, call: ToolCall, id: string, role: string, node: string): boolean {
  const services = call.cluster.pacemaker.services;
  const layer = services.flatMap(({ stack }) => stack).find(({ clone, drbd }) => clone === id || drbd === id);
  if (layer && role === "Started") return false;
  const ids = layer ? [layer.drbd] : (services.find(({ group }) => group === id)?.primitives.map((primitive) => primitive.id) ?? [id]);
  const lrm = childOf(
    childOf(childOf(cib, "status")?.content.find((one) => one.attributes.uname === node) ?? null, "lrm"),
    "lrm_resources",
  );
  return ids.every((one) => {
    const operations = childOf(lrm, "lrm_resource", one)?.content.map(({ attributes }) => attributes.operation) ?? [];
    return layer ? operations.includes("promote") : operations.includes("start");
  });
}

function warning(id: string, node: string, role: string): string {
  const what = role !== "Started" ? "being promoted" : "running";
  return [
    `WARNING: Creating rsc_location constraint 'cli-ban-${id}-on-${node}' with a score of -INFINITY for resource ${id} on ${node}.`,
    `\tThis will prevent ${id} from ${what} on ${node} until the constraint is removed using the clear option or by editing the CIB with an appropriate tool`,
    `\tThis will be the case even if ${node} is the last node in the cluster`,
    "",
  ].join("\n");
}

/** Failures are forgotten, and the cluster tries again. */
function cleanup(call: ToolCall, reach: ToolReach, id: string, node: string | null): ToolAnswer {
  needCluster(call, "crm_resource");
  const { services } = call.cluster.pacemaker;
  const group = services.find((service) => service.group === id);
  const clone = services.flatMap(({ stack }) => stack).find((layer) => layer.clone === id || layer.drbd === id);
  const ids = group?.primitives.map((primitive) => primitive.id) ?? (clone ? [clone.drbd] : [id]);
  const known = services.some((service) => service.primitives.some((primitive) => primitive.id === id));
  const isDevice = call.cluster.pacemaker.fenceDevices.some((device) => device.id === id);
  if (!group && !clone && !known && !isDevice)
    throw new ToolEnd(EXIT.noSuch, `crm_resource: Resource '${id}' not found\nError performing operation: No such object`);
  const nodes = call.cluster.pacemaker.members.map((member) => member.node).filter((name) => node === null || name === node);
  if (nodes.length === 0)
    throw new ToolEnd(EXIT.noSuch, `crm_resource: Node '${node}' not found\nError performing operation: No such object`);
  reach.change((scene) => {
    const cluster = clusterOf(scene.fleet, call.cluster.slug);
    const { pacemaker } = cluster;
    pacemaker.failures = pacemaker.failures.filter((failure) => !ids.includes(failure.resource) || !nodes.includes(failure.node));
    touch(scene, cluster);
    planStep(scene, cluster, 300);
  });
  const lines = nodes.flatMap((name) => ids.map((one) => `Cleaned up ${one} on ${name}`));
  return done(`${lines.join("\n")}\nWaiting for ${lines.length} replies from the controller${".".repeat(lines.length)} OK\n`);
}
