// SPDX-License-Identifier: Apache-2.0
import type { ClientStall } from "@/agent/protocol/console/history";
import type { Run } from "@/agent/protocol/console/runs";
import type { AgentFrame } from "@/agent/protocol/messages";
import type { Timing } from "@/agent/protocol/timing";
import type { ClusterFacts } from "@/server/cluster/facts";
import type { DeclaredMaintenance } from "@/server/cluster/maintenance";
import type { HistoryRecords } from "@/server/db/history";
import type { Log } from "@/server/log";
import { followIncidents } from "./follow";
import { type FollowedIncident, type HistoryWrites, type KeptSpan, NOTHING_TO_WRITE } from "./incident-state";
import { afterDowntime, type Look, lookAtServices, withSpans } from "./spans";
import { recentStalls } from "./stalls";

export interface ChronicleDeps {
  records: HistoryRecords;
  clusters: () => readonly string[];
  factsOf: (slug: string) => ClusterFacts | null;
  runsOf: (slug: string) => readonly Run[];
  declaredOf: (slug: string) => readonly DeclaredMaintenance[];
  log: Log;
  now: () => number;
  newId: () => string;
  timing: Timing;
}

/** A frame as it is followed: the cluster's facts before it was folded and after. */
export interface FoldedFrame {
  node: string;
  frame: Extract<AgentFrame, { type: "fact" | "telemetry" | "line" | "gap" }>;
  before: ClusterFacts;
  after: ClusterFacts;
}

interface OfCluster {
  incidents: readonly FollowedIncident[];
  /** Clients' ways that stopped a little while ago. Not kept: a restart measures none that began before it. */
  stalls: readonly ClientStall[];
  spans: ReadonlyMap<string, KeptSpan>;
}
const NOTHING: OfCluster = { incidents: [], stalls: [], spans: new Map() };

/** How far services were watched is written this often: so much at the most of a killed console's last watch is lost. */
const KEEP_WATCH_MS = 10_000;

/**
 * The record of every cluster's fencings and of the state of its services: follows them in the facts, and keeps them. What
 * a journalled frame means is written with it; what only time tells is written by `tick`.
 */
export async function createChronicle(deps: ChronicleDeps) {
  const clusters = new Map<string, OfCluster>();
  const underWay = new Set<Promise<void>>();
  /** Frames whose stretches are folded and not yet written, by cluster: what time alone tells waits for them. */
  const unwritten = new Map<string, number>();
  let watchedAtMs = Number.NEGATIVE_INFINITY;
  /** The last look at each cluster's services, since this start. */
  const looks = new Map<string, Look>();

  const { incidents, unread } = await deps.records.openIncidents();
  for (const what of unread) deps.log.warn(`kept by another version and not read: ${what}`);
  for (const one of incidents) put(one.incident.cluster, { incidents: [...of(one.incident.cluster).incidents, one] });
  const watches = await deps.records.watches();
  for (const [slug, spans] of await deps.records.openSpans()) {
    const writes = afterDowntime(spans, watches.get(slug) ?? null);
    put(slug, { spans: withSpans(new Map(spans.map((span) => [span.service, span])), writes) });
    if (writes.length > 0) await deps.records.save(slug, { incidents: [], spans: writes });
  }

  function of(slug: string): OfCluster {
    return clusters.get(slug) ?? NOTHING;
  }

  function put(slug: string, change: Partial<OfCluster>): void {
    clusters.set(slug, { ...of(slug), ...change });
  }

  function track(work: Promise<void>, what: string): void {
    const tracked = work.catch((cause: unknown) => deps.log.error(what, cause)).finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  }

  function look(slug: string, facts: ClusterFacts): KeptSpan[] {
    const { spans } = of(slug);
    const around = { facts, runs: deps.runsOf(slug), declared: deps.declaredOf(slug), nowMs: deps.now(), timing: deps.timing };
    const { writes, look: looked } = lookAtServices(spans, { ...around, before: looks.get(slug) ?? null });
    looks.set(slug, looked);
    if (writes.length > 0) put(slug, { spans: withSpans(spans, writes) });
    return writes;
  }

  return {
    /** Follows one frame. What is answered has to be written with the frame. */
    fold(slug: string, { node, frame, before, after }: FoldedFrame): HistoryWrites {
      const known = of(slug).incidents;
      const runs = deps.runsOf(slug);
      const stalls = recentStalls(of(slug).stalls, frame, { before, after, node });
      if (stalls !== of(slug).stalls) put(slug, { stalls });
      const followed = followIncidents(known, frame, { cluster: slug, node, before, after, runs, stalls, newId: deps.newId });
      if (followed !== known) put(slug, { incidents: followed.filter(({ incident }) => incident.endedAtMs === null) });
      // What may yet come back where it was is nothing to keep.
      const moved = followed.filter((one) => !known.includes(one) && !one.isCandidate);
      const isOfServices = frame.type === "fact" && frame.source === "pacemaker";
      const spans = isOfServices ? look(slug, after) : [];
      if (moved.length === 0 && spans.length === 0) return NOTHING_TO_WRITE;
      if (frame.type !== "telemetry") {
        if (spans.length > 0) unwritten.set(slug, (unwritten.get(slug) ?? 0) + 1);
        return { incidents: moved, spans };
      }
      // Telemetry is not written: what it meant is.
      track(deps.records.save(slug, { incidents: moved, spans }), `${slug}: what became of a fencing could not be written`);
      return NOTHING_TO_WRITE;
    },
    /** What was folded is written. */
    committed(slug: string, { spans }: HistoryWrites): void {
      const left = (unwritten.get(slug) ?? 0) - 1;
      if (spans.length > 0) unwritten.set(slug, Math.max(0, left));
    },
    /** Looks at what time alone changes, and writes how far everything was watched. */
    tick(): void {
      const nowMs = deps.now();
      const slugs = deps.clusters();
      for (const slug of slugs) {
        const facts = deps.factsOf(slug);
        const waits = (unwritten.get(slug) ?? 0) > 0;
        const spans = facts && !waits ? look(slug, facts) : [];
        // It is watched all the same while what was seen is being written.
        if (waits) looks.set(slug, { value: looks.get(slug)?.value ?? null, atMs: nowMs });
        if (spans.length > 0)
          track(deps.records.save(slug, { incidents: [], spans }), `${slug}: the state of services could not be written`);
      }
      if (Math.abs(nowMs - watchedAtMs) < KEEP_WATCH_MS) return;
      watchedAtMs = nowMs;
      track(deps.records.watched(slugs, nowMs), "how far services were watched could not be written");
    },
    /** Puts a cluster back to what is written, after a commit failed. */
    async stepBack(slug: string): Promise<void> {
      const written = await deps.records.openIncidents();
      const spans = (await deps.records.openSpans()).get(slug) ?? [];
      unwritten.delete(slug);
      put(slug, {
        incidents: written.incidents.filter(({ incident }) => incident.cluster === slug),
        spans: new Map(spans.map((span) => [span.service, span])),
      });
    },
    drop(slug: string): void {
      clusters.delete(slug);
      looks.delete(slug);
      unwritten.delete(slug);
    },
    /** Everything is written, up to now. */
    async end(): Promise<void> {
      track(deps.records.watched(deps.clusters(), deps.now()), "how far services were watched could not be written");
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
export type Chronicle = Awaited<ReturnType<typeof createChronicle>>;
