// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@/agent/protocol/console/runs";
import type { VerifySummary } from "@/agent/protocol/console/verify";
import { keyOf } from "@/agent/protocol/console/view";
import type { Claim } from "./follow-runs";

/** A verify that was asked for and has not begun. */
export interface Expected extends Claim {
  cluster: string;
  resource: string;
  volume: number;
  sinceMs: number;
  /** One that begins later than this was started by somebody else. */
  withinMs: number;
}

/** The commands that start and stop a verify. */
const VERIFY = "drbd.verify";
const VERIFY_STOP = "drbd.verifyStop";

/** Clocks of a node and the console agree this far. */
const SLACK_MS = 5_000;

/** Who asked for the verify that begins now: what was announced comes before what is only seen as a command under way. */
export function claimOf(
  runs: readonly Run[],
  expected: readonly Expected[],
  { slug, resource, volume, atMs }: { slug: string; resource: string; volume: number; atMs: number },
): Claim | null {
  const isMine = (one: Expected) => one.cluster === slug && one.resource === resource && one.volume === volume;
  const isTimely = (one: Expected) => atMs >= one.sinceMs - SLACK_MS && atMs <= one.sinceMs + one.withinMs;
  const announced = expected.findLast((one) => isMine(one) && isTimely(one));
  const run = runs.findLast((one) => one.ask.verb === VERIFY && isAbout(one, resource, volume) && spans(one, atMs));
  if (announced) return { ...announced, run: announced.run ?? run?.id ?? null };
  return run ? { cause: "person", by: run.by, run: run.id, schedule: null, accepted: [] } : null;
}

function isAbout({ about }: Run, resource: string, volume: number): boolean {
  return about.includes(keyOf.mirror(resource, volume));
}

function spans({ startedAtMs, endedAtMs }: Run, atMs: number): boolean {
  return atMs >= startedAtMs - SLACK_MS && (endedAtMs === null || atMs <= endedAtMs + SLACK_MS);
}

/** Who stopped a run by a command here, as a phrase; null: nobody. */
export function stopOf(runs: readonly Run[], { resource, volume, startedAtMs }: VerifySummary): string | null {
  const stop = runs.findLast(
    (one) =>
      one.ask.verb === VERIFY_STOP &&
      isAbout(one, resource, volume) &&
      one.startedAtMs >= startedAtMs &&
      one.outcome !== "refused" &&
      one.outcome !== "alreadySo",
  );
  return stop ? `stopped by ${stop.by}` : null;
}
