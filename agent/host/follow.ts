// SPDX-License-Identifier: Apache-2.0
import { backoffMs, type Clock } from "../clock";

/** Something that brings bytes until it ends. */
export interface Flow {
  /** Starts it; `ended` is called once, whenever it ends by itself. Null: it is not here now. The answer stops it. */
  open(heard: { chunk: (bytes: Buffer) => void; ended: () => void }): Promise<(() => void) | null>;
}

/** Who follows a flow. */
export interface Follower {
  onChunk: (bytes: Buffer) => void;
  /** Before every start. */
  onStart: () => void;
  /** It ended by itself, or is not here now. */
  onSilence: () => void;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** A tool that is not installed, or a file this user may not open: seldom changes, so look seldom. */
const NOT_HERE_WAIT_MS = 60_000;
/** One that lived this long was well: its next start is again the first try. */
const WELL_AFTER_MS = 30_000;

/**
 * Keeps a flow going until the signal aborts: started again with growing waits when it ends.
 * Anything that fails counts as "not here": what follows is a doorbell, and the collector's own reading tells what is wrong.
 */
export function keepFollowing(flow: Flow, { onChunk, onStart, onSilence }: Follower, signal: AbortSignal, clock: Clock): void {
  let attempt = 0;
  let stop: (() => void) | null = null;
  let cancelWait: (() => void) | null = null;

  async function start(): Promise<void> {
    cancelWait = null;
    const startedMs = clock.elapsed();
    let hasEnded = false;
    const ended = () => {
      if (hasEnded) return;
      hasEnded = true;
      stop = null;
      if (clock.elapsed() - startedMs >= WELL_AFTER_MS) attempt = 0;
      again(backoffMs(attempt++, FIRST_WAIT_MS, LONGEST_WAIT_MS, clock.random()));
    };
    onStart();
    const opened = await flow.open({ chunk: onChunk, ended }).catch(() => null);
    if (opened === null) again(NOT_HERE_WAIT_MS);
    else if (signal.aborted) opened();
    else if (!hasEnded) stop = opened;
  }
  function again(ms: number): void {
    if (signal.aborted) return;
    cancelWait = clock.after(ms, () => void start());
    onSilence();
  }

  if (signal.aborted) return;
  signal.addEventListener(
    "abort",
    () => {
      cancelWait?.();
      stop?.();
    },
    { once: true },
  );
  void start();
}
