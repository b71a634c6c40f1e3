// SPDX-License-Identifier: Apache-2.0
import { awake, demo, expect, sayWho, signIn, test } from "./console";

test("nobody sees anything before signing in", async ({ page }) => {
  for (const path of ["/", "/c/san-a", "/c/san-a/n/ruby", "/c/san-a/drbd/store", "/settings/nodes"]) {
    await page.goto(`${demo().origin}${path}`);
    await expect(page).toHaveURL(/\/sign-in/);
  }
  expect((await page.request.get(`${demo().origin}/api/v1/clusters`)).status()).toBe(401);
});

test("a wrong password is refused in words", async ({ page }) => {
  await page.goto(`${demo().origin}/sign-in`);
  await sayWho(page, demo().user, "not the password");
  await expect(page.getByRole("form").getByRole("alert")).toContainText(/password/i);
});

test("the first paint comes from the server with data in it", async ({ console: page, browser }) => {
  const state = await page.context().storageState();
  const context = await browser.newContext({ javaScriptEnabled: false, storageState: state });
  const plain = await context.newPage();
  await plain.goto(demo().origin);
  for (const name of ["san-a", "attic", "north"]) await expect(plain.getByRole("link", { name, exact: true }).first()).toBeVisible();
  await expect(plain.getByRole("main")).toContainText("Nothing known is wrong");
  await plain.goto(`${demo().origin}/c/san-a`);
  for (const name of ["crystal", "vm-images", "g_mail", "idmz1", "e3p3"])
    await expect(plain.getByText(name, { exact: true }).first()).toBeVisible();
  await context.close();
});

test("fleet, stack, node and mirror lead to each other", async ({ console: page }) => {
  await page.getByRole("link", { name: "san-a" }).first().click();
  await expect(page).toHaveURL(/\/c\/san-a$/);
  await page.getByRole("link", { name: "ruby", exact: true }).first().click();
  await expect(page).toHaveURL(/\/c\/san-a\/n\/ruby$/);
  await expect(page.getByText("6.1.0-56-amd64").first()).toBeVisible();
  await page.getByRole("link", { name: "store", exact: true }).first().click();
  await expect(page).toHaveURL(/\/c\/san-a\/drbd\/store$/);
  await expect(page.getByRole("main")).toContainText("UpToDate");
});

test("what is not there is said, on a page of ours", async ({ console: page }) => {
  for (const path of ["/c/nowhere", "/c/san-a/n/nobody", "/c/san-a/drbd/nothing", "/nothing"]) {
    const response = await page.goto(`${demo().origin}${path}`);
    expect(response?.status(), path).toBe(404);
    await expect(page.getByRole("main")).toContainText(/no |not /i);
  }
});

test("the policy allows no script but ours", async ({ console: page }) => {
  const response = await page.goto(demo().origin);
  const policy = response?.headers()["content-security-policy"] ?? "";
  expect(policy).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic'(;|$)/);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe-eval");
});

test("signing out ends the socket and the pages", async ({ console: page }) => {
  const second = await page.context().newPage();
  await second.goto(`${demo().origin}/c/san-a`);
  await expect(second.getByText("crystal", { exact: true }).first()).toBeVisible();
  await awake(second);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(second).toHaveURL(/\/sign-in/);
  await signIn(page);
});
