// SPDX-License-Identifier: Apache-2.0

import type { Run } from "@/agent/protocol/console/runs";
import type { VerifyState } from "@/agent/protocol/console/verify";
import { type Entity, type EntityKind, type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import { SourceName } from "@/agent/protocol/sources";
import { safetyEntities } from "@/server/commands/safety";
import { RULES } from "@/server/findings/catalog";
import { withCauses } from "@/server/findings/causes";
import { type Finding, forgetKinds, type Rule } from "@/server/findings/define";
import { type Settling, settled, settlesAtMs } from "@/server/findings/settling";
import type { Alerting } from "./alerting";
import { clusterEntity, withHeadline } from "./cluster";
import type { ClusterFacts } from "./facts";
import { silentNodes } from "./freshness";
import { constraintEntities, fencingEntities, kernelEntities, type ShownEvent } from "./history";
import { type DeclaredMaintenance, maintenanceEntities } from "./maintenance";
import { nodeEntities } from "./nodes";
import { type Keyed, nodeParts, OF_ALL_NODES } from "./projectors";
import { same } from "./same";
import { serviceEntities } from "./services";
import { sourceEntities } from "./sources";
import { hear } from "./testimony";
import { verifyEntities } from "./verifies";

/** What the view needs beside the facts. */
export interface Surroundings extends Settling {
  /** The newest 60 events, newest first. */
  events: readonly ShownEvent[];
  /** Since when each finding holds, by finding id; one that is new holds since `nowMs`. */
  findingSince: ReadonlyMap<string, number>;
  /** Commands under way, and those that ended a little while ago. Missing: none. */
  runs?: readonly Run[];
  /** Maintenance that somebody declared. Missing: none. */
  declared?: readonly DeclaredMaintenance[];
  /** Names of the rules that are switched off. Missing: none. */
  rulesOff?: ReadonlySet<string>;
  /** What is known of verifies, by `keyOf.verify`. Missing: nothing is kept of this cluster's. */
  verifies?: ReadonlyMap<string, VerifyState>;
  /** What became of alerts. Missing: nobody is told of this cluster. */
  alerting?: Alerting;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * The view of a cluster: what a person sees, computed from testimony and the clock. Pure.
 * Entities that did not change keep their reference when `before` is the previous view.
 */
export function project(facts: ClusterFacts, around: Surroundings, before: View): View {
  const entities = new Map<string, Entity>();
  const put = (keyed: Keyed) => {
    for (const [key, entity] of keyed) entities.set(key, entity);
  };
  const hearing = hear(facts, around.nowMs, around.timing);
  const { rulesOff = NONE } = around;
  const off = RULES.filter(({ name }) => rulesOff.has(name)).map(({ doc }) => doc.title);
  const cluster = { ...clusterEntity(facts, hearing), ...(off.length > 0 ? { rulesOff: off } : {}) };
  entities.set(keyOf.cluster, cluster);
  for (const node of facts.nodes.values()) {
    put(sourceEntities(node, around.nowMs, around.timing));
    put(nodeParts(node, SourceName.options, around));
  }
  for (const join of OF_ALL_NODES) put(join(facts, entities, around));
  put(serviceEntities(hearing, silentNodes(facts, around)));
  put(constraintEntities(hearing.shown));
  put(fencingEntities(hearing.shown));
  put(nodeEntities(facts, hearing, entities, around, before));
  put((around.runs ?? []).map((run) => [keyOf.run(run.id), { kind: "run", ...run }]));
  put(verifyEntities(entities, around.verifies));
  put(maintenanceEntities(entities, around.declared ?? [], around.nowMs));
  put(kernelEntities(facts));
  for (const { key, entity } of around.events) entities.set(key, entity);
  const told: Timed[] = [];
  for (const rule of RULES) if (!rulesOff.has(rule.name)) told.push(...findingsOf(rule, entities, { ...around, told }));
  const findings = withCauses(told, entities);
  const unseen = RULES.filter(({ name, doc }) => doc.area === "sight" && rulesOff.has(name))
    .flatMap((rule) => findingsOf(rule, entities, { ...around, told }))
    .filter(({ level }) => level === "unknown" || level === "old");
  put(
    findings.map((finding): [string, EntityOf<"finding">] => {
      const { headline: _, joins: _joins, id, ...shown } = finding;
      const until = settlesAtMs(finding, entities, around);
      return [keyOf.finding(id), { kind: "finding", ...shown, ...alertOf(id, around), ...(until !== null && { settlesAtMs: until }) }];
    }),
  );
  entities.set(keyOf.cluster, withHeadline(cluster, findings, unseen, entities, before.get(keyOf.cluster), around.nowMs));
  const kept = keepReferences(entities, before);
  forgetKinds(kept);
  for (const [key, verdict] of safetyEntities(kept, before, around.nowMs)) entities.set(key, verdict);
  forgetKinds(kept);
  return kept;
}

function alertOf(id: string, { alerting }: Surroundings): Pick<EntityOf<"finding">, "alert"> {
  const alert = alerting?.of.get(id);
  return alert ? { alert } : {};
}

type Timed = Finding & { sinceMs: number };

function findingsOf(rule: Rule, entities: ReadonlyMap<string, Entity>, around: Surroundings & { told: readonly Timed[] }): Timed[] {
  return rule.find(entities, around).map((finding) => {
    const sinceMs = around.findingSince.get(finding.id) ?? finding.sinceMs ?? around.nowMs;
    return { ...settled({ ...finding, sinceMs }, around.nowMs), rule: rule.name };
  });
}

/**
 * Kinds that are remembered with their reading (`memo.ts`), and so come again as the same object. All others are made anew at every
 * view: kept here they would only fill the table, of which V8 lets go seldom.
 */
const REMEMBERED: ReadonlySet<EntityKind> = new Set(["bond", "resource", "drbd", "mirror", "ocfs2", "dlm"]);
/** Entities known to say the same as an earlier one, which stands for them: compared once, not at every view. */
const standIn = new WeakMap<Entity, Entity>();

/** What says the same stays the same object: nobody downstream has to compare it again. */
function keepReferences(entities: Map<string, Entity>, before: View): View {
  for (const [key, entity] of entities) {
    const known = before.get(key);
    if (known === undefined || known === entity) continue;
    const isRemembered = REMEMBERED.has(entity.kind);
    const isKnown = isRemembered && standIn.get(entity) === known;
    if (!isKnown && !same(known, entity)) continue;
    if (isRemembered && !isKnown) standIn.set(entity, known);
    entities.set(key, known);
  }
  return entities;
}
