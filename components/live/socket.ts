// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { type BrowserFrame, FeedFrame } from "@/agent/protocol/console/feed";
import { decodeJson } from "@/agent/protocol/decode";
import type { Timing } from "@/agent/protocol/timing";
import { keepAwake } from "./awake";
import type { LiveStore } from "./live-store";
import { unpacked } from "./packed";
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
  /** False when the console takes this page for another one than it is: for somebody else's, or made by another build. */
  isMine: (hello: Extract<FeedFrame, { type: "hello" }>) => boolean;
  open: () => Wire;
  store: LiveStore;
  timing: Timing;
  /** Runs something later; answers how to call it off. */
  later: (run: () => void, ms: number) => () => void;
  /** 0 ≤ x < 1. */
  random: () => number;
  /** The session or the wall's key is over, or this page is not what the console takes it for: only a new page can go on. */
  onBye: (reason: "sessionEnded" | "roleChanged") => void;
  /** A frame is in words this page does not know: the console was upgraded, and only a new page can read it. */
  onForeign: () => void;
  /** False only when the console says so. A refused upgrade does not tell a browser why. */
  isSignedIn: () => Promise<boolean>;
  /** This machine's wall clock: unlike the monotonic one it goes on while the machine sleeps. Units: milliseconds. */
  wallMs: () => number;
  /** Tells when the browser puts this page to sleep, and when it wakes it. Answers the way to stop. */
  onSleep: (fallAsleep: () => void, wakeUp: () => void) => () => void;
}

/** A first snapshot may be large and the line slow: as long as this before another line is tried. */
const FIRST_WORD_MS = 15_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;

/** Time to wait before the next attempt: doubles, with half of it left to chance so that a hundred browsers do not come back at once. */
export function retryAfterMs(attempt: number, random: number): number {
  const full = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt);
  return full / 2 + (full / 2) * random;
}

/** A frame of a kind that came later is not for this page; one of a kind we know, that does not fit, is. */
function isNewKind(text: string): boolean {
  const named = decodeJson(z.object({ type: z.string() }), text);
  return named.ok && !KNOWN_KINDS.has(named.value.type);
}
const KNOWN_KINDS: ReadonlySet<string> = new Set<FeedFrame["type"]>(["hello", "snapshot", "patch", "pulse", "bye"]);

function nothing(): void {
  // There is nothing to call off yet.
}

/** Keeps one line to the console until told to stop. Answers the way to stop it. */
export function keepConnected(deps: SocketDeps): () => void {
  const { open, store, timing, later, random, onBye } = deps;
  let wire: Wire | null = null;
  let isStopped = false;
  let attempt = 0;
  let silentAtOpenMs = 0;
  let hasHeard = false;
  let frames = 0;
  const awake = keepAwake(deps.wallMs, timing.consoleLostAfterMs, store.silentMs());
  let callOffRetry: () => void = nothing;
  let callOffLook: () => void = nothing;

  const send = (frame: BrowserFrame) => wire?.send(JSON.stringify(frame));
  /** A wall's line only hears: it is given what its key is for. */
  const asked = store.scope.of === "wall" ? null : store.scope;

  function connect(): void {
    const mine = open();
    silentAtOpenMs = store.silentMs();
    wire = mine;
    hasHeard = false;
    let isOpen = false;
    mine.onopen = () => {
      isOpen = true;
      if (asked !== null) send({ type: "scope", scope: asked });
    };
    // A packed frame takes a moment to unpack; those that come after it wait their turn.
    let waiting = 0;
    let unpacking: Promise<void> = Promise.resolve();
    const inTurn = async (before: Promise<void>, data: ArrayBuffer | string) => {
      // Every link of the chain ends well: what cannot be unpacked is heard as what it is, no frame of ours.
      const text = typeof data === "string" ? data : await unpacked(data).catch(() => "");
      await before;
      waiting -= 1;
      if (!isStopped && (wire === mine || wire === null)) hear(text);
    };
    mine.onmessage = ({ data }) => {
      if (awake.hasStood()) return startFresh();
      if (waiting === 0 && !(data instanceof ArrayBuffer)) return hear(String(data));
      waiting += 1;
      unpacking = inTurn(unpacking, data instanceof ArrayBuffer ? data : String(data));
    };
    mine.onclose = () => {
      if (isStopped || wire !== mine) return;
      wire = null;
      if (!isOpen) {
        void deps.isSignedIn().then((isSignedIn) => {
          if (!isSignedIn) leave("sessionEnded");
        });
      }
      callOffRetry = later(connect, retryAfterMs(attempt, random()));
      attempt += 1;
    };
  }

  function hear(text: string): void {
    const decoded = decodeJson(FeedFrame, text);
    if (decoded.ok) take(decoded.value);
    else if (!isNewKind(text)) {
      // What it said may be that something broke: nothing on this page may count as current any more.
      store.setLine("lost");
      deps.onForeign();
    }
  }

  function take(frame: FeedFrame): void {
    if (frame.type === "bye") {
      if (frame.reason !== "consoleStops") leave(frame.reason);
      return;
    }
    if (frame.type === "hello") {
      if (!deps.isMine(frame)) leave("roleChanged");
      return;
    }
    attempt = 0;
    hasHeard = true;
    frames += 1;
    const whole = wholeFrame(frame, store.current());
    if (whole === null || !store.take(whole)) startAnew();
    // Before its snapshot a line says nothing about what stands on the page.
    else if (frame.type === "snapshot" || store.line() === "live") store.setLine("live");
  }

  /** The numbers had a gap: only a snapshot helps. */
  function startAnew(): void {
    if (asked !== null) send({ type: "resync" });
    else replaceWire();
  }

  function leave(reason: "sessionEnded" | "roleChanged"): void {
    if (isStopped) return;
    stop();
    store.setLine("ended");
    onBye(reason);
  }

  function replaceWire(): void {
    const silent = wire;
    wire = null;
    silent?.close();
    connect();
  }

  function startFresh(): void {
    if (isStopped) return;
    awake.wakeUp();
    store.setLine("lost");
    callOffRetry();
    replaceWire();
  }

  /** What the screen shows while the page sleeps, and in the first moment after, is what it showed last: that it is old. */
  function fallAsleep(): void {
    if (isStopped) return;
    awake.fallAsleep();
    store.setLine("lost");
    callOffRetry();
    const open = wire;
    wire = null;
    open?.close();
  }

  function look(): void {
    const silentMs = store.silentMs();
    if (awake.hasSlept(silentMs, frames)) startFresh();
    if (silentMs > timing.consoleLostAfterMs) {
      store.setLine("lost");
      // A line that is open but silent will not close by itself for minutes: a new one finds out sooner.
      const patienceMs = hasHeard ? timing.consoleLostAfterMs : FIRST_WORD_MS;
      if (wire && silentMs - silentAtOpenMs > patienceMs) replaceWire();
    }
    callOffLook = later(look, timing.lookEveryMs);
  }

  function stop(): void {
    isStopped = true;
    callOffSleep();
    callOffRetry();
    callOffLook();
    wire?.close();
    wire = null;
  }

  const callOffSleep = deps.onSleep(fallAsleep, () => {
    if (awake.isAsleep()) startFresh();
  });
  connect();
  callOffLook = later(look, timing.lookEveryMs);
  return stop;
}
