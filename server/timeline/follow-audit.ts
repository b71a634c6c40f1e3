// SPDX-License-Identifier: Apache-2.0
import { mayFit } from "@/server/alerts/labels";
import type { AuditEntry } from "@/server/audit/chain";
import type { NewEvent, StoredEvent } from "@/server/cluster/facts";
import type { AuditRecords } from "@/server/db/audit";
import type { FollowedRecords } from "@/server/db/followed";
import { silencedBy, tellCommand } from "./commands";

export interface FollowAuditDeps {
  audit: Pick<AuditRecords, "after" | "ofRuns">;
  followed: FollowedRecords;
  /** Whether there is a timeline of this cluster: entries outlive clusters. */
  has: (slug: string) => boolean;
  /** The clusters that have one. */
  clusters: () => readonly { slug: string; environment: string | null }[];
  remember: (slug: string, stored: readonly StoredEvent[]) => void;
  /** Told when it could not be written: it is tried again with the next entry, and at the next start. */
  onFault: (cause: unknown) => void;
}

/** Entries told in one transaction. */
const BATCH = 200;

/**
 * Tells on the timeline what the audit chain holds, entry by entry. How far it is stands in the database beside what was told,
 * so that neither a restart nor a fault leaves an entry out or tells one twice.
 */
export function createFollowAudit(deps: FollowAuditDeps) {
  let underWay: Promise<void> | null = null;
  let isAsked = false;

  async function batchAfter(seq: number): Promise<number> {
    const entries = await deps.audit.after(seq, BATCH);
    const last = entries.at(-1);
    if (!last) return 0;
    const firsts = await beginnings(entries);
    const told = entries.flatMap((entry): { cluster: string; event: NewEvent }[] => {
      const first = firsts.get(entry.runId);
      const event = first ? tellCommand(entry, first) : null;
      return event && first ? concerned(entry, first).map((cluster) => ({ cluster, event })) : [];
    });
    const stored = await deps.followed.tell(told, last.seq);
    for (const [cluster, events] of stored) deps.remember(cluster, events);
    return entries.length;
  }

  /** What is no single cluster's is told on the timelines of those that it fits. */
  function concerned(entry: AuditEntry, first: AuditEntry): string[] {
    if (entry.cluster !== "") return deps.has(entry.cluster) ? [entry.cluster] : [];
    const matchers = silencedBy(first);
    if (matchers === null) return [];
    const fitting = deps.clusters().filter(({ slug, environment }) => mayFit(matchers, slug, environment));
    return fitting.map(({ slug }) => slug);
  }

  async function beginnings(entries: readonly AuditEntry[]): Promise<Map<string, AuditEntry>> {
    const firsts = new Map<string, AuditEntry>();
    for (const entry of await deps.audit.ofRuns([...new Set(entries.map(({ runId }) => runId))]))
      if (!firsts.has(entry.runId)) firsts.set(entry.runId, entry);
    return firsts;
  }

  async function run(): Promise<void> {
    do {
      isAsked = false;
      try {
        while ((await batchAfter(await deps.followed.auditSeq())) === BATCH);
      } catch (cause) {
        deps.onFault(cause);
      }
    } while (isAsked);
    underWay = null;
  }

  return {
    /** Something may have been added to the chain. */
    follow(): void {
      isAsked = true;
      underWay ??= run();
    },
    /** Resolves when everything added so far is told. */
    drained: (): Promise<void> => underWay ?? Promise.resolve(),
  };
}
