// SPDX-License-Identifier: Apache-2.0
import { chromium, type Locator, type Page } from "@playwright/test";
import { expect, inject } from "vitest";
import type { UserRole } from "@/agent/protocol/console/api";
import { findChromium } from "@/scripts/host-tools.mjs";
import { lab } from "./lab";

const { access } = inject("vm");
/** A page is drawn beside three emulated machines. */
const PATIENCE_MS = 240_000;

/** Somebody of a role at a real browser, signed in through the form as a person does. */
export async function atBrowser(role: UserRole): Promise<{ page: Page; close(): Promise<void> }> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error("No Chromium for the browser tests: run `node scripts/host-tools.mjs vm`.");
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
  const page = await browser.newPage({ ignoreHTTPSErrors: true, colorScheme: "dark", reducedMotion: "reduce" });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${access.origin}/sign-in`);
  await heard(page.getByRole("form"));
  await page.getByLabel("User").fill(role);
  await page.getByLabel("Password").fill(access.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${access.origin}/`);
  return { page, close: () => browser.close() };
}

/** Waits until the page's scripts hear what is done to this: before that a click is nobody's. */
async function heard(element: Locator): Promise<void> {
  await lab.until(
    async () => (await element.evaluate((one) => Object.keys(one).some((key) => key.startsWith("__reactProps$")))) || null,
    "The page's scripts do not run",
    PATIENCE_MS,
  );
}

/** Opens a page and waits until it hears its console. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(`${access.origin}${path}`);
  await page.locator('[data-line="live"]').waitFor({ state: "attached" });
}

export const dialog = (page: Page) => page.getByRole("dialog");

/** In the dialog that stands open: waits for the preview, accepts every warning, gives what is asked, and confirms. */
export async function confirm(page: Page, title: string): Promise<void> {
  const button = dialog(page).getByRole("button", { name: title, exact: true });
  await button.waitFor();
  for (const box of await dialog(page).getByRole("checkbox").all()) await box.check();
  const typed = dialog(page).getByLabel(/^Type .* to go on$/);
  if (await typed.isVisible()) {
    const label =
      (await dialog(page)
        .locator("label", { hasText: /^Type / })
        .textContent()) ?? "";
    await typed.fill(/^Type (.*) to go on$/.exec(label)?.[1] ?? "");
  }
  await dialog(page)
    .getByLabel(/^Reason/)
    .fill("a test of the lab");
  await button.click();
}

/** Waits in the open dialog until the run has ended, which must be done, and closes it. */
export async function untilDone(page: Page): Promise<void> {
  const ending = dialog(page).locator("[data-outcome]");
  await ending.waitFor();
  expect(`${await ending.getAttribute("data-outcome")}: ${await ending.textContent()}`).toMatch(/^done: /);
  await page.keyboard.press("Escape");
  await dialog(page).waitFor({ state: "detached" });
}

/** Waits until what a place of the page shows fits. */
export async function shows(place: Locator, words: RegExp): Promise<void> {
  let last = "nothing";
  await lab
    .until(
      async () => {
        last = (await place.count()) === 0 ? "nothing" : ((await place.first().textContent()) ?? "");
        return words.test(last.replaceAll(/\s/g, " ")) || null;
      },
      `The page does not show ${words}`,
      PATIENCE_MS,
    )
    .catch((error: unknown) => {
      throw new Error(`${String(error)} It shows: ${last.slice(0, 500)}`);
    });
}
