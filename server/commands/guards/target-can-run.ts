// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import { constrainedNode, originOf } from "@/server/cluster/history";
import { plainId } from "@/server/cluster/services";
import { counted, joinWords } from "@/server/cluster/words";
import { every } from "@/server/findings/define";
import { defineGuard, type Found, type GuardContext } from "../define";
import { isStanding, nodeOf, type Resource, resourceOf, takers, touchedResources, usableOthers } from "../look";

/** The node that is to take it is one of this cluster's, and takes services now. Pacemaker accepts any. */
export const targetIsUp = defineGuard({
  name: "target-is-up",
  number: "4.12",
  check({ view, touched }) {
    const { to } = touched;
    if (to === null) return [];
    const node = nodeOf(view, to);
    const block = (message: string): Found[] => [{ level: "block", message, about: node ? [keyOf.node(to)] : [] }];
    if (!node) return block(`There is no node ${to} in this cluster. Choose one of its nodes.`);
    if (node.role === "client") return block(`${to} is a client: it runs no services. Choose one of the storage nodes.`);
    if (node.isInMaintenance) return block(`${to} is in maintenance: the cluster would start nothing there. End that first.`);
    const { level, word } = node.state;
    if (word === "standby") return block(`${to} is in standby: nothing would start there. Take it back first.`);
    if (word === "pending") return block(`${to} is only joining the cluster. Wait until it is online.`);
    if (level === "bad" || word === "shutting down") return block(`${to} is ${word}: nothing can start there. Bring it back first.`);
    return [];
  },
});

/** A node that a command names is one that is known here. */
export const nodeIsKnown = defineGuard({
  name: "node-is-known",
  number: "3.13",
  check({ view, touched }) {
    if (touched.from === null || nodeOf(view, touched.from)) return [];
    return [{ level: "block", message: `There is no node ${touched.from} in this cluster. Choose one of its nodes.`, about: [] }];
  },
});

/** The resource that is meant is one of this cluster's. */
export const resourceIsKnown = defineGuard({
  name: "resource-is-known",
  number: "3.13",
  check({ view, touched }) {
    const unknown = touched.resources.find((id) => resourceOf(view, plainId(id)) === null);
    if (unknown === undefined) return [];
    return [{ level: "block", message: `There is no resource ${unknown} in this cluster. Choose one that it has.`, about: [] }];
  },
});

type Ban = readonly [string, EntityOf<"constraint">["constraint"]];
const bansByResource = new WeakMap<View, ReadonlyMap<string, readonly Ban[]>>();

/** What forbids a resource a place altogether, by resource; once per view. */
function bansIn(view: View): ReadonlyMap<string, readonly Ban[]> {
  const known = bansByResource.get(view);
  if (known) return known;
  const bans = new Map<string, Ban[]>();
  for (const [key, { constraint }] of every(view, "constraint")) {
    const { kind, score, role, resource } = constraint;
    // Of a role alone: it may still be there in the other one.
    const isWhole = role === null || role === "Started";
    if (kind !== "location" || score !== "-INFINITY" || !isWhole || resource === null || originOf(constraint) === "drbdFence") continue;
    bans.set(resource, [...(bans.get(resource) ?? []), [key, constraint]]);
  }
  bansByResource.set(view, bans);
  return bans;
}

/** Constraints that keep a resource, or what it stands in or is made of, off a node. */
function bansOf({ view }: Pick<GuardContext, "view">, { id, parents, children }: Resource, node: string): Ban[] {
  const bans = bansIn(view);
  if (bans.size === 0) return [];
  const own = [id, ...parents, ...children].flatMap((one) => bans.get(one) ?? []);
  return own.filter(([, constraint]) => constrainedNode(constraint) === node);
}

/** What stands for itself: members of a touched group are told with it. */
function outermost(context: GuardContext): Resource[] {
  const touched = touchedResources(context);
  const ids = new Set(touched.map(({ id }) => id));
  return touched.filter(({ parents }) => !parents.some((parent) => ids.has(parent)));
}

/** No constraint forbids the target. Of a whole node: each service has a place that no constraint forbids. */
export const targetIsNotBanned = defineGuard({
  name: "target-is-not-banned",
  number: "3.5",
  check(context) {
    const { view, touched } = context;
    const { to, from, isWholeNode } = touched;
    if (to !== null) {
      return outermost(context).flatMap((resource): Found[] =>
        bansOf(context, resource, to).map(([key, constraint]) => ({
          level: "block",
          message: `${resource.id} is banned from ${to} by ${constraint.id}. ${remedy(constraint.id)}`,
          about: [key, keyOf.resource(resource.id), keyOf.node(to)],
        })),
      );
    }
    if (!isWholeNode || from === null) return [];
    const others = usableOthers(view, from);
    if (others.length === 0) return [];
    return outermost(context).flatMap((resource): Found[] => {
      if (bansIn(view).size === 0 || !needsPlace(view, resource)) return [];
      const bans = others.map(({ name }) => ({ name, by: bansOf(context, resource, name) }));
      if (bans.some(({ by }) => by.length === 0)) return [];
      const ids = [...new Set(bans.flatMap(({ by }) => by.map(([, { id }]) => id)))];
      const where = joinWords(others.map(({ name }) => name));
      const message = `${resource.id} has no other place to run: ${joinWords(ids)} ${ids.length === 1 ? "keeps" : "keep"} it off ${where}. ${remedy(ids[0] ?? "")}`;
      return [{ level: "warn", message, about: [keyOf.resource(resource.id), ...bans.flatMap(({ by }) => by.map(([key]) => key))] }];
    });
  },
});

function remedy(id: string): string {
  return id.startsWith("cli-") ? "It is left over from a move or ban: clear it first." : "So the configuration says: choose another node.";
}

/** It is to run somewhere by itself: an instance of a clone, and a fence device, are not missed where they stop. */
function needsPlace(view: GuardContext["view"], { parents, type, agent }: Resource): boolean {
  if (agent?.startsWith("stonith:") || type === "clone" || type === "promotable") return false;
  return !parents.some((id) => {
    const parent = view.get(keyOf.resource(id));
    return parent?.kind === "resource" && (parent.type === "clone" || parent.type === "promotable");
  });
}

/** It has not failed there: the next failure may keep it off. */
export const targetDoesNotFail = defineGuard({
  name: "target-does-not-fail",
  number: "4.7",
  check(context) {
    const nodes = takers(context);
    return touchedResources(context).flatMap((resource): Found[] => {
      if (resource.failures.length === 0) return [];
      const failed = nodes.flatMap(({ name }) => {
        const own = resource.failures.filter(({ node }) => node === name);
        return own.length === 0 ? [] : [{ name, own }];
      });
      // Another one may take it: worth a word only where all that could have failed.
      if (failed.length === 0 || failed.length < nodes.length) return [];
      const named = failed.map(({ name, own }) => {
        const last = own.at(-1);
        const why = last ? last.exitReason || last.exitStatus : null;
        const count = last?.failCount ?? null;
        const howOft = count === null || count === "0" ? counted(own.length, "failure") : `fail count ${count}`;
        return `${name} (${last?.task ?? "operation"}, ${howOft}${why ? `: ${why}` : ""})`;
      });
      const message = `${resource.id} failed on ${joinWords(named)}: it may fail there again, or not be started at all. See why, then clean up.`;
      return [{ level: "warn", message, about: [keyOf.resource(resource.id), ...failed.map(({ name }) => keyOf.node(name))] }];
    });
  },
});

/** It was started there before, as far as the cluster remembers. */
export const targetIsProven = defineGuard({
  name: "target-is-proven",
  number: "3.5",
  check(context) {
    const nodes = takers(context);
    if (nodes.length === 0) return [];
    const names = new Set(nodes.map(({ name }) => name));
    const unproven = touchedResources(context).filter((resource) => {
      const { type, timings } = resource;
      if (type !== "primitive" || timings === undefined || !needsPlace(context.view, resource)) return false;
      return !timings.some(({ node }) => names.has(node));
    });
    if (unproven.length === 0) return [];
    const ids = unproven.slice(0, 4).map(({ id }) => id);
    const more = unproven.length > ids.length ? [counted(unproven.length - ids.length, "other")] : [];
    const where = joinWords(nodes.map(({ name }) => name));
    const message = `The cluster remembers no start or stop of ${joinWords([...ids, ...more])} on ${where}: whether it runs there is not proven.`;
    return [{ level: "inform", message, about: unproven.map(({ id }) => keyOf.resource(id)) }];
  },
});

/** The same software stands under it as where it is now. */
export const targetIsAlike = defineGuard({
  name: "target-is-alike",
  number: "3.5",
  check(context) {
    const { view, touched } = context;
    const from = nodeOf(view, touched.from)?.versions;
    if (!from) return [];
    const differing = takers(context).flatMap(({ name, versions }) => {
      const rows = (versions ?? []).flatMap(({ what, version }) => {
        const here = from.find((one) => one.what === what)?.version ?? null;
        return here === null || version === null || here === version ? [] : [{ what, says: `${what} ${version} there, ${here} here` }];
      });
      return rows.length === 0 ? [] : [{ name, rows }];
    });
    if (differing.length === 0) return [];
    const isGrave = differing.some(({ rows }) => rows.some(({ what }) => DECIDING.has(what)));
    const told = differing
      .slice(0, 3)
      .map(({ name, rows }) => `${name} differs from ${touched.from}: ${joinWords(rows.map(({ says }) => says))}.`);
    const more =
      differing.length > told.length
        ? ` So ${differing.length - told.length === 1 ? "does" : "do"} ${counted(differing.length - told.length, "other")}.`
        : "";
    const about = differing.map(({ name }) => keyOf.node(name));
    return [{ level: isGrave && !isStanding(context) ? "warn" : "inform", message: `${told.join(" ")}${more}`, about }];
  },
});

/** What decides how a service starts: another kernel alone is mostly an update under way. */
const DECIDING: ReadonlySet<string> = new Set(["DRBD module", "Pacemaker", "resource-agents", "vblade"]);
