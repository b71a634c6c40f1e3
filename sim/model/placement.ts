// SPDX-License-Identifier: Apache-2.0
import { type Cluster, type Location, memberOf, mirrorOf, type Primitive, type Service } from "./model";
import { isOn } from "./scene";

/** Where the cluster wants a service. */
export interface Placement {
  /** The node on which its mirrors are Primary; null: nowhere. */
  promoted: string | null;
  /** The primitives that may run there, in the group's order: none after one that may not. */
  runs: readonly Primitive[];
}

const INFINITY = 1_000_000;
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
    .filter((one) => isForPromotion || one.role !== "Promoted")
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

/** The node on which a service is: where anything of it runs, else where its mirrors are Primary. */
export function holderOf(cluster: Cluster, service: Service): string | null {
  const running = service.primitives.find((primitive) => primitive.node !== null)?.node;
  if (running) return running;
  const primary = service.stack
    .flatMap((layer) => mirrorOf(cluster, layer.mirror).copies)
    .find((copy) => copy.role === "Primary" && copy.isUp && isOn(cluster, copy.node));
  return primary?.node ?? null;
}

/**
 * Where the constraints, the nodes and the mirrors want a service. The group is where all its mirrors are Primary, or stopped;
 * so a ban of the group moves the mirrors too, but with nowhere else to go they stay Primary. Held to Pacemaker's own scheduler.
 */
export function placementOf(cluster: Cluster, service: Service, atMs: number): Placement {
  const holder = holderOf(cluster, service);
  const able = service.order.filter((name) =>
    service.stack.every((layer) => {
      if (!isCopyWanted(cluster, layer.clone, name, atMs) || wish(cluster, [layer.clone], name, atMs) === -INFINITY) return false;
      const copy = mirrorOf(cluster, layer.mirror).copies.find((candidate) => candidate.node === name);
      return copy?.isUp === true && (copy.disk === "UpToDate" || name === holder);
    }),
  );
  const score = (name: string): number => {
    const own = [service.group, ...service.primitives.map(({ id }) => id)];
    const isBanned = wish(cluster, own, name, atMs) === -INFINITY || service.primitives.some(({ id }) => hasFailed(cluster, id, name));
    if (isBanned) return -INFINITY;
    const liked = wish(cluster, [...own, ...service.stack.map(({ clone }) => clone)], name, atMs);
    return liked + (name === holder ? STICKINESS * service.primitives.length : 0);
  };
  const [first = null, ...others] = able;
  const promoted = others.reduce((best, name) => (best === null || score(name) > score(best) ? name : best), first);
  // With nothing to gain it stays where it is.
  const chosen = holder !== null && promoted !== null && able.includes(holder) && score(holder) === score(promoted) ? holder : promoted;
  if (chosen === null || wish(cluster, [service.group], chosen, atMs) === -INFINITY) return { promoted: chosen, runs: [] };
  const blocked = service.primitives.findIndex((primitive) => !mayRun(cluster, primitive, chosen, atMs));
  return { promoted: chosen, runs: blocked < 0 ? service.primitives : service.primitives.slice(0, blocked) };
}

/** True when the cluster may start and stop the resource on the node. `owners`: the group or clone it is inside of. */
export function isManaged(cluster: Cluster, owners: readonly string[], node: string | null): boolean {
  const { pacemaker } = cluster;
  if (pacemaker.isMaintenance || owners.some((id) => pacemaker.unmanaged.includes(id))) return false;
  return node === null || memberOf(cluster, node)?.isMaintenance !== true;
}
