// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import type { VerifySummary } from "@/agent/protocol/console/verify";
import type { AgentFrame } from "@/agent/protocol/messages";
import type { Drbd, DrbdPeer } from "@/agent/protocol/model/drbd";
import { cluster, device, drbd, fact, nodeFacts, ok, peer, T0 } from "@/server/cluster/factories";
import { type Happening, reduce } from "@/server/cluster/reduce";
import { conclude, isDue } from "./conclude";
import { follow } from "./follow";
import type { FollowAround } from "./follow-runs";
import { mergeRanges } from "./ranges";
import type { FollowedRun, VerifyWrites } from "./run-state";

// A verify of two nodes told frame by frame, for tests. The mirror is the one of the fixtures: r0, minor 0, 262,100 KiB.

export const SIZE_BYTES = 262_100 * 1_024;
type Frame = Extract<AgentFrame, { type: "fact" | "telemetry" | "line" | "gap" }>;

/** What a node says of its peer, with its own disk: a reading of one mirror. */
export function reading(change: Partial<DrbdPeer> & { ownDisk?: string; sizeBytes?: number | null } = {}) {
  const { ownDisk = "UpToDate", sizeBytes = SIZE_BYTES, ...said } = change;
  return drbd([device({ resource: "r0", disk: ownDisk, sizeBytes, peers: [peer(said)] })]);
}

/** A kernel line of a fixture: when it was printed on its node's own clock, and what it says. */
export function linesOf(fixture: string): { atMs: number; text: string }[] {
  const text = readFileSync(path.join(import.meta.dirname, "fixtures", `${fixture}.dmesg.txt`), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ({ atMs: Number(line.split(" ", 1)[0]) * 1_000, text: line.slice(line.indexOf(" ") + 1) }));
}

export function createStory(around: Partial<FollowAround> = {}) {
  let facts = cluster(nodeFacts("alice", { drbd: reading() }), nodeFacts("bob", { drbd: reading() }));
  let runs: readonly FollowedRun[] = [];
  let nowMs = T0;
  let kmsgSeq = 0;
  const kept: VerifyWrites = { runs: [], ranges: [], lines: [] };
  const unheard = new Set<string>();
  const deaf = new Set<string>();

  function tell(node: string, frame: Frame): void {
    const before = facts;
    const happening: Happening = { type: "frame", node, frame };
    facts = reduce(facts, happening, nowMs).facts;
    const followed = follow(runs, frame, {
      node,
      before,
      after: facts,
      nowMs,
      newId: () => `run-${kept.runs.length}`,
      claim: () => null,
      lastEndMs: () => null,
      ...around,
    });
    runs = followed.runs;
    kept.runs.push(...followed.writes.runs);
    kept.ranges.push(...followed.writes.ranges);
    kept.lines.push(...followed.writes.lines);
  }

  const story = {
    /** The console's clock, in milliseconds from the story's beginning. */
    at(ms: number) {
      nowMs = T0 + ms;
      return story;
    },
    line(node: string, text: string) {
      kmsgSeq += 1;
      tell(node, {
        type: "line",
        journalId: "j",
        seq: kmsgSeq,
        atMs: nowMs,
        line: { kmsgSeq, atMs: nowMs, priority: 6, topic: "drbd", text },
      });
      return story;
    },
    reads(node: string, change: Parameters<typeof reading>[0] = {}) {
      tell(node, fact("drbd", { drbd: ok(reading(change), nowMs) }, nowMs));
      return story;
    },
    /** A reading of any devices. */
    tells(node: string, value: Drbd) {
      tell(node, fact("drbd", { drbd: ok(value, nowMs) }, nowMs));
      return story;
    },
    gap(node: string) {
      tell(node, { type: "gap", journalId: "j", seq: 1, atMs: nowMs, fromMs: nowMs - 1_000, toMs: nowMs, count: 3 });
      return story;
    },
    silent(node: string) {
      unheard.add(node);
      return story;
    },
    withoutLog(node: string) {
      deaf.add(node);
      return story;
    },
    /** Two nodes' kernel lines in the order of time. `offsets`: what to take off each node's own clock. */
    replay(fixtures: Record<string, string>, offsets: Record<string, number>) {
      const all = Object.entries(fixtures).flatMap(([node, fixture]) =>
        linesOf(fixture).map(({ atMs, text }) => ({ node, text, atMs: atMs - (offsets[node] ?? 0) })),
      );
      for (const { node, text, atMs } of all.sort((x, y) => x.atMs - y.atMs)) story.at(atMs).line(node, text);
      return story;
    },
    runs: () => runs,
    kept,
    isDue: () => runs.map((run) => isDue(run, standing())),
    /** How the one run ended, once everybody has said all. */
    end(): VerifySummary {
      const [one, ...others] = story.ends();
      if (!one || others.length > 0) throw new Error(`There are ${runs.length} runs, not one.`);
      return one;
    },
    /** How each ended. */
    ends(): VerifySummary[] {
      nowMs += 20_000;
      return runs.map((run) => {
        const ranges = kept.ranges.filter((range) => range.run === run.summary.id);
        return conclude(run, { ...standing(), places: mergeRanges(ranges).length });
      });
    },
  };
  function standing() {
    return { nowMs, factor: 1, isHeard: (node: string) => !unheard.has(node), hasLog: (node: string) => !deaf.has(node) };
  }
  return story;
}
