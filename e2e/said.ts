// SPDX-License-Identifier: Apache-2.0
import type { Page } from "@playwright/test";
import { demo, expect, read } from "./console";

/** A wait for what takes minutes on a slow machine. */
export const PATIENT = { timeout: 150_000 };

/** Looks for words on the fleet, a cluster and a node; each page is opened anew, so that what it shows first counts too. */
export async function says(page: Page, words: RegExp | readonly RegExp[], where: readonly string[]): Promise<void> {
  for (const path of where) {
    await page.goto(`${demo().origin}${path}`);
    for (const one of [words].flat()) await expect(page.getByRole("main"), path).toContainText(read(one), PATIENT);
  }
}

export async function saysNoMore(page: Page, words: RegExp | readonly RegExp[], where: readonly string[]): Promise<void> {
  for (const path of where) {
    await page.goto(`${demo().origin}${path}`);
    for (const one of [words].flat()) await expect(page.getByRole("main"), path).not.toContainText(read(one), PATIENT);
  }
}
