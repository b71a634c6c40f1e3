// SPDX-License-Identifier: Apache-2.0
import type { WebSocket } from "ws";
import { BrowserFrame, FLEET_KINDS, type FeedFrame, type Scope, type Snapshot } from "@/agent/protocol/console/feed";
import type { Entity, View } from "@/agent/protocol/console/view";
import { decodeJson } from "@/agent/protocol/decode";
import type { Fleet, ViewChange } from "@/server/fleet/fleet";

/** A browser that has this much unsent is skipped until it has drained, then gets a snapshot: nothing queues without bound. */
const BEHIND_BYTES = 1024 * 1024;

interface Browser {
  socket: WebSocket;
  sessionId: string;
  stream: string;
  scope: Scope;
  isBehind: boolean;
}

/** The entities of a view that a scope carries. */
function inScope(view: Iterable<[string, Entity]>, scope: Scope): Record<string, Entity> {
  const entities: Record<string, Entity> = {};
  for (const [key, entity] of view) if (scope.of === "cluster" || FLEET_KINDS.has(entity.kind)) entities[key] = entity;
  return entities;
}

function streamOf(scope: Scope): string {
  return scope.of === "fleet" ? "fleet" : `cluster:${scope.slug}`;
}

/** Tenths of a second since the last word of each node, then since each source was last read; -1 for never. See feed.ts of the contract. */
export function agesOf(view: View, scope: Scope, nowMs: number): number[] {
  const age = (atMs: number | null) => (atMs === null ? -1 : Math.max(0, Math.round((nowMs - atMs) / 100)));
  const nodes: [string, number][] = [];
  const sources: [string, number][] = [];
  for (const [key, entity] of view) {
    if (entity.kind === "node") nodes.push([key, age(entity.lastWordAtMs)]);
    if (entity.kind === "source" && scope.of === "cluster") sources.push([key, age(entity.takenAtMs)]);
  }
  const byKey = (a: [string, number], b: [string, number]) => (a[0] < b[0] ? -1 : 1);
  return [...nodes.sort(byKey), ...sources.sort(byKey)].map(([, tenths]) => tenths);
}

/**
 * The browsers' sockets: a snapshot, then numbered patches. Browsers of the same scope share one stream of numbers,
 * so that each patch is put into text once, however many look.
 */
export function createFeed(fleet: Fleet, now: () => number) {
  const browsers = new Set<Browser>();
  const numbers = new Map<string, number>();

  function snapshot(scope: Scope): Snapshot {
    const slugs = scope.of === "fleet" ? fleet.slugs() : fleet.has(scope.slug) ? [scope.slug] : [];
    const clusters = Object.fromEntries(slugs.map((slug) => [slug, inScope(fleet.viewOf(slug) ?? new Map(), scope)]));
    return { type: "snapshot", scope, number: numbers.get(streamOf(scope)) ?? 0, atMs: now(), clusters };
  }

  function send(browser: Browser, text: string): void {
    if (browser.socket.bufferedAmount > BEHIND_BYTES) browser.isBehind = true;
    if (!browser.isBehind) browser.socket.send(text, { binary: false });
  }

  function greet(browser: Browser): void {
    // Settling first sends what is due to the others under its own number; this browser's snapshot then holds it.
    fleet.settle();
    browser.isBehind = false;
    browser.socket.send(JSON.stringify(snapshot(browser.scope)), { binary: false });
  }

  function tell(stream: string, scope: Scope, change: ViewChange): void {
    const number = (numbers.get(stream) ?? 0) + 1;
    const set = inScope(change.set, scope);
    if (Object.keys(set).length === 0 && change.remove.length === 0) return;
    numbers.set(stream, number);
    const audience = [...browsers].filter((browser) => browser.stream === stream);
    if (audience.length === 0) return;
    const frame: FeedFrame = { type: "patch", number, atMs: now(), changes: { [change.slug]: { set, remove: [...change.remove] } } };
    const text = JSON.stringify(frame);
    for (const browser of audience) send(browser, text);
  }

  fleet.onChange((change) => {
    tell("fleet", { of: "fleet" }, change);
    tell(`cluster:${change.slug}`, { of: "cluster", slug: change.slug }, change);
  });

  return {
    snapshot,
    /** Takes over an authorised socket. */
    add(socket: WebSocket, sessionId: string): void {
      // Until it has said what it shows it belongs to no stream, but the end of its session closes it all the same.
      const browser: Browser = { socket, sessionId, stream: "", scope: { of: "fleet" }, isBehind: false };
      browsers.add(browser);
      socket.on("message", (bytes, isBinary) => {
        const decoded = isBinary ? null : decodeJson(BrowserFrame, String(bytes));
        // An unknown frame is a newer browser's or nobody's: it changes nothing here.
        if (!decoded?.ok) return;
        if (decoded.value.type === "scope") browser.scope = decoded.value.scope;
        browser.stream = streamOf(browser.scope);
        greet(browser);
      });
      socket.on("close", () => browsers.delete(browser));
      socket.on("error", () => socket.terminate());
    },
    /** Tells every browser the console's clock and the ages, and gives those that fell behind a new start. */
    pulse(): void {
      const texts = new Map<string, string>();
      for (const browser of browsers) {
        if (browser.stream === "") continue;
        if (browser.isBehind) {
          if (browser.socket.bufferedAmount === 0) greet(browser);
          continue;
        }
        let text = texts.get(browser.stream);
        if (text === undefined) {
          const { scope } = browser;
          const nowMs = now();
          const slugs = scope.of === "fleet" ? fleet.slugs() : fleet.has(scope.slug) ? [scope.slug] : [];
          const ages = Object.fromEntries(slugs.map((slug) => [slug, agesOf(fleet.viewOf(slug) ?? new Map(), scope, nowMs)]));
          const frame: FeedFrame = { type: "pulse", atMs: nowMs, ages };
          text = JSON.stringify(frame);
          texts.set(browser.stream, text);
        }
        send(browser, text);
      }
    },
    /** Closes the sockets a predicate names, saying why. */
    close(isMeant: (sessionId: string) => boolean, reason: Extract<FeedFrame, { type: "bye" }>["reason"]): void {
      const frame: FeedFrame = { type: "bye", reason };
      for (const browser of [...browsers].filter(({ sessionId }) => isMeant(sessionId))) {
        browser.socket.send(JSON.stringify(frame), { binary: false });
        browser.socket.close(reason === "consoleStops" ? 1001 : 4401, reason);
        browsers.delete(browser);
      }
    },
    count: () => browsers.size,
  };
}
export type Feed = ReturnType<typeof createFeed>;
