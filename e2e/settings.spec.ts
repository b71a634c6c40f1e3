// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, execFile, fork, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Page, WebSocketRoute } from "@playwright/test";
import { z } from "zod";
import { dialog, signInAs, visit } from "./acts";
import { complaints } from "./axe";
import { awake, demo, expect, heard, sayWho, signIn, test } from "./console";
import { FIRST_LOAD_BYTES, firstLoadOf } from "./first-load";
import { press } from "./keys";

const root = path.resolve(import.meta.dirname, "..");
const PASSWORD = "correct horse battery";
const run = promisify(execFile);

async function addUser(page: Page, name: string, role: string): Promise<void> {
  await visit(page, "/settings/users");
  await page.getByRole("button", { name: "Add a user…" }).click();
  await dialog(page).getByLabel("Name", { exact: true }).fill(name);
  await dialog(page).getByLabel("Role", { exact: true }).selectOption(role);
  await dialog(page).getByLabel("Password", { exact: true }).fill(PASSWORD);
  await dialog(page).getByRole("button", { name: "Add the user" }).click();
  await expect(page.getByRole("row", { name: new RegExp(`^${name}`) })).toContainText(role);
}

async function removeUser(page: Page, name: string): Promise<void> {
  await visit(page, "/settings/users");
  await page.getByRole("button", { name: `Remove ${name}…` }).click();
  await expect(dialog(page).getByRole("button", { name: `Remove ${name}` })).toBeDisabled();
  await dialog(page).getByLabel(`Type ${name} to confirm`).fill(name);
  await dialog(page)
    .getByRole("button", { name: `Remove ${name}` })
    .click();
  await expect(page.getByRole("row", { name: new RegExp(`^${name}`) })).toHaveCount(0);
}

const Ready = z.object({ type: z.literal("ready"), origin: z.url(), setupCode: z.string() });

/** The console as `npm start` starts it, empty, on a free port and in a folder of its own. */
async function startConsole(dataDir: string): Promise<{ child: ChildProcess; origin: string; setupCode: string }> {
  const env = { ...process.env, PORT: "0", HOST: "127.0.0.1", DATA_DIR: dataDir, NODE_ENV: "production" as const };
  const child = fork(path.join(root, "dist/console.mjs"), [], { cwd: root, env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const { origin, setupCode } = await new Promise<z.infer<typeof Ready>>((resolve, reject) => {
    child.once("message", (message) => resolve(Ready.parse(message)));
    child.once("exit", (code) => reject(new Error(`The console ended (${code}) before it was ready.`)));
  });
  return { child, origin, setupCode };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await new Promise((resolve) => child.once("exit", resolve));
}

test("from nothing: the one-time code, the first admin, a node by its command, live; then its trust ends", async ({ page }) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "quarterdeck-first-"));
  const children: ChildProcess[] = [];
  try {
    const { child, origin, setupCode } = await startConsole(path.join(folder, "console"));
    children.push(child);
    await page.goto(origin);
    await expect(page).toHaveURL(/\/setup$/);
    await heard(page.getByRole("form"));
    await page.getByLabel("One-time code").fill(setupCode);
    await page.getByLabel("User").fill("anna");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByLabel("Password again").fill(PASSWORD);
    await page.getByRole("button", { name: "Make the first admin" }).click();
    await page.waitForURL(`${origin}/`);

    await page.getByRole("link", { name: "Settings" }).click();
    await expect(page).toHaveURL(/\/settings\/nodes$/);
    await awake(page);
    await expect(page.getByText("No agent yet")).toBeVisible();
    await page.getByLabel("Its name").fill("cellar");
    await page.getByLabel("Environment").fill("test");
    await page.getByLabel("Node name").fill("opal");
    await page.getByRole("button", { name: "Make the command" }).click();
    const command = (await page.getByRole("status").locator("code", { hasText: "enroll" }).textContent()) ?? "";
    const [program, ...args] = command.split(" ");
    expect(program).toBe("quarterdeck-agent");

    // The agent as it is put on a node; its node's name, key and journal are in this test's own folder.
    const agent = path.join(root, "dist/quarterdeck-agent.mjs");
    const config = path.join(folder, "agent.json");
    await run(process.execPath, [agent, ...args, "--node", "opal", "--config", config, "--state-dir", path.join(folder, "state")]);
    await expect(page.getByText("Commands not used yet")).toHaveCount(0);
    const row = page.getByRole("row", { name: /^opal/ });
    await expect(row).toContainText("never heard");
    children.push(spawn(process.execPath, [agent, "run", "--config", config], { stdio: "ignore" }));
    await expect(row).toContainText("heard");
    await expect(row).not.toContainText("never heard");
    await expect(row).toContainText("by anna");
    await expect(row).toContainText("TEST");

    await row.getByRole("link", { name: "opal" }).click();
    await expect(page.getByRole("row", { name: /^Host/ })).toContainText("read");
    await page.getByRole("button", { name: "Change the label of opal…" }).click();
    await dialog(page).getByLabel("Label", { exact: true }).fill("under the desk");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("main")).toContainText("under the desk");
    await page.goto(`${origin}/c/cellar/n/opal`);
    await expect(page.getByRole("main")).toContainText("under the desk");

    await page.goto(`${origin}/settings/nodes`);
    await page.getByRole("button", { name: "End trust in the agent on opal…" }).click();
    await dialog(page).getByLabel("Type opal to confirm", { exact: true }).fill("opal");
    await dialog(page).getByRole("button", { name: "End trust in opal" }).click();
    await expect(page.getByText("Trust ended: 1")).toBeVisible();
    await page.goto(`${origin}/settings/clusters`);
    await page.getByRole("button", { name: "Remove cellar…" }).click();
    await dialog(page).getByLabel("Type cellar to confirm", { exact: true }).fill("cellar");
    await dialog(page).getByRole("button", { name: "Remove cellar" }).click();
    await expect(page.getByText("No cluster yet")).toBeVisible();
  } finally {
    for (const child of children.reverse()) await ended(child);
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a user is added, gets another role, is disabled: their pages follow at once", async ({ page, browser }) => {
  await signIn(page);
  await addUser(page, "otto", "operator");
  const otto = await signInAs(browser, "otto", PASSWORD);
  await otto.goto(`${demo().origin}/settings/users`);
  await expect(otto.getByRole("main")).toContainText("It needs the role admin; otto is operator.");
  await expect(otto.getByText(/live, \d+ of \d+ agents/)).toBeVisible();

  await page.getByRole("button", { name: "Change the role of otto…" }).click();
  await dialog(page).getByLabel("Role", { exact: true }).selectOption("admin");
  await dialog(page).getByRole("button", { name: "Change the role" }).click();
  await expect(otto.getByRole("button", { name: "Add a user…" })).toBeVisible();

  await page.getByRole("button", { name: "Disable otto…" }).click();
  await dialog(page).getByRole("button", { name: "Disable otto" }).click();
  await expect(otto).toHaveURL(/\/sign-in$/);
  await sayWho(otto, "otto", PASSWORD);
  await expect(otto.getByRole("form").getByRole("alert")).toContainText("otto may not sign in any more. Ask an admin.");
  await otto.context().close();
  await removeUser(page, "otto");
});

test("a page that had no line while its user's role changed follows as soon as it has one again", async ({ page, browser }) => {
  await signIn(page);
  await addUser(page, "rosa", "viewer");
  const rosa = await signInAs(browser, "rosa", PASSWORD);
  let isCut = false;
  const lines: WebSocketRoute[] = [];
  await rosa.routeWebSocket(/\/ws\/console$/, (line) => {
    if (isCut) return void line.close();
    lines.push(line, line.connectToServer());
  });
  await rosa.goto(`${demo().origin}/settings/users`);
  await expect(rosa.getByText(/live, \d+ of \d+ agents/)).toBeVisible();
  isCut = true;
  for (const line of lines) await line.close();
  await page.getByRole("button", { name: "Change the role of rosa…" }).click();
  await dialog(page).getByLabel("Role", { exact: true }).selectOption("admin");
  await dialog(page).getByRole("button", { name: "Change the role" }).click();
  await expect(page.getByRole("row", { name: /^rosa/ })).toContainText("admin");
  await expect(rosa.getByRole("main")).toContainText("It needs the role admin");
  isCut = false;
  await expect(rosa.getByRole("button", { name: "Add a user…" })).toBeVisible();
  await rosa.context().close();
  await removeUser(page, "rosa");
});

test("a session that is ended signs the other browser out", async ({ page, browser }) => {
  await signIn(page);
  await addUser(page, "vera", "viewer");
  const vera = await signInAs(browser, "vera", PASSWORD);
  await visit(vera, "/c/san-a");
  await expect(vera.getByText("crystal", { exact: true }).first()).toBeVisible();
  await visit(page, "/settings/sessions");
  await page.getByRole("button", { name: /End the session of vera/ }).click();
  const leaves = vera.waitForRequest(/\/sign-in$/).then(() => Date.now());
  const from = Date.now();
  await dialog(page).getByRole("button", { name: "End the session" }).click();
  expect((await leaves) - from, "how soon it goes; how soon the next page is there is another question").toBeLessThan(5_000);
  await expect(vera).toHaveURL(/\/sign-in$/);
  await expect(page.getByRole("row", { name: /^vera/ })).toHaveCount(0);
  await vera.context().close();
  await removeUser(page, "vera");
});

test("a token is made, shown once, used, revoked: then it is nobody's", async ({ page }) => {
  await signIn(page);
  await visit(page, "/settings/tokens");
  await page.getByRole("button", { name: "Make a token…" }).click();
  // An earlier journey's token of another name may stand there, revoked.
  const name = `nightly check ${test.info().repeatEachIndex}`;
  await dialog(page).getByLabel("What for", { exact: true }).fill(name);
  await dialog(page).getByRole("button", { name: "Make the token" }).click();
  const token = (await page.getByRole("status").locator("code").textContent()) ?? "";
  const status = async () => (await fetch(`${demo().origin}/api/v1/clusters`, { headers: { authorization: `Bearer ${token}` } })).status;
  expect(await status()).toBe(200);
  await page.reload();
  const row = page.getByRole("row", { name: new RegExp(`^${name}`) });
  await expect(row).toBeVisible();
  await expect(page.getByText(token)).toHaveCount(0);
  await page.getByRole("button", { name: `Revoke the token ${name} of admin…` }).click();
  await dialog(page).getByRole("button", { name: "Revoke it" }).click();
  await expect(row).toContainText("revoked");
  expect(await status()).toBe(401);
});

test("a cluster's environment and title stand wherever its name stands, at once", async ({ page }) => {
  await signIn(page);
  const other = await page.context().newPage();
  await visit(other, "/c/attic");
  await visit(page, "/settings/clusters");
  const change = async (title: string, environment: string) => {
    await page.getByRole("button", { name: "Change title and environment of attic…" }).click();
    await dialog(page).getByLabel("Title", { exact: true }).fill(title);
    await dialog(page).getByLabel("Environment", { exact: true }).fill(environment);
    await dialog(page).getByRole("button", { name: "Save" }).click();
    await expect(dialog(page)).toHaveCount(0);
  };
  const before = (await demo().clusters()).find(({ slug }) => slug === "attic");
  await change("Old attic", "STAGE");
  await expect(other.getByRole("navigation", { name: "Main" })).toContainText("Old attic");
  await expect(other.getByRole("navigation", { name: "Main" })).toContainText("STAGE");
  await expect(other.getByRole("main")).toContainText("STAGE");
  for (const address of ["/", "/c/attic/n/hv05", "/settings/nodes", "/settings/nodes/attic/hv05"]) {
    await other.goto(`${demo().origin}${address}`);
    await expect(other.getByText("STAGE").first(), address).toBeVisible();
  }
  await change(before?.title ?? "attic", before?.environment ?? "");
  await other.close();
});

test("by keyboard alone: to the settings, into a question, out of it, and the focus is where it was", async ({ page }) => {
  await signIn(page);
  await visit(page, "/settings/nodes");
  await press(page, "Users");
  await expect(page.getByRole("heading", { name: "Users", level: 1 })).toBeVisible();
  await press(page, "Add a user…");
  await expect(dialog(page).getByLabel("Name", { exact: true })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Add a user…" })).toBeFocused();
});

test("the first load of each settings page is at most 200 kB of script, as it travels", async ({ page }) => {
  await signIn(page);
  for (const name of ["nodes", "nodes/san-a/ruby", "clusters", "users", "sessions", "tokens"])
    expect(await firstLoadOf(page, `/settings/${name}`), name).toBeLessThanOrEqual(FIRST_LOAD_BYTES);
});

for (const theme of ["dark", "light"]) {
  test(`axe finds nothing at AA in a question about a user, and where a page is not one's own, ${theme}`, async ({ page, browser }) => {
    await signIn(page);
    await addUser(page, "nora", "viewer");
    await page.context().addCookies([{ name: "theme", value: theme, url: demo().origin }]);
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await visit(page, "/settings/users");
      await page.getByRole("button", { name: "Remove nora…" }).click();
      await expect(dialog(page)).toBeVisible();
      expect(await complaints(page, `question ${width}`)).toEqual([]);
    }
    await page.setViewportSize({ width: 1280, height: 844 });
    const nora = await signInAs(browser, "nora", PASSWORD);
    await nora.context().addCookies([{ name: "theme", value: theme, url: demo().origin }]);
    await nora.goto(`${demo().origin}/settings/users`);
    await expect(nora.getByRole("main")).toContainText("It needs the role admin");
    expect(await complaints(nora, "refused")).toEqual([]);
    await nora.context().close();
    await removeUser(page, "nora");
  });
}
