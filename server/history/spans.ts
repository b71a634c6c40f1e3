// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@/agent/protocol/console/runs";
import { keyOf } from "@/agent/protocol/console/view";
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import type { Timing } from "@/agent/protocol/timing";
import type { ClusterFacts } from "@/server/cluster/facts";
import { silentNodes } from "@/server/cluster/freshness";
import type { DeclaredMaintenance } from "@/server/cluster/maintenance";
import { hear, nodeWords, type Testimony } from "@/server/cluster/testimony";
import { commandBehind } from "./behind";
import type { KeptSpan } from "./incident-state";
import { isFenceOf } from "./reason";
import { type ServiceNow, servicesNow } from "./services-now";
import { unseenStop } from "./unseen-stop";

export interface LookAround {
  facts: ClusterFacts;
  /** Commands under way, and those that ended a little while ago. */
  runs: readonly Run[];
  declared: readonly DeclaredMaintenance[];
  nowMs: number;
  timing: Timing;
  /** The look before this one; null: none since the stretches were read back. */
  before: Look | null;
}

/** When services were looked at, and what Pacemaker said then; null: nothing that could be believed. */
export interface Look {
  atMs: number;
  value: Pacemaker | null;
}

/** By service, the stretch that lasts. */
export type OpenSpans = ReadonlyMap<string, KeptSpan>;

/** A service as it is just now, and since when it is known to be so. */
interface Seen {
  state: KeptSpan["state"];
  sinceMs: number;
  why: string | null;
  node: string | null;
}

/**
 * A look, and what came of it: stretches that ended and began, in the order to write them in; none when nothing changed. Pure. Where the
 * look before is longer ago than silence is borne (the machine stood still, its clock leapt), nobody watched in between.
 */
export function lookAtServices(open: OpenSpans, around: LookAround): { writes: KeptSpan[]; look: Look } {
  const { before, facts, nowMs, timing } = around;
  const { shown } = hear(facts, nowMs, timing);
  const look = { atMs: nowMs, value: shown?.standing.isCurrent ? shown.value : null };
  if (!shown) return { writes: [], look };
  if (before === null || nowMs - before.atMs <= timing.lostAfterMs) return { writes: turns(open, shown, around), look };
  const gap = unwatchedFrom([...open.values()], before.atMs, "the console did not look");
  return { writes: [...gap, ...turns(withSpans(open, gap), shown, around)], look };
}

/** The stretches that last, once these were written. */
export function withSpans(spans: OpenSpans, writes: readonly KeptSpan[]): OpenSpans {
  const next = new Map(spans);
  for (const span of writes) {
    if (span.toMs === null) next.set(span.service, span);
    else if (next.get(span.service)?.fromMs === span.fromMs) next.delete(span.service);
  }
  return next;
}

function turns(open: OpenSpans, shown: Testimony, around: LookAround): KeptSpan[] {
  const { facts } = around;
  const knownMs = knownSince(facts, shown.node, around);
  if (!shown.standing.isCurrent) {
    return [...open.values()].flatMap((span) =>
      turned(span, { state: "unknown", sinceMs: knownMs, why: shown.standing.why ?? "no node's Pacemaker could be read", node: span.node }),
    );
  }
  const silent = silentNodes(facts, around);
  const services = servicesNow(shown.node, shown.value, silent);
  const writes = services.flatMap((service) => {
    const span = open.get(service.id);
    const seeing = { ...around, value: shown.value, silent, knownMs };
    const seen = see(service, span ?? null, seeing);
    return span
      ? (stoppedUnseen(service, span, seen, seeing) ?? turned(span, seen))
      : [{ service: service.id, state: seen.state, fromMs: knownMs, toMs: null, why: seen.why, node: seen.node }];
  });
  const there = new Set(services.map(({ id }) => id));
  const removed = [...open.values()].filter(({ service }) => !there.has(service));
  return [...writes, ...removed.map((span) => ({ ...span, toMs: Math.max(span.fromMs, knownMs) }))];
}

/**
 * Since when it is as it is now: the newest reading, which cannot be older than one that the look before could still believe. A node
 * whose clock was set back would else take back what was seen, or have a stop begin before it did.
 */
function knownSince(facts: ClusterFacts, node: string, { nowMs, timing, before }: LookAround): number {
  const read = facts.nodes.get(node)?.sources.pacemaker;
  if (read?.okAtMs == null) return nowMs;
  const earliestMs = before === null ? read.okAtMs : before.atMs - 2 * read.everyMs - timing.sourceGraceMs;
  return Math.min(nowMs, Math.max(read.okAtMs, earliestMs));
}

/** The end of a stretch and the beginning of the next; nothing while it is the same. One that would have no length is replaced. */
function turned(span: KeptSpan, seen: Seen): KeptSpan[] {
  const isSame = span.state === seen.state && (span.node === seen.node || seen.state !== "up");
  if (isSame) return [];
  const atMs = Math.max(span.fromMs, seen.sinceMs);
  const next = { service: span.service, state: seen.state, fromMs: atMs, toMs: null, why: seen.why, node: seen.node };
  return atMs === span.fromMs ? [next] : [{ ...span, toMs: atMs }, next];
}

/** A stop that no reading shows, between two that both show the service in order; null: it was not down. */
function stoppedUnseen(service: ServiceNow, span: KeptSpan, seen: Seen, around: SeeAround): KeptSpan[] | null {
  const { before, value, facts, knownMs } = around;
  if (span.state !== "up" || seen.state !== "up" || span.node === null || seen.node === null || before === null) return null;
  if (before.value === null || before.value === value) return null;
  const offsetOf = (node: string) => facts.nodes.get(node)?.clockOffsetMs ?? 0;
  const tookMs = unseenStop(service, { was: before.value, value, from: span.node, to: seen.node, offsetOf });
  if (tookMs === null) return null;
  const toMs = Math.max(span.fromMs, knownMs);
  const fromMs = Math.max(span.fromMs, toMs - tookMs);
  const reason = plannedBy(service, span.node, around);
  const why = reason ?? "stopped and started again between two readings";
  const stop: KeptSpan = { service: service.id, state: reason === null ? "unplanned" : "planned", fromMs, toMs, why, node: span.node };
  const up: KeptSpan = { ...span, fromMs: toMs, toMs: null, why: null, node: seen.node };
  return [...(fromMs > span.fromMs ? [{ ...span, toMs: fromMs }] : []), stop, up];
}

interface SeeAround extends LookAround {
  value: Pacemaker;
  silent: ReadonlySet<string>;
  knownMs: number;
}

function see(service: ServiceNow, span: KeptSpan | null, around: SeeAround): Seen {
  const { value, silent, facts, knownMs } = around;
  if (service.isUp === true)
    return { state: "up", sinceMs: knownMs, why: null, node: service.nodes.length === 1 ? (service.nodes[0] ?? null) : null };
  const node = span?.node ?? null;
  if (service.isUp === null) {
    // The cluster goes on calling a dead node well for some seconds; its agent's last word is the last that is known.
    const spokeMs = node !== null && silent.has(node) ? facts.nodes.get(node)?.lastWordAtMs : null;
    const why = spokeMs == null ? service.word : `no word from ${node}`;
    return { state: "unknown", sinceMs: spokeMs ?? knownMs, why, node };
  }
  const reason = plannedBy(service, node, around);
  const isTorn = node !== null && nodeWords(value).get(node) === "unclean" && !around.runs.some((run) => isFenceOf(run, node));
  const state = stateOf(span, { reason, isTorn, isFault: service.isFault });
  const isLasting = span?.state === state;
  return {
    state,
    sinceMs: knownMs,
    why: isLasting ? span.why : state === "planned" ? reason : isTorn ? `${node} was lost` : service.word,
    node,
  };
}

/**
 * A stop that began without anybody wanting it stays unplanned until it is over. One that somebody wanted becomes unplanned
 * when its node is lost under it, or when it ends in a fault that nobody stands over any more.
 */
function stateOf(
  span: KeptSpan | null,
  { reason, isTorn, isFault }: { reason: string | null; isTorn: boolean; isFault: boolean },
): "planned" | "unplanned" {
  if (span?.state === "unplanned" || isTorn) return "unplanned";
  if (reason !== null) return "planned";
  return span?.state === "planned" && !isFault ? "planned" : "unplanned";
}

/** Whose will the stop of a service is, as a phrase; null: nobody's that is known. */
function plannedBy(service: ServiceNow, node: string | null, { value, runs, declared, knownMs }: SeeAround): string | null {
  if (service.isOrderedOff) return "stopped by order (target-role)";
  const about = new Set([...service.ids.map(keyOf.resource), ...(node === null ? [] : [keyOf.node(node)])]);
  const run = commandBehind(runs, about, knownMs);
  if (run) return `${run.title}, by ${run.by}`;
  const kept = declared.find((one) => (one.node === null || one.node === node) && one.startedAtMs <= knownMs && knownMs <= one.endsAtMs);
  if (kept) return `maintenance of ${kept.owner}: ${kept.note}`;
  const home = value.nodes.find(({ name }) => name === node);
  if (home?.standby && home.online && !home.pending && !home.standbyOnFail) return `${home.name} was put in standby`;
  if (home?.shutdown) return `Pacemaker on ${home.name} was shut down`;
  return null;
}

/** The stretches of a restarted console: what lies between its last look and now is not known. */
export function afterDowntime(open: readonly KeptSpan[], lookedAtMs: number | null): KeptSpan[] {
  return unwatchedFrom(open, lookedAtMs, "the console was not running");
}

function unwatchedFrom(open: readonly KeptSpan[], atMs: number | null, why: string): KeptSpan[] {
  return open.flatMap((span) => turned(span, { state: "unknown", sinceMs: atMs ?? span.fromMs, why, node: span.node }));
}
