// SPDX-License-Identifier: Apache-2.0
import type { Stats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import type { Clock } from "../clock";
import type { FifoShare } from "./fifo-share";
import type { Flow } from "./follow";
import { isNotThere } from "./host-failure";

/** How often a growing file's size is looked at, and one that is not there yet. */
const LOOK_EVERY_MS = 200;
const MISSING_LOOK_EVERY_MS = 1_000;
const CHUNK_BYTES = 64 * 1024;
/** So many chunks in one go. */
const CHUNKS_PER_GO = 16;

interface Tail {
  handle: FileHandle;
  stats: Stats;
  position: number;
}

/** Reads what was added since; the answer is true when there may be more. A file that shrank was begun anew. */
async function readOn(tail: Tail, chunk: Buffer, onChunk: (bytes: Buffer) => void): Promise<boolean> {
  const { size } = await tail.handle.stat();
  if (size < tail.position) tail.position = 0;
  for (let count = 0; count < CHUNKS_PER_GO; count++) {
    if (tail.position >= size) return false;
    const { bytesRead } = await tail.handle.read(chunk, 0, CHUNK_BYTES, tail.position);
    if (bytesRead === 0) return false;
    tail.position += bytesRead;
    onChunk(chunk.subarray(0, bytesRead));
  }
  return true;
}

async function statOrNull(place: string): Promise<Stats | null> {
  try {
    return await stat(place);
  } catch (error) {
    if (isNotThere(error)) return null;
    throw error;
  }
}

/**
 * A file of a recorded or simulated tree that somebody adds to, or a FIFO. One that is replaced (by rename) is read to its end,
 * then the new one from its beginning; one that is not there yet is waited for.
 */
export function fileFlow(place: () => Promise<string | null>, from: "start" | "end", fifos: FifoShare, clock: Clock): Flow {
  /** Only what lay there at the very first look may be passed over; whatever comes later is new. */
  let isFirstLook = true;
  return {
    async open(heard) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      let isOpen = true;
      let cancel: () => void = () => undefined;
      let tail: Tail | null = null;
      let leaveFifo: (() => void) | null = null;

      async function letGo(): Promise<void> {
        leaveFifo?.();
        leaveFifo = null;
        const old = tail;
        tail = null;
        await old?.handle.close();
      }
      /** One look; the answer is the wait until the next. */
      async function look(): Promise<number> {
        const where = await place();
        const stats = where === null ? null : await statOrNull(where);
        const isSame = tail !== null && stats !== null && stats.ino === tail.stats.ino && stats.dev === tail.stats.dev;
        if (tail !== null) {
          if (await readOn(tail, chunk, onChunk)) return 1;
          if (isSame) return LOOK_EVERY_MS;
          await letGo();
        }
        const skip = isFirstLook && from === "end";
        isFirstLook = false;
        if (where === null || stats === null) return MISSING_LOOK_EVERY_MS;
        if (stats.isFIFO()) {
          leaveFifo ??= fifos.join(where, stats, { chunk: onChunk, ended: fail });
          return MISSING_LOOK_EVERY_MS * 60; // the share itself notices a replaced FIFO and says so
        }
        if (!stats.isFile()) return MISSING_LOOK_EVERY_MS * 60;
        const handle = await open(where, "r");
        tail = { handle, stats, position: skip ? stats.size : 0 };
        return 1;
      }
      function onChunk(bytes: Buffer): void {
        if (isOpen) heard.chunk(bytes);
      }
      function fail(): void {
        if (!isOpen) return;
        close();
        heard.ended();
      }
      function close(): void {
        isOpen = false;
        cancel();
        letGo().catch(() => undefined); // closing a file that was only read has nothing to lose
      }
      async function tick(): Promise<void> {
        try {
          const waitMs = await look();
          if (isOpen) cancel = clock.after(waitMs, () => void tick());
          else await letGo();
        } catch {
          fail(); // opening it again is the remedy, and the follower does that with growing waits
        }
      }
      void tick();
      return close;
    },
  };
}
