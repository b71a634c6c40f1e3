// SPDX-License-Identifier: Apache-2.0
import { demo, expect, signIn, test } from "./console";
import { cuttableLine, saidAt } from "./lines";

test("the console's line is cut without a word: unmistakable within 5 s, and gone when it is back", async ({ page }) => {
  const line = await cuttableLine(new URL(demo().origin));
  await signIn(page, line.origin);
  await page.goto(`${line.origin}/c/san-a`);
  await expect(page.getByText(/live, 3 of 3 agents/)).toBeVisible();
  const alert = page.getByRole("alert").filter({ hasText: "No word from the console" });
  await expect(alert).toHaveCount(0);
  const said = saidAt(page, "[role=alert]", /No word from the console/);
  const cutAt = Date.now();
  line.cut();
  expect((await said) - cutAt).toBeLessThanOrEqual(5_000);
  await expect(alert).toBeVisible();
  await expect(page.getByText(/live, 3 of 3 agents/)).toHaveCount(0);
  line.mend();
  await expect(alert).toHaveCount(0);
  await expect(page.getByText(/live, 3 of 3 agents/)).toBeVisible();
  line.close();
});

test("a killed agent: stale within 4 s, lost within 11 s, on every page", async ({ console: page }) => {
  const pages = [page, await page.context().newPage(), await page.context().newPage()] as const;
  const [fleet, stack, node] = pages;
  await fleet.goto(demo().origin);
  await stack.goto(`${demo().origin}/c/attic`);
  await node.goto(`${demo().origin}/c/attic/n/hv05`);
  for (const shown of pages) await expect(shown.getByText(/live, \d+ of \d+ agents/)).toBeVisible();
  const said = Promise.all([
    saidAt(fleet, "main", /no word from hv05/),
    saidAt(stack, "main", /no word since/),
    saidAt(node, "main", /no word since/),
  ]);
  const killedAt = Date.now();
  await demo().sim.fault("cut-agent", "hv05");
  const linkOf = async () =>
    (await demo().clusters()).find(({ slug }) => slug === "attic")?.nodes.find(({ name }) => name === "hv05")?.link;
  await expect.poll(linkOf, { intervals: [100] }).toBe("stale");
  await expect.poll(linkOf, { intervals: [100] }).toBe("lost");
  expect(Date.now() - killedAt).toBeLessThanOrEqual(11_000);
  expect(Math.max(...(await said)) - killedAt).toBeLessThanOrEqual(4_000);
});
