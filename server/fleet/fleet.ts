// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@/agent/protocol/console/runs";
import type { VerifyState } from "@/agent/protocol/console/verify";
import type { Entity, EntityKind, View } from "@/agent/protocol/console/view";
import type { Timing } from "@/agent/protocol/timing";
import type { Alerting } from "@/server/cluster/alerting";
import type { ClusterFacts, NewEvent, NodeFacts, StoredEvent } from "@/server/cluster/facts";
import { freshnessSignature } from "@/server/cluster/freshness";
import { type ShownEvent, shownEvent } from "@/server/cluster/history";
import type { DeclaredMaintenance } from "@/server/cluster/maintenance";
import { project } from "@/server/cluster/project";
import { asRecorded } from "@/server/cluster/recorded";
import { type Happening, reduce } from "@/server/cluster/reduce";
import { sameButAge } from "@/server/cluster/same";
import { isMoreThanAges, withAges } from "./ages";
import type { FindingMemory } from "./finding-memory";
import { findingNews, nextToSettle, sinceOf, toldOf } from "./finding-news";
import { unjudged } from "./unjudged";

/** What moved in one cluster's view since it was last told. */
export interface ViewChange {
  slug: string;
  set: ReadonlyMap<string, Entity>;
  /** What was last told of those in `set` that are not new. */
  was: ReadonlyMap<string, Entity>;
  /** What is gone, and what it was. */
  remove: ReadonlyMap<string, EntityKind>;
}

/** How many events a view carries; the rest are in the database. */
export const EVENTS_IN_VIEW = 60;

interface Held {
  facts: ClusterFacts;
  view: View;
  /** The newest of its events, newest first. */
  events: readonly ShownEvent[];
  findings: FindingMemory;
  /** Commands under way, and those that ended a little while ago. */
  runs: readonly Run[];
  declared: readonly DeclaredMaintenance[];
  /** Names of the rules for findings that are switched off. */
  rulesOff: ReadonlySet<string>;
  /** What is known of each mirror's verifies, by `keyOf.verify`. */
  verifies: ReadonlyMap<string, VerifyState>;
  /** What became of alerts; null until they are looked at. */
  alerting: Alerting | null;
  signature: string;
  /** The fault that keeps the facts from becoming a view, as it was last told; null while there is none. */
  fault: string | null;
  /** Facts moved: the view is due at once. */
  dirty: boolean;
  /** Agents spoke since the view was made: its ages are behind, and brought up when somebody asks. */
  aged: boolean;
  /** Every entity as listeners were last told of it: ages move on without being told. */
  told: Map<string, Entity>;
  /** When the clock was last looked at: freshness moves by itself, but not in milliseconds. */
  lookedAtMs: number;
  /** When the next finding settles by the clock alone; null: none waits for it. */
  settlesAtMs: number | null;
}

export interface FleetDeps {
  timing: Timing;
  now: () => number;
  /** Tells that a cluster's findings came or went: those that stand, so that since-when survives a restart, and what that tells. */
  onFindings: (slug: string, standing: FindingMemory, told: readonly NewEvent[]) => void;
  /** A fault of ours kept a cluster's facts from becoming a view: told once, until it is another or over. */
  onFault: (slug: string, cause: unknown) => void;
  /** An agent's word or an event moved a cluster's facts: its view waits to be settled. */
  onMoved?: () => void;
}

/**
 * Every cluster's facts and view, in memory. Facts change by `happen`; views follow by `settle`, which is called
 * once per burst and by the clock, and tells listeners only what moved.
 */
export function createFleet(deps: FleetDeps) {
  let wokeAtMs = deps.now();
  let ranAtMs = wokeAtMs;
  const held = new Map<string, Held>();
  const listeners = new Set<(change: ViewChange) => void>();
  const dropListeners = new Set<(slug: string) => void>();

  function hold(facts: ClusterFacts, events: readonly StoredEvent[], findings: FindingMemory): void {
    held.set(facts.slug, {
      facts,
      view: new Map(),
      events: events.map(shownEvent),
      findings,
      runs: [],
      declared: [],
      rulesOff: new Set(),
      verifies: new Map(),
      alerting: null,
      signature: "",
      fault: null,
      dirty: true,
      aged: false,
      told: new Map(),
      lookedAtMs: 0,
      settlesAtMs: null,
    });
  }

  function replace(slug: string, facts: ClusterFacts): void {
    const cluster = held.get(slug);
    if (!cluster) return;
    cluster.facts = facts;
    cluster.dirty = true;
  }

  function soil(cluster: Held): void {
    cluster.dirty = true;
    deps.onMoved?.();
  }

  function viewFrom(cluster: Held, nowMs: number): View {
    const { facts, events, findings, runs, declared, rulesOff, view } = cluster;
    // Of a recording the console has no records of its own.
    const alerting = cluster.alerting === null ? {} : { alerting: cluster.alerting };
    const kept = facts.recorded ? {} : { verifies: cluster.verifies, ...alerting };
    try {
      const clocks = { nowMs, timing: deps.timing, ...(facts.recorded ? {} : { startedAtMs: wokeAtMs }) };
      const known = { findingSince: sinceOf(findings), findingsTold: toldOf(findings) };
      const around = { ...clocks, ...known, events, runs, declared, rulesOff, ...kept };
      const after = project(facts, around, view);
      cluster.fault = null;
      return facts.recorded ? asRecorded(after) : after;
    } catch (cause) {
      const fault = String(cause);
      if (fault !== cluster.fault) deps.onFault(facts.slug, cause);
      cluster.fault = fault;
      return unjudged(facts, view);
    }
  }

  /** A console that did not run for as long as agents may be silent (its machine stood still, or its clock leapt) starts anew. */
  function wake(): void {
    const nowMs = deps.now();
    if (Math.abs(nowMs - ranAtMs) > deps.timing.staleAfterMs) wokeAtMs = nowMs;
    ranAtMs = nowMs;
  }

  function settleOne(cluster: Held): void {
    wake();
    cluster.lookedAtMs = deps.now();
    // A recorded cluster's clock stands at the moment it was recorded.
    const nowMs = cluster.facts.recorded?.atMs ?? cluster.lookedAtMs;
    const now = freshnessSignature(cluster.facts, nowMs, deps.timing);
    // The same letters stay the same text: each new one is many small ones until somebody reads it.
    const signature = now === cluster.signature ? cluster.signature : now;
    const isSettled = cluster.settlesAtMs !== null && nowMs >= cluster.settlesAtMs;
    if (!cluster.dirty && !isSettled && signature === cluster.signature) return;
    const { facts, told } = cluster;
    const after = viewFrom(cluster, nowMs);
    cluster.view = after;
    cluster.signature = signature;
    cluster.dirty = false;
    cluster.aged = false;
    cluster.settlesAtMs = nextToSettle(after);
    if (!facts.recorded) {
      const { kept, write } = findingNews(cluster.findings, { view: after, agents: facts.nodes, unwatched: unwatchedIn(cluster) }, nowMs);
      cluster.findings = kept;
      if (write) deps.onFindings(facts.slug, write.standing, write.told);
    }
    const change = changeBetween(facts.slug, told, after);
    for (const [key, entity] of change.set) told.set(key, entity);
    for (const key of change.remove.keys()) told.delete(key);
    if (change.set.size > 0 || change.remove.size > 0) for (const listener of listeners) listener(change);
  }

  return {
    hold,
    replace,
    /** Another title, another environment: the same cluster. */
    rename(slug: string, words: Pick<ClusterFacts, "title" | "environment">): void {
      const cluster = held.get(slug);
      if (cluster) replace(slug, { ...cluster.facts, ...words });
    },
    /** Forgets a cluster, and tells listeners that it is gone. */
    drop(slug: string): void {
      if (!held.delete(slug)) return;
      for (const listener of dropListeners) listener(slug);
    },
    /** What people call a node beside its name; null takes it away. */
    label(slug: string, node: string, label: string | null): void {
      const cluster = held.get(slug);
      const known = cluster?.facts.nodes.get(node);
      if (cluster && known) replace(slug, { ...cluster.facts, nodes: new Map(cluster.facts.nodes).set(node, { ...known, label }) });
    },
    has: (slug: string) => held.has(slug),
    slugs: () => [...held.keys()].sort(),
    factsOf: (slug: string) => held.get(slug)?.facts ?? null,
    /** The view as judged by now, for those whom ages do not matter: agents' words that said nothing new are not in it. */
    judgedOf: (slug: string): View | null => {
      const cluster = held.get(slug);
      if (!cluster) return null;
      settleOne(cluster);
      return cluster.view;
    },
    viewOf: (slug: string): View | null => {
      const cluster = held.get(slug);
      if (!cluster) return null;
      settleOne(cluster);
      if (cluster.aged) cluster.view = withAges(cluster.view, cluster.facts);
      cluster.aged = false;
      return cluster.view;
    },
    /** Folds one happening; the events it gives are the caller's to commit, then to hand to `remember`. */
    happen(slug: string, happening: Happening): NewEvent[] {
      const cluster = held.get(slug);
      // Nobody speaks for a recording.
      if (!cluster || cluster.facts.recorded) return [];
      const { facts, events } = reduce(cluster.facts, happening, deps.now());
      if (facts === cluster.facts) return events;
      const isPulse = happening.type === "frame" && happening.frame.type === "pulse";
      // A pulse only moves ages, which travel by themselves; the clock finds what it freshened.
      if (!isPulse || isMoreThanAges(cluster.facts.nodes.get(happening.node), facts.nodes.get(happening.node))) soil(cluster);
      cluster.aged = true;
      cluster.facts = facts;
      return events;
    },
    /** Puts committed events into the view. */
    remember(slug: string, stored: readonly StoredEvent[]): void {
      const cluster = held.get(slug);
      if (!cluster || stored.length === 0) return;
      cluster.events = [...stored.map(shownEvent), ...cluster.events]
        .sort((a, b) => b.entity.atMs - a.entity.atMs || b.id - a.id)
        .slice(0, EVENTS_IN_VIEW);
      soil(cluster);
    },
    /** The commands to be shown: those under way, and those that ended a little while ago. */
    showRuns(slug: string, runs: readonly Run[]): void {
      const cluster = held.get(slug);
      if (!cluster) return;
      cluster.runs = runs;
      soil(cluster);
    },
    runsOf: (slug: string): readonly Run[] => held.get(slug)?.runs ?? [],
    /** What is known of verifies, by `keyOf.verify`. A mirror that is not in it was never verified. */
    showVerifies(slug: string, verifies: ReadonlyMap<string, VerifyState>): void {
      const cluster = held.get(slug);
      if (!cluster) return;
      cluster.verifies = verifies;
      soil(cluster);
    },
    /** The rules for findings that are switched off. */
    switchRules(slug: string, off: ReadonlySet<string>): void {
      const cluster = held.get(slug);
      if (!cluster) return;
      cluster.rulesOff = off;
      soil(cluster);
    },
    /** What became of the alerts about a cluster's findings. */
    showAlerts(slug: string, alerting: Alerting): void {
      const cluster = held.get(slug);
      if (!cluster) return;
      cluster.alerting = alerting;
      soil(cluster);
    },
    /** The maintenance that people declared. */
    declare(slug: string, declared: readonly DeclaredMaintenance[]): void {
      const cluster = held.get(slug);
      if (!cluster) return;
      cluster.declared = declared;
      soil(cluster);
    },
    declaredOf: (slug: string): readonly DeclaredMaintenance[] => held.get(slug)?.declared ?? [],
    /** Adds or replaces a node without a happening: enrolment, or a reload from the database. */
    putNode(slug: string, node: NodeFacts): void {
      const cluster = held.get(slug);
      if (!cluster) return;
      replace(slug, { ...cluster.facts, nodes: new Map(cluster.facts.nodes).set(node.node, node) });
    },
    removeNode(slug: string, node: string): void {
      const cluster = held.get(slug);
      if (!cluster) return;
      const nodes = new Map(cluster.facts.nodes);
      nodes.delete(node);
      replace(slug, { ...cluster.facts, nodes });
    },
    /** Brings every view up to its facts and the clock, and tells what moved. */
    settle(): void {
      wake();
      const nowMs = deps.now();
      for (const cluster of held.values()) {
        // A clock that was set back is no reason to stop looking at it.
        const isDue = Math.abs(nowMs - cluster.lookedAtMs) >= deps.timing.lookEveryMs;
        if (cluster.dirty || isDue) settleOne(cluster);
      }
    },
    /** A cluster is gone. */
    onDrop(listener: (slug: string) => void): () => void {
      dropListeners.add(listener);
      return () => dropListeners.delete(listener);
    },
    onChange(listener: (change: ViewChange) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
export type Fleet = ReturnType<typeof createFleet>;

function unwatchedIn({ rulesOff }: Held): (rule: string) => string | null {
  return (rule) => (rulesOff.has(rule) ? "Its rule was switched off." : null);
}

function changeBetween(slug: string, told: ReadonlyMap<string, Entity>, after: View): ViewChange {
  const set = new Map<string, Entity>();
  const was = new Map<string, Entity>();
  for (const [key, entity] of after) {
    const old = told.get(key);
    if (old !== undefined && sameButAge(old, entity)) continue;
    set.set(key, entity);
    if (old) was.set(key, old);
  }
  const remove = new Map<string, EntityKind>();
  for (const [key, { kind }] of told) if (!after.has(key)) remove.set(key, kind);
  return { slug, set, was, remove };
}
