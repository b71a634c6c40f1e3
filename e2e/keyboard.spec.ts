// SPDX-License-Identifier: Apache-2.0
import type { Page } from "@playwright/test";
import { demo, expect, test } from "./console";

const SETTINGS = ["nodes", "clusters", "users", "sessions", "tokens"].map((name) => `/settings/${name}`);
const PAGES = ["/", "/c/san-a", "/c/attic", "/c/north", "/c/san-a/n/ruby", "/c/attic/n/hv05", "/c/san-a/drbd/store", ...SETTINGS];
const CAN_ACT = "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary";

/** What has the focus: its place among all that can act, what it is called, and whether it is seen to have it. */
function focused(page: Page) {
  return page.evaluate((selector) => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return null;
    const ring = (of: Element | null) => {
      if (!of) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(of);
      return (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
    };
    const { top, bottom } = element.getBoundingClientRect();
    return {
      index: [...document.querySelectorAll(selector)].indexOf(element),
      name: element.getAttribute("aria-label") ?? element.textContent?.trim() ?? "",
      isSeen: (ring(element) || ring(element.parentElement)) && bottom > 0 && top < innerHeight,
    };
  }, CAN_ACT);
}

/** Goes on with Tab until what has the focus is called so; fails when it comes round without. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const many = await page.locator(CAN_ACT).count();
  for (let step = 0; step <= many + 2; step += 1) {
    const at = await focused(page);
    if (at && (typeof name === "string" ? at.name === name : name.test(at.name))) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never comes to ${name}`);
}

test("on every page Tab comes to all that can act, in the order it stands in, and the focus is seen", async ({ console: page }) => {
  for (const path of PAGES) {
    await page.goto(`${demo().origin}${path}`);
    await expect(page.getByRole("main")).toBeVisible();
    // What is asked for comes after the page.
    if (path.startsWith("/settings")) await expect(page.getByRole("table").first()).toBeVisible();
    const reachable = await page.locator(CAN_ACT).locator("visible=true").count();
    const order: number[] = [];
    for (let step = 0; step < reachable + 3; step += 1) {
      await page.keyboard.press("Tab");
      const at = await focused(page);
      if (at === null || at.index < 0) continue;
      expect(at.isSeen, `${path}: ${at.name} shows its focus`).toBe(true);
      if (!order.includes(at.index)) order.push(at.index);
    }
    expect(order.length, path).toBe(reachable);
    expect(order, `${path}: in the order of the page`).toEqual([...order].sort((a, b) => a - b));
  }
});

test("the first Tab skips to the content", async ({ console: page }) => {
  await page.goto(`${demo().origin}/c/san-a`);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.closest("main") !== null)).toBe(true);
});

test("the palette goes to a mirror of another cluster, and gives the focus back when it is left", async ({ console: page }) => {
  await page.keyboard.press("Control+k");
  const line = page.getByRole("combobox", { name: "Go to" });
  await expect(line).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await tabTo(page, /^Go to/);
  await page.keyboard.press("Enter");
  await expect(line).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: /^Go to/ })).toBeFocused();

  await page.keyboard.press("/");
  await page.keyboard.type("pg-wal");
  await expect(page.getByRole("option", { selected: true })).toContainText("pg-wal");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/c\/north\/drbd\/pg-wal$/);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(await page.evaluate(() => document.activeElement?.id), "the focus is on the new page's content").toBe("content");

  // What was used last stands first.
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("group", { name: "Used last" }).getByRole("option")).toContainText(["pg-wal"]);
  await page.keyboard.press("Escape");
});

test("the palette leads to a service's own spot on its cluster's page", async ({ console: page }) => {
  await page.keyboard.press("Control+k");
  await page.keyboard.type("g_vm");
  await expect(page.getByRole("option", { selected: true })).toContainText("g_vm");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/c\/san-a#rsc-g_vm$/);
  await expect(page.locator("#rsc-g_vm")).toBeFocused();
  // And again from the page that is open already.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("g_mail");
  await expect(page.getByRole("option", { selected: true })).toContainText("g_mail");
  await page.keyboard.press("Enter");
  await expect(page.locator("#rsc-g_mail")).toBeFocused();
});

test("rows of the fleet are walked and opened, and g leads back", async ({ console: page }) => {
  const rows = page.locator("[data-row]");
  await expect(rows).toHaveCount(3);
  await page.keyboard.press("j");
  await expect(rows.nth(0)).toBeFocused();
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowDown");
  await expect(rows.nth(2)).toBeFocused();
  await page.keyboard.press("k");
  await expect(rows.nth(1)).toBeFocused();
  const name = await rows.nth(1).textContent();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/c/${name}$`));
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("f");
  await expect(page).toHaveURL(`${demo().origin}/`);
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect(page).toHaveURL(/\/settings\//);
});

test("the sheet tells every key, and switches the single ones off", async ({ console: page }) => {
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keys" });
  await expect(sheet).toBeVisible();
  await tabTo(page, "");
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await page.keyboard.press("?");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: "Go to" })).toBeFocused();
  await expect(sheet).toHaveCount(0);
  // Without the key alone the sheet is found from the palette.
  await tabTo(page, "All keys");
  await page.keyboard.press("Enter");
  await expect(sheet).toBeVisible();
  await sheet.getByRole("checkbox").focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
});

test("theme and session are switched by keyboard", async ({ console: page }) => {
  await page.goto(`${demo().origin}/c/san-a/n/ruby`);
  await tabTo(page, "Switch between dark and light");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await page.keyboard.press("Space");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await tabTo(page, "Sign out");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByLabel("User")).toBeFocused();
  await page.keyboard.type(demo().user);
  await page.keyboard.press("Tab");
  await page.keyboard.type(demo().password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${demo().origin}/`);
});
