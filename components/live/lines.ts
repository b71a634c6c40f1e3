// SPDX-License-Identifier: Apache-2.0
import type { UserRole } from "@/agent/protocol/console/api";
import type { SocketDeps } from "./socket";

/** Where a page's line goes, and what its end means there. */
export interface LineTo extends Pick<SocketDeps, "isMine" | "isSignedIn" | "onBye"> {
  path: `/${string}`;
  /** Names under which it is offered; empty: none. */
  protocols: readonly string[];
}

/** A page that cannot read the console even when it is new must not load itself again and again. */
const RELOAD_AT_MOST_EVERY_MS = 60_000;
const RELOADED = "quarterdeck.reloaded";

export function reloadOnce(): void {
  const lastMs = Number(sessionStorage.getItem(RELOADED) ?? 0);
  if (Date.now() - lastMs < RELOAD_AT_MOST_EVERY_MS) return;
  sessionStorage.setItem(RELOADED, String(Date.now()));
  location.reload();
}

/** The line of a page that somebody is signed in to. */
export function consoleLine(shownTo: { user: string; role: UserRole }): LineTo {
  return {
    path: "/ws/console",
    protocols: [],
    // While there was no line nobody could tell this page of a change.
    isMine: ({ user, role }) => user === shownTo.user && role === shownTo.role,
    isSignedIn: () => isGood("/api/v1/session", 401),
    onBye: (reason) => (reason === "sessionEnded" ? location.assign("/sign-in") : location.reload()),
  };
}

/** A screen that is nobody's may be the first to hear of a new console, before that serves pages: a page that is not there cannot come back. */
const ASK_AGAIN_MS = 5_000;

/** The line of a wall display. `onOver`: its key is over. When the console was upgraded it loads itself anew, with nobody there to do it. */
export function wallLine(key: string, build: string, onOver: () => void): LineTo {
  const reloadWhenServed = () => {
    void fetch(location.pathname, { cache: "no-store" }).then(
      ({ ok, status }) => {
        if (ok) location.reload();
        else if (status === 404) onOver();
        else setTimeout(reloadWhenServed, ASK_AGAIN_MS);
      },
      () => setTimeout(reloadWhenServed, ASK_AGAIN_MS),
    );
  };
  return {
    path: "/ws/wall",
    protocols: ["quarterdeck.wall", `key.${key}`],
    isMine: (hello) => hello.build === build,
    isSignedIn: () => isGood(location.pathname, 404),
    onBye: (reason) => (reason === "sessionEnded" ? onOver() : reloadWhenServed()),
  };
}

/** False only when the console answers with the status that says no: one that does not answer has not said it. */
function isGood(path: string, no: number): Promise<boolean> {
  return fetch(path).then(
    ({ status }) => status !== no,
    () => true,
  );
}
