// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf, type Said } from "@/agent/protocol/console/view";
import type { PacemakerConstraint, PacemakerFencing } from "@/agent/protocol/model/pacemaker";
import type { ClusterFacts, StoredEvent } from "./facts";
import { aged, said } from "./said";
import { roleIs } from "./service-roles";
import type { Testimony } from "./testimony";

/** Constraints a person should know of: left by tools, or forbidding a place. */
export function constraintEntities(shown: Testimony | null): [string, EntityOf<"constraint">][] {
  if (!shown) return [];
  return shown.value.constraints.flatMap((constraint) => {
    const judged = judgeConstraint(constraint);
    if (!judged) return [];
    const from = { node: shown.node, source: "pacemaker" as const };
    return [[keyOf.constraint(constraint.id), { kind: "constraint" as const, from, constraint, said: aged(judged, shown.standing) }]];
  });
}

/** The node a constraint speaks of: by name, or by its rule where that names one. */
export function constrainedNode({ node, rule }: PacemakerConstraint): string | null {
  return node ?? rule?.match(/#uname eq (\S+)/)?.[1] ?? null;
}

/** Where a constraint comes from, by the name its tool gives it. */
export function originOf({ id }: PacemakerConstraint): "ban" | "prefer" | "drbdFence" | "configuration" {
  if (id.startsWith("cli-ban-")) return "ban";
  if (id.startsWith("cli-prefer-")) return "prefer";
  if (id.startsWith("drbd-fence-by-handler-")) return "drbdFence";
  return "configuration";
}

function judgeConstraint(constraint: PacemakerConstraint): Said | null {
  const node = constrainedNode(constraint) ?? "a node";
  // Only a role that an instance may have beside another says more than the service itself.
  const isOfRole = constraint.role !== null && ["promoted", "unpromoted"].includes(roleIs(constraint.role));
  const role = isOfRole ? ` as ${constraint.role}` : "";
  const rule = constraint.rule ? ` Rule: ${constraint.rule}.` : "";
  switch (originOf(constraint)) {
    case "ban":
      return said("risk", `banned from ${node}${role}`, `Left over from a move or ban by hand.${rule}`);
    case "prefer":
      return said("risk", `held on ${node}${role}`, `Left over from a move by hand: it goes nowhere else while ${node} is there.${rule}`);
    case "drbdFence":
      return said("risk", "promotion locked by DRBD", `DRBD lost its peer and forbids promotion elsewhere until they are in sync.${rule}`);
    case "configuration":
      if (constraint.kind !== "location" || constraint.score !== "-INFINITY") return null;
      return said("absent", `never on ${node}${role}`, `So the configuration says.${rule}`);
  }
}

export function fencingEntities(shown: Testimony | null): [string, EntityOf<"fencing">][] {
  if (!shown) return [];
  return shown.value.fencing.map((fencing, index) => [
    keyOf.fencing(index),
    { kind: "fencing", from: { node: shown.node, source: "pacemaker" }, fencing, said: aged(judgeFencing(fencing), shown.standing) },
  ]);
}

function judgeFencing(fencing: PacemakerFencing): Said {
  const by = fencing.delegate ? ` by ${fencing.delegate}` : "";
  switch (fencing.status) {
    case "success":
      return said("ok", `fenced${by}`);
    case "pending":
      return said("busy", `being fenced${by}`, "Until it is done the cluster waits.");
    case "failed":
      return said("bad", "fencing failed", fencing.exitReason ?? "No reason given.");
    default:
      return said("unknown", fencing.status || "no status said");
  }
}

export function kernelEntities(facts: ClusterFacts): [string, EntityOf<"kernel">][] {
  return [...facts.nodes.values()].map((node) => [
    keyOf.kernel(node.node),
    { kind: "kernel", from: { node: node.node, source: "kernelLog" }, lines: [...node.kernelLines] },
  ]);
}

/** An event as views show it. */
export interface ShownEvent {
  id: number;
  key: string;
  entity: EntityOf<"event">;
}

/** Made once for each event: it never changes, and stands in many views of its cluster. */
export function shownEvent({ id, ...event }: StoredEvent): ShownEvent {
  return { id, key: keyOf.event(id), entity: { kind: "event", ...event } };
}
