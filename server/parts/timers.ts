// SPDX-License-Identifier: Apache-2.0
import type { Timing } from "@/agent/protocol/timing";
import type { Auth } from "@/server/auth/auth";
import type { Database } from "@/server/db/open";
import type { Log } from "@/server/log";
import type { Desk } from "./desk";
import { type Inflow, SETTLE_EVERY_MS } from "./inflow";
import { keepAges, prune } from "./keeping";
import type { Writes } from "./writes";

const PRUNE_EVERY_MS = 600_000;
/** So old at the most are the ages that a killed console shows after its restart. */
const KEEP_AGES_EVERY_MS = 60_000;
/** Whose turn it is to be verified is looked at every few pulses: a window of minutes loses nothing. */
const PULSES_PER_QUEUE_LOOK = 3;
/** Runs that ended are shown for ten minutes, give or take this. */
const SWEEP_RUNS_EVERY_MS = 10_000;
/** A session's sockets close within a second of its end. */
const SWEEP_EVERY_MS = 500;

export interface TimersDeps {
  inflow: Inflow;
  desk: Desk;
  auth: Auth;
  db: Database;
  timing: Timing;
  log: Log;
  now: () => number;
  writes: Writes;
}

/** Starts all that is done again and again while the console runs. @returns what ends it */
export function startTimers({ inflow, desk, auth, db, timing, log, now, writes }: TimersDeps): () => void {
  const { fleet, hub, feed, verifies, chronicle, ledger } = inflow;
  const { alerts, commands, planning } = desk;
  const report = (what: string) => (cause: unknown) => log.error(what, cause);
  const pruneAll = () => writes.add(prune(db, now, log), "what is old could not be removed");
  pruneAll();
  const timers = [
    setInterval(fleet.settle, Math.min(timing.lookEveryMs, SETTLE_EVERY_MS)),
    setInterval(() => hub.pulse(now()), timing.pulseEveryMs),
    setInterval(feed.pulse, timing.feedPulseEveryMs),
    setInterval(commands.sweep, SWEEP_RUNS_EVERY_MS),
    setInterval(verifies.tick, timing.pulseEveryMs),
    setInterval(chronicle.tick, timing.pulseEveryMs),
    setInterval(() => void alerts.tick().catch(report("alerts could not be looked at")), timing.pulseEveryMs),
    setInterval(() => void planning.tick(), timing.pulseEveryMs * PULSES_PER_QUEUE_LOOK),
    setInterval(() => void keepAges(db, fleet, ledger).catch(report("ages could not be written")), KEEP_AGES_EVERY_MS),
    setInterval(pruneAll, PRUNE_EVERY_MS),
    setInterval(() => writes.add(alerts.forget(), "old alerts could not be removed"), PRUNE_EVERY_MS),
    setInterval(() => void auth.sweep().catch(report("sessions could not be swept")), SWEEP_EVERY_MS),
  ];
  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}
