// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { WebSocket } from "ws";
import { z } from "zod";
import { isAllSilent, wantsNobody } from "@/agent/protocol/console/clear";
import { timing } from "@/agent/protocol/timing";
import { createScreen } from "@/sim/screen";
import { type ConsoleAccess, signIn } from "./cluster/api";
import type { Troubles } from "./desk";

const AGAIN_MS = 300;
const LOOK_EVERY_MS = 200;

/** What a wall shows of the lab's cluster: `clear`, or why not. `lines`: what it tells of it, the headline first. */
interface Shown {
  is: "clear" | "not clear";
  says: string;
  lines: readonly string[];
}

const notClear = (says: string): Shown => ({ is: "not clear", says, lines: [] });

/** A wall's screen without its glass: holds a socket with a key of its own, and knows what it would show at every moment. */
async function openWall(access: ConsoleAccess, lostAfterMs: number) {
  const admin = await signIn(access, "admin");
  const made = await admin.ask("POST", "/api/v1/wall-keys", { name: "lab", clusters: [access.slug], days: 1 });
  const { id, url } = z.object({ id: z.string(), url: z.string() }).parse(made.body);
  const key = url.slice(url.lastIndexOf("/") + 1);
  const screen = createScreen();
  let socket: WebSocket | null = null;
  let heardAtMs: number | null = null;
  let isOver = false;

  function hear(text: string): void {
    const before = screen.heard();
    if (!screen.hear(text)) socket?.terminate();
    else if (screen.heard() > before) heardAtMs = performance.now();
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
    frames: screen.heard,
    shows(): Shown {
      if (heardAtMs === null || performance.now() - heardAtMs > lostAfterMs) return notClear("no word from the console");
      const entities = screen.entities(access.slug);
      const cluster = entities.get("cluster");
      if (cluster?.kind !== "cluster") return notClear("nothing is known of it");
      const links = [...entities.values()].flatMap((entity) => (entity.kind === "node" ? [entity.link] : []));
      const told = [...entities.values()].flatMap((entity) =>
        entity.kind === "finding" && entity.level !== "absent" ? [`${entity.title} (${entity.level})`] : [],
      );
      const { level, word } = cluster.headline;
      return { is: wantsNobody(level, isAllSilent(links)) ? "clear" : "not clear", says: word, lines: [word, ...told] };
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
 * `troubles`: those facts, as `troublesAt` gives them. `factor`: what the lab stretches its timing by.
 */
export async function watchWall(access: ConsoleAccess, troubles: () => Promise<Troubles>, allowedMs: number, factor = 1) {
  const wall = await openWall(access, timing(factor).consoleLostAfterMs);
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
    shows: wall.shows,
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
