// SPDX-License-Identifier: Apache-2.0
"use client";
import { createContext, type ReactNode, useEffect, useState } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import type { Snapshot } from "@/agent/protocol/console/feed";
import { timing } from "@/agent/protocol/timing";
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

/** A page that cannot read the console even when it is new must not load itself again and again. */
const RELOAD_AT_MOST_EVERY_MS = 60_000;
const RELOADED = "quarterdeck.reloaded";

function reloadOnce(): void {
  const lastMs = Number(sessionStorage.getItem(RELOADED) ?? 0);
  if (Date.now() - lastMs < RELOAD_AT_MOST_EVERY_MS) return;
  sessionStorage.setItem(RELOADED, String(Date.now()));
  location.reload();
}

interface LiveProviderProps {
  initial: Snapshot;
  timingFactor: number;
  zone: string;
  /** Who this page was made for, and what they might do then. */
  user: string;
  role: UserRole;
  children: ReactNode;
}

/** Gives its children the live store of one scope: first from the server's snapshot, then from the socket. */
export function LiveProvider(props: LiveProviderProps) {
  const { initial, timingFactor, zone, user, role, children } = props;
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
        shownTo: { user, role },
        open: () => browserWire("/ws/console"),
        store,
        timing: timing(timingFactor),
        later: (run, ms) => {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
        random: Math.random,
        onForeign: reloadOnce,
        isSignedIn: () =>
          fetch("/api/v1/session").then(
            ({ status }) => status !== 401,
            () => true, // a console that does not answer has not said that the session is over
          ),
        wallMs: Date.now,
        onBye: (reason) => (reason === "sessionEnded" ? location.assign("/sign-in") : location.reload()),
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
  }, [value, timingFactor, user, role]);
  return <LiveContext value={value}>{children}</LiveContext>;
}

function browserWire(path: string): Wire {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}${path}`);
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
