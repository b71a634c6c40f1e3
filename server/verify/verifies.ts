// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@/agent/protocol/console/runs";
import type { VerifyOverview, VerifyState, VerifySummary } from "@/agent/protocol/console/verify";
import { keyOf } from "@/agent/protocol/console/view";
import type { AgentFrame } from "@/agent/protocol/messages";
import type { Timing } from "@/agent/protocol/timing";
import type { ClusterFacts, NewEvent, StoredEvent } from "@/server/cluster/facts";
import { linkFreshness } from "@/server/cluster/freshness";
import { formatDuration } from "@/server/cluster/words";
import type { VerifyRecords } from "@/server/db/verifies";
import type { Log } from "@/server/log";
import { claimOf, type Expected, stopOf } from "./claims";
import { type ConcludeAround, conclude, isDue } from "./conclude";
import { follow } from "./follow";
import { createVerifyMemory, KEPT_PER_PAIR, type Planned } from "./memory";
import { mirrorLabel } from "./mirror-name";
import { mergeRanges } from "./ranges";
import { type FollowedRun, NO_WRITES, type VerifyWrites } from "./run-state";

export interface VerifiesDeps {
  records: VerifyRecords;
  factsOf: (slug: string) => ClusterFacts | null;
  /** Commands under way, and those that ended a little while ago. */
  runsOf: (slug: string) => readonly Run[];
  /** Shows what is known of a cluster's verifies, by `keyOf.verify`. */
  show: (slug: string, states: ReadonlyMap<string, VerifyState>) => void;
  remember: (slug: string, events: readonly StoredEvent[]) => void;
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

/** What the queue and the schedules tell of verifies that have not begun. */
export interface VerifyPlans {
  /** By `keyOf.verify`. */
  of: (slug: string) => ReadonlyMap<string, Planned>;
  queue: () => VerifyOverview["queue"];
}
const NO_PLANS: VerifyPlans = { of: () => new Map(), queue: () => [] };

/** How far a run has come is written this often, and with every journalled frame that moves it. */
const KEEP_PROGRESS_MS = 30_000;
/** The pace that all patience is measured at. */
const USUAL_PULSE_MS = 1_000;

/** The record of every verify of every cluster: follows them in the facts, keeps them, and shows what is known of each mirror. */
export async function createVerifies(deps: VerifiesDeps) {
  const memory = createVerifyMemory();
  const expected: Expected[] = [];
  const stops = new Map<string, string>();
  let plans = NO_PLANS;
  /** Runs whose progress moved and is not written, by id, since when. */
  const unwritten = new Map<string, number>();
  const concluding = new Set<string>();
  const underWay = new Set<Promise<void>>();

  const { runs, unread } = await deps.records.open();
  for (const what of unread) deps.log.warn(`kept by another version and not read: ${what}`);
  for (const run of await deps.records.latest(KEPT_PER_PAIR)) memory.addEnded(run);
  for (const { cluster, resource, volume, pair, atMs } of await deps.records.lastClean()) {
    memory.setClean(cluster, keyOf.verify(resource, volume), pair, atMs);
  }
  for (const run of runs) {
    const { cluster } = run.summary;
    memory.setOpen(cluster, [...memory.open(cluster), recalled(run, deps.now())]);
  }
  for (const slug of memory.slugs()) show(slug);

  function show(slug: string): void {
    deps.show(slug, memory.states(slug, plans.of(slug)));
  }

  function track(work: Promise<void>, what: string): void {
    const tracked = work.catch((cause: unknown) => deps.log.error(what, cause)).finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  }

  /** Follows one frame. What is answered has to be written with the frame; of telemetry it is written later. */
  function fold(slug: string, { node, frame, before, after }: FoldedFrame): VerifyWrites {
    const nowMs = deps.now();
    const known = memory.open(slug);
    const { runs: followed, writes } = follow(known, frame, {
      node,
      before,
      after,
      nowMs,
      newId: deps.newId,
      claim: (resource, volume, atMs) => claimOf(deps.runsOf(slug), expected, { slug, resource, volume, atMs }),
      lastEndMs: (resource, volume, pair) => memory.lastEndMs(slug, keyOf.verify(resource, volume), pair),
    });
    if (writes.runs.length === 0) return NO_WRITES;
    memory.setOpen(slug, followed);
    const isNew = followed.length !== known.length;
    const isTurned = writes.runs.some((run) =>
      isShownOtherwise(
        known.find(({ summary }) => summary.id === run.summary.id),
        run,
      ),
    );
    if (isNew || isTurned) show(slug);
    // A run that telemetry shows first was begun between two journalled frames: it is written at once.
    if (frame.type === "telemetry") {
      for (const { summary } of writes.runs) if (!unwritten.has(summary.id)) unwritten.set(summary.id, isNew ? 0 : nowMs);
      return NO_WRITES;
    }
    for (const { summary } of writes.runs) unwritten.delete(summary.id);
    return writes;
  }

  function aroundOf(slug: string): Omit<ConcludeAround, "places"> {
    const nowMs = deps.now();
    const facts = deps.factsOf(slug);
    return {
      nowMs,
      factor: deps.timing.pulseEveryMs / USUAL_PULSE_MS,
      isHeard: (name) => {
        const node = facts?.nodes.get(name);
        return node !== undefined && linkFreshness(node, nowMs, deps.timing) === "live";
      },
      hasLog: (name) => facts?.nodes.get(name)?.sources.kernelLog?.reading.status === "ok",
    };
  }

  async function end(slug: string, id: string): Promise<void> {
    const places = mergeRanges(await deps.records.ranges(id)).length;
    const run = memory.open(slug).find(({ summary }) => summary.id === id);
    const around = aroundOf(slug);
    // A word that came meanwhile may change how it ended.
    if (!run || !isDue(run, around)) return;
    const stoppedBy = stops.get(id) ?? stopOf(deps.runsOf(slug), run.summary);
    const summary = conclude({ ...run, stoppedBy }, { ...around, places });
    const ended: FollowedRun = { ...run, stoppedBy, summary, revision: run.revision + 1 };
    const stored = await deps.records.save(slug, { runs: [ended], ranges: [], lines: [] }, [eventOf(summary)]);
    close(slug, ended);
    deps.remember(slug, stored);
  }

  function close(slug: string, ended: FollowedRun): void {
    const { id } = ended.summary;
    memory.setOpen(
      slug,
      memory.open(slug).filter(({ summary }) => summary.id !== id),
    );
    memory.addEnded(ended);
    stops.delete(id);
    unwritten.delete(id);
    show(slug);
  }

  function keepProgress(slug: string, nowMs: number): void {
    const due = memory.open(slug).filter(({ summary }) => {
      const sinceMs = unwritten.get(summary.id);
      return sinceMs !== undefined && nowMs - sinceMs >= KEEP_PROGRESS_MS;
    });
    if (due.length === 0) return;
    for (const { summary } of due) unwritten.delete(summary.id);
    const work = deps.records.save(slug, { runs: due, ranges: [], lines: [] }, []).then(() => undefined);
    track(work, `${slug}: the progress of a verify could not be written`);
  }

  return {
    fold,
    /** Ends what is over, and writes progress that is not written yet. */
    tick(): void {
      const nowMs = deps.now();
      for (const slug of memory.slugs()) {
        keepProgress(slug, nowMs);
        const around = aroundOf(slug);
        for (const run of memory.open(slug)) {
          const { id } = run.summary;
          if (concluding.has(id) || !isDue(run, around)) continue;
          concluding.add(id);
          track(
            end(slug, id).finally(() => concluding.delete(id)),
            `${slug}: the end of a verify could not be written`,
          );
        }
      }
    },
    /** Somebody asks for a verify now: the one that begins on that mirror soon is theirs. */
    expect(one: Omit<Expected, "sinceMs">): void {
      const nowMs = deps.now();
      const fresh = expected.filter((other) => nowMs - other.sinceMs < other.withinMs);
      expected.splice(0, expected.length, ...fresh, { ...one, sinceMs: nowMs });
    },
    /** A run is stopped from here: `why` is a phrase with who does it, "stopped by anna". */
    stopping(slug: string, resource: string, volume: number, why: string): void {
      for (const { summary } of memory.open(slug)) {
        if (summary.resource === resource && summary.volume === volume) stops.set(summary.id, why);
      }
    },
    /** Keeps a verify that was asked for and never began. */
    async refused(summary: VerifySummary, accepted: readonly string[]): Promise<void> {
      const nodes = [summary.starter, summary.peer].filter((node) => node !== null);
      const run: FollowedRun = {
        summary: { ...summary, result: "refused", endedAtMs: summary.endedAtMs ?? summary.startedAtMs },
        pair: nodes.sort().join("+"),
        revision: 0,
        algorithm: null,
        versions: [],
        accepted: [...accepted],
        sides: [],
        lines: 0,
        stoppedBy: null,
        heardAtMs: deps.now(),
        endingSinceMs: null,
      };
      const stored = await deps.records.save(summary.cluster, { runs: [run], ranges: [], lines: [] }, [eventOf(run.summary)]);
      memory.addEnded(run);
      show(summary.cluster);
      deps.remember(summary.cluster, stored);
    },
    /** Who tells from now on what is queued and what comes next. */
    planBy(planner: VerifyPlans): void {
      plans = planner;
    },
    /** What is planned for a cluster's mirrors changed. */
    replanned: show,
    queue: () => plans.queue(),
    /** Puts a cluster's runs back to what is written, after a commit failed. */
    async stepBack(slug: string): Promise<void> {
      const { runs: written } = await deps.records.open();
      const ofCluster = written.filter(({ summary }) => summary.cluster === slug);
      memory.setOpen(
        slug,
        ofCluster.map((run) => recalled(run, deps.now())),
      );
      show(slug);
    },
    /** What was folded is written: where memory was put back meanwhile, it goes forward again. */
    committed(slug: string, { runs: written }: VerifyWrites): void {
      const open = memory.open(slug);
      const newer = written.filter((run) => open.some(({ summary, revision }) => summary.id === run.summary.id && revision < run.revision));
      if (newer.length === 0) return;
      const byId = new Map(newer.map((run) => [run.summary.id, run]));
      memory.setOpen(
        slug,
        open.map((run) => byId.get(run.summary.id) ?? run),
      );
    },
    running: (slug: string): readonly VerifySummary[] => memory.open(slug).map(({ summary }) => summary),
    stateOf: (slug: string, key: string): VerifyState | null => memory.states(slug, plans.of(slug)).get(key) ?? null,
    trend: memory.trend,
    drop(slug: string): void {
      memory.drop(slug);
    },
    async drained(): Promise<void> {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
export type Verifies = Awaited<ReturnType<typeof createVerifies>>;

/** A run after a restart: its nodes get all patience anew, since nobody could be heard meanwhile. */
function recalled(run: FollowedRun, nowMs: number): FollowedRun {
  return { ...run, heardAtMs: nowMs, endingSinceMs: run.endingSinceMs === null ? null : nowMs };
}

/** Whether what stands in the view of a run is another than before: not its progress. */
function isShownOtherwise(before: FollowedRun | undefined, after: FollowedRun): boolean {
  return before?.summary.starter !== after.summary.starter || before.summary.peer !== after.summary.peer;
}

/** How a verify ended, for the timeline. */
export function eventOf(summary: VerifySummary): NewEvent {
  const name = mirrorLabel(summary);
  const endedAtMs = summary.endedAtMs ?? summary.startedAtMs;
  const base = { atMs: endedAtMs, node: summary.starter, source: null, subject: name, by: "found by the console" };
  const first = (summary.says ?? "").replace(/\.$/, "");
  const says = first.charAt(0).toLowerCase() + first.slice(1);
  switch (summary.result) {
    case "clean":
      return { ...base, text: `${name}: verify clean after ${formatDuration(endedAtMs - summary.startedAtMs)}`, level: "ok" };
    case "differs":
      return { ...base, text: `${name}: verify ${says}`, level: "differs" };
    case "aborted":
      return { ...base, text: `${name}: verify ${says}`, level: "risk" };
    case "refused":
      return { ...base, text: `${name}: verify refused: ${says}`, level: "risk" };
    case "unknown":
    case null:
      return { ...base, text: `${name}: verify ended unseen: ${says}`, level: "unknown" };
  }
}
