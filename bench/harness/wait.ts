// SPDX-License-Identifier: Apache-2.0

const LOOK_EVERY_MS = 100;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits for a fact: the first answer that is not null. @throws with `what` when it does not come in time */
export async function until<T>(look: () => T | null | Promise<T | null>, what: string, withinMs = 60_000): Promise<T> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > endMs) throw new Error(`${what}, after ${withinMs / 1_000} s`);
    await pause(LOOK_EVERY_MS);
  }
}

/** What a measurement started, ended in the opposite order whatever happens. */
export async function withCleanup<T>(act: (later: (end: () => unknown) => void) => Promise<T>): Promise<T> {
  const ends: (() => unknown)[] = [];
  try {
    return await act((end) => ends.unshift(end));
  } finally {
    for (const end of ends) await Promise.resolve(end()).catch((error: unknown) => process.stderr.write(`bench: ${String(error)}\n`));
  }
}
