// SPDX-License-Identifier: Apache-2.0
import { closeSync, constants, openSync, readSync } from "node:fs";
import type { Clock } from "../clock";
import { systemCode } from "../plain-text";
import type { Flow } from "./follow";

/** The kernel's longest record with its dictionary is 8 KiB; a smaller buffer gets EINVAL. */
const RECORD_BYTES = 16 * 1024;
/** The device cannot be waited for in Node without holding a thread, so it is asked this often. One system call when nothing is new, but one waking too. */
const ASK_EVERY_MS = 200;
/** So many records in one go; a flood must not keep the agent from everything else. */
const RECORDS_PER_GO = 256;

/**
 * The kernel log device as a tool that copies it tells it: the tool sleeps in the kernel, so a quiet log wakes nobody, and a
 * record is heard at once. A tool that was overtaken by the ring ends and is started again; what was lost shows in the numbers.
 * Without such a tool the device is asked by the clock.
 */
export function kmsgThrough(copying: () => Promise<Flow["open"] | null>, place: string, from: "start" | "end", clock: Clock): Flow {
  return {
    async open(heard) {
      const open = from === "start" ? await copying() : null;
      if (open === null) return kmsgFlow(place, from, clock).open(heard);
      // Whether this user may read it is better known before a tool is started than from its end.
      closeSync(openSync(place, constants.O_RDONLY | constants.O_NONBLOCK));
      return open(heard);
    },
  };
}

/**
 * The kernel log device: one record per read, EAGAIN when there is no newer one, EPIPE when the ring overtook us (the next
 * read goes on with the oldest record still there). Reading it never sleeps with O_NONBLOCK, so it is done in place.
 *
 * Source: Documentation/ABI/testing/dev-kmsg, Linux 3.5+.
 */
export function kmsgFlow(place: string, from: "start" | "end", clock: Clock): Flow {
  const buffer = Buffer.allocUnsafe(RECORD_BYTES);
  return {
    async open(heard) {
      const fd = openSync(place, constants.O_RDONLY | constants.O_NONBLOCK);
      let isOpen = true;
      let isSkipping = from === "end";
      let cancel: () => void = () => undefined;

      function close(): void {
        if (!isOpen) return;
        isOpen = false;
        cancel();
        closeSync(fd);
      }
      /** Reads what is there; true when there may be more. */
      function go(): boolean {
        for (let count = 0; isOpen && count < RECORDS_PER_GO; count++) {
          try {
            const size = readSync(fd, buffer, 0, RECORD_BYTES, null);
            if (size === 0) return false;
            if (!isSkipping) heard.chunk(buffer.subarray(0, size));
          } catch (error) {
            const code = systemCode(error);
            if (code === "EPIPE") continue; // overtaken: the next read is the oldest record still there
            if (code === "EAGAIN") {
              isSkipping = false;
              return false;
            }
            throw error;
          }
        }
        return true;
      }
      function ask(): void {
        if (!isOpen) return;
        try {
          cancel = clock.after(go() ? 1 : ASK_EVERY_MS, ask);
        } catch {
          close(); // whatever it was, opening it again is the remedy, and the follower does that with growing waits
          heard.ended();
        }
      }
      // Later, so that the caller holds the closer before the first record comes.
      cancel = clock.after(0, ask);
      return close;
    },
  };
}
