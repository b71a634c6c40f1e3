// SPDX-License-Identifier: Apache-2.0
import AxeBuilder from "@axe-core/playwright";
import { demo, expect, test } from "./console";

const PAGES = [
  "/",
  "/c/san-a",
  "/c/attic",
  "/c/north",
  "/c/san-a/n/ruby",
  "/c/attic/n/hv05",
  "/c/san-a/drbd/store",
  "/c/north/drbd/pg-main",
  "/settings/nodes",
  "/settings/nodes/san-a/ruby",
  "/settings/clusters",
  "/settings/users",
  "/settings/sessions",
  "/settings/tokens",
];

for (const theme of ["dark", "light"]) {
  test(`axe finds nothing at AA on any page, ${theme}, also while something is broken`, async ({ console: page }) => {
    await page.context().addCookies([{ name: "theme", value: theme, url: demo().origin }]);
    const look = async (path: string) => {
      await page.goto(`${demo().origin}${path}`);
      await expect(page.getByRole("main")).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
      expect(violations.map(({ id, nodes }) => `${path} ${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`)).toEqual([]);
    };
    for (const path of PAGES) await look(path);
    await demo().sim.fault("cut-agent", "crystal");
    await demo().sim.fault("pull-cable", "ruby", "e2p3");
    await page.goto(`${demo().origin}/c/san-a`);
    await expect(page.getByRole("main")).toContainText(/no word since/i);
    for (const path of ["/", "/c/san-a", "/c/san-a/n/crystal", "/c/san-a/drbd/store"]) await look(path);
    const anonymous = await page.context().browser()?.newContext();
    const stranger = await anonymous?.newPage();
    if (!stranger) throw new Error("no second context");
    await stranger.goto(`${demo().origin}/sign-in`);
    expect((await new AxeBuilder({ page: stranger }).analyze()).violations).toEqual([]);
    await anonymous?.close();
  });
}

test("every link and button is reached by keyboard, and focus is seen", async ({ console: page }) => {
  await page.goto(`${demo().origin}/c/san-a`);
  const reachable = await page.locator("a[href]:visible, button:visible").count();
  const seen = new Set<string>();
  for (let step = 0; step < reachable + 5; step += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element === document.body) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const all = [...document.querySelectorAll("a[href], button")];
      return { index: all.indexOf(element), isSeen: outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2 };
    });
    if (focused === null || focused.index < 0) continue;
    expect(focused.isSeen).toBe(true);
    seen.add(String(focused.index));
  }
  expect(seen.size).toBe(reachable);
});
