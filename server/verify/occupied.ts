// SPDX-License-Identifier: Apache-2.0
import { type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import { every, mirrorName } from "@/server/findings/define";

type Mirror = EntityOf<"mirror">;

/** What a verify or a resync takes for itself: the nodes at both ends, and the replication link between them. */
export interface Ground {
  nodes: ReadonlySet<string>;
  /** Address pairs, "10.0.0.1 10.0.0.2", the lesser first. Empty where no side's settings say them. */
  links: ReadonlySet<string>;
}

/** Something under way on a ground. */
export interface Occupant extends Ground {
  /** Key of its mirror. */
  mirror: string;
  name: string;
  does: "verify" | "resync";
  percent: number | null;
  /** Until it is through; null when not known. */
  leftMs: number | null;
}

const linksByView = new WeakMap<View, ReadonlyMap<string, ReadonlySet<string>>>();

/** The address pairs of every mirror, by its key, from the settings of all its sides. */
function linksIn(view: View): ReadonlyMap<string, ReadonlySet<string>> {
  const known = linksByView.get(view);
  if (known) return known;
  const links = new Map<string, Set<string>>();
  for (const [, { mirror, settings }] of every(view, "drbd")) {
    for (const { local, remote } of settings?.connections ?? []) {
      if (local === null || remote === null) continue;
      const own = links.get(mirror) ?? new Set<string>();
      links.set(mirror, own.add([local.address, remote.address].sort().join(" ")));
    }
  }
  linksByView.set(view, links);
  return links;
}

/** The ground of a mirror: every node that holds a copy, every link between them. */
export function groundOf(view: View, key: string, mirror: Mirror): Ground {
  return { nodes: new Set(mirror.copies.map(({ node }) => node)), links: linksIn(view).get(key) ?? new Set() };
}

/** What verifies or resyncs in a cluster now, whoever began it. */
export function occupantsOf(view: View): Occupant[] {
  return every(view, "mirror").flatMap(([key, mirror]) => {
    const pairs = mirror.pairs.filter(({ line }) => line === "verify" || line === "resync");
    return pairs.map(({ a, b, line, progress }): Occupant => {
      const seconds = progress === null || progress.stalled ? null : progress.etaSeconds;
      return {
        mirror: key,
        name: mirrorName(mirror),
        does: line === "verify" ? "verify" : "resync",
        percent: progress?.percent ?? null,
        leftMs: seconds === null ? null : seconds * 1_000,
        nodes: new Set([a, b]),
        links: linksIn(view).get(key) ?? new Set(),
      };
    });
  });
}

/** Whether a mirror is being verified now, by the word of its nodes. */
export function isVerifying(view: View, resource: string, volume: number): boolean {
  const mirror = view.get(keyOf.mirror(resource, volume));
  return mirror?.kind === "mirror" && mirror.pairs.some(({ line }) => line === "verify");
}

/** The nodes of a mirror whose DRBD is not heard now. */
export function unheard(view: View, { copies }: Mirror): string[] {
  return copies.flatMap(({ node }) => {
    const source = view.get(keyOf.source(node, "drbd"));
    const isHeard = source === undefined || (source.kind === "source" && source.freshness === "live" && source.status === "ok");
    return isHeard ? [] : [node];
  });
}

/** Whether every node of a mirror told of its DRBD after a moment, so that what it does not show is over. */
export function isHeardSince(view: View, resource: string, volume: number, sinceMs: number): boolean {
  const mirror = view.get(keyOf.mirror(resource, volume));
  if (mirror?.kind !== "mirror" || unheard(view, mirror).length > 0) return false;
  return mirror.copies.every(({ node }) => {
    const source = view.get(keyOf.source(node, "drbd"));
    return source?.kind !== "source" || (source.okAtMs !== null && source.okAtMs > sinceMs);
  });
}
