// SPDX-License-Identifier: Apache-2.0
import type { Log } from "@/server/log";

/** Writes that nobody waits for but the end of the console. */
export interface Writes {
  /** @param what a sentence for the log when it fails */
  add(work: Promise<void>, what: string): void;
  /** Resolves when none is under way. */
  drained(): Promise<void>;
}

export function createWrites(log: Log): Writes {
  const underWay = new Set<Promise<void>>();
  return {
    add(work, what) {
      const tracked = work.catch((cause: unknown) => log.error(what, cause)).finally(() => underWay.delete(tracked));
      underWay.add(tracked);
    },
    async drained() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
