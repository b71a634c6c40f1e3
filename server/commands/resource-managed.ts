// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { keyOf, type View } from "@/agent/protocol/console/view";
import { ResourceName } from "@/agent/protocol/steps";
import { defineCommand } from "./define";
import { MANAGING, UNMANAGING } from "./guards/catalog";
import { resourceOf } from "./look";
import { movedBy, primitivesOf } from "./services";

const args = z.object({ resource: ResourceName });

/** Leaves a resource to people: the cluster neither starts nor stops it. */
export const resourceUnmanage = defineCommand({
  verb: "resource.unmanage",
  does: "The cluster leaves it alone: it neither starts, stops nor recovers it, until it is managed again.",
  args,
  needs: "operator",
  isDisruptive: true,
  guards: UNMANAGING,
  title: ({ resource }) => `Unmanage ${resource}`,
  typedName: ({ resource }) => resource,
  about: ({ resource }) => [keyOf.resource(resource)],
  offer: (view, key) => offerFor(view, key, true, "Unmanage"),
  touched: (_, { resource }) => ({ from: null, to: null, isWholeNode: false, resources: [resource], mirrors: [] }),
  steps: (view, { resource }) => (isManaged(view, resource) === false ? [] : [{ kind: "managed", resource, on: false }]),
  plan: (_, __, steps) => steps.map((step) => ({ step })),
  settled: (view, { resource }) => isManaged(view, resource) === false,
  undo: (_, { resource }) => ({ verb: "resource.manage", args: { resource }, title: `Manage ${resource} again` }),
});

/** Gives a resource back to the cluster. */
export const resourceManage = defineCommand({
  verb: "resource.manage",
  does: "The cluster takes care of it again, and may start, stop or recover it at once: the preview says so.",
  args,
  needs: "operator",
  isDisruptive: true,
  guards: MANAGING,
  title: ({ resource }) => `Manage ${resource}`,
  typedName: ({ resource }) => resource,
  about: ({ resource }) => [keyOf.resource(resource)],
  offer: (view, key) => offerFor(view, key, false, "Manage"),
  touched: (view, { resource }, preview) => ({
    from: null,
    to: null,
    isWholeNode: false,
    resources: movedBy(view, preview, resource),
    mirrors: [],
  }),
  steps: (view, { resource }) => (isManaged(view, resource) === true ? [] : [{ kind: "managed", resource, on: true }]),
  plan: (_, __, steps) => steps.map((step) => ({ step })),
  settled: (view, { resource }) => isManaged(view, resource) === true,
  undo: (_, { resource }) => ({ verb: "resource.unmanage", args: { resource }, title: `Unmanage ${resource}` }),
});

/** Null while it is not said of any part of it. */
function isManaged(view: View, id: string): boolean | null {
  const resource = resourceOf(view, id);
  const said = resource ? primitivesOf(view, resource).flatMap((one) => one.isManaged ?? []) : [];
  return said.length === 0 ? null : said.every(Boolean);
}

function offerFor(view: View, key: string, whileManaged: boolean, word: string) {
  const resource = view.get(key);
  if (resource?.kind !== "resource" || isManaged(view, resource.id) !== whileManaged) return null;
  return { args: { resource: resource.id }, title: `${word} ${resource.id}`, fields: [], refusal: null };
}
