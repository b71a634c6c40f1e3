// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "@playwright/test";
import { findChromium } from "./scripts/host-tools.mjs";

const executablePath = findChromium();
if (executablePath === null) throw new Error("No Chromium for the browser tests: run `node scripts/host-tools.mjs`.");

export default defineConfig({
  testDir: "e2e",
  testMatch: "*.spec.ts",
  // Each worker has a console and a fleet of its own (e2e/console.ts): faults of one are not seen by another.
  workers: 2,
  fullyParallel: true,
  retries: 0,
  // A slow machine is slow, not red: limits are generous, waits are for facts.
  timeout: 180_000,
  expect: { timeout: 60_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 900 },
    colorScheme: "dark",
    launchOptions: {
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
