// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import type { CDPSession } from "@playwright/test";
import { z } from "zod";
import { SLUG } from "./changes";
import { openChromium } from "./harness/browser";
import { startCluster } from "./harness/sim-nodes";
import { until, withCleanup } from "./harness/wait";
import { type Measurement, type Row, row } from "./row";

/** A day of one change a second. */
const PATCHES = Number(process.env.BENCH_WALL_PATCHES ?? 86_400);
const AT_ONCE = 2_160;
const Shown = z.object({ title: z.string(), expected: z.string(), isOld: z.boolean() });

/** What is still in use after everything that nobody holds was let go. Units: bytes. */
async function heapOf(session: CDPSession): Promise<number> {
  // Twice: what the first frees may have held what the second does.
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.collectGarbage");
  return (await session.send("Runtime.getHeapUsage")).usedSize;
}

async function measure(say: (sentence: string) => void): Promise<Row[]> {
  return withCleanup(async (later) => {
    const { console_ } = await startCluster(SLUG, later);
    const made = z
      .object({ url: z.url() })
      .parse(await console_.ask("POST", "/api/v1/wall-keys", { name: "bench", clusters: null, days: null }));
    const browser = await openChromium();
    later(() => browser.close());
    const page = await (await browser.newContext({ viewport: { width: 1920, height: 1080 } })).newPage();
    await page.addInitScript({ path: path.join(import.meta.dirname, "harness/day-on-a-wall.mjs") });
    await page.goto(made.url);
    await until(async () => ((await page.evaluate("benchIsReady()")) === true ? true : null), "the wall did not hear its console");
    const session = await page.context().newCDPSession(page);
    await session.send("HeapProfiler.enable");
    say(`${PATCHES} patches on a wall`);
    const startedMs = performance.now();
    let early = 0;
    for (let done = 0; done < PATCHES; done += AT_ONCE) {
      const to = Math.min(PATCHES, done + AT_ONCE);
      const shown = Shown.parse(await page.evaluate(`benchDay(${done + 1}, ${to + 1})`));
      if (shown.title !== shown.expected) throw new Error(`after ${to} patches the wall shows ${shown.title}, not ${shown.expected}`);
      if (shown.isOld) throw new Error(`after ${to} patches the wall took its console for silent`);
      if (early === 0 && to >= PATCHES / 10) early = await heapOf(session);
    }
    const tookMs = performance.now() - startedMs;
    const late = await heapOf(session);
    const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
    return [
      row(
        "wall-heap.growth",
        late / early,
        "×",
        1.1,
        `after ${PATCHES} patches ${megabytes(late)}, after a tenth of them ${megabytes(early)}; garbage collected`,
      ),
      row("wall-heap.patch", tookMs / PATCHES, "ms", null, "a patch taken and shown, and a second of its timers"),
    ];
  });
}

export const wallHeap: Measurement = { name: "wall-heap", about: "what a wall holds after a day of changes", measure };
