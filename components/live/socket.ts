// SPDX-License-Identifier: Apache-2.0
import { type BrowserFrame, FeedFrame } from "@/agent/protocol/console/feed";
import { decodeJson } from "@/agent/protocol/decode";
import type { Timing } from "@/agent/protocol/timing";
import type { LiveStore } from "./live-store";
import { wholeFrame } from "./whole";

/** The part of a WebSocket that is used here. */
export interface Wire {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
}

export interface SocketDeps {
  open: () => Wire;
  store: LiveStore;
  timing: Timing;
  /** Runs something later; answers how to call it off. */
  later: (run: () => void, ms: number) => () => void;
  /** 0 ≤ x < 1. */
  random: () => number;
  /** The session is over or has changed: only a new page can go on. */
  onBye: (reason: "sessionEnded" | "roleChanged") => void;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;

/** Time to wait before the next attempt: doubles, with half of it left to chance so that a hundred browsers do not come back at once. */
export function retryAfterMs(attempt: number, random: number): number {
  const full = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt);
  return full / 2 + (full / 2) * random;
}

function nothing(): void {
  // There is nothing to call off yet.
}

/** Keeps one line to the console until told to stop. Answers the way to stop it. */
export function keepConnected({ open, store, timing, later, random, onBye }: SocketDeps): () => void {
  let wire: Wire | null = null;
  let isStopped = false;
  let attempt = 0;
  let silentAtOpenMs = 0;
  let callOffRetry: () => void = nothing;
  let callOffLook: () => void = nothing;

  const send = (frame: BrowserFrame) => wire?.send(JSON.stringify(frame));

  function connect(): void {
    const mine = open();
    silentAtOpenMs = store.silentMs();
    wire = mine;
    mine.onopen = () => send({ type: "scope", scope: store.scope });
    mine.onmessage = ({ data }) => {
      const decoded = decodeJson(FeedFrame, String(data));
      // A frame of a newer console: what it says is not for this page.
      if (!decoded.ok) return;
      take(decoded.value);
    };
    mine.onclose = () => {
      if (isStopped || wire !== mine) return;
      wire = null;
      callOffRetry = later(connect, retryAfterMs(attempt, random()));
      attempt += 1;
    };
  }

  function take(frame: FeedFrame): void {
    if (frame.type === "bye") {
      if (frame.reason === "consoleStops") return;
      stop();
      store.setLine("ended");
      onBye(frame.reason);
      return;
    }
    attempt = 0;
    const whole = wholeFrame(frame, store.current());
    if (whole === null || !store.take(whole)) send({ type: "resync" });
    // Before its snapshot a line says nothing about what stands on the page.
    else if (frame.type === "snapshot" || store.line() === "live") store.setLine("live");
  }

  function look(): void {
    const silentMs = store.silentMs();
    if (silentMs > timing.consoleLostAfterMs) {
      store.setLine("lost");
      // A line that is open but silent will not close by itself for minutes: a new one finds out sooner.
      if (wire && silentMs - silentAtOpenMs > timing.consoleLostAfterMs) {
        const silent = wire;
        wire = null;
        silent.close();
        connect();
      }
    }
    callOffLook = later(look, timing.lookEveryMs);
  }

  function stop(): void {
    isStopped = true;
    callOffRetry();
    callOffLook();
    wire?.close();
    wire = null;
  }

  connect();
  callOffLook = later(look, timing.lookEveryMs);
  return stop;
}
