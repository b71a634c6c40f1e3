// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { keyOf } from "@/agent/protocol/console/view";
import { LeftConstraint, ResourceName } from "@/agent/protocol/steps";
import { joinWords } from "@/server/cluster/words";
import { defineCommand } from "./define";
import { CLEARING } from "./guards/catalog";
import { leftOn, movedBy } from "./services";

/** Removes constraints that moves and bans left behind, whichever tool made them. */
export const resourceClear = defineCommand({
  verb: "resource.clear",
  does: "Removes what a move or ban left behind. The service may move then: the preview says so.",
  args: z.object({ resource: ResourceName, constraints: z.array(LeftConstraint).min(1).max(32) }),
  needs: "operator",
  isDisruptive: true,
  guards: CLEARING,
  title: ({ resource, constraints }) => `Clear ${joinWords(constraints)} of ${resource}`,
  typedName: ({ resource }) => resource,
  about: ({ resource, constraints }) => [keyOf.resource(resource), ...constraints.map((id) => keyOf.constraint(id))],
  offer(view, key) {
    const one = view.get(key);
    const resource = one?.kind === "constraint" ? one.constraint.resource : one?.kind === "resource" ? one.id : null;
    if (resource === null || resource === undefined) return null;
    const left = leftOn(view, resource).filter(({ id }) => one?.kind !== "constraint" || id === one.constraint.id);
    if (left.length === 0) return null;
    return {
      args: { resource, constraints: left.map(({ id }) => id) },
      title: left.length === 1 ? `Clear ${left[0]?.id ?? "it"}` : `Clear all ${left.length} left-over constraints`,
      fields: [],
      refusal: null,
    };
  },
  touched: (view, { resource }, preview) => ({
    from: null,
    to: null,
    isWholeNode: false,
    resources: movedBy(view, preview, resource),
    mirrors: [],
  }),
  steps: (view, { resource, constraints }) => {
    const there = leftOn(view, resource).flatMap(({ id }) => (constraints.includes(id) ? [id] : []));
    return there.length === 0 ? [] : [{ kind: "clear", resource, constraints: there }];
  },
  plan: (_, __, steps) => steps.map((step) => ({ step })),
  settled: (view, { resource, constraints }) => leftOn(view, resource).every(({ id }) => !constraints.includes(id)),
  undo: () => null,
});
