// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { roleIs } from "@/server/cluster/service-roles";
import { counted, joinWords } from "@/server/cluster/words";
import { clusterOf, every, mirrorName } from "@/server/findings/define";
import { defineGuard, type Found, type GuardContext } from "../define";
import { isThere, nodeOf, touchedResources } from "../look";
import { interruptions } from "./simulation";

// Maintenance and management, on and off: the verb tells which.

function isHolding({ verb }: GuardContext): boolean {
  return verb.endsWith(".maintenance-on");
}

function isReleasing({ verb }: GuardContext): boolean {
  return verb.endsWith(".maintenance-off") || verb === "resource.manage";
}

/** What maintenance does not switch off is said. */
export const fencingStaysLive = defineGuard({
  name: "fencing-stays-live",
  number: "5.1",
  check(context): Found[] {
    if (context.verb === "resource.unmanage") {
      const message = "Only this resource is left alone: the cluster still fences nodes, and moves all others around it.";
      return [{ level: "inform", message, about: [keyOf.cluster] }];
    }
    if (!isHolding(context)) return [];
    const message = "Only the care for services is switched off: fencing, SBD and DLM stay live, and a node that is lost is still fenced.";
    return [{ level: "warn", message, about: [keyOf.cluster] }];
  },
});

/** Pacemaker is not restarted on a node that is held by itself. */
export const pacemakerKeepsRunning = defineGuard({
  name: "pacemaker-keeps-running",
  number: "5.2",
  check(context) {
    const node = nodeOf(context.view, context.touched.from);
    if (!isHolding(context) || !node) return [];
    const message = `Do not restart Pacemaker on ${node.name} while it is held alone: it is then likely to be fenced, or its services start elsewhere as well. For that, hold the whole cluster.`;
    return [{ level: "warn", message, about: [keyOf.node(node.name)] }];
  },
});

/** Lockspaces stay when only the cluster's services are stopped: the node would fence itself when they start again. */
export const noLockspaceIsLeft = defineGuard({
  name: "no-lockspace-is-left",
  number: "5.6",
  check(context) {
    const { view, touched } = context;
    const isHeldNow = clusterOf(view)?.pacemaker?.maintenance === true || nodeOf(view, touched.from)?.isInMaintenance === true;
    const leaves = touched.isWholeNode && isHeldNow;
    if (!isHolding(context) && !leaves) return [];
    const up = every(view, "dlm").filter(
      ([, { from, dlm }]) => dlm.lockspaces.length > 0 && (touched.from === null || from.node === touched.from),
    );
    if (up.length === 0) return [];
    const names = joinWords([...new Set(up.flatMap(([, { dlm }]) => dlm.lockspaces.map(({ name }) => name)))].slice(0, 4));
    const where = joinWords(up.map(([, { from }]) => from.node));
    const message = `DLM holds ${names} on ${where}. Do not stop the cluster's services there under maintenance: it would fence itself when they start. Unmount, stop DLM, then the rest.`;
    return [{ level: leaves ? "block" : "warn", message, about: up.map(([key]) => key) }];
  },
});

/** Nothing runs on two nodes when the cluster takes over again: it would stop both. */
export const nothingRunsTwice = defineGuard({
  name: "nothing-runs-twice",
  number: "5.3",
  check(context) {
    if (!isReleasing(context)) return [];
    const isConcerned = new Set(touchedResources(context).map(({ id }) => id));
    const isAll = context.verb !== "resource.manage";
    return every(context.view, "resource").flatMap(([key, { id, said, places }]): Found[] => {
      if (said.word !== "running twice" || !(isAll || isConcerned.has(id))) return [];
      const nodes = joinWords([...new Set(places.filter(isThere).map(({ node }) => node))]);
      const message = `${id} runs on ${nodes} at once: the cluster would stop it everywhere. Stop all but one by hand first.`;
      return [{ level: "block", message, about: [key] }];
    });
  },
});

/** What people changed meanwhile is known to the cluster before it takes over again. */
export const nothingWasChangedByHand = defineGuard({
  name: "nothing-was-changed-by-hand",
  number: "5.3",
  check(context) {
    const { view } = context;
    if (!isReleasing(context) || context.verb === "resource.manage") return [];
    const drbds = every(view, "resource").filter(([, { agent }]) => agent?.endsWith(":drbd"));
    // Without a resource for it, DRBD is the people's own.
    if (drbds.length === 0) return [];
    const promoted = new Set(
      drbds.flatMap(([, { places }]) => places.filter(({ role }) => roleIs(role) === "promoted").map(({ node }) => node)),
    );
    return every(view, "mirror").flatMap(([key, mirror]): Found[] => {
      const odd = mirror.copies.filter(({ role, node, drbd }) => role === "Primary" && drbd !== null && !promoted.has(node));
      return odd.map(({ node }) => ({
        level: "block",
        message: `${mirrorName(mirror)} is Primary on ${node}, and Pacemaker knows of no promotion there: it was changed by hand. Put it back, or clean up so that the cluster looks again.`,
        about: [key, keyOf.node(node)],
      }));
    });
  },
});

/** What the cluster would do at once is listed; what it would take from a running service asks for the name. */
export const releaseChangesNothing = defineGuard({
  name: "release-changes-nothing",
  number: "5.3",
  check(context): Found[] {
    if (!isReleasing(context)) return [];
    const { ids, phrases, started } = interruptions(context);
    const found: Found[] = [];
    if (ids.length > 0) {
      const more = ids.length > phrases.length ? [counted(ids.length - phrases.length, "other")] : [];
      const message = `The cluster would act at once: ${joinWords([...phrases, ...more])}. Somebody changed that by hand, or it failed meanwhile: see why first.`;
      found.push({ level: "type", message, about: ids.map(keyOf.resource) });
    }
    if (started.length > 0) {
      const names = joinWords(started.length > 4 ? [...started.slice(0, 3), counted(started.length - 3, "other")] : started);
      found.push({ level: "warn", message: `The cluster would start ${names} at once.`, about: started.map(keyOf.resource) });
    }
    return found;
  },
});
