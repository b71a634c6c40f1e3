// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from "node:zlib";
import type { Browser } from "@playwright/test";
import { SLUG } from "./changes";
import { openChromium, openPage } from "./harness/browser";
import type { BenchConsole } from "./harness/console";
import { median } from "./harness/numbers";
import { startCluster } from "./harness/sim-nodes";
import { withCleanup } from "./harness/wait";
import { type Measurement, type Row, row } from "./row";

const VISITS = 7;
const PAGES = {
  fleet: "/",
  cluster: `/c/${SLUG}`,
  node: `/c/${SLUG}/n/ruby`,
  drbd: `/c/${SLUG}/drbd/store`,
  "sign-in": "/sign-in",
} as const;
const LARGEST = `new Promise((resolve) => {
  new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime)).observe({ type: "largest-contentful-paint", buffered: true });
})`;

/** One visit with nothing cached: scripts up to the page's load event, gzipped, and its largest contentful paint. */
async function visit(browser: Browser, console_: BenchConsole, path: string): Promise<{ kilobytes: number; paintMs: number }> {
  const isSignedOut = path === PAGES["sign-in"];
  const page = await openPage(browser, isSignedOut ? { ...console_, cookie: "none=none" } : console_);
  const sizes: Promise<number>[] = [];
  let isLoaded = false;
  page.on("response", (response) => {
    // What comes after the load event is not waited for: the page is painted and usable.
    if (!isLoaded && response.request().resourceType() === "script") sizes.push(response.body().then((body) => gzipSync(body).length));
  });
  page.on("load", () => {
    isLoaded = true;
  });
  await page.goto(`${console_.origin}${path}`, { waitUntil: "load" });
  const paintMs = Number(await page.evaluate(LARGEST));
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  await page.context().close();
  return { kilobytes: bytes / 1_000, paintMs };
}

async function measure(say: (sentence: string) => void): Promise<Row[]> {
  return withCleanup(async (later) => {
    const { console_ } = await startCluster(SLUG, later);
    const browser = await openChromium();
    later(() => browser.close());
    const rows: Row[] = [];
    for (const [name, path] of Object.entries(PAGES)) {
      say(`${VISITS} first visits of ${path}`);
      const visits: { kilobytes: number; paintMs: number }[] = [];
      for (let index = 0; index < VISITS; index += 1) visits.push(await visit(browser, console_, path));
      const kilobytes = visits.map((each) => each.kilobytes);
      rows.push(row(`first-load.js.${name}`, Math.max(...kilobytes), "kB", 200, `scripts of ${path}, gzipped`));
      rows.push(
        row(
          `first-load.lcp.${name}`,
          median(visits.map(({ paintMs }) => paintMs)),
          "ms",
          1_000,
          `median of ${VISITS} visits, nothing cached`,
        ),
      );
    }
    return rows;
  });
}

export const firstLoad: Measurement = { name: "first-load", about: "a page's scripts and its largest paint", measure };
