// SPDX-License-Identifier: Apache-2.0
"use client";
import { createContext, type ReactNode, useEffect, useState } from "react";
import type { Snapshot } from "@/agent/protocol/console/feed";
import { timing } from "@/agent/protocol/timing";
import { type LineTo, reloadOnce } from "./lines";
import { createLiveStore, type LiveStore } from "./live-store";
import type { Wire } from "./socket";

/** Pause before the scripts of the line are asked for again. */
const RETRY_MS = 5_000;

export interface LiveValue {
  store: LiveStore;
  /** The console's time zone: everybody who looks at this console reads the same clock. */
  zone: string;
}

export const LiveContext = createContext<LiveValue | null>(null);

interface LiveProviderProps {
  initial: Snapshot;
  timingFactor: number;
  zone: string;
  /** Where its line goes, and what its end means. The same for the life of the page. */
  line: LineTo;
  children: ReactNode;
}

/** Gives its children the live store of one scope: first from the server's snapshot, then from the socket. */
export function LiveProvider(props: LiveProviderProps) {
  const { initial, timingFactor, zone, line, children } = props;
  const [value] = useState<LiveValue>(() => ({ store: createLiveStore(initial, () => performance.now()), zone }));
  useEffect(() => {
    const { store } = value;
    const ticker = setInterval(store.tick, 1_000);
    let isGone = false;
    let stop: (() => void) | undefined;
    const connect = async () => {
      // What checks the console's frames is as large as the pages: the first paint does not wait for it.
      const { keepConnected } = await import("./socket");
      if (isGone) return;
      stop = keepConnected({
        isMine: line.isMine,
        open: () => browserWire(line),
        store,
        timing: timing(timingFactor),
        later: (run, ms) => {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
        random: Math.random,
        onForeign: reloadOnce,
        isSignedIn: line.isSignedIn,
        wallMs: Date.now,
        onSleep: ofBrowser,
        onBye: line.onBye,
      });
    };
    let retry: ReturnType<typeof setTimeout> | undefined;
    const tryToConnect = () => {
      // A console that cannot even give its scripts is a console that is silent.
      connect().catch(() => {
        store.setLine("lost");
        retry = setTimeout(tryToConnect, RETRY_MS);
      });
    };
    tryToConnect();
    return () => {
      isGone = true;
      clearTimeout(retry);
      clearInterval(ticker);
      stop?.();
    };
  }, [value, timingFactor, line]);
  return <LiveContext value={value}>{children}</LiveContext>;
}

/** A browser freezes a page that nobody looks at, and a screen's own when it is switched off: its timers and its line stand still. */
function ofBrowser(fallAsleep: () => void, wakeUp: () => void): () => void {
  document.addEventListener("freeze", fallAsleep);
  document.addEventListener("resume", wakeUp);
  return () => {
    document.removeEventListener("freeze", fallAsleep);
    document.removeEventListener("resume", wakeUp);
  };
}

function browserWire({ path, protocols }: LineTo): Wire {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}${path}`, [...protocols]);
  socket.binaryType = "arraybuffer";
  const wire: Wire = {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => socket.close(),
    onopen: null,
    onmessage: null,
    onclose: null,
  };
  socket.onopen = () => wire.onopen?.();
  socket.onmessage = (event) => wire.onmessage?.(event);
  socket.onclose = () => wire.onclose?.();
  return wire;
}
