// SPDX-License-Identifier: Apache-2.0
import { closeSync, constants, openSync, readSync } from "node:fs";
import type { Clock } from "../clock";
import { systemCode } from "../plain-text";
import type { Flow } from "./follow";

/** The kernel's longest record with its dictionary is 8 KiB; a smaller buffer gets EINVAL. */
const RECORD_BYTES = 16 * 1024;
/** The device cannot be waited for in Node without holding a thread, so it is asked this often. One system call when nothing is new. */
const ASK_EVERY_MS = 200;
/** So many records in one go; a flood must not keep the agent from everything else. */
const RECORDS_PER_GO = 256;

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
