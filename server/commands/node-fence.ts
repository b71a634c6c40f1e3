// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { keyOf, type View } from "@/agent/protocol/console/view";
import { NodeName } from "@/agent/protocol/names";
import { every } from "@/server/findings/define";
import { defineCommand } from "./define";
import { FENCING } from "./guards/catalog";
import { leaving } from "./look";

/** Has the cluster power-cycle a node, now. */
export const nodeFence = defineCommand({
  verb: "node.fence",
  does: "The node is power-cycled at once: nothing on it is stopped cleanly, and what it had not written is lost.",
  args: z.object({ node: NodeName, action: z.enum(["reboot", "off"]) }),
  needs: "admin",
  isDisruptive: true,
  needsReason: true,
  guards: FENCING,
  title: ({ node, action }) => (action === "off" ? `Fence ${node} and leave it off` : `Fence ${node}`),
  typedName: ({ node }) => node,
  about: ({ node }) => [keyOf.node(node)],
  offer(view, key) {
    const node = view.get(key);
    if (node?.kind !== "node" || node.role !== "member") return null;
    return {
      args: { node: node.name },
      title: `Fence ${node.name}…`,
      fields: [
        {
          name: "action",
          label: "Then",
          kind: "choice",
          isRequired: true,
          choices: [
            { value: "reboot", label: "boot it again", refusal: null },
            { value: "off", label: "leave it off", refusal: null },
          ],
        },
      ],
      refusal: null,
    };
  },
  touched: (view, { node }) => leaving(view, node),
  steps: (_, { node, action }) => [{ kind: "fence", node, action }],
  plan: (_, __, steps) => steps.map((step) => ({ step })),
  settled: (view, { node }) => lastFencing(view, node) === "success",
  undo: () => null,
});

/** How the newest fencing of a node stands; null when there is none in the history. */
function lastFencing(view: View, node: string): string | null {
  return every(view, "fencing").find(([, { fencing }]) => fencing.target === node)?.[1].fencing.status ?? null;
}
