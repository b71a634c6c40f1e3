// SPDX-License-Identifier: Apache-2.0
// `npm run screenshots`: every page at 390, 1280, 1920 and 3840 px, dark and light, of a running demo (or one it starts) into screenshots/.
import { fork } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { chromium } from "@playwright/test";
import { findChromium } from "./host-tools.mjs";
import { shootWall, WALLS } from "./wall-scenes.mjs";

const root = path.resolve(import.meta.dirname, "..");
const out = path.join(root, "screenshots");
const executablePath = findChromium();
if (executablePath === null) {
  console.error("No Chromium: run `node scripts/host-tools.mjs`.");
  process.exit(1);
}

const PAGES = {
  fleet: "/",
  "san-a": "/c/san-a",
  attic: "/c/attic",
  north: "/c/north",
  "paths-san-a": "/c/san-a?view=paths",
  "paths-attic": "/c/attic?view=paths",
  "paths-north": "/c/north?view=paths",
  "node-ruby": "/c/san-a/n/ruby",
  "node-hv06": "/c/attic/n/hv06",
  "drbd-store": "/c/san-a/drbd/store",
  "drbd-pg-main": "/c/north/drbd/pg-main",
  verify: "/verify",
  "verify-calendar": "/verify?part=calendar",
  "verify-schedules": "/verify?part=schedules",
  audit: "/audit",
  "audit-san-a": "/c/san-a/audit",
  "availability-san-a": "/c/san-a/availability",
  "timeline-san-a": "/c/san-a/timeline?span=3600000",
  "settings-nodes": "/settings/nodes",
  "settings-node-ruby": "/settings/nodes/san-a/ruby",
  "settings-clusters": "/settings/clusters",
  "settings-users": "/settings/users",
  "settings-sessions": "/settings/sessions",
  "settings-tokens": "/settings/tokens",
  "settings-walls": "/settings/walls",
  "settings-alerts": "/settings/alerts",
  "settings-findings": "/settings/findings",
};
const only = process.argv.slice(2);
const isWanted = (name) => only.length === 0 || only.includes(name);
const sizes = [390, 1280, 1920, 3840];

/** A wall's key, made as an admin makes it. */
async function wallAddress(page, origin) {
  const data = { name: "pictures", clusters: null, days: null };
  const answer = await page.request.post(`${origin}/api/v1/wall-keys`, { data, headers: { origin } });
  if (!answer.ok()) throw new Error(`No wall key: ${answer.status()} ${await answer.text()}`);
  return (await answer.json()).url;
}

const sized = (page, width) => page.setViewportSize({ width, height: width === 390 ? 844 : Math.round(width * 0.5625) });

const dataDir = mkdtempSync(path.join(os.tmpdir(), "quarterdeck-shots-"));
const demo = fork(path.join(root, "scripts/demo.mjs"), [], {
  cwd: root,
  env: { ...process.env, PORT: "0", DATA_DIR: dataDir },
  stdio: ["ignore", "ignore", "inherit", "ipc"],
});
try {
  const { origin, account } = await new Promise((resolve, reject) => {
    demo.once("message", resolve);
    demo.once("exit", () => reject(new Error("The demo ended before it was ready.")));
  });
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
  mkdirSync(out, { recursive: true });
  for (const theme of ["dark", "light"]) {
    const context = await browser.newContext({ colorScheme: theme, reducedMotion: "reduce" });
    // A slow machine is slow, not wrong.
    context.setDefaultTimeout(150_000);
    context.setDefaultNavigationTimeout(150_000);
    await context.addCookies([{ name: "theme", value: theme, url: origin }]);
    const page = await context.newPage();
    await page.goto(`${origin}/sign-in`);
    await page.screenshot({ path: path.join(out, `sign-in-1280-${theme}.png`) });
    await page.getByLabel("User").fill(account.user);
    await page.getByLabel("Password").fill(account.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${origin}/`);
    const wall = await wallAddress(page, origin);
    for (const [name, address] of Object.entries(PAGES)) {
      if (!isWanted(name)) continue;
      for (const width of sizes) {
        await sized(page, width);
        await page.goto(`${origin}${address}`, { waitUntil: "load" });
        await page.getByRole("main").waitFor();
        for (const part of await page.getByText("asking the console").all()) await part.waitFor({ state: "detached" });
        await page.screenshot({ path: path.join(out, `${name}-${width}-${theme}.png`), fullPage: width <= 1280 });
      }
    }
    for (const name of WALLS.filter(isWanted)) {
      await shootWall(page, wall, name, async () => {
        for (const width of sizes) {
          await sized(page, width);
          await page.screenshot({ path: path.join(out, `${name}-${width}-${theme}.png`) });
        }
      });
    }
    await context.close();
  }
  await browser.close();
  console.log(`screenshots in ${path.relative(process.cwd(), out) || "."}`);
} finally {
  demo.kill("SIGTERM");
  await new Promise((resolve) => (demo.exitCode === null ? demo.once("exit", resolve) : resolve()));
  rmSync(dataDir, { recursive: true, force: true });
}
