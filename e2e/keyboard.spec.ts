// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from "node:fs";
import path from "node:path";
import { awake, demo, expect, heard, test, whole } from "./console";
import { CAN_ACT, focused, press, tabTo } from "./keys";
import { PAGE_GROUPS, PAGES } from "./pages";

const ROLES = ["button", "checkbox", "combobox", "link", "listbox", "menuitem", "option", "radio", "searchbox", "slider"] as const;
const MORE_ROLES = ["spinbutton", "switch", "tab", "textbox", "treeitem"] as const;

/** The acts that the journeys here, in keyboard-acts.spec.ts, keyboard-verify.spec.ts, commands.spec.ts and in the sheet do. What is not one of them needs a journey first. */
const DONE_BY_KEYBOARD = [
  /^Go to/,
  /^Switch between dark and light$/,
  /^Sign out$/,
  /^(Add|Make) a (cluster|user|token|key|schedule|receiver|route|note)…$/,
  /^Send a test to /,
  /^(Acknowledge|Silence) .*…$/,
  /^End it: the silence /,
  /^Switch (off|on)… /,
  /^(Earlier|Later|Closer|Wider|Now)$/,
  /^Mark .*: tell the rest as before or after it$/,
  /^Older ones$/,
  /, only this$/,
  /^Make the command$/,
  /^Copy the command$/,
  /^Withdraw the command for /,
  /^Change (the label|title and environment|the role) of .*…$/,
  /^End trust in the agent on .*…$/,
  /^Set a new password for .*…$/,
  /^Change your password…$/,
  /^(Disable|Enable|Remove|Change|Pause|Resume) .*…$/,
  /^End (this|the) session.*…$/,
  /^Revoke the (token|key) .*…$/,
  /^(Verify|Why not verify|Stop the verify of|Queue a verify of) .*…$/,
  /^The month (before|after)$/,
  /^Actions on /,
  /^(Show|Dismiss) /,
  /^(Filter|Find)$/,
  /^(Details of|Close the details of) /,
  /^Check the chain$/,
];

test("every page of the console is among those that are tried", () => {
  const folder = path.resolve(import.meta.dirname, "../app/(console)");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /(^|[/\\])page\.tsx$/.test(file));
  const routes = files.map((file) => `/${path.dirname(file).replaceAll("\\", "/").replace(/^\.$/, "")}`);
  // It only leads on to another.
  for (const route of routes.filter((one) => one !== "/settings")) {
    const fits = new RegExp(`^${route.replaceAll(/\[\w+\]/g, "[^/]+")}$`);
    expect(
      PAGES.some((page) => fits.test(page)),
      route,
    ).toBe(true);
  }
});

for (const { name: group, pages } of PAGE_GROUPS) {
  test(`nothing acts that Tab does not come to, and there is no act that no journey does by keyboard: ${group}`, async ({
    console: page,
  }) => {
    for (const address of pages) {
      await page.goto(`${demo().origin}${address}`);
      await whole(page);
      for (const role of [...ROLES, ...MORE_ROLES]) {
        const outside = await page.getByRole(role).evaluateAll(
          (all, can) =>
            all
              .filter((one) => !one.matches(":disabled, datalist *, select *"))
              .filter((one) => !one.matches(can) || (one instanceof HTMLElement && one.tabIndex < 0))
              .map((one) => one.outerHTML.slice(0, 120)),
          CAN_ACT,
        );
        expect(outside, `${address}: ${role}`).toEqual([]);
      }
      // What listens for the mouse without being anything is in no tree: React says who listens.
      const listening = await page.evaluate((can) => {
        const listens = (one: Element) =>
          Object.entries(one).some(
            ([key, props]) => key.startsWith("__reactProps$") && ["onClick", "onMouseDown", "onPointerDown"].some((on) => on in props),
          );
        return (
          [...document.querySelectorAll("body *")]
            // The picture of the paths: its library listens on all that it draws, and does nothing by it.
            .filter((one) => listens(one) && !one.matches(`${can}, :disabled`) && !one.closest(".react-flow"))
            .map((one) => one.outerHTML.slice(0, 120))
        );
      }, CAN_ACT);
      expect(listening, address).toEqual([]);
      for (const button of await page.getByRole("button").all()) {
        const name = (await button.getAttribute("aria-label")) ?? (await button.textContent()) ?? "";
        expect(
          DONE_BY_KEYBOARD.some((one) => one.test(name.trim())),
          `${address}: ${name}`,
        ).toBe(true);
      }
    }
  });

  test(`on every page Tab comes to all that can act, in the order it stands in, and the focus is seen: ${group}`, async ({
    console: page,
  }) => {
    for (const address of pages) {
      await page.goto(`${demo().origin}${address}`);
      await whole(page);
      const all = page.locator(CAN_ACT).locator("visible=true");
      const order: number[] = [];
      for (let step = 0; step < (await all.count()) + 3; step += 1) {
        await page.keyboard.press("Tab");
        const at = await focused(page);
        if (at === null || at.index < 0) continue;
        expect(at.isSeen, `${address}: ${at.name} shows its focus`).toBe(true);
        if (!order.includes(at.index)) order.push(at.index);
      }
      expect(order.length, address).toBe(await all.count());
      expect(order, `${address}: in the order of the page`).toEqual([...order].sort((a, b) => a - b));
    }
  });
}

test("the first Tab skips to the content", async ({ console: page }) => {
  await page.goto(`${demo().origin}/c/san-a`);
  await awake(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("main").locator(":focus")).toBeAttached();
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
  await expect(page.locator("#content"), "the focus is on the new page's content").toBeFocused();

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
  await awake(page);
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await expect(page).toHaveURL(new RegExp(`/c/${name}/timeline$`));
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await awake(page);
  await page.keyboard.press("g");
  await page.keyboard.press("f");
  await expect(page).toHaveURL(`${demo().origin}/`);
  // The address is there before the page that hears the next keys.
  await expect(rows).toHaveCount(3);
  await awake(page);
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect(page).toHaveURL(/\/settings\//);
});

test("the sheet tells every key, and switches the single ones off", async ({ console: page }) => {
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keys" });
  await expect(sheet).toBeVisible();
  await tabTo(page, /^Keys without Ctrl/);
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

test("by their links from the fleet to a cluster, its nodes, its mirrors, and back", async ({ console: page }) => {
  const heading = page.getByRole("heading", { level: 1 });
  await press(page, "san-a");
  await expect(page).toHaveURL(/\/c\/san-a$/);
  await press(page, "ruby");
  await expect(page).toHaveURL(/\/c\/san-a\/n\/ruby$/);
  await expect(heading).toContainText("online");
  // The way back is the line at the top.
  await press(page, /^san-a/);
  await expect(page).toHaveURL(/\/c\/san-a$/);
  await press(page, "vm-images");
  await expect(page).toHaveURL(/\/c\/san-a\/drbd\/vm-images$/);
  await expect(heading).toBeVisible();
  await press(page, "Fleet");
  await expect(page).toHaveURL(`${demo().origin}/`);
});

test("theme and session are switched by keyboard", async ({ console: page }) => {
  await page.goto(`${demo().origin}/c/san-a/n/ruby`);
  await awake(page);
  await tabTo(page, "Switch between dark and light");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await page.keyboard.press("Space");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await tabTo(page, "Sign out");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/sign-in/);
  await heard(page.getByRole("form"));
  await expect(page.getByLabel("User")).toBeFocused();
  await page.keyboard.type(demo().user);
  await page.keyboard.press("Tab");
  await page.keyboard.type(demo().password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${demo().origin}/`);
});
