// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import type { Clock } from "./clock";
import type { JournalDisk } from "./journal-disk";
import { createJournalQueue, type Entry } from "./journal-queue";
import { ackedLine, frameLine, headerLine, type KeptFrame, type LastLine, readJournalText } from "./journal-records";
import { errorText } from "./plain-text";
import type { JournalFrame } from "./protocol/messages";
import type { Reading, Readings, SourceName } from "./protocol/sources";
import { readingsOf } from "./readings";
import { RunError } from "./usage";

type Unnumbered<F> = F extends JournalFrame ? Omit<F, "journalId" | "seq"> : never;
/** A frame before the journal gave it its place. */
export type NewFrame = Unnumbered<JournalFrame>;

export interface JournalOptions {
  disk: JournalDisk;
  clock: Clock;
  /** One sentence for the log. */
  log: (sentence: string) => void;
  /** Told when frames have become safe to send. */
  onSafe?: () => void;
  maxBytes?: number;
  maxFrames?: number;
  newId?: () => string;
}

/**
 * Everything that was noticed and that the console has not yet acknowledged. A frame is on the disk before it is sent, so that
 * neither a kill of the agent nor an outage of the network loses one; when it is full the oldest give way to one `gap` frame.
 */
export interface Journal {
  append(frame: NewFrame, bootId: string | null): void;
  /** The first safe frame after a position; null when there is none (yet). */
  after(position: number): Entry | null;
  /** True when every frame is safe. */
  isSettled(): boolean;
  /** The console has everything up to this frame. */
  acknowledge(journalId: string, seq: number): void;
  /** What the journal last told about a source, also in an earlier run and also when it is acknowledged. */
  lastFact<N extends SourceName>(source: N): Reading<N> | null;
  /** True when this kernel line of this boot was journalled already. */
  hasLine(bootId: string, kmsgSeq: number): boolean;
  /** How many frames wait. */
  size(): number;
  /** Settles when everything appended so far is safe. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const MAX_BYTES = 8 * 1024 * 1024;
const MAX_FRAMES = 20_000;
/** The file may hold this much beyond its head and what still waits, and as much again as waits, before it is written anew. */
const SLACK_BYTES = 256 * 1024;
/** A write that takes longer counts as failed, and after a failure the disk is tried again this much later. */
const WRITE_LIMIT_MS = 5_000;

/** Opens the journal of an earlier run, or begins one. A disk that fails or hangs costs durability, never the agent. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { disk, clock, log, onSafe = () => undefined, newId = randomUUID } = options;
  const queue = createJournalQueue(options.maxBytes ?? MAX_BYTES, options.maxFrames ?? MAX_FRAMES);
  let journalId = newId();
  let nextSeq = 1;
  let safePosition = 0;
  let facts: Readings = {};
  let lastLine: LastLine | null = null;
  /** Lines that the file does not have yet, and an acknowledgement that is worth no write of its own. */
  let pending = "";
  let acked: { journalId: string; seq: number } | null = null;
  let mustReplace = false;
  let fileBytes = 0;
  /** The file's first record: the last facts, which no acknowledgement makes smaller. */
  let headBytes = 0;
  /** When the disk last failed; null while it does not. */
  let failedAtMs: number | null = null;
  /** A write has passed its limit and has not returned: nothing more is asked of the disk. */
  let isStuck = false;
  let flushing: Promise<void> | null = null;
  let saidFull = false;

  function learn({ frame, bootId }: KeptFrame): void {
    if (frame.type === "fact") {
      const reading: Reading | undefined = frame.readings[frame.source];
      if (reading) facts = { ...facts, ...readingsOf(frame.source, reading) };
    } else if (frame.type === "line" && bootId !== null) {
      lastLine = { bootId, kmsgSeq: frame.line.kmsgSeq };
    }
  }

  function shrink(): void {
    const count = queue.shrink();
    if (count === null) return;
    mustReplace = true;
    pending = "";
    if (!saidFull) log(`The journal is full: ${count} of its oldest frames gave way to a gap. The console has not taken any for long.`);
    saidFull = true;
  }

  /** All of a new file. */
  function startAnew(): string {
    const head = headerLine({ journalId, nextSeq, facts, lastLine });
    headBytes = Buffer.byteLength(head);
    return (
      head +
      queue
        .all()
        .map((entry) => frameLine(entry.bootId, entry.text))
        .join("")
    );
  }

  async function write(): Promise<void> {
    const isWhole = mustReplace || failedAtMs !== null;
    const text = isWhole ? startAnew() : pending;
    pending = "";
    mustReplace = false;
    if (isWhole) acked = null;
    fileBytes = Buffer.byteLength(text) + (isWhole ? 0 : fileBytes);
    await (isWhole ? disk.replace(text) : disk.append(text));
  }

  /** @throws what the disk says, or RunError when it says nothing for too long */
  function writeWithinLimit(): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = clock.after(WRITE_LIMIT_MS, () => {
        isStuck = true;
        reject(new RunError(`the disk did not answer within ${WRITE_LIMIT_MS / 1_000} s`));
      });
      void write()
        .then(resolve, reject)
        .finally(() => {
          cancel();
          isStuck = false;
        });
    });
  }

  /**
   * The disk does not take what must be durable before it may be sent. Going blind would be worse: what is not on the disk goes
   * on under a new journal id that no later run can ever take up, so that no number is ever used for two frames.
   */
  function carryOnWithoutDisk(error: unknown): void {
    const isFirst = failedAtMs === null;
    failedAtMs = clock.elapsed();
    mustReplace = true;
    pending = "";
    if (isFirst) {
      log(
        `The journal cannot be written (${errorText(error)}): what happens now is lost if this agent is killed. Look at the disk of its state folder.`,
      );
      journalId = newId();
      nextSeq = queue.renumber(safePosition, journalId);
    }
    safePosition = queue.lastPosition();
  }

  function hasWork(): boolean {
    if (isStuck) return false;
    if (failedAtMs !== null) return clock.elapsed() - failedAtMs >= WRITE_LIMIT_MS;
    return pending !== "" || mustReplace;
  }

  async function flush(): Promise<void> {
    await Promise.resolve(); // everything of this turn goes into one write
    while (hasWork()) {
      const upTo = queue.lastPosition();
      try {
        await writeWithinLimit();
        if (failedAtMs !== null) log("The journal can be written again.");
        failedAtMs = null;
        safePosition = Math.max(safePosition, upTo);
      } catch (error) {
        carryOnWithoutDisk(error);
      }
      onSafe();
    }
  }

  function kick(): void {
    if (failedAtMs !== null && safePosition < queue.lastPosition()) {
      safePosition = queue.lastPosition();
      onSafe();
    }
    if (flushing !== null || !hasWork()) return;
    flushing = flush().finally(() => {
      flushing = null;
    });
  }

  async function begin(): Promise<void> {
    const loaded = await disk.load();
    mustReplace = true;
    if (loaded === null) return;
    const found = readJournalText(loaded.bytes);
    for (const { frame, bootId } of found.frames) queue.add(frame, bootId);
    // An earlier run may have sent them: whatever fails from here on, they keep their numbers.
    safePosition = queue.lastPosition();
    if (found.header !== null && found.badLines === 0) {
      ({ journalId, nextSeq, lastLine } = found.header);
      facts = found.header.facts;
      for (const kept of found.seen) {
        learn(kept);
        if (kept.frame.journalId === journalId) nextSeq = kept.frame.seq + 1;
      }
      fileBytes = loaded.bytes.length;
      headBytes = loaded.bytes.indexOf("\n") + 1;
      mustReplace = found.isTorn;
      return;
    }
    // What was told last is not known for sure, so everything is told again; and it is said that something is lost.
    const aside = await disk.setAside();
    const count = Math.max(1, found.badLines);
    log(`The journal was damaged: it is kept as ${aside}, and ${count} of its records are lost.`);
    const toMs = Math.max(loaded.writtenAtMs, found.goodUntilMs ?? 0);
    const fromMs = found.goodUntilMs ?? toMs;
    queue.add({ type: "gap", journalId, seq: nextSeq++, atMs: toMs, fromMs, toMs, count }, null);
  }

  await begin().catch(carryOnWithoutDisk);
  shrink();
  kick();
  await flushing;

  return {
    append(frame, bootId) {
      const place = { journalId, seq: nextSeq++ };
      // Each kind for itself: a spread of the union would lose which fields belong together.
      const placed: JournalFrame =
        frame.type === "fact" ? { ...frame, ...place } : frame.type === "line" ? { ...frame, ...place } : { ...frame, ...place };
      learn({ frame: placed, bootId });
      const entry = queue.add(placed, bootId);
      if (!mustReplace) {
        pending += (acked === null ? "" : ackedLine(acked.journalId, acked.seq)) + frameLine(bootId, entry.text);
        acked = null;
      }
      shrink();
      kick();
    },
    after(position) {
      const entry = queue.after(position);
      return entry !== null && entry.position <= safePosition ? entry : null;
    },
    isSettled: () => safePosition === queue.lastPosition(),
    acknowledge(id, seq) {
      if (!queue.acknowledge(id, seq, safePosition)) return;
      acked = { journalId: id, seq };
      saidFull = false;
      if (fileBytes - headBytes > SLACK_BYTES + 2 * queue.bytes()) {
        mustReplace = true;
        pending = "";
        kick();
      }
    },
    lastFact(source) {
      return facts[source] ?? null;
    },
    hasLine: (bootId, kmsgSeq) => lastLine !== null && lastLine.bootId === bootId && kmsgSeq <= lastLine.kmsgSeq,
    size: () => queue.all().length,
    async settled() {
      while (flushing !== null) await flushing;
    },
    async close() {
      if (acked !== null && !mustReplace) pending += ackedLine(acked.journalId, acked.seq);
      acked = null;
      kick();
      while (flushing !== null) await flushing;
      if (!isStuck) await disk.close();
    },
  };
}
