// SPDX-License-Identifier: Apache-2.0
import { inflateRawSync } from "node:zlib";
import { WebSocket } from "ws";
import { parseAges } from "@/agent/protocol/console/ages";
import { type AskedScope, type BrowserFrame, FeedFrame } from "@/agent/protocol/console/feed";
import { withPart } from "@/agent/protocol/console/parts";
import type { Entity } from "@/agent/protocol/console/view";

type FrameOf<T extends FeedFrame["type"]> = Extract<FeedFrame, { type: T }>;

/** A browser's socket, for tests. Every frame must fit the contract. */
export interface TestBrowser {
  socket: WebSocket;
  frames: FeedFrame[];
  /** Bytes of every frame, as they came. */
  sizes: number[];
  say(frame: BrowserFrame): void;
  show(scope: AskedScope): Promise<FrameOf<"snapshot">>;
  /** The first frame from `from` on that is of this type and fits; received already or to come. */
  waitFor<T extends FeedFrame["type"]>(type: T, fits?: (frame: FrameOf<T>) => boolean, from?: number): Promise<FrameOf<T>>;
  closed: Promise<{ code: number; reason: string }>;
}

/** The status with which an upgrade was refused; null when it was not. */
export function refusedWith(url: string, headers: Record<string, string>, protocols: string[] = []): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, protocols, { headers });
    socket.on("unexpected-response", (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    socket.on("open", () => {
      socket.terminate();
      resolve(null);
    });
    socket.on("error", reject);
  });
}

export async function openBrowser(url: string, headers: Record<string, string> = {}, protocols: string[] = []): Promise<TestBrowser> {
  const socket = new WebSocket(url, protocols, { headers });
  const frames: FeedFrame[] = [];
  const sizes: number[] = [];
  const waiting = new Set<() => boolean>();
  const failing = new Set<(cause: Error) => void>();
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on("close", (code, reason) => {
      for (const fail of failing) fail(new Error(`The socket closed: ${code} ${reason}`));
      resolve({ code, reason: String(reason) });
    }),
  );
  socket.on("message", (bytes: Buffer, isPacked) => {
    frames.push(FeedFrame.parse(JSON.parse(String(isPacked ? inflateRawSync(bytes) : bytes))));
    sizes.push(bytes.length);
    for (const look of waiting) if (look()) waiting.delete(look);
  });
  await new Promise<void>((resolve, reject) => {
    socket.on("open", () => resolve());
    socket.on("error", reject);
  });

  const waitFor: TestBrowser["waitFor"] = <T extends FeedFrame["type"]>(
    type: T,
    fits: (frame: FrameOf<T>) => boolean = () => true,
    from = 0,
  ) =>
    new Promise<FrameOf<T>>((resolve, reject) => {
      const isWanted = (frame: FeedFrame): frame is FrameOf<T> => frame.type === type;
      const look = () => {
        const found = frames.slice(from).filter(isWanted).find(fits);
        if (found) {
          failing.delete(reject);
          resolve(found);
        }
        return found !== undefined;
      };
      if (look()) return;
      waiting.add(look);
      failing.add(reject);
    });
  const say = (frame: BrowserFrame) => socket.send(JSON.stringify(frame));
  return {
    socket,
    frames,
    sizes,
    say,
    show(scope) {
      const from = frames.length;
      say({ type: "scope", scope });
      return waitFor("snapshot", ({ scope: shown }) => JSON.stringify(shown) === JSON.stringify(scope), from);
    },
    waitFor,
    closed,
  };
}

/** What a browser's store holds after these frames. @throws when the numbers have a gap */
export function stored(frames: readonly FeedFrame[]): { number: number; clusters: Map<string, Map<string, Entity>> } {
  let number = -1;
  let clusters = new Map<string, Map<string, Entity>>();
  for (const frame of frames) {
    if (frame.type === "snapshot") {
      number = frame.number;
      clusters = new Map(Object.entries(frame.clusters).map(([slug, entities]) => [slug, new Map(Object.entries(entities))]));
    }
    if (frame.type !== "patch") continue;
    if (frame.number !== number + 1) throw new Error(`Patch ${frame.number} after ${number}`);
    number = frame.number;
    for (const [slug, { set, remove, parts }] of Object.entries(frame.changes)) {
      const entities = clusters.get(slug) ?? new Map<string, Entity>();
      for (const key of remove) entities.delete(key);
      for (const [key, entity] of Object.entries(set)) entities.set(key, entity);
      for (const [key, part] of Object.entries(parts)) {
        const known = entities.get(key);
        const whole = known ? withPart(known, part) : null;
        if (!whole) throw new Error(`A part that fits nothing: ${key}`);
        entities.set(key, whole);
      }
      clusters.set(slug, entities);
    }
  }
  return { number, clusters };
}

/** When each entity was last heard of, as a browser counts it from its frames. Units: console clock, epoch ms; null for never. */
export function agesHeard(frames: readonly FeedFrame[]): Map<string, Map<string, number | null>> {
  const heard = new Map<string, Map<string, number | null>>();
  const take = (slug: string, entities: Iterable<[string, Entity]>) => {
    const its = heard.get(slug) ?? new Map<string, number | null>();
    heard.set(slug, its);
    for (const [key, entity] of entities) {
      if (entity.kind === "node") its.set(key, entity.lastWordAtMs);
      if (entity.kind === "source") its.set(key, entity.takenAtMs);
    }
  };
  frames.forEach((frame, index) => {
    if (frame.type === "snapshot") {
      heard.clear();
      for (const [slug, entities] of Object.entries(frame.clusters)) take(slug, Object.entries(entities));
    }
    if (frame.type === "patch") {
      const whole = stored(frames.slice(0, index + 1)).clusters;
      for (const [slug, { set, parts }] of Object.entries(frame.changes)) {
        const touched = [...Object.keys(set), ...Object.keys(parts)];
        take(
          slug,
          [...(whole.get(slug) ?? [])].filter(([key]) => touched.includes(key)),
        );
      }
    }
    if (frame.type !== "pulse") return;
    for (const [slug, text] of Object.entries(frame.ages)) {
      const its = heard.get(slug) ?? new Map<string, number | null>();
      const keys = [...its.keys()].sort((a, b) => (a < b ? -1 : 1));
      const inOrder = [...keys.filter((key) => key.startsWith("node:")), ...keys.filter((key) => key.startsWith("source:"))];
      parseAges(text).forEach((age, place) => {
        const key = inOrder[place];
        if (key !== undefined && age !== "asTold") its.set(key, age === "never" ? null : frame.atMs - age * 100);
      });
    }
  });
  return heard;
}
