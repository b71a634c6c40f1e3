// SPDX-License-Identifier: Apache-2.0

import type { Location, Primitive, Service } from "./manager";
import { type Cluster, memberOf, mirrorOf } from "./model";
import { isOn } from "./scene";

/** Where the cluster wants a service. */
export interface Placement {
  /** By clone, the node on which its mirror is Primary; null: nowhere. */
  promoted: ReadonlyMap<string, string | null>;
  /** Where the group is: the node on which all its mirrors are Primary; null: there is none. */
  node: string | null;
  /** The primitives that may run there, in the group's order: none after one that may not. */
  runs: readonly Primitive[];
}

const INFINITY = 1_000_000;
/** What 2.1 calls promoted, and what older versions did. */
const PROMOTED: readonly string[] = ["Promoted", "Master"];
/** `resource-stickiness` of every primitive. */
const STICKINESS = 100;

/** True for a member that may be given work. */
export function canHost(cluster: Cluster, name: string): boolean {
  const member = memberOf(cluster, name);
  return member?.isOnline === true && !member.isPending && !member.isStandby && isOn(cluster, name);
}

function scoreOf({ score }: Location): number {
  if (score === "INFINITY") return INFINITY;
  return score === "-INFINITY" ? -INFINITY : Number(score);
}

/** What the constraints that count now say of some resources on a node; a ban outweighs everything. */
function wish(cluster: Cluster, ids: readonly string[], node: string, atMs: number, isForPromotion = true): number {
  const scores = cluster.pacemaker.constraints
    .filter((one) => ids.includes(one.resource) && one.node === node && (one.untilMs === null || atMs < one.untilMs))
    .filter((one) => isForPromotion || !PROMOTED.includes(one.role ?? ""))
    .map(scoreOf);
  if (scores.includes(-INFINITY)) return -INFINITY;
  return Math.min(
    INFINITY,
    scores.reduce((sum, score) => sum + score, 0),
  );
}

/** True when an instance of the mirror's clone belongs on the node, whatever its role. */
export function isCopyWanted(cluster: Cluster, clone: string, node: string, atMs: number): boolean {
  return canHost(cluster, node) && wish(cluster, [clone], node, atMs, false) > -INFINITY;
}

/** A resource that could not be started or stopped somewhere is not tried there again until somebody cleans up. */
function hasFailed(cluster: Cluster, resource: string, node: string): boolean {
  return cluster.pacemaker.failures.some((failure) => failure.resource === resource && failure.node === node);
}

function mayRun(cluster: Cluster, primitive: Primitive, node: string, atMs: number): boolean {
  return !hasFailed(cluster, primitive.id, node) && wish(cluster, [primitive.id], node, atMs) > -INFINITY;
}

/**
 * Where the constraints, the nodes and the mirrors want a service. Its mirrors are promoted where the group likes to be; so a ban of the
 * group moves them too, but with nowhere else to go they stay Primary. They are placed one after the other: what keeps the second from
 * a node does not keep the first from it, and then the group can run nowhere. Held to Pacemaker's own scheduler.
 */
export function placementOf(cluster: Cluster, service: Service, atMs: number): Placement {
  const promoted = new Map<string, string | null>();
  for (const layer of service.stack) {
    const [earlier = null] = [...promoted.values()];
    promoted.set(layer.clone, promotedNode(cluster, service, layer, earlier, atMs));
  }
  const [node = null, ...others] = new Set(promoted.values());
  if (node === null || others.length > 0 || wish(cluster, [service.group], node, atMs) === -INFINITY)
    return { promoted, node: null, runs: [] };
  const blocked = service.primitives.findIndex((primitive) => !mayRun(cluster, primitive, node, atMs));
  return { promoted, node, runs: blocked < 0 ? service.primitives : service.primitives.slice(0, blocked) };
}

/** `earlier`: where an earlier mirror of the service is Primary, to which the group is bound already. */
function promotedNode(
  cluster: Cluster,
  service: Service,
  { clone, mirror }: Service["stack"][number],
  earlier: string | null,
  atMs: number,
): string | null {
  const { copies } = mirrorOf(cluster, mirror);
  const holder = copies.find((copy) => copy.role === "Primary" && copy.isUp)?.node ?? null;
  const able = copies.filter(
    (copy) =>
      isCopyWanted(cluster, clone, copy.node, atMs) &&
      wish(cluster, [clone], copy.node, atMs) > -INFINITY &&
      copy.isUp &&
      (copy.disk === "UpToDate" || copy.node === holder),
  );
  const score = (name: string): number => {
    const own = [service.group, ...service.primitives.map(({ id }) => id)];
    const isBarred =
      (earlier !== null && name !== earlier) ||
      wish(cluster, own, name, atMs) === -INFINITY ||
      service.primitives.some(({ id }) => hasFailed(cluster, id, name));
    if (isBarred) return -INFINITY;
    const stays = service.primitives.filter((primitive) => primitive.node === name).length;
    return wish(cluster, [...own, clone], name, atMs) + (cluster.pacemaker.isHoming ? 0 : STICKINESS * stays);
  };
  // With nothing to gain it stays where it is.
  const ranked = able
    .map(({ node }) => ({ node, score: score(node) }))
    .sort((a, b) => b.score - a.score || (b.node === holder ? 1 : 0) - (a.node === holder ? 1 : 0));
  return ranked[0]?.node ?? null;
}

/** True when the cluster may start and stop the resource on the node. `owners`: the group or clone it is inside of. */
export function isManaged(cluster: Cluster, owners: readonly string[], node: string | null): boolean {
  const { pacemaker } = cluster;
  if (pacemaker.isMaintenance || owners.some((id) => pacemaker.managed[id] === false)) return false;
  return node === null || memberOf(cluster, node)?.isMaintenance !== true;
}
