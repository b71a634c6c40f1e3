// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test as base, expect } from "@playwright/test";
import { z } from "zod";
import { makeTestHost, type TestHost } from "@/sim/test-host";
import { awake, heard } from "./console";

// A console on a host of its own (a network namespace), under its self-made certificate; a person accepted the browser's warning.

const ROOT = path.resolve(import.meta.dirname, "..");
const Ready = z.object({ type: z.literal("ready"), origin: z.string(), setupCode: z.string() });

type Start = (args: string[], env?: Record<string, string>, on?: TestHost) => ChildProcess;

const test = base.extend<{ folder: string; host: TestHost; start: Start }>({
  ignoreHTTPSErrors: true,
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  folder: async ({}, use) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "quarterdeck-e2e-tls-"));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  host: async ({}, use) => {
    const host = makeTestHost();
    await use(host);
    host.close();
  },
  start: async ({ folder }, use) => {
    const children: ChildProcess[] = [];
    await use((args, env = {}, on) => {
      const stdio = ["ignore", "inherit", "inherit", "ipc"] as const;
      const [command, words] = on ? on.command(process.execPath, args) : [process.execPath, args];
      const child = spawn(command, words, {
        cwd: folder,
        env: { PATH: process.env.PATH ?? "", NODE_ENV: "production", ...env },
        stdio: [...stdio],
      });
      children.push(child);
      return child;
    });
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGKILL");
      await once(child, "close");
    }
  },
});

test("off loopback: the first admin, one line for a node, and its page is live, all over TLS", async ({
  page,
  context,
  folder,
  host,
  start,
}) => {
  const env = { HOST: "0.0.0.0", PORT: "0", DATA_DIR: path.join(folder, "data") };
  const [message] = await once(start([path.join(ROOT, "dist/console.mjs")], env, host), "message");
  const { origin: local, setupCode } = Ready.parse(message);
  const origin = local.replace("127.0.0.1", host.address);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));

  // The browser may still be told of the new interface, and then drops what it loads: ERR_NETWORK_CHANGED.
  await expect(async () => {
    await page.goto(`${origin}/setup`);
  }).toPass();
  errors.length = 0;
  await heard(page.getByRole("form"));
  await page.getByLabel("One-time code").fill(setupCode);
  await page.getByLabel("User").fill("anna");
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.getByLabel("Password again").fill("correct horse battery");
  await page.getByRole("button", { name: "Make the first admin" }).click();
  await page.waitForURL(`${origin}/`);
  expect((await context.cookies()).find(({ name }) => name === "qd_session")).toMatchObject({
    secure: true,
    httpOnly: true,
    sameSite: "Lax",
  });

  const made = await page.request.post(`${origin}/api/v1/clusters`, {
    headers: { origin },
    data: { slug: "lab", title: "lab", environment: null },
  });
  expect(made.status()).toBe(201);
  await page.goto(`${origin}/settings/nodes`);
  await awake(page);
  await page.getByLabel("Node name").fill("ruby");
  await page.getByRole("button", { name: "Make the command" }).click();
  const line = page.getByText(/^quarterdeck-agent enroll /);
  await expect(line).toContainText(`--console ${origin} --token qd1.`);
  const [, ...command] = ((await line.textContent()) ?? "").trim().split(/\s+/);

  const root = path.join(folder, "root");
  await mkdir(path.join(root, "etc"), { recursive: true });
  await writeFile(path.join(root, "etc/hostname"), "ruby\n");
  const agent = path.join(ROOT, "dist/quarterdeck-agent.mjs");
  const where = ["--root", root, "--config", path.join(folder, "agent.json"), "--state-dir", path.join(folder, "state")];
  expect(await once(start([agent, ...command, ...where]), "close")).toEqual([0, null]);
  start([agent, "run", "--config", path.join(folder, "agent.json")]);
  await page.goto(`${origin}/c/lab`);
  await expect(page.getByText(/live, 1 of 1 agents/)).toBeVisible();
  expect(errors, "errors on the page").toEqual([]);
});
