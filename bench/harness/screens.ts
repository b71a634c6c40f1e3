// SPDX-License-Identifier: Apache-2.0
import { isAllSilent, wantsNobody } from "@/agent/protocol/console/clear";
import type { Entity } from "@/agent/protocol/console/view";
import { createScreen, type Screen } from "@/sim/screen";
import { wallMs } from "./browser";
import { openBrowserSocket, openWallSocket } from "./browser-socket";
import type { BenchConsole } from "./console";

export type Shown = ReadonlyMap<string, Entity>;
export type Look = (shown: Shown) => boolean;

/** Longer than the slowest source, its time-out and a busy machine take together. */
const PATIENCE_MS = 120_000;

/** A page of each cluster and a wall of all of them, without their glass. */
export interface Screens {
  /** Waits until the wall and the cluster's page show something: when the later of them did, on this machine's wall clock. @throws when it does not come */
  both(slug: string, what: string, look: Look): Promise<number>;
}

interface Watch {
  slug: string;
  look: Look;
  /** Since when each of the two shows it. */
  since: Map<Screen, number>;
  done(atMs: number): void;
}

/** What a wall shows of a cluster is green: nobody needs to look. */
const isClear: Look = (shown) => {
  const cluster = shown.get("cluster");
  const links = [...shown.values()].flatMap((entity) => (entity.kind === "node" ? [entity.link] : []));
  return cluster?.kind === "cluster" && wantsNobody(cluster.headline.level, isAllSilent(links));
};

/** A finding in these words, and no green tile beside it, but where a person wants it so. One that passes by itself is no alarm yet. */
export const tells =
  (words: RegExp): Look =>
  (shown) => {
    const found = [...shown.values()].find((entity) => entity.kind === "finding" && entity.level !== "busy" && words.test(entity.title));
    return found?.kind === "finding" && (found.level === "held" || !isClear(shown));
  };

export async function openScreens(console_: BenchConsole, slugs: readonly string[], later: (end: () => unknown) => void): Promise<Screens> {
  const watches = new Set<Watch>();
  const wall = createScreen();
  const pages = new Map(slugs.map((slug) => [slug, createScreen()]));

  function look(watch: Watch): void {
    const nowMs = wallMs();
    for (const screen of [wall, pages.get(watch.slug)]) {
      if (!screen) continue;
      // What comes and goes again was not told.
      if (!watch.look(screen.entities(watch.slug))) watch.since.delete(screen);
      else if (!watch.since.has(screen)) watch.since.set(screen, nowMs);
    }
    if (watch.since.size === 2) watch.done(Math.max(...watch.since.values()));
  }

  const hears = (screen: Screen) => (text: string) => {
    if (!screen.hear(text)) throw new Error("A screen has lost a frame.");
    for (const watch of watches) look(watch);
  };
  later((await openWallSocket(console_, hears(wall))).close);
  for (const [slug, page] of pages) later((await openBrowserSocket(console_, { of: "cluster", slug }, hears(page))).close);

  return {
    both: (slug, what, wanted) =>
      new Promise((resolve, reject) => {
        const end = () => {
          clearTimeout(timer);
          watches.delete(watch);
        };
        const timer = setTimeout(() => {
          end();
          reject(new Error(`${what}: not seen on wall and page within ${PATIENCE_MS / 1_000} s`));
        }, PATIENCE_MS);
        const watch: Watch = {
          slug,
          look: wanted,
          since: new Map(),
          done(atMs) {
            end();
            resolve(atMs);
          },
        };
        watches.add(watch);
        look(watch);
      }),
  };
}
