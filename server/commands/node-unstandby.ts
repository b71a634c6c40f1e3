// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { keyOf } from "@/agent/protocol/console/view";
import { NodeName } from "@/agent/protocol/names";
import { defineCommand } from "./define";
import { RETURNING } from "./guards/catalog";
import { mirrorsOn, nodeOf } from "./look";
import { isStandby } from "./node-standby";
import { movedBy } from "./services";

/** Lets a node run services again. */
export const nodeUnstandby = defineCommand({
  verb: "node.unstandby",
  does: "The cluster may run services on the node again. Its copies of mirrors resync first.",
  args: z.object({ node: NodeName }),
  needs: "operator",
  isDisruptive: true,
  guards: RETURNING,
  title: ({ node }) => `Take ${node} back`,
  typedName: ({ node }) => node,
  about: ({ node }) => [keyOf.node(node)],
  offer(view, key) {
    const node = view.get(key);
    if (node?.kind !== "node" || !node.isInStandby) return null;
    return { args: { node: node.name }, title: `Take ${node.name} back from standby`, fields: [], refusal: null };
  },
  touched: (view, { node }, preview) => ({
    from: null,
    to: node,
    isWholeNode: false,
    resources: movedBy(view, preview),
    mirrors: mirrorsOn(view, node).map(([key]) => key),
  }),
  steps: (view, { node }) => (nodeOf(view, node)?.isInStandby !== true ? [] : [{ kind: "standby", node, on: false }]),
  plan: (_, __, steps) => steps.map((step) => ({ step })),
  settled: (view, { node }) => !isStandby(view, node) && nodeOf(view, node)?.state.level !== "bad",
  undo: (_, { node }) => ({ verb: "node.standby", args: { node }, title: `Standby ${node}` }),
});
