// SPDX-License-Identifier: Apache-2.0
import type { Pacemaker, PacemakerCollection, PacemakerResource } from "@/agent/protocol/model/pacemaker";
import { gauge, type Metrics, type Sample, witnesses } from "./define";

// Names, labels, spellings and types as ha_cluster_exporter has them (collector/pacemaker/pacemaker.go), so that what was made
// for it works here. `cluster` and `instance` (the node whose word it is) stand before its own labels.
const nodes = gauge(
  "ha_cluster_pacemaker_nodes",
  "The status of each node in the cluster; 1 means the node is in that status, 0 otherwise",
  ["cluster", "instance", "node", "type", "status"],
);
const attributes = gauge("ha_cluster_pacemaker_node_attributes", "Metadata attributes of each node; value is always 1", [
  "cluster",
  "instance",
  "node",
  "name",
  "value",
]);
const resources = gauge(
  "ha_cluster_pacemaker_resources",
  "The status of each resource in the cluster; 1 means the resource is in that status, 0 otherwise",
  ["cluster", "instance", "node", "resource", "role", "managed", "status", "agent", "group", "clone"],
);
const stonith = gauge("ha_cluster_pacemaker_stonith_enabled", "Whether or not stonith is enabled", ["cluster", "instance"]);
const maintenance = gauge("ha_cluster_pacemaker_maintenance_mode_enabled", "Whether or not cluster wide maintenance-mode is enabled", [
  "cluster",
  "instance",
]);
const failCount = gauge("ha_cluster_pacemaker_fail_count", "The Fail count number per node and resource id", [
  "cluster",
  "instance",
  "node",
  "resource",
]);
const threshold = gauge("ha_cluster_pacemaker_migration_threshold", "The migration_threshold number per node and resource id", [
  "cluster",
  "instance",
  "node",
  "resource",
]);
const constraints = gauge("ha_cluster_pacemaker_location_constraints", "Resource location constraints. The value indicates the score.", [
  "cluster",
  "instance",
  "constraint",
  "node",
  "resource",
  "role",
]);

interface By {
  cluster: string;
  instance: string;
}

/** Which words this reading only takes for no, because the tool that answered does not print them. */
function gapsOf({ unread }: Pacemaker): ReadonlySet<string> {
  return new Set(unread.map(({ what }) => what));
}

function ofNodes(by: By, value: Pacemaker, gaps: ReadonlySet<string>): Sample[] {
  return value.nodes.flatMap((node) => {
    const statuses = {
      online: node.online,
      standby: node.standby,
      maintenance: gaps.has("maintenance of a node") ? null : node.maintenance,
      pending: node.pending,
      unclean: node.unclean,
      shutdown: gaps.has("shutdown of a node") ? null : node.shutdown,
      standby_onfail: node.standbyOnFail,
      expected_up: node.expectedUp,
      dc: node.isDc,
    };
    const labels = { ...by, node: node.name, type: node.type ?? "" };
    return [
      ...Object.entries(statuses).flatMap(([status, is]) => nodes.of({ ...labels, status }, is)),
      ...Object.entries(node.attributes).flatMap(([name, text]) => attributes.of({ ...by, node: node.name, name, value: text }, 1)),
    ];
  });
}

/** The collections around a resource, as the exporter's two labels have room for. */
function placeOf({ parents }: PacemakerResource, collections: ReadonlyMap<string, PacemakerCollection>): { group: string; clone: string } {
  const around = parents.map((id) => collections.get(id));
  return {
    group: around.find((one) => one?.kind === "group")?.id ?? "",
    clone: around.find((one) => one?.kind === "clone" || one?.kind === "promotable")?.id ?? "",
  };
}

function ofResources(by: By, value: Pacemaker, gaps: ReadonlySet<string>): Sample[] {
  const isBlockedTold = !gaps.has("blocked") && !gaps.has("blocked of a resource");
  const collections = new Map(value.collections.map((collection) => [collection.id, collection]));
  return value.resources.flatMap((resource) => {
    const statuses = {
      // On a node that is gone it is only remembered: nobody knows whether it runs.
      active: resource.onOfflineNode ? null : resource.active,
      orphaned: resource.orphaned,
      blocked: isBlockedTold ? resource.blocked : null,
      failed: resource.failed,
      failure_ignored: resource.failureIgnored,
    };
    const labels = {
      ...by,
      resource: resource.id,
      role: resource.role.toLowerCase(),
      managed: String(resource.managed),
      agent: resource.agent,
      ...placeOf(resource, collections),
    };
    const places = resource.nodes.length > 0 ? resource.nodes : [""];
    return places.flatMap((node) => Object.entries(statuses).flatMap(([status, is]) => resources.of({ ...labels, node, status }, is)));
  });
}

/** So many failures are Pacemaker's infinity. The exporter says so of counts, and tells thresholds as they are. */
const INFINITY_COUNT = 1_000_000;

/** A score as Pacemaker writes it; null where the constraint has none of its own. */
function scoreOf(text: string | null): number | null {
  const sign = text?.startsWith("-") ? -1 : 1;
  if (text !== null && /^[+-]?INFINITY$/i.test(text)) return sign * Number.POSITIVE_INFINITY;
  return text !== null && /^[+-]?[0-9]{1,15}$/.test(text) ? Number.parseInt(text, 10) : null;
}

function ofConstraints(by: By, value: Pacemaker): Sample[] {
  return value.constraints.flatMap(({ id, kind, node, resource, role, score }) =>
    kind !== "location"
      ? []
      : constraints.of(
          { ...by, constraint: id, node: node ?? "", resource: resource ?? "", role: role?.toLowerCase() ?? "" },
          scoreOf(score),
        ),
  );
}

export const haPacemaker: Metrics = {
  title: "Pacemaker, as ha_cluster_exporter names it",
  families: [nodes, attributes, resources, stonith, maintenance, failCount, threshold, constraints],
  *samplesOf(cluster) {
    for (const { node, sources } of witnesses(cluster, "pacemaker")) {
      const reading = sources.pacemaker?.reading;
      if (reading?.status !== "ok") continue;
      const { value } = reading;
      const by = { cluster: cluster.facts.slug, instance: node };
      const gaps = gapsOf(value);
      // A CIB from the disk: what is configured, and not a word of what is.
      const ofNow = gaps.has("status") ? [] : [...ofNodes(by, value, gaps), ...ofResources(by, value, gaps)];
      yield* [
        ...ofNow,
        ...stonith.of(by, value.stonithEnabled),
        ...maintenance.of(by, gaps.has("maintenance-mode") ? null : value.maintenance),
        ...(value.histories ?? []).flatMap((history) => {
          const of = { ...by, node: history.node, resource: history.resource };
          const count = history.failCount >= INFINITY_COUNT ? Number.POSITIVE_INFINITY : history.failCount;
          return [...failCount.of(of, count), ...threshold.of(of, history.migrationThresholdCount)];
        }),
        ...ofConstraints(by, value),
      ];
    }
  },
};
