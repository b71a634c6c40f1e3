// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { keyOf } from "@/agent/protocol/console/view";
import { NodeName } from "@/agent/protocol/names";
import { ResourceName } from "@/agent/protocol/steps";
import { defineCommand } from "./define";
import { BANNING } from "./guards/catalog";
import { members, resourceOf } from "./look";
import { leftOn, movedBy, nodeChoices, primariesOn, primitivesOf, topOf } from "./services";

const BAN_MS = 300_000;
const HOUR_S = 3_600;

/** A dialog's choice is text. */
const Hours = z.coerce.number("say for how many hours, 1 to 720").int().min(1).max(720);

/** Keeps a resource off a node, for some hours. */
export const resourceBan = defineCommand({
  verb: "resource.ban",
  does: "It leaves the node and stays away, for as long as you say. A ban without an end is forgotten sooner or later, and then missed.",
  args: z.object({ resource: ResourceName, node: NodeName, hours: Hours }),
  needs: "operator",
  isDisruptive: true,
  guards: BANNING,
  title: ({ resource, node, hours }) => `Ban ${resource} from ${node} for ${hours} h`,
  typedName: ({ resource }) => resource,
  about: ({ resource, node }) => [keyOf.resource(resource), keyOf.node(node)],
  offer(view, key) {
    const asked = view.get(key);
    const top = asked?.kind === "resource" ? topOf(view, asked.id) : null;
    if (!top) return null;
    return {
      args: { resource: top.id },
      title: `Ban ${top.id} from a node…`,
      fields: [
        { name: "node", label: "From node", kind: "choice", isRequired: true, choices: nodeChoices(members(view)) },
        {
          name: "hours",
          label: "For",
          kind: "choice",
          isRequired: true,
          choices: [1, 8, 24, 168].map((hours) => ({
            value: String(hours),
            label: hours < 24 ? `${hours} h` : `${hours / 24} d`,
            refusal: null,
          })),
        },
      ],
      refusal: null,
    };
  },
  touched: (view, { resource, node }, preview) => ({
    from: node,
    to: null,
    isWholeNode: false,
    resources: movedBy(view, preview, resource),
    mirrors: primariesOn(view, node),
  }),
  steps: (_, { resource, node, hours }) => [{ kind: "ban", resource, node, role: null, lifetimeSeconds: hours * HOUR_S }],
  plan: (_, { resource, node }, steps) => [
    ...steps.map((step) => ({ step })),
    { says: `${resource} is not on ${node}`, until: (view) => isOff(view, resource, node), withinMs: BAN_MS },
  ],
  settled: (view, { resource, node }) => isOff(view, resource, node),
  undo: (_, { resource, node }) => ({
    verb: "resource.clear",
    args: { resource, constraints: [`cli-ban-${resource}-on-${node}`] },
    title: `Let ${resource} run on ${node} again`,
  }),
});

function isOff(view: Parameters<typeof resourceOf>[0], resource: string, node: string): boolean {
  const entity = resourceOf(view, resource);
  const isBanned = leftOn(view, resource).some(({ id }) => id === `cli-ban-${resource}-on-${node}`);
  return entity !== null && isBanned && primitivesOf(view, entity).every(({ places }) => places.every((place) => place.node !== node));
}
