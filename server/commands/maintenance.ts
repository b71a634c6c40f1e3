// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import type { Run } from "@/agent/protocol/console/runs";
import { keyOf, type View } from "@/agent/protocol/console/view";
import { NodeName } from "@/agent/protocol/names";
import type { DeclaredMaintenance } from "@/server/cluster/maintenance";
import { type Command, defineCommand, type Guard, type OfferedArgs } from "./define";
import { MAINTENANCE } from "./guards/catalog";
import { leaving } from "./look";
import { movedBy } from "./services";

/** Whoever holds a cluster still says until when, and why: a maintenance without an end is forgotten. */
const Declared = z.object({ untilMs: z.number().int().positive(), note: z.string().trim().min(3).max(200) });
const OfNode = z.object({ node: NodeName });
const FIELDS = [
  { name: "untilMs", label: "Until", kind: "until", isRequired: true, choices: [] },
  { name: "note", label: "Why", kind: "text", isRequired: true, choices: [] },
] as const;

const ON =
  "The cluster starts, stops and recovers nothing there. Fencing and DLM stay live. Everybody sees who holds it, why and until when.";
const OFF = "The cluster takes over again, and may start, stop or fence at once: the preview says so.";

const LONGEST_MS = 90 * 86_400_000;

/** An end that is over, or that nobody lives to see, is a slip of the hand. */
function untilMisfit({ untilMs }: { untilMs: number }, nowMs: number): string | null {
  if (untilMs <= nowMs) return "The maintenance would be over already: say a time to come.";
  return untilMs - nowMs > LONGEST_MS ? "A maintenance lasts 90 days at the most: say an earlier end, and prolong it when needed." : null;
}

export const clusterMaintenanceOn = defineCommand({
  ...common("cluster.maintenance-on", ON, MAINTENANCE),
  args: Declared,
  misfit: untilMisfit,
  title: () => "Put the whole cluster into maintenance",
  typedName: () => "maintenance",
  about: () => [keyOf.cluster],
  offer: (view, key) => (key === keyOf.cluster && !isHeld(view, null) ? offered({}, "Maintenance of the whole cluster…", true) : null),
  touched: (view) => ({ from: null, to: null, isWholeNode: false, resources: allOn(view), mirrors: [] }),
  steps: (view) => (isHeld(view, null) ? [] : [{ kind: "maintenance", node: null, on: true }]),
  settled: (view) => isHeld(view, null),
  undo: () => ({ verb: "cluster.maintenance-off", args: {}, title: "End the maintenance of the cluster" }),
});

export const clusterMaintenanceOff = defineCommand({
  ...common("cluster.maintenance-off", OFF, MAINTENANCE),
  args: z.object({}),
  title: () => "End the maintenance of the cluster",
  typedName: () => "maintenance",
  about: () => [keyOf.cluster],
  offer: (view, key) => (key === keyOf.cluster && isHeld(view, null) ? offered({}, "End the maintenance of the cluster", false) : null),
  touched: (view, _, preview) => ({ from: null, to: null, isWholeNode: false, resources: movedBy(view, preview), mirrors: [] }),
  steps: (view) => (isHeld(view, null) ? [{ kind: "maintenance", node: null, on: false }] : []),
  settled: (view) => !isHeld(view, null),
  undo: () => null,
});

export const nodeMaintenanceOn = defineCommand({
  ...common("node.maintenance-on", ON, MAINTENANCE),
  args: Declared.extend(OfNode.shape),
  misfit: untilMisfit,
  title: ({ node }) => `Put ${node} into maintenance`,
  typedName: ({ node }) => node,
  about: ({ node }) => [keyOf.node(node)],
  offer(view, key) {
    const node = view.get(key);
    if (node?.kind !== "node" || node.role !== "member" || isHeld(view, node.name)) return null;
    return offered({ node: node.name }, `Maintenance of ${node.name}…`, true);
  },
  touched: (view, { node }) => ({ from: node, to: null, isWholeNode: false, resources: leaving(view, node).resources, mirrors: [] }),
  steps: (view, { node }) => (isHeld(view, node) ? [] : [{ kind: "maintenance", node, on: true }]),
  settled: (view, { node }) => isHeld(view, node),
  undo: (_, { node }) => ({ verb: "node.maintenance-off", args: { node }, title: `End ${node}'s maintenance` }),
});

export const nodeMaintenanceOff = defineCommand({
  ...common("node.maintenance-off", OFF, MAINTENANCE),
  args: OfNode,
  title: ({ node }) => `End ${node}'s maintenance`,
  typedName: ({ node }) => node,
  about: ({ node }) => [keyOf.node(node)],
  offer(view, key) {
    const node = view.get(key);
    if (node?.kind !== "node" || !isHeld(view, node.name)) return null;
    return offered({ node: node.name }, `End ${node.name}'s maintenance`, false);
  },
  touched: (view, { node }, preview) => ({ from: null, to: node, isWholeNode: false, resources: movedBy(view, preview), mirrors: [] }),
  steps: (view, { node }) => (isHeld(view, node) ? [{ kind: "maintenance", node, on: false }] : []),
  settled: (view, { node }) => !isHeld(view, node),
  undo: () => null,
});

function common(verb: string, does: string, guards: readonly Guard[]) {
  const plan: Command["plan"] = (_, __, steps) => steps.map((step) => ({ step }));
  return { verb, does, guards, needs: "operator" as const, isDisruptive: true, plan };
}

/** Whether the cluster (null) or a node is in maintenance now. */
function isHeld(view: View, node: string | null): boolean {
  return view.has(keyOf.maintenance(node));
}

function allOn(view: View): string[] {
  return [...view.values()].flatMap((entity) => (entity.kind === "resource" && entity.parents.length === 0 ? [entity.id] : []));
}

function offered(args: Record<string, unknown>, title: string, isAsked: boolean): OfferedArgs {
  return { args, title, fields: isAsked ? FIELDS.map((field) => ({ ...field, choices: [] })) : [], refusal: null };
}

const Ended = z.object({ node: NodeName.optional(), untilMs: z.number().optional(), note: z.string().optional() });

/** What a maintenance command that came true says of who holds what still: null when the verb is another one. `declared` null: it is over. */
export function maintenanceChange(
  verb: string,
  args: unknown,
  run: Run,
): { node: string | null; declared: DeclaredMaintenance | null } | null {
  const isOn = verb.endsWith(".maintenance-on");
  const given = Ended.safeParse(args);
  if (!given.success || !(isOn || verb.endsWith(".maintenance-off"))) return null;
  const { node = null, untilMs, note } = given.data;
  if (!isOn || untilMs === undefined || note === undefined) return { node, declared: null };
  return { node, declared: { node, owner: run.by, note, startedAtMs: run.startedAtMs, endsAtMs: untilMs } };
}
