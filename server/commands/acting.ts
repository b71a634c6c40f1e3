// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import type { SourceName } from "@/agent/protocol/sources";
import type { ExpectedDrbd, Step } from "@/agent/protocol/steps";
import { every } from "@/server/findings/define";
import type { Touched } from "./define";

type Node = EntityOf<"node">;

/** What guards stand on: read anew on every node concerned before anything is done. */
export const READ_ANEW: readonly SourceName[] = ["pacemaker", "drbd", "corosync", "bonding", "iscsi", "aoe"];

/**
 * Whose agent acts: the DC's, or another member's by name, that is heard now and whose policy allows these steps.
 * @returns the node, or why there is none, as a sentence
 */
export function chooseActing(view: View, steps: readonly Step[], fixed: string | null): { node: string } | { refusal: string } {
  const kinds = [...new Set(steps.map(({ kind }) => kind))];
  // Nobody fences itself: it could not tell how it ended.
  const fenced = new Set(steps.flatMap((step) => (step.kind === "fence" ? [step.node] : [])));
  const members = every(view, "node")
    .map(([, node]) => node)
    .filter(({ role, name }) => (fixed === null ? role === "member" && !fenced.has(name) : name === fixed));
  const heard = members.filter(({ link }) => link === "live");
  const able = heard.filter((node) => kinds.every((kind) => node.steps?.includes(kind)));
  const best = able.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))[0];
  if (best) return { node: best.name };
  const who = fixed ?? "a member";
  if (heard.length === 0)
    return { refusal: `No agent that could act is heard now: ${fixed ?? "none of the members"} answers. Start the agent there.` };
  const missing = kinds.join(" and ");
  return {
    refusal: `No agent here may take the step ${missing}: allow it in /etc/quarterdeck/policy.json on ${who}, and restart its agent.`,
  };
}

function rank(node: Node): number {
  if (node.state.level !== "ok") return 2;
  return node.isDc ? 0 : 1;
}

/** The nodes whose facts are read anew: who acts, who loses, who gains, who holds a copy; clients have no say. */
export function concerned(view: View, actingNode: string, touched: Touched): string[] {
  const nodes = new Set([actingNode]);
  for (const node of [touched.from, touched.to]) if (node !== null) nodes.add(node);
  for (const key of touched.mirrors) {
    const mirror = view.get(key);
    if (mirror?.kind === "mirror") for (const { node } of mirror.copies) nodes.add(node);
  }
  // Where the cluster chooses, every member may be the one.
  if (touched.to === null) for (const [, { name, role }] of every(view, "node")) if (role === "member") nodes.add(name);
  return [...nodes].filter((name) => {
    const node = view.get(keyOf.node(name));
    return node?.kind === "node" && (node.link === "live" || name === actingNode);
  });
}

/** How DRBD on a node stands, word by word: what a step there expects still to be so. */
export function expectedDrbd(view: View, node: string): ExpectedDrbd[] {
  const devices = every(view, "drbd").flatMap(([, one]) => (one.from.node === node ? [one.device] : []));
  return devices
    .filter(({ unconfigured }) => !unconfigured)
    .map(({ minor, role, disk, peers }) => ({
      minor,
      role,
      disk,
      peers: peers.map(({ name, connection, replication, disk: theirs }) => ({ name, connection, replication, disk: theirs })),
    }))
    .sort((a, b) => a.minor - b.minor);
}
