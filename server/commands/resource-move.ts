// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { keyOf, type View } from "@/agent/protocol/console/view";
import { NodeName } from "@/agent/protocol/names";
import { ResourceName, type Step, type StepPreview } from "@/agent/protocol/steps";
import { defineCommand } from "./define";
import { MOVING } from "./guards/catalog";
import { members, resourceOf } from "./look";
import { homeOf, leftOn, movedBy, nodeChoices, primariesOn, runsOn, topOf } from "./services";

const MOVE_MS = 300_000;
/** Where the constraint is all that keeps it there, it ends by itself after a working day. */
const KEPT_SECONDS = 8 * 3_600;

/** Moves a resource to a node, waits until it runs there, then removes the constraint that the move needed. */
export const resourceMove = defineCommand({
  verb: "resource.move",
  does: "It stops where it is and starts on the other node, with all that goes along. The constraint this needs is removed afterwards.",
  args: z.object({ resource: ResourceName, to: NodeName }),
  needs: "operator",
  isDisruptive: true,
  guards: MOVING,
  title: ({ resource, to }) => `Move ${resource} to ${to}`,
  typedName: ({ resource }) => resource,
  about: ({ resource, to }) => [keyOf.resource(resource), keyOf.node(to)],
  offer(view, key) {
    const asked = view.get(key);
    const top = asked?.kind === "resource" ? topOf(view, asked.id) : null;
    if (!top) return null;
    const home = homeOf(view, top.id);
    const others = members(view).filter(({ name }) => name !== home);
    return {
      args: { resource: top.id },
      title: `Move ${top.id}…`,
      fields: [{ name: "to", label: "To node", kind: "choice", isRequired: true, choices: nodeChoices(others) }],
      refusal:
        top.type === "clone"
          ? `${top.id} runs on every node that may have it: there is nothing to move. Ban it from a node instead.`
          : null,
    };
  },
  touched(view, { resource, to }, preview) {
    const id = topId(view, resource);
    const from = homeOf(view, id);
    return {
      from,
      to,
      isWholeNode: false,
      resources: movedBy(view, preview, id),
      mirrors: from === null ? [] : primariesOn(view, from),
    };
  },
  steps(view, { resource, to }, preview): Step[] {
    const id = topId(view, resource);
    if (runsOn(view, id, to)) return [];
    const role = resourceOf(view, id)?.type === "promotable" ? ("Promoted" as const) : null;
    if (preview && goesBack(preview)) return [{ kind: "prefer", resource: id, node: to, role, lifetimeSeconds: KEPT_SECONDS }];
    return [
      { kind: "prefer", resource: id, node: to, role, lifetimeSeconds: null },
      { kind: "clear", resource: id, constraints: [`cli-prefer-${id}`] },
    ];
  },
  plan(view, { resource, to }, steps) {
    const id = topId(view, resource);
    const [write, ...rest] = steps;
    if (!write) return [];
    return [
      { step: write },
      { says: `${id} runs on ${to}`, until: (now) => runsOn(now, id, to), withinMs: MOVE_MS },
      ...rest.map((step) => ({ step })),
    ];
  },
  settled(view, { resource, to }) {
    const id = topId(view, resource);
    return runsOn(view, id, to) && leftOn(view, id).every((one) => one.id !== `cli-prefer-${id}` || one.rule !== null);
  },
  undo(view, { resource }) {
    const home = homeOf(view, topId(view, resource));
    return home === null ? null : { verb: "resource.move", args: { resource, to: home }, title: `Move ${resource} back to ${home}` };
  },
});

function topId(view: View, resource: string): string {
  return topOf(view, resource)?.id ?? resource;
}

/** Without its constraint it would not stay: the second simulated step, its removal, moves things. */
function goesBack(preview: readonly StepPreview[]): boolean {
  return (preview[1]?.actions.length ?? 0) > 0;
}
