// SPDX-License-Identifier: Apache-2.0
import { keyOf, type View } from "@/agent/protocol/console/view";
import { roleIs } from "@/server/cluster/service-roles";
import { counted, joinWords } from "@/server/cluster/words";
import { every } from "@/server/findings/define";
import { defineGuard, type Found } from "../define";
import { isFence, usual } from "../look";

const settledOf = new WeakMap<View, readonly Found[]>();

/** What is under way, once per view. A fencing pre-empts what services do, not another fencing. */
function underWay(view: View): readonly Found[] {
  const known = settledOf.get(view);
  if (known) return known;
  const moving = every(view, "resource").filter(([, { pending, places, type }]) => {
    if (type !== "primitive") return false;
    // A monitor under way changes nothing.
    return (pending !== undefined && pending !== "Monitoring") || places.some(({ role }) => roleIs(role) === "moving");
  });
  const nodes = every(view, "node").filter(([, { state }]) => state.word === "shutting down");
  const fenced = every(view, "fencing").filter(([, { fencing, said }]) => fencing.status === "pending" && said.level !== "old");
  const found: Found[] = [];
  if (moving.length > 0) {
    const named = moving.slice(0, 3).map(([, { id, pending, places }]) => {
      const place = places.find(({ role }) => roleIs(role) === "moving") ?? places[0];
      return `${id} is ${(pending ?? place?.role ?? "moving").toLowerCase()}${place ? ` on ${place.node}` : ""}`;
    });
    const more = moving.length > 3 ? [counted(moving.length - 3, "more operation")] : [];
    const message = `The cluster is at work: ${joinWords([...named, ...more])}. Wait until that has ended.`;
    found.push({ level: "block", message, about: moving.map(([key]) => key) });
  }
  for (const [key, { name }] of nodes) {
    found.push({ level: "block", message: `${name} is leaving the cluster. Wait until that has ended.`, about: [key] });
  }
  for (const [key, { fencing }] of fenced) {
    const message = `${fencing.target} is being fenced. Wait until that has ended.`;
    found.push({ level: "block", message, about: [key, keyOf.node(fencing.target)] });
  }
  settledOf.set(view, found);
  return found;
}

/** What holds the cluster still is wanted most while it is restless. */
function holdsStill(verb: string): boolean {
  return verb.endsWith(".maintenance-on") || verb === "resource.unmanage";
}

/** No operation is under way: only then does a simulation tell what will be. */
export const clusterIsSettled = defineGuard({
  name: "cluster-is-settled",
  number: "0.3",
  check(context) {
    const found = underWay(context.view);
    const target = context.touched.from;
    // A fencing does not wait, but for one of the same node.
    if (isFence(context)) {
      return found.filter(({ about = [] }) => target !== null && about[0]?.startsWith("fencing:") && about.includes(keyOf.node(target)));
    }
    return holdsStill(context.verb) ? found.map((one): Found => ({ ...one, level: "warn" })) : found;
  },
});

/**
 * A node that joins brings probes and moves with it. One whose Pacemaker was stopped looks the same, and may stay so for hours:
 * the others are still to be worked with.
 */
export const nobodyIsJoining = defineGuard({
  name: "nobody-is-joining",
  number: "0.3",
  check(context): Found[] {
    const { view, touched } = context;
    const joining = every(view, "node").filter(([, { state }]) => state.word === "pending");
    return joining.map(([key, { name }]) => {
      const isOwn = name === touched.from || name === touched.to;
      const message = isOwn
        ? `${name} is joining the cluster, or its Pacemaker is stopped. Wait until it is online.`
        : `${name} is joining the cluster, or its Pacemaker is stopped: services may move once it has joined.`;
      return { level: isOwn && !isFence(context) ? "block" : usual(context), message, about: [key] };
    });
  },
});
