// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { findChromium } from "@/scripts/host-tools.mjs";
import type { BenchConsole } from "./console";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A Chromium of its own. @throws when this machine has none */
export async function openChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error("there is no Chromium: run `node scripts/host-tools.mjs`");
  return chromium.launch({ executablePath, args: FLAGS });
}

/** A fresh, signed-in page that has not loaded anything: no cache of an earlier one. */
export async function openPage(browser: Browser, { origin, cookie }: Pick<BenchConsole, "origin" | "cookie">): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: "dark" });
  const [name = "", value = ""] = cookie.split("=");
  await context.addCookies([{ name, value, url: origin }]);
  await context.addInitScript({ path: path.join(import.meta.dirname, "watch-page.mjs") });
  return context.newPage();
}

/** Wall clock with the fractions of a millisecond, the same clock as a page's on this machine. */
export const wallMs = (): number => performance.timeOrigin + performance.now();

/**
 * Watches a page for a text that comes or goes. First this, then the change, then `seen`: when the first frame with it was
 * painted, on this machine's wall clock.
 */
export async function watchFor(page: Page, text: string, isThere: boolean): Promise<{ seen: () => Promise<number> }> {
  // As text: a compiled function would take its compiler's own helpers along, which a page does not have.
  await page.evaluate(`benchWatch(${JSON.stringify(text)}, ${isThere})`);
  return { seen: async () => Number(await page.evaluate("benchPainted()")) };
}
