// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { keyOf } from "@/agent/protocol/console/view";
import { NodeName } from "@/agent/protocol/names";
import { defineCommand } from "./define";
import { DISCOVERING } from "./guards/catalog";

/** Asks the network for AoE targets. Changes nothing that is in use. */
export const aoeDiscover = defineCommand({
  verb: "aoe.discover",
  does: "The node asks the network which AoE targets there are. What is in use stays as it is; before and after are kept.",
  args: z.object({ node: NodeName }),
  needs: "operator",
  isDisruptive: false,
  guards: DISCOVERING,
  title: ({ node }) => `Discover AoE targets from ${node}`,
  typedName: ({ node }) => node,
  about: ({ node }) => [keyOf.node(node)],
  offer(view, key) {
    const node = view.get(key);
    const source = node?.kind === "node" ? view.get(keyOf.source(node.name, "aoe")) : undefined;
    if (node?.kind !== "node" || source?.kind !== "source" || source.status !== "ok") return null;
    if (![...view.values()].some((entity) => entity.kind === "aoe" && entity.from.node === node.name)) return null;
    return { args: { node: node.name }, title: `Discover AoE targets from ${node.name}`, fields: [], refusal: null };
  },
  touched: () => ({ from: null, to: null, isWholeNode: false, resources: [], mirrors: [] }),
  steps: () => [{ kind: "aoeDiscover" }],
  plan: (_, __, steps) => steps.map((step) => ({ step })),
  settled: () => true,
  undo: () => null,
  actingNode: ({ node }) => node,
  // The agent's own answer is all there is.
  isTold: () => true,
});
