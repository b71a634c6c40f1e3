// SPDX-License-Identifier: Apache-2.0
import type { WebSocket } from "ws";
import { BrowserFrame, type FeedFrame, FLEET_KINDS, type Scope, type Snapshot, WALL_KINDS } from "@/agent/protocol/console/feed";
import { type Part, partOf } from "@/agent/protocol/console/parts";
import type { Entity, EntityKind } from "@/agent/protocol/console/view";
import { decodeJson } from "@/agent/protocol/decode";
import type { Session } from "@/server/console";
import type { Fleet, ViewChange } from "@/server/fleet/fleet";
import { agesOf, type Told } from "./ages";
import { packed } from "./packed";

/** A browser that has this much unsent is skipped until it has drained, then gets a snapshot: nothing queues without bound. */
const BEHIND_BYTES = 1024 * 1024;
/** A browser answers pings by itself, even when nobody looks at its page: one that did not for this long is gone. */
const GONE_AFTER_MS = 60_000;

const NOTHING: ReadonlyMap<string, never> = new Map<string, never>();

interface Browser {
  socket: WebSocket;
  sessionId: string;
  /** Null until it has said what it shows. */
  scope: Scope | null;
  isBehind: boolean;
  /** Length of its last snapshot: that much unsent is no sign of being slow. */
  startBytes: number;
  heardAtMs: number;
}

/** A snapshot in words, and the number in its stream that it stands for. */
interface Start {
  number: number;
  bytes: Buffer;
}

/** The entities of a view that a scope carries. */
function inScope(view: Iterable<[string, Entity]>, scope: Scope): Record<string, Entity> {
  const entities: Record<string, Entity> = {};
  for (const [key, entity] of view) if (isInScope(entity.kind, scope)) entities[key] = entity;
  return entities;
}

function isInScope(kind: EntityKind, scope: Scope): boolean {
  if (scope.of === "cluster") return true;
  return (scope.of === "fleet" ? FLEET_KINDS : WALL_KINDS).has(kind);
}

function streamOf(scope: Scope): string {
  if (scope.of === "cluster") return `cluster:${scope.slug}`;
  return scope.of === "fleet" ? "fleet" : `wall:${scope.clusters?.toSorted().join() ?? "*"}`;
}

/** True for a cluster that a page of several clusters shows. */
function shows(scope: Scope, slug: string): boolean {
  return scope.of !== "wall" || scope.clusters === null || scope.clusters.includes(slug);
}

/** A change as it is sent: of entities that the browser has, only what changed in them. */
function inParts(entities: Record<string, Entity>, was: ReadonlyMap<string, Entity>) {
  const set: Record<string, Entity> = {};
  const parts: Record<string, Part> = {};
  for (const [key, entity] of Object.entries(entities)) {
    const old = was.get(key);
    const part = old ? partOf(old, entity) : null;
    if (part) parts[key] = part;
    else set[key] = entity;
  }
  return { set, parts };
}

/**
 * The browsers' sockets: a snapshot, then numbered patches. Browsers of the same scope share one stream of numbers,
 * so that each patch is put into text once, however many look. `build` names the pages that are served; `steadyMs` counts
 * how long a browser was not heard: a clock of day that is set cuts nobody off.
 */
export function createFeed(fleet: Fleet, now: () => number, build: string, steadyMs: () => number = () => performance.now()) {
  const browsers = new Set<Browser>();
  const numbers = new Map<string, number>();
  /** By stream and cluster; only of streams that somebody listened to at the last pulse. */
  let told = new Map<string, ReadonlyMap<string, Told>>();
  /** What moved and the fleet's pages have not been told, by cluster. */
  const forFleet = new Map<string, ViewChange>();

  function slugsOf(scope: Scope): string[] {
    if (scope.of === "cluster") return fleet.has(scope.slug) ? [scope.slug] : [];
    return fleet.slugs().filter((slug) => shows(scope, slug));
  }

  function snapshot(scope: Scope): Snapshot {
    // Looking at a view may settle it, and so raise the number: the views first, then the number they stand for.
    const clusters = Object.fromEntries(slugsOf(scope).map((slug) => [slug, inScope(fleet.viewOf(slug) ?? new Map(), scope)]));
    tellFleet();
    return { type: "snapshot", scope, number: numbers.get(streamOf(scope)) ?? 0, atMs: now(), clusters };
  }

  function send(browser: Browser, words: string | Buffer): void {
    if (browser.socket.bufferedAmount > BEHIND_BYTES + browser.startBytes) browser.isBehind = true;
    if (!browser.isBehind) browser.socket.send(words, { binary: typeof words !== "string" });
  }

  /** Gives a browser a new start with what it shows. `starts`: those that were made in this same turn. */
  function greet(browser: Browser, scope: Scope, starts = new Map<string, Start>()): void {
    // However often it asks: what it has not read yet is not followed by more.
    browser.isBehind = browser.socket.bufferedAmount > BEHIND_BYTES;
    // Looking settles what is due, and tells the others of it under its number; to this one its snapshot says it.
    browser.scope = null;
    const bytes = browser.isBehind ? null : startOf(scope, starts);
    browser.scope = scope;
    if (bytes === null) return;
    browser.startBytes = bytes.length;
    browser.socket.send(bytes, { binary: false });
  }

  /** Browsers that fell behind together drain together: as long as their stream was told nothing since, the same bytes are the start of all. */
  function startOf(scope: Scope, starts: Map<string, Start>): Buffer {
    const name = JSON.stringify(scope);
    const made = starts.get(name);
    if (made && made.number === (numbers.get(streamOf(scope)) ?? 0)) return made.bytes;
    const start = snapshot(scope);
    const bytes = Buffer.from(JSON.stringify(start));
    starts.set(name, { number: start.number, bytes });
    return bytes;
  }

  /** Gives a patch the next number of its stream; null when nobody there would hear it. */
  function numbered(stream: string): { number: number; audience: Browser[] } | null {
    const number = (numbers.get(stream) ?? 0) + 1;
    numbers.set(stream, number);
    const audience = [...browsers].filter(({ scope }) => scope !== null && streamOf(scope) === stream);
    return audience.length > 0 ? { number, audience } : null;
  }

  function tell(scope: Scope, changes: readonly ViewChange[]): void {
    const seen = changes.map((change) => ({
      change,
      set: inScope(change.set, scope),
      remove: [...change.remove].flatMap(([key, kind]) => (isInScope(kind, scope) ? [key] : [])),
    }));
    const told = seen.filter(({ set, remove }) => Object.keys(set).length > 0 || remove.length > 0);
    const to = told.length > 0 ? numbered(streamOf(scope)) : null;
    if (to === null) return;
    const inWords = Object.fromEntries(told.map(({ change, set, remove }) => [change.slug, { ...inParts(set, change.was), remove }]));
    const words = packed(JSON.stringify({ type: "patch", number: to.number, atMs: now(), changes: inWords } satisfies FeedFrame));
    for (const browser of to.audience) send(browser, words);
  }

  /** What pages of several clusters show: the fleet, and each wall's own choice. */
  function wideScopes(): Scope[] {
    const walls = new Map<string, Scope>();
    for (const { scope } of browsers) if (scope?.of === "wall") walls.set(streamOf(scope), scope);
    return [{ of: "fleet" }, ...walls.values()];
  }

  /** Tells the fleet's pages and the walls what waits for them: what moved in many clusters at once is one patch, not one for each. */
  function tellFleet(): void {
    const changes = [...forFleet.values()];
    forFleet.clear();
    if (changes.length === 0) return;
    for (const scope of wideScopes()) {
      tell(
        scope,
        changes.filter(({ slug }) => shows(scope, slug)),
      );
    }
  }

  /** Tells those who see a cluster that it is gone. */
  function tellGone(scope: Scope, slug: string): void {
    const to = numbered(streamOf(scope));
    if (to === null) return;
    const frame: FeedFrame = { type: "patch", number: to.number, atMs: now(), changes: { [slug]: { set: {}, parts: {}, remove: ["*"] } } };
    const text = JSON.stringify(frame);
    for (const browser of to.audience) send(browser, text);
  }

  fleet.onDrop((slug) => {
    tellFleet();
    for (const scope of wideScopes()) if (shows(scope, slug)) tellGone(scope, slug);
    tellGone({ of: "cluster", slug }, slug);
  });
  fleet.onChange((change) => {
    // A second change of one cluster builds upon the first.
    if (forFleet.has(change.slug)) tellFleet();
    // Views settle in one go: when that is over, all of them are told.
    if (forFleet.size === 0) queueMicrotask(tellFleet);
    forFleet.set(change.slug, change);
    tell({ of: "cluster", slug: change.slug }, [change]);
  });

  function hear(browser: Browser, text: string): void {
    const decoded = decodeJson(BrowserFrame, text);
    // An unknown frame is a newer browser's or nobody's: it changes nothing here.
    if (!decoded.ok || !browsers.has(browser)) return;
    const scope = decoded.value.type === "scope" ? decoded.value.scope : browser.scope;
    if (scope !== null) greet(browser, scope);
  }

  function pulseOf(scope: Scope, nowMs: number, before: ReadonlyMap<string, Told>): { text: string; told: ReadonlyMap<string, Told> } {
    const after = new Map<string, Told>();
    const ages: Record<string, string> = {};
    for (const slug of slugsOf(scope)) {
      const view = fleet.judgedOf(slug) ?? new Map();
      const its = agesOf({ view, facts: fleet.factsOf(slug) }, scope, nowMs, before.get(slug) ?? NOTHING);
      ages[slug] = its.text;
      after.set(slug, its.told);
    }
    // Ages are of what the page holds: what looking settled comes first.
    tellFleet();
    return { text: JSON.stringify({ type: "pulse", atMs: nowMs, ages } satisfies FeedFrame), told: after };
  }

  /** Takes over an authorised socket. Until it has a scope it hears nothing more, but the end of its session closes it all the same. */
  function welcome(socket: WebSocket, { id: sessionId, user, role }: Pick<Session, "id" | "user" | "role">): Browser {
    const browser: Browser = { socket, sessionId, scope: null, isBehind: false, startBytes: 0, heardAtMs: steadyMs() };
    browsers.add(browser);
    socket.send(JSON.stringify({ type: "hello", user, role, build } satisfies FeedFrame), { binary: false });
    socket.on("pong", () => {
      browser.heardAtMs = steadyMs();
    });
    socket.on("close", () => browsers.delete(browser));
    // ws closes the socket itself and says why to the other side.
    socket.on("error", () => browsers.delete(browser));
    return browser;
  }

  return {
    snapshot,
    /** A page of the console: it says what it shows. */
    add(socket: WebSocket, session: Pick<Session, "id" | "user" | "role">): void {
      const browser = welcome(socket, session);
      socket.on("message", (bytes, isBinary) => {
        browser.heardAtMs = steadyMs();
        if (!isBinary) hear(browser, String(bytes));
      });
    },
    /** A wall: what it shows stands in its key, and whatever it sends ends its socket. */
    addWall(socket: WebSocket, { id, clusters }: { id: string; clusters: string[] | null }): void {
      const browser = welcome(socket, { id: wallSessionId(id), user: "wall", role: "viewer" });
      socket.on("message", () => socket.close(1008, "a wall only listens"));
      greet(browser, { of: "wall", clusters });
    },
    /** How many walls hang on a key now. */
    screensOf: (id: string) => [...browsers].filter(({ sessionId }) => sessionId === wallSessionId(id)).length,
    /** Tells every browser the console's clock and the ages, and gives those that fell behind a new start. */
    pulse(): void {
      const nowMs = now();
      const texts = new Map<string, string>();
      const starts = new Map<string, Start>();
      const before = told;
      told = new Map();
      const firstText = (scope: Scope, stream: string) => {
        const its = pulseOf(scope, nowMs, before.get(stream) ?? NOTHING);
        told.set(stream, its.told);
        texts.set(stream, its.text);
        return its.text;
      };
      for (const browser of browsers) {
        const { socket, scope } = browser;
        if (steadyMs() - browser.heardAtMs > GONE_AFTER_MS) socket.terminate();
        if (socket.readyState !== socket.OPEN) continue;
        if (socket.bufferedAmount === 0) socket.ping();
        if (scope === null) continue;
        if (browser.isBehind) {
          if (socket.bufferedAmount === 0) greet(browser, scope, starts);
          continue;
        }
        const stream = streamOf(scope);
        send(browser, texts.get(stream) ?? firstText(scope, stream));
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

/** What a wall key's sockets are called, beside the sessions of people. */
export const wallSessionId = (keyId: string) => `wall:${keyId}`;

export type Feed = ReturnType<typeof createFeed>;
