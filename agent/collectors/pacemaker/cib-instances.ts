// SPDX-License-Identifier: Apache-2.0
import type { PacemakerResource } from "@/agent/protocol/model/pacemaker";
import type { XmlElement } from "@/agent/xml";
import { type Standing, standingOf } from "./cib-history";
import type { CibNode } from "./cib-nodes";
import { agentOf, type Configured, type ConfiguredResources } from "./cib-resources";
import { child, childrenOf, requiredWord } from "./fields";

interface Placed {
  lrmId: string;
  at: CibNode;
  history: XmlElement;
}

/** Circumstances that decide over every resource. */
export interface Reading {
  maintenance: boolean;
  /** With fencing, what a lost node ran counts until it is fenced; without, Pacemaker forgets it at once. */
  readsOffline: boolean;
}

/**
 * The resources with where they stand: one entry per active instance of a clone, one entry for anything else. A clone
 * with no active instance has one entry, Stopped. Also brings remote nodes online whose connection runs.
 */
export function readInstances(configured: ConfiguredResources, members: readonly CibNode[], reading: Reading): PacemakerResource[] {
  wakeRemotes(members, reading);
  const placed = members.flatMap((at) => (at.node.online || reading.readsOffline ? historiesOf(at) : []));
  const taken = new Set<Placed>();
  const resources: PacemakerResource[] = [];
  for (const primitive of configured.primitives) {
    const own = placed.filter(({ lrmId }) => belongs(lrmId, primitive));
    for (const each of own) taken.add(each);
    resources.push(...entriesOf(primitive, own, reading));
  }
  for (const each of placed) {
    if (taken.has(each)) continue;
    const implicit = implicitOf(each.lrmId, configured, members);
    const standing = standingOf(each.history, false);
    if (!standing.active) continue; // only probed there, or gone for good
    const made: Configured = {
      id: each.lrmId,
      parents: implicit ?? [],
      agent: agentOf(each.history),
      targetRole: null,
      managed: true,
      cloned: false,
      unique: false,
      promotable: false,
    };
    resources.push(entry(made, each.lrmId, standing, [each.at], reading, implicit === null));
  }
  return resources;
}

function historiesOf(at: CibNode): Placed[] {
  const lrm = at.state === null ? null : child(at.state, "lrm");
  const list = lrm === null ? null : child(lrm, "lrm_resources");
  return childrenOf(list, "lrm_resource").map((history) => ({ lrmId: requiredWord(history, "id"), at, history }));
}

/** A remote or guest node is online where a resource of its own name (the connection) runs on an online member. */
function wakeRemotes(members: readonly CibNode[], reading: Reading): void {
  const running = new Set(
    members
      .filter(({ node }) => node.online || reading.readsOffline)
      .flatMap(historiesOf)
      .filter(({ at, history }) => at.node.online && standingOf(history, false).active)
      .map(({ lrmId }) => lrmId),
  );
  for (const { node, isRemote } of members) if (isRemote && running.has(node.name)) node.online = true;
}

/** Clones of Pacemaker 1.0, and unique ones of all versions, number their instances: "ping:0". */
function belongs(lrmId: string, primitive: Configured): boolean {
  return (
    lrmId === primitive.id ||
    (primitive.cloned && lrmId.startsWith(`${primitive.id}:`) && /^[0-9]+$/.test(lrmId.slice(primitive.id.length + 1)))
  );
}

function entriesOf(primitive: Configured, own: readonly Placed[], reading: Reading): PacemakerResource[] {
  const standings = own
    .map((each) => ({ ...each, standing: standingOf(each.history, primitive.promotable) }))
    .filter(({ standing }) => standing.active);
  const [first] = standings;
  if (first === undefined) {
    const stopped: Standing = {
      role: "Stopped",
      active: false,
      failed: own.some((each) => standingOf(each.history, false).failed),
      pending: null,
    };
    return [entry(primitive, primitive.id, stopped, [], reading, false)];
  }
  if (primitive.cloned)
    return standings.map(({ lrmId, standing, at }) =>
      entry(primitive, primitive.unique ? lrmId : primitive.id, standing, [at], reading, false),
    );
  // Not a clone, yet on more than one node: one resource, and every place it stands at.
  const worst = standings.find(({ standing }) => standing.failed) ?? first;
  return [
    entry(
      primitive,
      primitive.id,
      worst.standing,
      standings.map(({ at }) => at),
      reading,
      false,
    ),
  ];
}

function entry(
  primitive: Configured,
  id: string,
  standing: Standing,
  at: readonly CibNode[],
  reading: Reading,
  orphaned: boolean,
): PacemakerResource {
  return {
    id,
    parents: [...primitive.parents],
    agent: primitive.agent,
    role: standing.role,
    targetRole: primitive.targetRole,
    active: standing.active,
    managed: primitive.managed && !reading.maintenance && !at.some(({ node }) => node.maintenance),
    failed: standing.failed,
    blocked: false,
    orphaned,
    pending: standing.pending,
    nodes: at.map(({ node }) => node.name),
    onOfflineNode: at.some(({ node }) => !node.online),
  };
}

/**
 * Resources that nobody configured but Pacemaker makes: the connection of a remote node, and a bundle's containers,
 * addresses and connections ("web-podman-0", "web-ip-192.168.1.5", "web-0"). Their parents, or null for a true orphan.
 */
function implicitOf(lrmId: string, configured: ConfiguredResources, members: readonly CibNode[]): string[] | null {
  for (const { id, kind } of configured.collections)
    if (
      kind === "bundle" &&
      lrmId.startsWith(`${id}-`) &&
      /^(?:(?:docker|podman|rkt)-[0-9]+|ip-[0-9A-Fa-f.:]+|[0-9]+)$/.test(lrmId.slice(id.length + 1))
    )
      return [id];
  return members.some(({ node, isRemote }) => isRemote && node.name === lrmId) ? [] : null;
}
