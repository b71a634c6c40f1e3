// SPDX-License-Identifier: Apache-2.0
import type { Browser, Page } from "@playwright/test";
import { dialog, visit } from "./acts";
import { complaints } from "./axe";
import { demo, expect, signIn, test, untilCalm } from "./console";

/** Makes a key as an admin does, and gives the address that a screen opens. */
async function makeKey(page: Page, name: string, cluster?: string): Promise<string> {
  await visit(page, "/settings/walls");
  await page.getByRole("button", { name: "Make a key…" }).click();
  await dialog(page).getByLabel("Where it hangs").fill(name);
  if (cluster !== undefined) {
    await dialog(page).getByLabel("Shows").selectOption("some");
    await dialog(page).getByRole("checkbox", { name: cluster }).check();
  }
  await dialog(page).getByRole("button", { name: "Make the key" }).click();
  const address = page.getByRole("status").locator("code");
  await expect(address).toContainText("/wall/qdw_");
  await expect(page.getByRole("row", { name: new RegExp(`^${name}`) })).toContainText("none");
  return (await address.textContent()) ?? "";
}

/** A screen of its own, with nobody signed in. */
async function screenOn(browser: Browser, address: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1920, height: 1080 } })).newPage();
  await page.goto(address);
  await expect(
    page
      .getByRole("time")
      .or(page.getByRole("heading", { level: 1 }))
      .first(),
  ).toBeVisible();
  return page;
}

test("a wall shows trouble in words while it lasts, without a session, and goes dark with its key", async ({ console: page, browser }) => {
  const address = await makeKey(page, "NOC");
  const wall = await screenOn(browser, address);
  await expect(wall.getByRole("heading", { level: 1 })).toContainText("Nothing known is wrong");
  await expect(page.getByRole("row", { name: /^NOC/ })).toContainText("1 screen");
  await demo().sim.fault("pull-cable", "ruby", "e3p3");
  await expect(wall.getByRole("region", { name: "san-a" })).toContainText("3 of 4 ports");
  await expect(wall.getByRole("contentinfo")).toContainText("north");
  expect(await complaints(wall, "the wall")).toEqual([]);
  const { width, height } = await wall.evaluate(() => ({
    width: document.documentElement.scrollWidth - innerWidth,
    height: document.documentElement.scrollHeight - innerHeight,
  }));
  expect({ width, height }, "no scrolling").toEqual({ width: 0, height: 0 });
  await demo().sim.repair("pull-cable", "ruby", "e3p3");
  await expect(wall.getByRole("heading", { level: 1 })).toContainText("Nothing known is wrong");

  await page.getByRole("button", { name: "Revoke the key of NOC…" }).click();
  await dialog(page).getByRole("button", { name: "Revoke it" }).click();
  await expect(wall.getByRole("heading", { level: 1 })).toContainText("may not look any more", { timeout: 5_000 });
  await expect(wall.getByText("Nothing known is wrong")).toHaveCount(0);
  const again = await wall.goto(address);
  expect(again?.status()).toBe(404);
  await expect(wall.getByRole("heading", { level: 1 })).toContainText("may not look any more");
  await wall.context().close();
});

test("a wall of one cluster shows only that, tells nobody where it comes from, and has nothing to press", async ({ page, browser }) => {
  await untilCalm();
  await signIn(page);
  const address = await makeKey(page, "corner", "north");
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  const wall = await context.newPage();
  const answer = await wall.goto(address);
  expect(answer?.headers()["referrer-policy"]).toBe("no-referrer");
  await expect(wall.getByRole("listitem")).toHaveCount(1);
  await expect(wall.getByRole("listitem")).toContainText("north");
  await expect(wall.getByRole("button").or(wall.getByRole("link"))).toHaveCount(0);
  expect(await context.cookies()).toEqual([]);
  await context.close();
});
