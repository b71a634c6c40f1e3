// SPDX-License-Identifier: Apache-2.0
import { configure } from "@/sim/cib/configure";
import { applyPatch, sourceOf, versionOf } from "@/sim/cib/diff";
import { readCib, sectionOf, writeCib } from "@/sim/cib/tree";
import { clusterOf } from "@/sim/model/model";
import { touch } from "@/sim/model/scene";
import { planStep } from "@/sim/model/service-life";
import { renderCib } from "@/sim/text/cib";
import { cibOf } from "@/sim/tree/cib-view";
import { done, EXIT, editCopy, needCluster, optionsOf, readTheCib, type Tool, type ToolCall, ToolEnd, type ToolReach } from "./tool";

const LIST = ["query Q", "delete D", "patch P", "xml-file= x", "xml-text= X", "xpath= A", "scope= o", "local l", "sync-call s", "force f"];
/** Until the scheduler has thought about a change. */
const THINK_MS = 300;

/** `cibadmin`: queries (those of a copy; the cluster's own are answered by the script), deletes from a copy, patches the cluster. */
export const cibadmin: Tool = (call, reach) => {
  const options = optionsOf("cibadmin", LIST, call.args);
  if (options.has("query"))
    return done(writeCib(call.cibFile === null ? readCib(renderCib(cibOf(call.cluster))) : readTheCib(call, call.cibFile)));
  if (options.has("delete")) return deleteLocation(call, options);
  const file = options.get("xml-file");
  if (options.has("patch") && file !== undefined) return patch(call, reach, file);
  throw new ToolEnd(EXIT.usage, "cibadmin: this simulated node only knows --query, --delete and --patch --xml-file");
};

/** A location constraint named by an xpath or by its element. One that is gone already is no fault. */
function deleteLocation(call: ToolCall, options: ReadonlyMap<string, string>) {
  const text = options.get("xpath") ?? options.get("xml-text") ?? "";
  const id = /^(?:\/\/rsc_location\[@id=['"]|<rsc_location id=['"])([\w.-]+)['"]/.exec(text)?.[1];
  if (id === undefined) throw new ToolEnd(EXIT.usage, "cibadmin: this simulated node only deletes an rsc_location by its id");
  editCopy(call, "cibadmin", (cib) => {
    const constraints = sectionOf(cib, "constraints");
    constraints.content = constraints.content.filter((one) => one.name !== "rsc_location" || one.attributes.id !== id);
  });
  return done();
}

function patch(call: ToolCall, reach: ToolReach, file: string) {
  if (call.cibFile !== null) throw new ToolEnd(EXIT.usage, "cibadmin: this simulated node patches its cluster only");
  needCluster(call, "cibadmin");
  const wanted = readTheCib(call, file);
  const source = sourceOf(wanted);
  const now = readCib(renderCib(cibOf(call.cluster)));
  const current = versionOf(now);
  const isOld =
    source !== null &&
    (source.adminEpoch !== current.adminEpoch ||
      source.epoch !== current.epoch ||
      (source.numUpdates !== null && source.numUpdates !== current.numUpdates));
  if (isOld) throw new ToolEnd(EXIT.old, "Call cib_apply_diff failed: Update was older than existing configuration");
  try {
    applyPatch(now, wanted);
  } catch (error) {
    throw new ToolEnd(EXIT.schema, `Call cib_apply_diff failed: ${error instanceof Error ? error.message : String(error)}`);
  }
  reach.change((scene) => {
    const cluster = clusterOf(scene.fleet, call.cluster.slug);
    const { pacemaker } = cluster;
    configure(cluster, now);
    pacemaker.epoch = Math.max(pacemaker.epoch + 1, versionOf(now).epoch);
    pacemaker.lastChange = { atMs: scene.fleet.atMs, user: "root", client: "cibadmin", origin: call.node.name };
    touch(scene, cluster);
    pacemaker.numUpdates = 0;
    planStep(scene, cluster, THINK_MS);
    // When a lifetime ends nobody says so: the scheduler looks by itself.
    for (const { untilMs } of pacemaker.constraints) {
      if (untilMs !== null && untilMs > scene.fleet.atMs)
        scene.fleet.agenda.push({ atMs: untilMs, cluster: cluster.slug, act: { kind: "step" } });
    }
  });
  return done();
}
