// SPDX-License-Identifier: Apache-2.0
import type { AlertLabels, Matcher, Severity } from "@/agent/protocol/console/alerts";
import { type Entity, type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import { byName } from "@/server/cluster/words";

type Finding = EntityOf<"finding">;

interface Words {
  slug: string;
  environment: string | null;
}

/** By what an alert about a finding is told apart. */
export function labelsOf(id: string, finding: Finding, severity: Severity, cluster: Words, view: View): AlertLabels {
  const about = finding.about.flatMap((key) => view.get(key) ?? []);
  return {
    cluster: [cluster.slug],
    environment: cluster.environment === null ? [] : [cluster.environment],
    severity: [severity],
    rule: [finding.rule],
    finding: [id],
    node: unique(about.flatMap(nodesOf)),
    resource: unique(about.flatMap(resourcesOf)),
  };
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort(byName);
}

function nodesOf(entity: Entity): string[] {
  if (entity.kind === "node") return [entity.name];
  if (entity.kind === "mirror") return entity.copies.map(({ node }) => node);
  if (entity.kind === "ring") return entity.ends.map(({ node }) => node);
  if (entity.kind === "source") return [entity.node];
  if (entity.kind === "fencing") return [entity.fencing.target];
  if (entity.kind === "maintenance") return entity.node === null ? [] : [entity.node];
  // What runs on several nodes is read on one of them: that one is not what it is about.
  if (entity.kind === "resource" || entity.kind === "constraint") return [];
  return "from" in entity ? [entity.from.node] : [];
}

function resourcesOf(entity: Entity): string[] {
  if (entity.kind === "mirror" || entity.kind === "verify") return [entity.resource];
  if (entity.kind === "resource") return [entity.id];
  if (entity.kind === "constraint") return entity.constraint.resource === null ? [] : [entity.constraint.resource];
  if (entity.kind === "drbd") return [entity.resource];
  return [];
}

/** Whether every matcher fits; none fits everything. */
export function fits(matchers: readonly Matcher[], labels: AlertLabels): boolean {
  return matchers.every(({ label, values, isNot }) => labels[label].some((value) => values.includes(value)) !== isNot);
}

/** Whether an alert of a cluster can fit: by what is known of the cluster alone. */
export function mayFit(matchers: readonly Matcher[], slug: string, environment: string | null): boolean {
  const ofCluster = { cluster: [slug], environment: environment === null ? [] : [environment] };
  return matchers.every(({ label, values, isNot }) =>
    label === "cluster" || label === "environment" ? ofCluster[label].some((value) => values.includes(value)) !== isNot : true,
  );
}

/** Who holds still what a finding is about; null when nobody does. The end of a maintenance is the end of the quiet, whether it is over or not. */
export function maintenanceOf(labels: AlertLabels, view: View, nowMs: number): { says: string; untilMs: number | null } | null {
  const held = [...view.values()].flatMap((entity) => (entity.kind === "maintenance" && isHeld(entity, nowMs) ? [entity] : []));
  const all = held.find(({ node }) => node === null);
  const nodes = labels.node;
  const own = nodes.length > 0 && nodes.every((name) => held.some(({ node }) => node === name));
  const one = all ?? (own ? held.find(({ node }) => node === nodes[0]) : undefined);
  if (!one) return null;
  const what = one.node === null ? "the cluster" : one.node;
  const who = one.declared ? `, held by ${one.declared.owner}: ${one.declared.note}` : ", switched on elsewhere";
  return { says: `maintenance of ${what}${who}`, untilMs: one.declared?.endsAtMs ?? null };
}

function isHeld({ declared, said }: EntityOf<"maintenance">, nowMs: number): boolean {
  // While no node can be heard, what somebody declared until then still stands.
  return declared ? declared.endsAtMs > nowMs : said.level === "held";
}

/** The id of a finding from its key in the view. */
export function findingIdOf(key: string): string {
  return key.slice(keyOf.finding("").length);
}
