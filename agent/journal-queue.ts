// SPDX-License-Identifier: Apache-2.0
import type { JournalFrame } from "./protocol/messages";

/** A frame that waits to be acknowledged. */
export interface Entry {
  /** Grows by one with every frame of this process; says where a link has got to. */
  readonly position: number;
  readonly journalId: string;
  readonly seq: number;
  /** The frame as JSON. */
  readonly text: string;
  readonly bootId: string | null;
  /** The time it is of; for a gap the times it spans. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Frames that it stands for: for a gap more than one. */
  readonly count: number;
  readonly bytes: number;
}

/** The frames that wait, oldest first, as text: a full queue costs little more memory than its bytes. */
export interface JournalQueue {
  add(frame: JournalFrame, bootId: string | null): Entry;
  /** The first entry after a position; null when there is none. */
  after(position: number): Entry | null;
  /** Drops everything up to that frame, if it is one of those up to `safePosition`; true when it was. */
  acknowledge(journalId: string, seq: number, safePosition: number): boolean;
  /**
   * When it is over its bounds the oldest entries give way to one gap, in the place of the last of them: so the numbers go on
   * without a hole, and a console that has that frame already knows that it misses nothing. The answer: frames in the gap, or null.
   */
  shrink(): number | null;
  /** Gives entries after a position a new place in another journal; the answer is the next number there. */
  renumber(position: number, journalId: string): number;
  all(): readonly Entry[];
  bytes(): number;
  lastPosition(): number;
}

/** Dropping goes down to this share of the bounds, so that a full journal is not rewritten for every frame. */
const SHRINK_TO = 0.9;

export function createJournalQueue(maxBytes: number, maxFrames: number): JournalQueue {
  let entries: Entry[] = [];
  let bytes = 0;
  let lastPosition = 0;

  function entryOf(frame: JournalFrame, position: number, bootId: string | null): Entry {
    const text = JSON.stringify(frame);
    const { fromMs, toMs, count } = frame.type === "gap" ? frame : { fromMs: frame.atMs, toMs: frame.atMs, count: 1 };
    return { position, journalId: frame.journalId, seq: frame.seq, text, bootId, fromMs, toMs, count, bytes: Buffer.byteLength(text) };
  }
  function take(count: number): Entry[] {
    const gone = entries.splice(0, count);
    for (const entry of gone) bytes -= entry.bytes;
    return gone;
  }

  return {
    all: () => entries,
    bytes: () => bytes,
    lastPosition: () => lastPosition,
    add(frame, bootId) {
      const entry = entryOf(frame, ++lastPosition, bootId);
      entries.push(entry);
      bytes += entry.bytes;
      return entry;
    },
    after(position) {
      const first = entries[0];
      if (!first) return null;
      // Positions go up by one, but before the second entry they may jump (a gap is in front): so this is the place or close to it.
      let index = Math.min(entries.length, Math.max(0, position + 1 - first.position));
      while (index > 0 && (entries[index - 1]?.position ?? 0) > position) index--;
      return entries[index] ?? null;
    },
    acknowledge(journalId, seq, safePosition) {
      const last = entries.findLastIndex((entry) => entry.journalId === journalId && entry.seq <= seq && entry.position <= safePosition);
      take(last + 1);
      return last !== -1;
    },
    shrink() {
      if (bytes <= maxBytes && entries.length <= maxFrames) return null;
      let count = 0;
      let left = bytes;
      while (count < entries.length - 1 && (left > maxBytes * SHRINK_TO || entries.length - count > maxFrames * SHRINK_TO)) {
        left -= entries[count]?.bytes ?? 0;
        count++;
      }
      const gone = take(count);
      const last = gone.at(-1);
      if (!last) return null;
      const gap: JournalFrame = {
        type: "gap",
        journalId: last.journalId,
        seq: last.seq,
        atMs: last.toMs,
        fromMs: gone.reduce((least, entry) => Math.min(least, entry.fromMs), last.fromMs),
        toMs: gone.reduce((most, entry) => Math.max(most, entry.toMs), last.toMs),
        count: gone.reduce((sum, entry) => sum + entry.count, 0),
      };
      const entry = entryOf(gap, last.position, null);
      entries.unshift(entry);
      bytes += entry.bytes;
      return gap.count;
    },
    renumber(position, journalId) {
      let seq = 0;
      entries = entries.map((entry) => {
        if (entry.position <= position) return entry;
        seq++;
        const text = JSON.stringify({ ...JSON.parse(entry.text), journalId, seq });
        return { ...entry, journalId, seq, text };
      });
      return seq + 1;
    },
  };
}
