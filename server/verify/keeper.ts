// SPDX-License-Identifier: Apache-2.0
import type { QueuedVerify } from "@/server/db/verify-queue";
import { admit, type Turn } from "./admit";
import { attempt } from "./attempt";
import { windowWords } from "./due";
import { createFollower } from "./follower";
import { askedBy, createLeaving, createTries, type KeeperDeps } from "./keeper-deps";
import { createOpener } from "./opener";
import { askerFor } from "./owner";

/** A verify whose command was given is seen to begin within this; one that begins later was started by somebody else. */
const BEGINS_WITHIN_MS = 60_000;

/** Opens windows, starts whose turn it is, follows them, stops what outlasts its window. `tick` is to be called every few seconds. */
export function createKeeper(deps: KeeperDeps) {
  const { book, commands, verifies, now } = deps;
  const turns = new Map<string, Turn>();
  const tries = createTries(now);
  const leaving = createLeaving(deps, tries);
  const opener = createOpener(deps, tries, leaving, (id) => turns.get(id)?.says ?? null);
  const follower = createFollower(deps, tries, leaving);
  let working: Promise<void> = Promise.resolve();
  let isOver = false;

  async function begin(one: QueuedVerify): Promise<void> {
    const who = await askerFor(deps.people, one);
    if ("not" in who) return leaving.leave(one, `Not started: ${who.not}`);
    const schedule = book.scheduleById(one.schedule);
    const window = schedule && one.window ? `, ${windowWords(one.window, schedule.wanted.zone)}` : "";
    const reason = one.schedule === null ? "From the queue." : `By schedule${window}.`;
    // Written before the command is given: a console that dies now never gives it twice.
    const begun = await book.change(one.id, (known) => (known.begunAtMs === null ? { ...known, begunAtMs: now() } : null));
    if (!begun) return;
    const ask = { verb: "drbd.verify", args: { resource: one.resource, volume: one.volume, peer: null } };
    const announce = (accepted: readonly string[]) => verifies.expect({ ...askedBy(one), accepted, withinMs: BEGINS_WITHIN_MS });
    const how = await attempt(commands, one.cluster, ask, { asker: who.asker, accept: one.accept, reason, announce });
    if (how.did === "started") {
      await book.change(one.id, (known) => ({ ...known, run: how.run }));
      await book.tell(one, "runs", null);
      tries.clear(one.id);
      deps.onMoved();
    } else if (how.did === "later" && !tries.isEnough(one.id, how)) {
      await book.change(one.id, (known) => ({ ...known, begunAtMs: null }));
    } else {
      await leaving.leave(one, `Not started: ${how.says}`);
    }
  }

  /** Whose turn it is now, and the words for every other. */
  async function takeTurns(): Promise<void> {
    for (const slug of new Set(book.queued().map(({ cluster }) => cluster))) {
      for (const { id } of turnsOf(slug).filter(({ mayStart }) => mayStart)) {
        const one = book.queuedById(id);
        if (one && tries.isDue(id) && !isOver) await begin(one);
      }
      turnsOf(slug);
    }
    for (const id of turns.keys()) if (!book.queuedById(id)) turns.delete(id);
  }

  function turnsOf(slug: string): Turn[] {
    const view = deps.viewOf(slug);
    if (!view) return [];
    const own = book.queued().filter(({ cluster }) => cluster === slug);
    const told = admit(
      own.map((one) => ({ ...one, hasBegun: one.begunAtMs !== null })),
      view,
      now(),
    ).map((turn) => ({ ...turn, says: (turn.mayStart ? tries.saysOf(turn.id) : null) ?? turn.says }));
    for (const turn of told) {
      const before = turns.get(turn.id);
      turns.set(turn.id, turn);
      if (before?.says !== turn.says || before.place !== turn.place) deps.onMoved();
    }
    return told;
  }

  return {
    /** One look at everything. Looks come one after the other. */
    tick(): Promise<void> {
      working = working
        .then(opener.open)
        .then(follower.follow)
        .then(opener.close)
        .then(takeTurns)
        .catch((cause: unknown) => deps.log.error("The queue of verifies could not be worked on", cause));
      return working;
    },
    /** The turn of one that is queued, as it was last looked at; a look is taken where there was none. */
    turnOf(one: QueuedVerify): Turn | null {
      if (!turns.has(one.id)) turnsOf(one.cluster);
      return turns.get(one.id) ?? null;
    },
    leave: leaving.leave,
    /** Nothing is begun any more; resolves when the looks that were asked for are over. */
    async end(): Promise<void> {
      isOver = true;
      await working;
    },
  };
}
export type Keeper = ReturnType<typeof createKeeper>;
