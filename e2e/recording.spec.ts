// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { complaints } from "./axe";
import { demo, expect, heard, read, signIn, test, untilCalm } from "./console";

// A recording stands beside the fleet whatever goes on there: these journeys need no calm.

const root = path.resolve(import.meta.dirname, "..");
const fixtures = path.join(root, "agent/collectors");

/** The built program, as a person runs it. Answers the slug of what it opened. */
function open(...args: string[]): Promise<string> {
  const env = { ...process.env, QUARTERDECK_URL: demo().origin, QUARTERDECK_TOKEN: demo().token };
  const child = spawn(process.execPath, [path.join(root, "dist/quarterdeck.mjs"), "import", ...args], { env });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      said += chunk;
    });
  return new Promise((resolve, reject) =>
    child.on("close", (code) => (code === 0 ? resolve(/\/c\/(\S+)/.exec(said)?.[1] ?? "") : reject(new Error(said)))),
  );
}

/** Real texts of a pair in the middle of its first resync, one tree per node. */
function capturedPair(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "e2e-recording-"));
  for (const [node, text] of [
    ["alice", "drbd/fixtures/proc-8.4.11-sync-source-begin.txt"],
    ["bob", "drbd/fixtures/proc-8.4.11-sync-target-begin.txt"],
  ] as const) {
    mkdirSync(path.join(folder, node, "proc/net/bonding"), { recursive: true });
    cpSync(path.join(fixtures, text), path.join(folder, node, "proc/drbd"));
    cpSync(path.join(fixtures, "bonding/fixtures/linux-6.1-lacp-cable-pulled.txt"), path.join(folder, node, "proc/net/bonding/bond0"));
  }
  return folder;
}

test("a captured pair in the same pages: its words, its moment, nothing live, no verdict of ours; closed from its page", async ({
  page,
}) => {
  // The fleet's headline is looked at before and after.
  await untilCalm();
  await signIn(page);
  const headline = await page.getByRole("heading", { level: 1 }).textContent();
  const folder = capturedPair();
  const slug = await open(folder, "--as", "VM pair", "--at", "2026-11-20T11:32:10Z");
  rmSync(folder, { recursive: true, force: true });

  await expect(page.getByRole("region", { name: /Recordings/ })).toContainText("VM pair");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(headline ?? "");
  await page.getByRole("link", { name: "VM pair" }).click();

  const strip = page.getByRole("complementary", { name: "Recording" });
  await expect(strip).toContainText(/Recorded 20 Nov 2026 \d\d:32:10/);
  await expect(strip).toContainText("Nothing here is live");
  const main = page.getByRole("main");
  await expect(main).toContainText("alice");
  await expect(main).toContainText(/recorded 20 Nov 2026/);
  await expect(main).toContainText(read(/1 of 2 ports/));
  await expect(main).toContainText("Inconsistent");
  await expect(main).toContainText("no services in this recording");
  await expect(main).not.toContainText(read(/no word|\d s ago/));
  await expect(page.locator("header")).toContainText("a recording, not live");

  for (const at of [`/c/${slug}`, `/c/${slug}/n/bob`, "/"]) {
    for (const theme of ["dark", "light"]) {
      await page.context().addCookies([{ name: "theme", value: theme, url: demo().origin }]);
      await page.goto(`${demo().origin}${at}`);
      await expect(page.getByRole("main")).toContainText(/VM pair|recorded/);
      expect(await complaints(page, `${at} ${theme}`)).toEqual([]);
    }
  }

  await page.goto(`${demo().origin}/c/${slug}`);
  await heard(page.getByRole("button", { name: "Close the recording" }));
  await page.getByRole("button", { name: "Close the recording" }).click();
  await page.waitForURL(`${demo().origin}/`);
  await expect(page.getByRole("main")).not.toContainText("VM pair");
});

test("a lone CIB shows every node that it names, and a page left open says when its recording was closed", async ({ page }) => {
  await signIn(page);
  const slug = await open(path.join(fixtures, "pacemaker/fixtures/cib/pacemaker-2.1.5-healthy.txt"), "--as", "one CIB");
  await page.goto(`${demo().origin}/c/${slug}`);
  const main = page.getByRole("main");
  for (const node of ["node1", "node2", "node3"]) await expect(main).toContainText(node);
  await expect(main).toContainText("Promoted");
  await expect(main).toContainText("no mirrors in this recording");
  await open("--remove", slug);
  await expect(page.getByText("This recording was closed.")).toBeVisible();
});
