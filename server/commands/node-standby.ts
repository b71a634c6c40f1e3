// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { keyOf, type View } from "@/agent/protocol/console/view";
import { NodeName } from "@/agent/protocol/names";
import { every } from "@/server/findings/define";
import { defineCommand } from "./define";
import { LEAVING } from "./guards/catalog";
import { leaving, nodeOf } from "./look";

/** Time for everything on a node to stop and start elsewhere: Pacemaker's own limits end it earlier. */
const LEAVE_MS = 300_000;

/** Takes everything off a node, and keeps it off until it is taken back. */
export const nodeStandby = defineCommand({
  verb: "node.standby",
  does: "Everything on the node stops or moves away, DRBD included, until it is taken back. It keeps its vote.",
  args: z.object({ node: NodeName }),
  needs: "operator",
  isDisruptive: true,
  guards: LEAVING,
  title: ({ node }) => `Standby ${node}`,
  typedName: ({ node }) => node,
  about: ({ node }) => [keyOf.node(node)],
  offer(view, key) {
    const node = view.get(key);
    if (node?.kind !== "node" || node.role !== "member" || node.isInStandby) return null;
    return { args: { node: node.name }, title: `Standby ${node.name}`, fields: [], refusal: null };
  },
  touched: (view, { node }) => leaving(view, node),
  steps: (view, { node }) => (isStandby(view, node) ? [] : [{ kind: "standby", node, on: true }]),
  plan: (_, { node }, steps) => [
    ...steps.map((step) => ({ step })),
    { says: `nothing runs on ${node}`, until: (view) => isStandby(view, node) && runsNothing(view, node), withinMs: LEAVE_MS },
  ],
  settled: (view, { node }) => isStandby(view, node) && runsNothing(view, node),
  undo: (_, { node }) => ({ verb: "node.unstandby", args: { node }, title: `Take ${node} back` }),
});

export function isStandby(view: View, name: string): boolean {
  return nodeOf(view, name)?.isInStandby === true;
}

function runsNothing(view: View, node: string): boolean {
  return every(view, "resource").every(([, { type, places }]) => type !== "primitive" || places.every((place) => place.node !== node));
}
