// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { byName, joinWords } from "@/server/cluster/words";
import { defineRule, every, type ViewSoFar } from "./define";
import { aboutOf, OVER, STILL_SO } from "./standing";

type Node = EntityOf<"node">;

/** What a service on another member needs, and whose absence its own tool tells for sure. */
const NEEDED: ReadonlySet<string> = new Set(["DRBD utilities"]);
/** Told by rules of their own. */
const APART: ReadonlySet<string> = new Set(["DRBD module", "Pacemaker"]);

/** How parts of the source begin that say nothing of a version: what services need on the node. */
const OF_SERVICES = "services: ";

const versionOf = (node: Node, what: string) => node.versions?.find((row) => row.what === what)?.version ?? null;

/** Members whose versions were all read, and lately. */
function members(view: ViewSoFar): [string, Node][] {
  return every(view, "node").filter(([, { name, role, versions }]) => {
    const source = view.get(keyOf.source(name, "versions"));
    const isWhole =
      source?.kind === "source" &&
      source.status === "ok" &&
      source.freshness === "live" &&
      !source.unread.some(({ what }) => !what.startsWith(OF_SERVICES));
    return role === "member" && versions !== undefined && isWhole;
  });
}

/** A member without what another one works with: what is moved there does not come up. */
export const nodeLacks = defineRule({
  name: "node-lacks",
  doc: {
    area: "nodes",
    title: "A node lacks what another has",
    means: "A service that is moved there finds its tools missing.",
    levels: ["risk"],
    fires: "A member has no DRBD utilities, and another one, with which it shares mirrors, has.",
    not: "A node whose versions were not all read. Packages of resource agents and vblade may be built by hand: their absence is not certain, and is shown with the node's versions alone. What the services themselves need there is a rule of its own.",
    todo: "Install them in the same version.",
    needs: [95, 103, 121],
  },
  find(view) {
    const sharing = new Set(every(view, "mirror").flatMap(([, { copies }]) => copies.map(({ node }) => node)));
    return members(view).flatMap(([key, node]) => {
      const lacks = (node.versions ?? []).filter(({ what, version, differs }) => NEEDED.has(what) && version === null && differs !== null);
      if (lacks.length === 0 || !sharing.has(node.name)) return [];
      return [
        {
          id: `node-lacks:${node.name}`,
          level: "risk" as const,
          title: `${node.name} lacks ${joinWords(lacks.map(({ what }) => what))}`,
          why: lacks.map(({ what, differs }) => `${what}: ${differs}.`).join(" "),
          todo: `Install the same version on ${node.name}, before anything is moved there.`,
          about: [key],
        },
      ];
    });
  },
  // Only that it has them now: what another one has may just not be read.
  over: (id, view) => {
    const node = view.get(keyOf.node(aboutOf(id)));
    const has = (what: string) => node?.kind === "node" && node.versions?.some((one) => one.what === what && one.version !== null);
    return [...NEEDED].every(has) ? OVER : STILL_SO;
  },
});

/** Nodes of one mirror with different DRBD: legal while an upgrade runs, and worth a word. */
export const drbdVersions = defineRule({
  name: "drbd-versions",
  doc: {
    area: "mirrors",
    title: "The sides of a mirror run different DRBD",
    means:
      "Different versions may talk to each other for the time of an upgrade; a mirror is not meant to stay so. Utilities of 8.4 and older cannot steer a module of 9.",
    levels: ["risk", "absent"],
    fires: "The loaded modules of two nodes of a mirror differ; or utilities of 8.4 or older stand beside a module of 9.",
    not: "Nodes that share no mirror; a node whose module is not known.",
    todo: "Finish the upgrade, one change at a time.",
    needs: [1, 2, 7, 9],
  },
  find(view) {
    const nodes = new Map(every(view, "node").map(([, node]) => [node.name, node]));
    const found = new Map<string, { names: string[]; keys: string[]; text: string }>();
    for (const [key, { copies, resource }] of every(view, "mirror")) {
      const versions = new Map<string, string[]>();
      for (const { node } of copies) {
        const version = nodes.get(node)?.drbdVersion ?? null;
        if (version !== null) versions.set(version, [...(versions.get(version) ?? []), node].sort(byName));
      }
      if (versions.size < 2) continue;
      const text = joinWords([...versions].map(([version, names]) => `${version} on ${joinWords(names)}`).sort(byName));
      const known = found.get(text);
      found.set(text, { names: [...new Set([...(known?.names ?? []), resource])], keys: [...(known?.keys ?? []), key], text });
    }
    const skew = [...found.values()].map(({ names, keys, text }) => ({
      id: `drbd-versions:${text}`,
      level: "absent" as const,
      title: `${joinWords(names)}: DRBD ${text}`,
      why: "They may talk to each other while an upgrade runs; a mirror is not meant to stay like that.",
      todo: "Finish the upgrade: DRBD on one node at a time, each time until all is in sync; the kernel after it.",
      about: keys,
    }));
    const old = members(view).flatMap(([key, node]) => {
      const utils = versionOf(node, "DRBD utilities");
      const module = versionOf(node, "DRBD module");
      if (!utils || !module || !/^8\.[0-4]\b/.test(utils) || !module.startsWith("9.")) return [];
      return [
        {
          id: `drbd-versions:${node.name}`,
          level: "risk" as const,
          title: `${node.name}: utilities ${utils} beside DRBD ${module}`,
          why: "Utilities of 8.4 and older cannot steer a module of DRBD 9.",
          todo: `Install drbd-utils 9 on ${node.name}.`,
          about: [key],
        },
      ];
    });
    return [...skew, ...old];
  },
});

/** What else is not the same on all members. Good to know before the next failover. */
export const versionDrift = defineRule({
  name: "version-drift",
  doc: {
    area: "nodes",
    title: "Members differ in their versions",
    means: "A service fails over to a node that was not upgraded.",
    levels: ["absent"],
    fires: "System, kernel, Corosync, DRBD utilities, resource agents or vblade of two members differ.",
    not: "Clients, nodes whose versions were not all read, DRBD's module and Pacemaker (rules of their own). Configuration files are not compared, but for those that other rules name.",
    todo: "Bring them to one version, one node at a time.",
    needs: [7, 95, 96, 33],
  },
  find(view) {
    const all = members(view);
    const names = [
      ...new Set(
        all.flatMap(([, { versions = [] }]) =>
          versions.flatMap(({ what, differs }) => (differs !== null && !APART.has(what) ? [what] : [])),
        ),
      ),
    ];
    const told = names.flatMap((what) => {
      const versions = new Map<string, string[]>();
      for (const [, node] of all) {
        const row = node.versions?.find((one) => one.what === what);
        // No row: it is not known there, which is not the same as none.
        if (row === undefined) continue;
        const version = row.version ?? "none";
        versions.set(version, [...(versions.get(version) ?? []), node.name].sort(byName));
      }
      return versions.size < 2 ? [] : [`${what}: ${joinWords([...versions].map(([version, on]) => `${version} on ${joinWords(on)}`))}.`];
    });
    if (told.length === 0) return [];
    return [
      {
        id: "version-drift",
        level: "absent" as const,
        title: `Members differ: ${joinWords(told.map((text) => text.split(":")[0] ?? ""))}`,
        why: told.slice(0, 4).join(" "),
        todo: "Bring them to one version, one node at a time, while the others are well.",
        about: all.map(([key]) => key),
      },
    ];
  },
});
