// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { WebSocket } from "ws";
import { z } from "zod";
import { isAllSilent, wantsNobody } from "@/agent/protocol/console/clear";
import { FeedFrame } from "@/agent/protocol/console/feed";
import { withPart } from "@/agent/protocol/console/parts";
import type { Entity } from "@/agent/protocol/console/view";
import { decodeJson } from "@/agent/protocol/decode";
import { timing } from "@/agent/protocol/timing";
import { type ConsoleAccess, signIn } from "./cluster/api";
import type { Troubles } from "./desk";

const AGAIN_MS = 300;
const LOOK_EVERY_MS = 200;

/** What a wall shows of the lab's cluster: `clear`, or why not. */
type Shown = { is: "clear"; says: string } | { is: "not clear"; says: string };

/** A wall's screen without its glass: holds a socket with a key of its own, and knows what it would show at every moment. */
async function openWall(access: ConsoleAccess) {
  const admin = await signIn(access, "admin");
  const made = await admin.ask("POST", "/api/v1/wall-keys", { name: "lab", clusters: [access.slug], days: 1 });
  const { id, url } = z.object({ id: z.string(), url: z.string() }).parse(made.body);
  const key = url.slice(url.lastIndexOf("/") + 1);
  let socket: WebSocket | null = null;
  let entities = new Map<string, Entity>();
  let number = 0;
  let heardAtMs: number | null = null;
  let isOver = false;
  let frames = 0;

  /** False: what was told does not fit what is known, and only a new snapshot helps. */
  function patched(frame: Extract<FeedFrame, { type: "patch" }>): boolean {
    if (frame.number !== number + 1) return false;
    number = frame.number;
    const change = frame.changes[access.slug];
    for (const gone of change?.remove ?? []) entities.delete(gone);
    for (const [name, entity] of Object.entries(change?.set ?? {})) entities.set(name, entity);
    for (const [name, part] of Object.entries(change?.parts ?? {})) {
      const known = entities.get(name);
      const whole = known ? withPart(known, part) : null;
      if (whole === null) return false;
      entities.set(name, whole);
    }
    return true;
  }

  function hear(text: string): void {
    const decoded = decodeJson(FeedFrame, text);
    if (!decoded.ok) return;
    const frame = decoded.value;
    frames += 1;
    if (frame.type === "snapshot") {
      entities = new Map(Object.entries(frame.clusters[access.slug] ?? {}));
      number = frame.number;
    }
    if (frame.type === "patch" && !patched(frame)) socket?.terminate();
    else if ("atMs" in frame) heardAtMs = performance.now();
  }

  function connect(): void {
    const ca = readFileSync(access.certFile);
    const mine = new WebSocket(`${access.origin.replace("http", "ws")}/ws/wall`, ["quarterdeck.wall", `key.${key}`], {
      ca,
      origin: access.origin,
    });
    socket = mine;
    mine.on("message", (bytes: Buffer, isBinary) => hear(isBinary ? String(inflateRawSync(bytes)) : String(bytes)));
    // Its close comes after it: that is where it is tried again.
    mine.on("error", () => undefined);
    mine.on("close", () => {
      if (!isOver) setTimeout(connect, AGAIN_MS);
    });
  }
  connect();

  return {
    frames: () => frames,
    shows(): Shown {
      if (heardAtMs === null || performance.now() - heardAtMs > timing().consoleLostAfterMs)
        return { is: "not clear", says: "no word from the console" };
      const cluster = entities.get("cluster");
      if (cluster?.kind !== "cluster") return { is: "not clear", says: "nothing is known of it" };
      const links = [...entities.values()].flatMap((entity) => (entity.kind === "node" ? [entity.link] : []));
      const { level, word } = cluster.headline;
      return { is: wantsNobody(level, isAllSilent(links)) ? "clear" : "not clear", says: word };
    },
    async close(): Promise<void> {
      isOver = true;
      socket?.terminate();
      await admin.ask("DELETE", `/api/v1/wall-keys/${id}`);
    },
  };
}

/**
 * Watches a wall through a scenario: whatever the lab's own facts call broken for longer than `allowedMs`, the wall must not call clear.
 * `troubles`: those facts, as `troublesAt` gives them.
 */
export async function watchWall(access: ConsoleAccess, troubles: () => Promise<Troubles>, allowedMs: number) {
  const wall = await openWall(access);
  const falseGreens = new Set<string>();
  let looks = 0;
  let isOver = false;

  async function look(): Promise<Troubles> {
    // What it shows after the facts were asked for: what was mended meanwhile is no lie.
    const now = Date.now();
    const broken = await troubles();
    const shown = wall.shows();
    looks += 1;
    if (shown.is === "clear") {
      const unseen = broken.filter(({ sinceMs }) => now - sinceMs > allowedMs);
      if (unseen.length > 0) falseGreens.add(`${unseen.map(({ what }) => what).join(", ")}: the wall says ${shown.says}`);
    }
    return broken;
  }
  const done = (async () => {
    while (!isOver) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  })();

  return {
    /** Ends it, once everything that is broken now has been so for as long as a wall may take to see it. */
    async stop(): Promise<{ falseGreens: readonly string[]; looks: number; frames: number }> {
      const until = Date.now() + allowedMs + LOOK_EVERY_MS;
      while (Date.now() < until && (await look()).some(({ sinceMs }) => Date.now() - sinceMs <= allowedMs))
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      await look();
      isOver = true;
      await done;
      await wall.close();
      return { falseGreens: [...falseGreens], looks, frames: wall.frames() };
    },
  };
}
