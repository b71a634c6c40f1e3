// SPDX-License-Identifier: Apache-2.0
import type { Browser, Page } from "@playwright/test";
import { awake, demo, expect } from "./console";

/** The dialog that stands open. */
export const dialog = (page: Page) => page.getByRole("dialog");

/** Opens what can be done about one thing, and what of it is meant. */
export async function choose(page: Page, about: string, act: RegExp): Promise<void> {
  await page
    .getByRole("button", { name: `Actions on ${about}` })
    .first()
    .click();
  await page.getByRole("menuitem", { name: act }).click();
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
  await page.goto(`${demo().origin}/sign-in`);
  await page.getByLabel("User").fill(user);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${demo().origin}/`);
  return page;
}

export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(`${demo().origin}${path}`);
  await awake(page);
}
