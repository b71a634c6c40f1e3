// SPDX-License-Identifier: Apache-2.0
import type { KeptAlert } from "./state";

const isOpen = ({ endedAtMs }: KeptAlert) => endedAtMs === null;

/** The alerts that last and those that ended of late, in memory. What is put here is in the database. */
export function createBook(kept: readonly KeptAlert[]) {
  const byCluster = new Map<string, readonly KeptAlert[]>();
  for (const alert of kept) byCluster.set(alert.cluster, [...of(alert.cluster), alert]);

  function of(slug: string): readonly KeptAlert[] {
    return byCluster.get(slug) ?? [];
  }
  const openOf = (slug: string) => of(slug).filter(isOpen);
  const all = () => [...byCluster.values()].flat();

  return {
    of,
    openOf,
    all,
    /** Clusters of which an alert lasts. */
    troubled: (): string[] => [...byCluster.keys()].filter((slug) => openOf(slug).length > 0),
    /** The one that lasts and has this id. */
    open: (id: string): KeptAlert | undefined => all().find((alert) => alert.id === id && isOpen(alert)),
    /** Those that last, and those that ended just now, of a cluster; what ended before `sinceMs` goes. */
    put(slug: string, fresh: readonly KeptAlert[], sinceMs: number): void {
      const ids = new Set(fresh.map(({ id }) => id));
      const over = of(slug).filter((alert) => !ids.has(alert.id) && (alert.endedAtMs ?? 0) > sinceMs);
      byCluster.set(slug, [...over, ...fresh]);
    },
    replace(alert: KeptAlert): void {
      byCluster.set(
        alert.cluster,
        of(alert.cluster).map((one) => (one.id === alert.id ? alert : one)),
      );
    },
  };
}
export type Book = ReturnType<typeof createBook>;
