// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { keyOf, type View } from "@/agent/protocol/console/view";
import { NodeName } from "@/agent/protocol/names";
import { ResourceName } from "@/agent/protocol/steps";
import { defineCommand } from "./define";
import { CLEANING } from "./guards/catalog";
import { resourceOf } from "./look";
import { primitivesOf } from "./services";

/** Has Pacemaker forget a resource's failures and look again how it stands. */
export const resourceCleanup = defineCommand({
  verb: "resource.cleanup",
  does: "Its failures and fail counts are forgotten, and it is probed again. It cannot be simulated: what the probe finds decides.",
  args: z.object({ resource: ResourceName, node: NodeName.nullable().default(null) }),
  needs: "operator",
  isDisruptive: true,
  guards: CLEANING,
  title: ({ resource, node }) => `Clean up ${resource}${node === null ? "" : ` on ${node}`}`,
  typedName: ({ resource }) => resource,
  about: ({ resource, node }) => [keyOf.resource(resource), ...(node === null ? [] : [keyOf.node(node)])],
  offer(view, key) {
    const resource = view.get(key);
    if (resource?.kind !== "resource") return null;
    const isClean = failuresOf(view, resource.id, null) === 0;
    return {
      args: { resource: resource.id, node: null },
      title: `Clean up ${resource.id}`,
      fields: [],
      refusal: isClean ? `${resource.id} has no failure to forget.` : null,
    };
  },
  touched: (_, { resource, node }) => ({ from: node, to: null, isWholeNode: false, resources: [resource], mirrors: [] }),
  steps: (view, { resource, node }) => (failuresOf(view, resource, node) === 0 ? [] : [{ kind: "cleanup", resource, node }]),
  plan: (_, __, steps) => steps.map((step) => ({ step })),
  settled: (view, { resource, node }) => failuresOf(view, resource, node) === 0,
  undo: () => null,
});

function failuresOf(view: View, id: string, node: string | null): number {
  const resource = resourceOf(view, id);
  const failures = resource ? primitivesOf(view, resource).flatMap((primitive) => primitive.failures) : [];
  return failures.filter((failure) => node === null || failure.node === node).length;
}
