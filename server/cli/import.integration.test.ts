// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiTokenMade } from "@/agent/protocol/console/people";
import { type TestConsole, testConsole } from "@/server/test-console";

// The built program reads real captures with the built agent, and opens them on a real console.

const root = path.resolve(import.meta.dirname, "../..");
const fixture = (place: string) => path.join(root, "agent/collectors", place);
const AT = "2026-11-20T11:32:10Z";

let console_: TestConsole;
let token = "";
let folder = "";
beforeAll(async () => {
  console_ = await testConsole();
  const headers = { cookie: await console_.signIn("operator"), "sec-fetch-site": "same-origin", "content-type": "application/json" };
  const body = JSON.stringify({ name: "import", role: "operator", days: 1 });
  const made = await fetch(`${console_.origin()}/api/v1/tokens`, { method: "POST", headers, body });
  token = ApiTokenMade.parse(await made.json()).token;
  folder = mkdtempSync(path.join(tmpdir(), "import-test-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await console_.remove();
});

function quarterdeck(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const env = { ...process.env, QUARTERDECK_URL: console_.origin(), QUARTERDECK_TOKEN: token };
  const child = spawn(process.execPath, [path.join(root, "dist/quarterdeck.mjs"), ...args], { env });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}
const slugIn = (out: string) => /\/c\/(\S+)/.exec(out)?.[1] ?? "";

test("a tree per node of a captured pair: both sides joined, as of the moment that was said", async () => {
  for (const [node, text] of [
    ["alice", "proc-8.4.11-sync-source-begin.txt"],
    ["bob", "proc-8.4.11-sync-target-begin.txt"],
  ] as const) {
    mkdirSync(path.join(folder, "pair", node, "proc"), { recursive: true });
    cpSync(fixture(`drbd/fixtures/${text}`), path.join(folder, "pair", node, "proc/drbd"));
  }
  const { code, out, err } = await quarterdeck("import", path.join(folder, "pair"), "--as", "VM pair", "--at", AT);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const slug = slugIn(out);
  expect(slug).toBe("recorded-vm-pair");
  const view = await console_.view(slug);
  const standings = new Set(view.flatMap(({ from }) => from.map(({ freshness, ageMs }) => `${freshness} ${ageMs}`)));
  expect([...standings].sort()).toEqual(["never null", "recorded null"]);
  expect(await console_.entity("node", "node:alice", slug)).toMatchObject({ link: "recorded", lastWordAtMs: Date.parse(AT) });
  expect(await console_.entity("drbd", "drbd:minor-0/0@alice", slug)).toMatchObject({ device: { role: "Primary", cs: "SyncSource" } });
  expect(await console_.entity("drbd", "drbd:minor-0/0@bob", slug)).toMatchObject({ device: { disk: "Inconsistent" } });
});

test.each([
  ["a CIB", "pacemaker/fixtures/cib/pacemaker-2.1.5-healthy.txt"],
  ["crm_mon's XML", "pacemaker/fixtures/crm-mon/pacemaker-2.1.5-healthy.txt"],
])("%s: every node it names, with what runs on it", async (_, text) => {
  const { code, out, err } = await quarterdeck("import", fixture(text));
  expect({ code, err }).toEqual({ code: 0, err: "" });
  const view = await console_.view(slugIn(out));
  const nodes = view.flatMap(({ entity }) => (entity.kind === "node" ? [`${entity.name} ${entity.state.word}`] : []));
  expect(nodes.sort()).toEqual(["node1 online", "node2 online", "node3 online"]);
  expect(view.filter(({ entity }) => entity.kind === "resource").length).toBeGreaterThan(3);
});

test("it outlives a restart, stands beside the clusters and in none of their lists, and is closed again", async () => {
  const { out } = await quarterdeck("import", fixture("bonding/fixtures/linux-6.1-lacp.txt"), "--node", "ruby", "--as", "one bond");
  const slug = slugIn(out);
  await console_.restart();
  expect(await console_.entity("node", "node:ruby", slug)).toMatchObject({ link: "recorded" });
  expect(await (await console_.ask("GET", "/api/v1/clusters")).text()).not.toContain(slug);
  expect(await (await console_.ask("GET", "/api/v1/agents")).text()).not.toContain("ruby");
  expect((await quarterdeck("import", "--list")).out).toContain(`${slug}  one bond, recorded`);
  expect((await quarterdeck("import", "--remove", slug)).code).toBe(0);
  expect((await console_.ask("GET", `/api/v1/clusters/${slug}`)).status).toBe(404);
  const again = await quarterdeck("import", "--remove", slug);
  expect(again).toMatchObject({ code: 1, err: "quarterdeck: The console refuses: There is no such recording.\n" });
});

test("what cannot be opened is refused with a sentence, and nothing reaches the console", async () => {
  const before = await (await console_.ask("GET", "/api/v1/imports")).text();
  expect(await quarterdeck("import", path.join(root, "LICENSE"))).toMatchObject({ code: 2, err: expect.stringContaining("can be opened") });
  expect(await quarterdeck("import")).toMatchObject({ code: 2, err: expect.stringContaining("Name one file or folder") });
  expect(await quarterdeck("export", "x")).toMatchObject({ code: 2, err: expect.stringContaining("not a command") });
  expect(await quarterdeck("import", fixture("bonding/fixtures/linux-6.1-lacp.txt"), "--at", "noon")).toMatchObject({ code: 2 });
  const elsewhere = await quarterdeck("import", "--list", "--console", "http://127.0.0.1:1");
  expect(elsewhere).toMatchObject({ code: 1, err: expect.stringContaining("Is the console running?") });
  expect(await (await console_.ask("GET", "/api/v1/imports")).text()).toBe(before);
});
