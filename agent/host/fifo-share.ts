// SPDX-License-Identifier: Apache-2.0
import { constants, openSync, type Stats, stat } from "node:fs";
import { Socket } from "node:net";
import type { Clock } from "../clock";

interface Listener {
  chunk: (bytes: Buffer) => void;
  ended: () => void;
}

/** Every byte of a FIFO reaches one reader only; so all followers of one FIFO share one reader. */
export interface FifoShare {
  /** @throws the system's error when it cannot be opened */
  join(place: string, stats: Stats, listener: Listener): () => void;
}

/** How often a FIFO is compared with what lies at its path: one that was replaced never ends by itself. */
const LOOK_EVERY_MS = 2_000;

export function createFifoShare(clock: Clock): FifoShare {
  const readers = new Map<string, { listeners: Set<Listener>; close: () => void }>();

  function read(place: string, stats: Stats) {
    // Opened for writing too: it opens at once without a writer, and a writer that leaves is not its end.
    const fd = openSync(place, constants.O_RDWR | constants.O_NONBLOCK);
    const socket = new Socket({ fd, readable: true, writable: false });
    const listeners = new Set<Listener>();
    let cancel: () => void = () => undefined;

    function end(): void {
      if (readers.get(place)?.listeners === listeners) readers.delete(place);
      cancel();
      socket.destroy();
      for (const listener of listeners) listener.ended();
      listeners.clear();
    }
    function look(): void {
      stat(place, (error, now) => {
        if (error || now.ino !== stats.ino || now.dev !== stats.dev) end();
        else if (listeners.size > 0) cancel = clock.after(LOOK_EVERY_MS, look);
      });
    }
    socket.on("data", (bytes: Buffer) => {
      for (const listener of listeners) listener.chunk(bytes);
    });
    socket.on("error", end);
    socket.on("close", end);
    cancel = clock.after(LOOK_EVERY_MS, look);
    return { listeners, close: end };
  }

  return {
    join(place, stats, listener) {
      const reader = readers.get(place) ?? read(place, stats);
      readers.set(place, reader);
      reader.listeners.add(listener);
      return () => {
        reader.listeners.delete(listener);
        if (reader.listeners.size === 0) reader.close();
      };
    },
  };
}
