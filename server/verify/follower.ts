// SPDX-License-Identifier: Apache-2.0
import type { VerifySummary } from "@/agent/protocol/console/verify";
import { keyOf } from "@/agent/protocol/console/view";
import type { QueuedVerify, Told } from "@/server/db/verify-queue";
import { type Attempt, attempt } from "./attempt";
import { clockWords } from "./due";
import type { KeeperDeps, Leaving, Tries } from "./keeper-deps";
import { isHeardSince, isVerifying } from "./occupied";
import { askerFor } from "./owner";

/** A verify that was begun and that no node shows is not over before this: it may not have been read yet. */
const UNSEEN_MS = 15_000;
/** The record of a verify that ended is waited for so long. */
const RECORD_MS = 120_000;
/** A clock of a node and the console's agree this far. */
const SLACK_MS = 5_000;

const NOT_SEEN = "The console ended, or lost the node, while it was being started, and no verify of it was seen since.";

/** Follows verifies that have begun to their end, and stops those that outlast their window. */
export function createFollower(deps: KeeperDeps, tries: Tries, { forget, leave }: Leaving) {
  const { book, commands, verifies, now } = deps;

  async function followOne(one: QueuedVerify, begunAtMs: number): Promise<void> {
    const view = deps.viewOf(one.cluster);
    if (!view) return;
    if (isVerifying(view, one.resource, one.volume)) {
      const closesAtMs = one.window?.closesAtMs ?? Number.POSITIVE_INFINITY;
      if (one.isStoppedAtEnd && !one.isStopAsked && closesAtMs <= now()) await stop(one, closesAtMs);
      return;
    }
    // Its record may still be waiting for the last words of its nodes.
    if (verifies.running(one.cluster).some(({ resource, volume }) => resource === one.resource && volume === one.volume)) return;
    const run = one.run === null ? null : commands.runOf(one.cluster, one.run);
    if (run !== null && run.outcome === null) return;
    const ended = verifies.trend(one.cluster, keyOf.verify(one.resource, one.volume)).findLast((record) => isOf(record, one, begunAtMs));
    if (ended?.result) return forget(one, wordOf(ended.result), ended.result === "clean" ? null : ended.says);
    if (run?.outcome === "refused" || run?.outcome === "failed") return leave(one, run.says ?? "Its command failed.");
    const isSilent = !isHeardSince(view, one.resource, one.volume, begunAtMs + UNSEEN_MS);
    if (isSilent || now() - begunAtMs < RECORD_MS) return;
    if (one.run === null) await leave(one, NOT_SEEN);
    else await forget(one, "unknown", run?.says ?? "its end was not seen.");
  }

  async function stop(one: QueuedVerify, closedAtMs: number): Promise<void> {
    if (!tries.isDue(one.id)) return;
    const closed = `at ${clockWords(closedAtMs, book.scheduleById(one.schedule)?.wanted.zone ?? "UTC")}`;
    const ask = { verb: "drbd.verifyStop", args: { resource: one.resource, volume: one.volume } };
    const who = await askerFor(deps.people, one);
    // Who scheduled it has said that it is to be stopped, whatever there is to know about that.
    const terms = { accept: "everything" as const, reason: `The window of its schedule closed ${closed}.` };
    const how: Attempt =
      "not" in who ? { did: "not", says: who.not } : await attempt(commands, one.cluster, ask, { asker: who.asker, ...terms });
    if (how.did === "started")
      verifies.stopping(one.cluster, one.resource, one.volume, `stopped as the window of its schedule closed ${closed}`);
    if (how.did === "later" && !tries.isEnough(one.id, how)) return;
    await book.change(one.id, (known) => ({ ...known, isStopAsked: true }));
    tries.clear(one.id);
    if (how.did !== "started") await book.tell(one, "runs", `it was not stopped as its window closed: ${how.says}`);
  }

  return {
    async follow(): Promise<void> {
      for (const one of book.queued()) if (one.begunAtMs !== null) await followOne(one, one.begunAtMs);
    },
  };
}

/** Whether a record is of the verify that was begun from the queue. */
function isOf(record: VerifySummary, { run }: QueuedVerify, begunAtMs: number): boolean {
  if (record.result === "refused") return false;
  return (record.run !== null && record.run === run) || record.startedAtMs >= begunAtMs - SLACK_MS;
}

function wordOf(result: NonNullable<VerifySummary["result"]>): Told["word"] {
  return result === "refused" ? "skipped" : result;
}
