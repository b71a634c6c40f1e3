// SPDX-License-Identifier: Apache-2.0
import type { VerifyOverview, VerifyState, VerifySummary } from "@/agent/protocol/console/verify";
import { type EntityOf, keyOf, type View } from "@/agent/protocol/console/view";
import { byName, joinWords } from "@/server/cluster/words";
import { isOverdue } from "./limit";
import { rankOf } from "./memory";

export type OverviewMirror = VerifyOverview["mirrors"][number];

export interface OverviewDeps {
  clusters: readonly string[];
  viewOf: (slug: string) => View | null;
  trend: (slug: string, key: string) => VerifySummary[];
  /** Why a mirror cannot be verified now; null when it can be asked for. */
  refusalOf: (view: View, mirrorKey: string) => string | null;
  nowMs: number;
}

/** Every mirror of every cluster, the worst first: what differs, what is not known, what is overdue, then by the age of the proof. */
export function overviewMirrors({ clusters, viewOf, trend, refusalOf, nowMs }: OverviewDeps): OverviewMirror[] {
  const mirrors = clusters.flatMap((cluster) => {
    const view = viewOf(cluster);
    if (!view) return [];
    return [...view].flatMap(([key, entity]): OverviewMirror[] => {
      if (entity.kind !== "verify") return [];
      const { kind: _, said: __, ...state } = entity;
      const mirrorKey = keyOf.mirror(entity.resource, entity.volume);
      const mirror = view.get(mirrorKey);
      if (mirror?.kind !== "mirror") return [];
      const { sizeBytes } = mirror;
      return [
        {
          ...state,
          cluster,
          sizeBytes,
          versions: versionsOf(mirror, view),
          trend: trend(cluster, key),
          refusal: refusalOf(view, mirrorKey),
        },
      ];
    });
  });
  return mirrors.sort(
    (x, y) =>
      gravityOf(x, nowMs) - gravityOf(y, nowMs) ||
      (x.cleanAtMs ?? 0) - (y.cleanAtMs ?? 0) ||
      byName(x.cluster, y.cluster) ||
      byName(x.resource, y.resource) ||
      x.volume - y.volume,
  );
}

/** Differs, unseen, aborted, refused, overdue, never, clean in time. */
function gravityOf({ last, cleanAtMs }: VerifyState, nowMs: number): number {
  const rank = last ? rankOf(last) : null;
  if (rank !== null && rank < 4) return rank;
  if (cleanAtMs === null) return 5;
  return isOverdue(cleanAtMs, nowMs) ? 4 : 6;
}

function versionsOf({ copies }: EntityOf<"mirror">, view: View): string {
  const versions = copies.flatMap(({ node }) => {
    const entity = view.get(keyOf.node(node));
    return entity?.kind === "node" && entity.drbdVersion !== null ? [entity.drbdVersion] : [];
  });
  return joinWords([...new Set(versions)].sort());
}
