// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { demo, expect } from "./console";

/** The budget of a page's first load: bytes of script, as they travel. */
export const FIRST_LOAD_BYTES = 200_000;

/** How much script a page loads at first, gzipped. Units: bytes. */
export async function firstLoadOf(page: Page, path: string): Promise<number> {
  const { origin } = demo();
  const html = await (await page.request.get(`${origin}${path}`)).text();
  // What is marked nomodule is for browsers that we do not serve: none that we do loads it.
  const modern = html.replaceAll(/<script[^>]*nomodule[^>]*>/gi, "");
  const scripts = [...new Set([...modern.matchAll(/(?:src|href)="(\/_next\/[^"]+\.js)[^"]*"/g)].map((match) => match[1] ?? ""))];
  expect(scripts.length, path).toBeGreaterThan(0);
  let bytes = 0;
  for (const script of scripts) bytes += gzipSync(await (await page.request.get(`${origin}${script}`)).body()).length;
  return bytes;
}
