// SPDX-License-Identifier: Apache-2.0
import type { Browser, Page } from "@playwright/test";
import { z } from "zod";
import { test as base, demo, expect, read } from "./console";

/** For what takes minutes on a slow machine: a resync, a boot. */
const PATIENT = { timeout: 150_000 };

/** A screen across the room that shows every cluster while a journey goes on. */
export interface HungWall {
  /** The tile of a cluster says this, and is not among those that want nobody. */
  says(cluster: string, words: RegExp): Promise<void>;
  /** The wall hears its console, and says this of no cluster any more. */
  saysNoMore(words: RegExp): Promise<void>;
}

/** Asks as whoever is signed in on the page: a token makes no key. */
async function ask(page: Page, method: "POST" | "DELETE", path: string, data?: unknown): Promise<string> {
  const { origin } = demo();
  const response = await page.request.fetch(`${origin}${path}`, { method, headers: { origin }, ...(data === undefined ? {} : { data }) });
  const text = await response.text();
  expect(response.ok(), `${method} ${path}: ${text}`).toBe(true);
  return text;
}

async function hang(browser: Browser, address: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1920, height: 1080 } })).newPage();
  await page.goto(address);
  await expect(page.locator('.wall[data-line="live"]')).toBeAttached();
  return page;
}

/** The journeys' own, with a wall that hangs through each. */
export const test = base.extend<{ wall: HungWall }>({
  wall: async ({ console: own, browser }, use) => {
    const made = await ask(own, "POST", "/api/v1/wall-keys", { name: "journey", clusters: null, days: 1 });
    const { id, url } = z.object({ id: z.string(), url: z.string() }).parse(JSON.parse(made));
    const page = await hang(browser, url);
    await use({
      says: (cluster, words) => expect(page.getByRole("region", { name: cluster, exact: true })).toContainText(read(words), PATIENT),
      async saysNoMore(words) {
        await expect(page.getByRole("main")).not.toContainText(read(words), PATIENT);
        await expect(page.locator(".wall")).toHaveAttribute("data-line", "live");
      },
    });
    await page.context().close();
    await ask(own, "DELETE", `/api/v1/wall-keys/${id}`);
  },
});
