// SPDX-License-Identifier: Apache-2.0
import type { Page } from "@playwright/test";
import type { World } from "@/sim/run/world";
import { CHANGES, type Change, SLUG } from "./changes";
import { openChromium, openPage, wallMs, watchFor } from "./harness/browser";
import { median, quantile } from "./harness/numbers";
import { startCluster } from "./harness/sim-nodes";
import { pause, withCleanup } from "./harness/wait";
import { type Measurement, type Row, row } from "./row";

const REPEATS = Number(process.env.BENCH_REPEATS ?? 100);
async function repeat(page: Page, world: World, { shows, make, restMs }: Change): Promise<number[]> {
  const spans: number[] = [];
  for (let turn = 0; turn < REPEATS; turn += 1) {
    const isWrong = turn % 2 === 0;
    const watching = await watchFor(page, shows, isWrong);
    const atMs = wallMs();
    world.change((scene) => make(scene, isWrong));
    spans.push((await watching.seen()) - atMs);
    await pause(Math.random() * restMs);
  }
  return spans;
}

async function measure(say: (sentence: string) => void): Promise<Row[]> {
  return withCleanup(async (later) => {
    const { console_, world } = await startCluster(SLUG, later);
    const browser = await openChromium();
    later(() => browser.close());
    const page = await openPage(browser, console_);
    await page.goto(`${console_.origin}/c/${SLUG}`);
    await page.getByText("ruby", { exact: true }).first().waitFor();
    const rows: Row[] = [];
    for (const change of CHANGES) {
      say(`${REPEATS} changes: ${change.about}`);
      const spans = await repeat(page, world, change);
      rows.push(
        row(`pixel.${change.name}.p50`, median(spans), "ms", null, change.about),
        row(
          `pixel.${change.name}.p99`,
          quantile(spans, 0.99),
          "ms",
          change.boundMs,
          `${REPEATS} changes, write on the node to painted frame`,
        ),
      );
    }
    return rows;
  });
}

export const pixel: Measurement = { name: "pixel", about: "from a change on a node to the pixel in Chromium", measure };
