// SPDX-License-Identifier: Apache-2.0
import { SourceName } from "@/agent/protocol/sources";
import { recordedFacts } from "@/server/cluster/recorded";
import type { Database } from "@/server/db/open";
import type { Recording } from "@/server/db/recordings";
import { EVENTS_IN_VIEW, type Fleet } from "@/server/fleet/fleet";
import type { Ledger } from "@/server/hub/ledger";
import type { Log } from "@/server/log";

/** A statement has room for this many. */
const FACTS_PER_WRITE = 1_000;

/** The clusters that live: all but recordings. */
export function livingIn(fleet: Fleet): string[] {
  return fleet.slugs().filter((slug) => !fleet.factsOf(slug)?.recorded);
}

/** Clusters and their facts as they were left, so that a restarted console shows old data as old instead of nothing. */
export async function recall(db: Database, fleet: Fleet, log: Log): Promise<void> {
  const { clusters, unread } = await db.facts.loadFacts();
  const kept = await db.recordings.load();
  for (const recording of kept.recordings) holdRecording(fleet, recording);
  for (const what of [...unread, ...kept.unread]) log.warn(`kept by another version and not read: ${what}`);
  const standing = await db.events.loadFindings();
  for (const facts of clusters) {
    fleet.hold(facts, await db.events.recentEvents(facts.slug, EVENTS_IN_VIEW), standing.get(facts.slug) ?? new Map());
  }
}

/** Puts a recording beside the clusters. */
export function holdRecording(fleet: Fleet, { slug, title, nodes, ...recorded }: Recording): void {
  fleet.hold(recordedFacts(slug, { title, nodes }, recorded), [], new Map());
}

/** Ages and counters move without a frame that would be written: as they are now they are what a restart shows as old. */
export async function keepAges(db: Database, fleet: Fleet, ledger: Ledger): Promise<void> {
  const nodes = livingIn(fleet).flatMap((slug) => [...(fleet.factsOf(slug)?.nodes.values() ?? [])]);
  // A node that is ahead of the database keeps what is written: what came after is sent again.
  const written = nodes.filter(({ agentId }) => ledger.isWritten(agentId));
  const kept = written.flatMap(({ agentId, sources }) =>
    SourceName.options.flatMap((source) => {
      const facts = sources[source];
      return facts ? [{ agentId, source, facts }] : [];
    }),
  );
  for (let from = 0; from < kept.length; from += FACTS_PER_WRITE) await db.facts.saveFacts(kept.slice(from, from + FACTS_PER_WRITE));
}

/** Removes what has been kept long enough; what is left of a long list is removed at the next turn, and so on. */
export async function prune(db: Database, now: () => number, log: Log): Promise<void> {
  const { events, enrollments, tokens } = await db.prune(now());
  if (events + enrollments + tokens > 0)
    log.info(`removed what was kept long enough: ${events} events, ${enrollments} enrolments, ${tokens} API tokens`);
}
