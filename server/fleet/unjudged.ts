// SPDX-License-Identifier: Apache-2.0
import { type Entity, type EntityOf, keyOf, type Said, type View } from "@/agent/protocol/console/view";
import type { ClusterFacts } from "@/server/cluster/facts";

const HEADLINE = {
  level: "unknown" as const,
  word: "Cannot judge: the console failed at this cluster",
  why: "What is shown is as it was before. The console's log says what failed.",
};

/**
 * The view to show when a fault of ours keeps the facts from becoming one: what was last known, all of it marked old, and said so.
 * One cluster's fault then neither stops the console nor passes for a calm cluster.
 */
export function unjudged({ slug, title, environment }: ClusterFacts, before: View): View {
  const view = new Map<string, Entity>();
  for (const [key, entity] of before) view.set(key, old(entity));
  const known = view.get(keyOf.cluster);
  const cluster: EntityOf<"cluster"> =
    known?.kind === "cluster"
      ? { ...known, headline: HEADLINE }
      : { kind: "cluster", slug, title, environment, madeOf: "", headline: HEADLINE, sinceMs: null, pacemaker: null, dissent: [] };
  view.set(keyOf.cluster, cluster);
  return view;
}

function old(entity: Entity): Entity {
  switch (entity.kind) {
    case "cluster": {
      const { pacemaker } = entity;
      if (!pacemaker) return entity;
      return { ...entity, pacemaker: { ...pacemaker, quorum: was(pacemaker.quorum), fencing: was(pacemaker.fencing) } };
    }
    case "node":
      return {
        ...entity,
        link: entity.link === "live" ? "stale" : entity.link,
        state: was(entity.state),
        carries: was(entity.carries),
      };
    case "source":
      return entity.freshness === "live" ? { ...entity, freshness: "stale" } : entity;
    case "mirror":
      return {
        ...entity,
        said: was(entity.said),
        copies: entity.copies.map((copy) => ({ ...copy, said: was(copy.said) })),
        pairs: entity.pairs.map((pair) => ({ ...pair, said: was(pair.said), line: CALM_LINES.has(pair.line) ? "old" : pair.line })),
        holders: [],
      };
    case "bond":
      return {
        ...entity,
        said: was(entity.said),
        portSaid: Object.fromEntries(Object.entries(entity.portSaid).map(([port, said]) => [port, was(said)])),
      };
    case "aoe":
      return { ...entity, said: was(entity.said), talksTo: entity.talksTo.map((target) => ({ ...target, said: was(target.said) })) };
    case "pool":
      return { ...entity, said: was(entity.said), devices: entity.devices.map((one) => ({ ...one, said: was(one.said) })) };
    case "mount":
    case "swap":
      return {
        ...entity,
        said: was(entity.said),
        standsOn: entity.standsOn.map((step) => ({ ...step, said: step.said && was(step.said) })),
      };
    case "array":
      return { ...entity, said: was(entity.said), legs: entity.legs.map((leg) => ({ ...leg, said: was(leg.said) })) };
    case "target":
      return {
        ...entity,
        said: was(entity.said),
        luns: entity.luns.map((lun) => ({ ...lun, said: was(lun.said) })),
        initiators: entity.initiators.map((one) => ({ ...one, said: was(one.said) })),
      };
    case "session":
      return { ...entity, said: was(entity.said), paths: entity.paths.map((one) => ({ ...one, said: was(one.said) })) };
    case "dlm":
      return {
        ...entity,
        said: was(entity.said),
        spaceSaid: Object.fromEntries(Object.entries(entity.spaceSaid).map(([name, said]) => [name, was(said)])),
      };
    case "ring":
      return {
        ...entity,
        said: was(entity.said),
        ends: entity.ends.map((end) => ({ ...end, said: was(end.said) })),
        pairs: entity.pairs.map((pair) => ({ ...pair, said: was(pair.said) })),
      };
    case "resource":
      return { ...entity, said: was(entity.said), places: entity.places.map((place) => ({ ...place, said: was(place.said) })) };
    case "drbd":
    case "export":
    case "corosync":
    case "ocfs2":
    case "constraint":
    case "fencing":
      return { ...entity, said: was(entity.said) };
    case "finding":
    case "event":
    case "kernel":
      return entity;
  }
}

const CALM_LINES: ReadonlySet<string> = new Set(["connected", "resync", "verify"]);

/** What was good, moving or held is not known to be so any more; what was wrong stays wrong until it is judged again. */
function was(said: Said): Said {
  return said.level === "ok" || said.level === "busy" || said.level === "held" ? { ...said, level: "old" } : said;
}
