// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import type { ClientStall } from "@/agent/protocol/console/history";
import type { Run } from "@/agent/protocol/console/runs";
import { decodeJson } from "@/agent/protocol/decode";
import type { AgentFrame } from "@/agent/protocol/messages";
import { Pacemaker } from "@/agent/protocol/model/pacemaker";
import { timing } from "@/agent/protocol/timing";
import { fact, ok } from "@/server/cluster/factories";
import type { ClusterFacts } from "@/server/cluster/facts";
import type { DeclaredMaintenance } from "@/server/cluster/maintenance";
import { type Happening, reduce } from "@/server/cluster/reduce";
import { followIncidents } from "./follow";
import type { FollowedIncident, KeptSpan } from "./incident-state";
import { type Look, lookAtServices } from "./spans";
import { recentStalls } from "./stalls";

// A cluster's history told frame by frame, for tests. Clocks of nodes and console agree.

type Frame = Extract<AgentFrame, { type: "fact" | "telemetry" | "line" | "gap" }>;

/** A captured reading. */
export function captured(name: string): Pacemaker {
  const decoded = decodeJson(Pacemaker, readFileSync(path.join(import.meta.dirname, "fixtures", `${name}.json`), "utf8"));
  if (!decoded.ok) throw new Error(`${name}: ${decoded.error}`);
  return decoded.value;
}

/** "2026-11-20 11:28:43.43" in epoch ms. */
export function at(time: string): number {
  return Date.parse(`2026-11-20T${time}Z`);
}

export function createStory(start: ClusterFacts) {
  let facts = start;
  let incidents: readonly FollowedIncident[] = [];
  let spans = new Map<string, KeptSpan>();
  const written: KeptSpan[] = [];
  const ended: FollowedIncident[] = [];
  let runs: readonly Run[] = [];
  let declared: readonly DeclaredMaintenance[] = [];
  let stalls: readonly ClientStall[] = [];
  let ids = 0;
  let before: Look | null = null;

  function look(nowMs: number): void {
    const looked = lookAtServices(spans, { facts, runs, declared, nowMs, timing: timing(), before });
    before = looked.look;
    const { writes } = looked;
    for (const span of writes) {
      const place = written.findIndex((one) => one.service === span.service && one.fromMs === span.fromMs);
      if (place === -1) written.push(span);
      else written[place] = span;
      spans = new Map(spans);
      if (span.toMs === null) spans.set(span.service, span);
      else if (spans.get(span.service)?.fromMs === span.fromMs) spans.delete(span.service);
    }
  }

  function happen(happening: Happening, nowMs: number): void {
    facts = reduce(facts, happening, nowMs).facts;
  }

  return {
    facts: () => facts,
    run: (run: Run) => {
      runs = [...runs.filter(({ id }) => id !== run.id), run];
    },
    declare: (one: DeclaredMaintenance) => {
      declared = [...declared, one];
    },
    frame(node: string, frame: Frame, nowMs: number): void {
      const before = facts;
      happen({ type: "frame", node, frame }, nowMs);
      stalls = recentStalls(stalls, frame, { before, after: facts, node });
      const followed = followIncidents(incidents, frame, {
        cluster: "san-a",
        node,
        before,
        after: facts,
        runs,
        stalls,
        newId: () => {
          ids += 1;
          return `i${ids}`;
        },
      });
      ended.push(...followed.filter(({ incident }) => incident.endedAtMs !== null));
      incidents = followed.filter(({ incident }) => incident.endedAtMs === null);
      look(nowMs);
    },
    /** A node's reading of Pacemaker. */
    says(node: string, value: Pacemaker, atMs: number): void {
      this.frame(node, fact("pacemaker", { pacemaker: ok(value, atMs) }, atMs), atMs);
    },
    /** A node's agent is there. */
    pulse: (node: string, atMs: number) => happen({ type: "frame", node, frame: { type: "pulse", sentAtMs: atMs, read: {} } }, atMs),
    happen,
    look,
    /** As it is shown: what may yet come back where it was is none. */
    open: () => incidents.filter(({ isCandidate }) => !isCandidate).map(({ incident }) => incident),
    ended: () => ended.map(({ incident }) => incident),
    /** A service's stretches: state, and how long in ms (null: it lasts). */
    spans: (service: string) => written.filter((one) => one.service === service).sort((x, y) => x.fromMs - y.fromMs),
  };
}
