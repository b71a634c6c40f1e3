// SPDX-License-Identifier: Apache-2.0
import type { Browser, Locator, Page } from "@playwright/test";
import { awake, demo, expect, signIn } from "./console";

/** The dialog that stands open. */
export const dialog = (page: Page) => page.getByRole("dialog");

/** Opens what can be done about one thing, and what of it is meant. */
export async function choose(page: Page, about: string, act: RegExp): Promise<void> {
  const item = page.getByRole("menuitem", { name: act });
  const button = page.getByRole("button", { name: `Actions on ${about}` }).first();
  // The menu says what held when it was opened: what something passing refused then is offered when it is opened again.
  await expect(async () => {
    if (!(await item.isVisible())) await button.click();
    await expect(item).toBeVisible({ timeout: 10_000 });
    if ((await item.getAttribute("aria-disabled")) === "true") {
      const why = await item.textContent();
      await page.keyboard.press("Escape");
      throw new Error(`Refused: ${why}`);
    }
    await item.click({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
}

/** Takes away the cards that earlier journeys left: what stands on this browser's pages from now on is this one's. */
export async function dismissAll(page: Page): Promise<void> {
  const ended = page.getByRole("button", { name: /^Dismiss / });
  await expect(async () => {
    for (const button of await ended.all()) await button.click({ timeout: 1_000 });
    await expect(ended).toHaveCount(0, { timeout: 1_000 });
  }).toPass();
}

/** Waits for the preview, accepts every warning, gives what is asked, and confirms with the button of this name. */
export async function confirm(page: Page, title: string): Promise<void> {
  const button = dialog(page).getByRole("button", { name: title, exact: true });
  await expect(button).toBeVisible();
  for (const box of await dialog(page).getByRole("checkbox").all()) await box.check();
  const typed = dialog(page).getByLabel(/^Type .* to go on$/);
  if (await typed.isVisible())
    await typed.fill(
      /^Type (.*) to go on$/.exec(
        (await dialog(page)
          .locator("label", { hasText: /^Type / })
          .textContent()) ?? "",
      )?.[1] ?? "",
    );
  await dialog(page)
    .getByLabel(/^Reason/)
    .fill("a journey");
  await button.click();
}

/** Waits in the open dialog until the run is done. */
export async function untilDone(page: Page): Promise<void> {
  const ending = dialog(page).locator("[data-outcome]");
  await expect(ending).toBeVisible({ timeout: 150_000 });
  await expect(ending).toHaveAttribute("data-outcome", "done");
}

/** A browser of its own, signed in as somebody. */
export async function signInAs(browser: Browser, user: string, password: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, demo().origin, { user, password });
  return page;
}

/** Takes something by its name to a zone that shows itself once it hangs on the pointer, and lets it go there. */
export async function drag(page: Page, name: Locator, zone: Locator): Promise<void> {
  await name.hover();
  const { x = 0, y = 0, width = 0, height = 0 } = (await name.boundingBox()) ?? {};
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + 30, y + height / 2 + 20, { steps: 4 });
  await expect(zone).toHaveAttribute("data-drop", "yes");
  // Twice: a browser tells a zone of what hangs over it when it moves there.
  await zone.hover();
  await zone.hover();
  await expect(zone).toHaveClass(/is-over/);
  await page.mouse.up();
}

/** Opens a page and waits until it hears. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(`${demo().origin}${path}`);
  await awake(page);
}
