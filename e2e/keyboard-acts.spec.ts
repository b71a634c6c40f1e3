// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "@playwright/test";
import { awake, demo, expect, signIn, test } from "./console";
import { focused, press, tabTo, write } from "./keys";

// Every act of the settings, and what a recording adds, with the keyboard alone. What goes on in the fleet does not matter here.

const PASSWORD = "correct horse battery";

const dialog = (page: Page) => page.getByRole("dialog");

async function open(page: Page, name: string): Promise<void> {
  await page.goto(`${demo().origin}/settings/${name}`);
  await awake(page);
  await expect(page.getByRole("table").first()).toBeVisible();
}

/** Opens the dialog of an act. */
async function ask(page: Page, act: string | RegExp): Promise<void> {
  await press(page, act);
  await expect(dialog(page)).toBeVisible();
}

/** Its dialog is closed, and the focus is on what is called so. */
async function backAt(page: Page, name: string): Promise<void> {
  await expect(dialog(page)).toHaveCount(0);
  await expect.poll(async () => (await focused(page))?.name).toBe(name);
}

/** What opened the dialog is gone: the focus is with the page's content, not at the start of everything. */
async function backAtContent(page: Page): Promise<void> {
  await expect(dialog(page)).toHaveCount(0);
  await expect.poll(async () => (await focused(page))?.id).toBe("content");
}

test("a node: its command made, copied, withdrawn", async ({ page }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page);
  await open(page, "nodes");
  await expect(
    page.getByLabel("Cluster").getByRole("option", { name: "north" }),
    "the clusters are asked for by themselves",
  ).toBeAttached();
  await tabTo(page, "Cluster");
  await page.keyboard.type("north");
  await tabTo(page, "Role");
  await page.keyboard.press("ArrowDown");
  await write(page, "Node name", "by-keys");
  await press(page, "Make the command");
  const command = page.getByRole("status").locator("code", { hasText: "enroll" });
  await expect(command).toContainText("quarterdeck-agent enroll");
  await press(page, "Copy the command");
  await expect(page.getByText("copied", { exact: true })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await command.textContent());

  const withdraw = "Withdraw the command for by-keys…";
  await ask(page, withdraw);
  await page.keyboard.press("Escape");
  await backAt(page, withdraw);
  await ask(page, withdraw);
  await press(page, "Withdraw it");
  await backAtContent(page);
  await expect(page.getByRole("button", { name: withdraw })).toHaveCount(0);
});

test("a node: its label, and the end of its trust thought over", async ({ page }) => {
  await signIn(page);
  await open(page, "nodes");
  await press(page, "ruby");
  await expect(page).toHaveURL(/\/settings\/nodes\/san-a\/ruby$/);
  const label = "Change the label of ruby…";
  await ask(page, label);
  await page.keyboard.type("by keyboard");
  await page.keyboard.press("Enter");
  await backAt(page, label);
  await expect(page.getByRole("main")).toContainText("by keyboard");
  await ask(page, label);
  await write(page, "Label", "");
  await page.keyboard.press("Backspace");
  await press(page, "Save the label");
  await backAt(page, label);
  await expect(page.getByRole("main")).not.toContainText("by keyboard");

  for (const place of ["nodes", "nodes/san-a/ruby"]) {
    await open(page, place);
    const end = "End trust in the agent on ruby…";
    await ask(page, end);
    await page.keyboard.type("rub");
    await expect(dialog(page).getByRole("button", { name: "End trust in ruby" })).toBeDisabled();
    await page.keyboard.type("y");
    await tabTo(page, "End trust in ruby");
    await press(page, "Keep it");
    await backAt(page, end);
  }
});

test("a cluster: added, named anew, removed by its name", async ({ page }) => {
  await signIn(page);
  await open(page, "clusters");
  await ask(page, "Add a cluster…");
  await page.keyboard.type("by-keys");
  await write(page, "Title", "By keys");
  await write(page, "Environment", "TEST");
  await press(page, "Add it");
  await backAt(page, "Add a cluster…");
  const row = page.getByRole("row", { name: /^By keys/ });
  await expect(row).toContainText("TEST");

  const change = "Change title and environment of by-keys…";
  await ask(page, change);
  await write(page, "Title", "Keys alone");
  await write(page, "Environment", "DEV");
  await press(page, "Save");
  await backAt(page, change);
  await expect(page.getByRole("row", { name: /^Keys alone/ })).toContainText("DEV");

  const remove = "Remove by-keys…";
  await ask(page, remove);
  await page.keyboard.press("Escape");
  await backAt(page, remove);
  await ask(page, remove);
  await page.keyboard.type("by-keys");
  await press(page, "Remove by-keys");
  await backAtContent(page);
  await expect(page.getByRole("row", { name: /^Keys alone/ })).toHaveCount(0);
});

test("a user: added, role, password, session ended, disabled, enabled, removed by name", async ({ page }) => {
  await signIn(page);
  await open(page, "users");
  await ask(page, "Add a user…");
  await page.keyboard.type("kim");
  await write(page, "Password", PASSWORD);
  await page.keyboard.press("Enter");
  await backAt(page, "Add a user…");
  const row = page.getByRole("row", { name: /^kim/ });
  await expect(row).toContainText("viewer");

  const role = "Change the role of kim…";
  await ask(page, role);
  await tabTo(page, "Role");
  await page.keyboard.type("operator");
  await press(page, "Change the role");
  await backAt(page, role);
  await expect(row).toContainText("operator");

  const password = "Set a new password for kim…";
  await ask(page, password);
  await page.keyboard.type(`${PASSWORD} staple`);
  await press(page, "Set the password");
  await backAt(page, password);

  const headers = { "content-type": "application/json", origin: demo().origin, "user-agent": "by keys" };
  const body = JSON.stringify({ user: "kim", password: `${PASSWORD} staple` });
  expect((await fetch(`${demo().origin}/api/v1/session`, { method: "POST", headers, body })).ok).toBe(true);
  await press(page, "Sessions");
  await expect(page.getByRole("heading", { name: "Sessions", level: 1 })).toBeVisible();
  await expect(page.getByRole("row", { name: /^kim/ })).toBeVisible();
  await ask(page, /^End the session of kim/);
  await press(page, "End the session");
  await backAtContent(page);
  await expect(page.getByRole("row", { name: /^kim/ })).toHaveCount(0);

  await press(page, "Users");
  await expect(row).toBeVisible();
  await ask(page, "Disable kim…");
  await press(page, "Disable kim");
  await backAt(page, "Enable kim…");
  await ask(page, "Enable kim…");
  await press(page, "Enable kim");
  await backAt(page, "Disable kim…");

  const remove = "Remove kim…";
  await ask(page, remove);
  await page.keyboard.type("kim");
  await press(page, "Keep the user");
  await backAt(page, remove);
  await ask(page, remove);
  await page.keyboard.type("kim");
  await page.keyboard.press("Enter");
  await backAtContent(page);
  await expect(row).toHaveCount(0);
});

test("one's own password and this session: asked, refused, thought over", async ({ page }) => {
  await signIn(page);
  await open(page, "sessions");
  await ask(page, "Change your password…");
  await write(page, "Password as it is now", demo().password);
  await write(page, "New password", PASSWORD);
  await write(page, "New password again", `${PASSWORD}?`);
  await press(page, "Change it");
  await expect(dialog(page).getByRole("alert")).toContainText("are not the same");
  await page.keyboard.press("Escape");
  await backAt(page, "Change your password…");
  await ask(page, "End this session…");
  await press(page, "Keep it");
  await backAt(page, "End this session…");
});

test("a token: made, copied, revoked", async ({ page }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page);
  await page.goto(`${demo().origin}/settings/tokens`);
  await awake(page);
  await ask(page, "Make a token…");
  await page.keyboard.type("by keys");
  await press(page, "Make the token");
  await backAt(page, "Make a token…");
  await press(page, "Copy the token");
  await expect(page.getByText("copied", { exact: true })).toBeVisible();
  const token = await page.evaluate(() => navigator.clipboard.readText());
  const status = async () => (await fetch(`${demo().origin}/api/v1/clusters`, { headers: { authorization: `Bearer ${token}` } })).status;
  expect(await status()).toBe(200);
  await ask(page, /^Revoke the token by keys of /);
  await press(page, "Revoke it");
  await backAtContent(page);
  expect(await status()).toBe(401);
});

/** A pair's mirrors, more than are drawn one by one while they are calm. */
function manyMirrors(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "e2e-keys-"));
  const head = "version: 8.4.11 (api:1/proto:86-101)\nsrcversion: F73C670A7EC572DB9CF3E5B \n\n";
  for (const [node, roles] of [
    ["alice", "Primary/Secondary"],
    ["bob", "Secondary/Primary"],
  ] as const) {
    const counters = "    ns:0 nr:0 dw:0 dr:0 al:0 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:0";
    const devices = Array.from(
      { length: 9 },
      (_, minor) => ` ${minor}: cs:Connected ro:${roles} ds:UpToDate/UpToDate C r-----\n${counters}\n`,
    );
    mkdirSync(path.join(folder, node, "proc"), { recursive: true });
    writeFileSync(path.join(folder, node, "proc/drbd"), head + devices.join(""));
  }
  return folder;
}

test("a recording: found on the fleet, its calm mirrors unfolded, closed", async ({ page }) => {
  const folder = manyMirrors();
  const program = path.resolve(import.meta.dirname, "../dist/quarterdeck.mjs");
  const env = { ...process.env, QUARTERDECK_URL: demo().origin, QUARTERDECK_TOKEN: demo().token };
  const child = spawn(process.execPath, [program, "import", folder, "--as", "by keys"], { env, stdio: "ignore" });
  expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
  rmSync(folder, { recursive: true, force: true });

  await signIn(page);
  await awake(page);
  await press(page, "by keys");
  const fold = page.getByRole("region", { name: "Calm mirrors" });
  await expect(fold).toBeVisible();
  await press(page, /more mirrors/);
  await expect(fold.getByRole("link").first()).toBeVisible();
  await press(page, "minor-8");
  await expect(page).toHaveURL(/\/drbd\/minor-8$/);
  await press(page, /^by keys/);
  await expect(fold).toBeVisible();
  await press(page, "Close the recording");
  await page.waitForURL(`${demo().origin}/`);
  await expect(page.getByRole("main")).not.toContainText("by keys");
});

test("a rule: switched off for a cluster with the reason, said so, and switched on again", async ({ page }) => {
  await signIn(page);
  await open(page, "findings");
  const row = page.getByRole("row", { name: /^One md array runs on two hosts/ });
  for (const [word, state] of [
    ["off", "no array here"],
    ["on", "on"],
  ] as const) {
    await ask(page, `Switch ${word}… One md array runs on two hosts`);
    if (word === "off") {
      await tabTo(page, /^\s*san-a\b/i);
      await page.keyboard.press("Space");
    }
    await write(page, "Why", "no array here");
    await press(page, `Switch it ${word}`);
    await expect(dialog(page)).toHaveCount(0);
    await expect(row).toContainText(state);
  }
  await expect(row).not.toContainText("no array here");
});
