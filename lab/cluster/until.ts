// SPDX-License-Identifier: Apache-2.0

const LOOK_EVERY_MS = 100;

/** Waits for a fact: the first answer that is not null. @throws with `what` when it does not come in time */
export async function until<T>(look: () => T | null | Promise<T | null>, what: string, withinMs = 60_000): Promise<T> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > endMs) throw new Error(`${what}, after ${withinMs / 1_000} s.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
