// SPDX-License-Identifier: Apache-2.0
import type { Fleet } from "@/sim/model/model";
import type { World } from "@/sim/run/world";
import { wallMs } from "./browser";

const TICK_MS = 250;

/** Moves a simulated world in time as the demo does, and knows just before which step something became so on its nodes. */
export interface Hands {
  /** Does something; gives the moment just before the nodes' files say what they say once `isSo`. */
  made(act: () => void, isSo: (fleet: Fleet) => boolean): Promise<number>;
}

export function takeInHands(world: World, later: (end: () => unknown) => void): Hands {
  const waiting = new Set<{ isSo: (fleet: Fleet) => boolean; tell: (atMs: number) => void }>();

  function step(act: () => void): void {
    const atMs = wallMs();
    act();
    for (const one of waiting) {
      if (!one.isSo(world.fleet())) continue;
      waiting.delete(one);
      one.tell(atMs);
    }
  }

  const timer = setInterval(() => step(world.go), TICK_MS);
  later(() => clearInterval(timer));
  return {
    made: (act, isSo) =>
      new Promise((resolve, reject) => {
        waiting.add({ isSo, tell: resolve });
        try {
          step(act);
        } catch (error) {
          reject(error);
        }
      }),
  };
}
