// SPDX-License-Identifier: Apache-2.0
import type { Scope, Snapshot } from "@/agent/protocol/console/feed";
import { apply, fromSnapshot, type Live, type WholeFrame } from "./store";

/** What this browser knows of its line to the console. `lost`: silent too long; `ended`: the session is over. */
export type Line = "connecting" | "live" | "lost" | "ended";

/** A clock that only this browser owns; monotonic. Units: milliseconds. */
export type LocalClock = () => number;

export type LiveStore = ReturnType<typeof createLiveStore>;

/**
 * The one place of pushed state. Holds the newest value, the line's state and the console's clock,
 * which goes on by this browser's own monotonic clock between two frames.
 */
export function createLiveStore(initial: Snapshot, local: LocalClock) {
  const first = fromSnapshot(initial);
  let live: Live = first;
  let line: Line = "connecting";
  let heard = { consoleMs: initial.atMs, localMs: local() };
  const views = new Set<() => void>();
  const ticks = new Set<() => void>();

  const tell = (listeners: ReadonlySet<() => void>) => {
    for (const listener of listeners) listener();
  };
  const listen = (listeners: Set<() => void>) => (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };

  return {
    scope: initial.scope satisfies Scope,
    first,
    current: () => live,
    line: () => line,
    /** The console's clock now, as far as this browser can tell. */
    nowMs: () => heard.consoleMs + (local() - heard.localMs),
    /** The console's clock of its last word. */
    lastWordAtMs: () => heard.consoleMs,
    /** How long the console has been silent here. Units: milliseconds. */
    silentMs: () => local() - heard.localMs,
    /** Takes in one frame. False: its number does not follow, ask for a snapshot. */
    take(frame: WholeFrame): boolean {
      const { live: next, did } = apply(live, frame);
      if ("atMs" in frame) heard = { consoleMs: frame.atMs, localMs: local() };
      live = next;
      if (did === "changed" || did === "pulsed") tell(views);
      if (did === "pulsed" || frame.type === "snapshot") tell(ticks);
      return did !== "gap";
    },
    setLine(next: Line): void {
      if (line === next) return;
      line = next;
      tell(views);
      tell(ticks);
    },
    /** One beat of the shared ticker: ages are printed anew. */
    tick: () => tell(ticks),
    onView: listen(views),
    onTick: listen(ticks),
  };
}
