// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import type { VerifySummary } from "@/agent/protocol/console/verify";
import type { View } from "@/agent/protocol/console/view";
import type { Commands } from "@/server/commands/commands";
import type { PeopleRecords } from "@/server/db/people";
import type { QueuedVerify, Told } from "@/server/db/verify-queue";
import type { Log } from "@/server/log";
import type { Book } from "./book";
import type { MirrorId } from "./openings";

/** What the record of verifies is told, and asked. */
export interface RecordKeeping {
  /** A verify of this mirror that begins soon is on this word. */
  expect(
    one: MirrorId &
      Pick<VerifySummary, "cluster" | "cause" | "by" | "run" | "schedule"> & { accepted: readonly string[]; withinMs: number },
  ): void;
  /** The one under way is stopped from here: "stopped as its window closed". */
  stopping(slug: string, resource: string, volume: number, why: string): void;
  /** Keeps one that was asked for and did not begin. */
  refused(summary: VerifySummary, accepted: readonly string[]): Promise<void>;
  /** A mirror's newest runs that ended, oldest first, by `keyOf.verify`. */
  trend(slug: string, key: string): readonly VerifySummary[];
  /** Those under way. */
  running(slug: string): readonly VerifySummary[];
}

export interface KeeperDeps {
  book: Book;
  people: Pick<PeopleRecords, "userById">;
  commands: Pick<Commands, "preview" | "confirm" | "runOf">;
  verifies: RecordKeeping;
  viewOf: (slug: string) => View | null;
  /** Clusters that live: no recordings. */
  clusters: () => readonly string[];
  /** The queue or a schedule moved: what is shown of them is to be made anew. */
  onMoved: () => void;
  log: Log;
  now: () => number;
}

/** One whose command was refused for a passing reason is tried again after this. */
const AGAIN_AFTER_MS = 30_000;
/** So often, where the reason is not known to pass. */
const MOST_TRIES = 3;

/** Commands that came to nothing so far, by what they were given for. */
export function createTries(now: () => number) {
  const tries = new Map<string, { count: number; notBeforeMs: number; says: string }>();
  return {
    isDue: (id: string) => (tries.get(id)?.notBeforeMs ?? 0) <= now(),
    saysOf: (id: string): string | null => tries.get(id)?.says ?? null,
    /** Notes one; true when it was one too many. */
    isEnough(id: string, { says, isCounted }: { says: string; isCounted: boolean }): boolean {
      const count = (tries.get(id)?.count ?? 0) + (isCounted ? 1 : 0);
      tries.set(id, { count, notBeforeMs: now() + AGAIN_AFTER_MS, says });
      return count >= MOST_TRIES;
    },
    clear: (id: string) => tries.delete(id),
  };
}
export type Tries = ReturnType<typeof createTries>;

/** Who asked for a verify, as its record says it. */
export function askedBy({
  cluster,
  resource,
  volume,
  owner,
  schedule,
}: Pick<QueuedVerify, "cluster" | "resource" | "volume" | "owner" | "schedule">) {
  const cause = schedule === null ? ("person" as const) : ("schedule" as const);
  return { cluster, resource, volume, cause, by: owner, run: null, schedule };
}

/** The record of one that did not begin. */
export function notBegun(one: Parameters<typeof askedBy>[0], says: string, atMs: number): VerifySummary {
  return {
    ...askedBy(one),
    id: randomUUID(),
    starter: null,
    peer: null,
    startedAtMs: atMs,
    endedAtMs: atMs,
    result: "refused",
    percent: null,
    says,
    sizeBytes: null,
    rateBytesPerSec: null,
    differsBytes: null,
    outOfSync: [],
  };
}

/** Takes a verify out of the queue that is over, and notes what became of it at the opening that asked for it. */
export function createLeaving({ book, verifies, onMoved, now }: Pick<KeeperDeps, "book" | "verifies" | "onMoved" | "now">, tries: Tries) {
  async function forget(one: QueuedVerify, word: Told["word"], why: string | null): Promise<void> {
    await book.tell(one, word, why);
    await book.remove(one.id);
    tries.clear(one.id);
    onMoved();
  }
  return {
    forget,
    /** One that did not begin. The record first: what is lost in between is told twice, not never. */
    async leave(one: QueuedVerify, says: string): Promise<void> {
      await verifies.refused(notBegun(one, says, now()), one.accept);
      await forget(one, "skipped", says);
    },
  };
}
export type Leaving = ReturnType<typeof createLeaving>;
