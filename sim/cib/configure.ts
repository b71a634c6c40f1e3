// SPDX-License-Identifier: Apache-2.0

import type { Location } from "@/sim/model/manager";
import type { Cluster } from "@/sim/model/model";
import { type CibNode, childOf, findById, sectionOf, valueIn } from "./tree";

const RESOURCES: readonly string[] = ["primitive", "group", "clone", "master"];
const TRUE: readonly string[] = ["true", "on", "yes", "1"];
const isTrue = (value: string | null): boolean => value !== null && TRUE.includes(value.toLowerCase());

/** Makes a cluster what its configuration says: what `cibOf` writes is read back by this, and by nothing else. */
export function configure(cluster: Cluster, cib: CibNode): void {
  const { pacemaker } = cluster;
  const properties = childOf(sectionOf(cib, "crm_config"), "cluster_property_set");
  pacemaker.isMaintenance = isTrue(valueIn(properties, "maintenance-mode"));
  const nodes = sectionOf(cib, "nodes").content;
  for (const member of pacemaker.members) {
    const own = childOf(nodes.find((node) => node.attributes.uname === member.node) ?? null, "instance_attributes");
    member.isStandby = isTrue(valueIn(own, "standby"));
    member.isMaintenance = isTrue(valueIn(own, "maintenance"));
  }
  const resources = sectionOf(cib, "resources");
  pacemaker.managed = Object.fromEntries(
    idsOf(resources).flatMap((id) => {
      const value = valueIn(childOf(findById(resources, RESOURCES, id), "meta_attributes"), "is-managed");
      return value === null ? [] : [[id, isTrue(value)]];
    }),
  );
  pacemaker.constraints = sectionOf(cib, "constraints").content.flatMap((one) => (one.name === "rsc_location" ? [locationOf(one)] : []));
}

function idsOf(node: CibNode): string[] {
  return node.content.flatMap((child) => [...(RESOURCES.includes(child.name) ? [child.attributes.id ?? ""] : []), ...idsOf(child)]);
}

function locationOf(one: CibNode): Location {
  const { id = "", rsc = "", role, node, score } = one.attributes;
  const rule = childOf(one, "rule");
  const end = childOf(rule, "date_expression")?.attributes.end;
  return {
    id,
    resource: rsc,
    node: node ?? childOf(rule, "expression")?.attributes.value ?? "",
    score: score ?? rule?.attributes.score ?? "0",
    role: role ?? null,
    untilMs: end === undefined ? null : Date.parse(end.replace(" ", "T")),
  };
}
