// SPDX-License-Identifier: Apache-2.0
import type { Fleet } from "@/sim/model/model";
import type { World } from "@/sim/run/world";
import { wallMs } from "./browser";

const TICK_MS = 250;
/** A boot, a resync and a busy machine together. */
const PATIENCE_MS = 120_000;

/** Moves a simulated world in time as the demo does, and knows just before which step something became so on its nodes. */
export interface Hands {
  /** Does something; gives the moment just before the nodes' files say what they say once `isSo`. @throws when that does not come */
  made(what: string, act: () => void, isSo: (fleet: Fleet) => boolean): Promise<number>;
}

export function takeInHands(world: World, later: (end: () => unknown) => void): Hands {
  const waiting = new Set<{ isSo: (fleet: Fleet) => boolean; tell: (atMs: number) => void }>();

  function step(act: () => void): void {
    const atMs = wallMs();
    act();
    for (const one of waiting) {
      if (!one.isSo(world.fleet())) continue;
      one.tell(atMs);
    }
  }

  const timer = setInterval(() => step(world.go), TICK_MS);
  later(() => clearInterval(timer));
  return {
    made: (what, act, isSo) =>
      new Promise((resolve, reject) => {
        let timer: NodeJS.Timeout | undefined;
        const one = { isSo, tell: (atMs: number) => end(() => resolve(atMs)) };
        function end(settle: () => void): void {
          clearTimeout(timer);
          waiting.delete(one);
          settle();
        }
        const late = new Error(`${what}: not so on the nodes within ${PATIENCE_MS / 1_000} s`);
        timer = setTimeout(() => end(() => reject(late)), PATIENCE_MS);
        waiting.add(one);
        try {
          step(act);
        } catch (error) {
          end(() => reject(error));
        }
      }),
  };
}
