// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { writeConfig } from "./config";
import { loadOrMakeKeys, newKeys } from "./keys";
import { SourceName } from "./protocol/sources";
import { startTestConsole } from "./test-console";
import { emptyFolder, put, putTool } from "./test-folder";

const PROGRAM = path.join(import.meta.dirname, "../dist/quarterdeck-agent.mjs");
const PATIENCE = { timeout: 60_000 };

function start(...args: string[]): { child: ChildProcess; ended: Promise<{ code: number | null; out: string; err: string }> } {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  return { child, ended: new Promise((resolve) => child.once("close", (code) => resolve({ code, out, err }))) };
}

test("once: JSON on stdout, nothing on stderr, exit 0 even when a source fails", async () => {
  const root = emptyFolder(onTestFinished);
  put(root, "etc/hostname", "ruby\n");
  put(root, "proc/drbd", "this is not DRBD\n");
  const { code, out, err } = await start("once", "--root", root, "--json").ended;
  expect([code, err]).toEqual([0, ""]);
  expect(JSON.parse(out)).toMatchObject({ protocol: 1, node: "ruby", readings: { drbd: { status: "failed" } } });
});

test.each([[["once", "--source", "bonds"]], [["fly"]], [[]], [["run", "--what"]]])("%j: exit 2 and one clear sentence", async (args) => {
  const { code, out, err } = await start(...args).ended;
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(/^quarterdeck-agent: \S/);
});

test("run without a configuration: exit 1, and what to do", async () => {
  const { code, err } = await start("run", "--config", "/nowhere/agent.json").ended;
  expect(code).toBe(1);
  expect(err).toContain("enrol this node first");
});

test("run: links, and on SIGTERM ends cleanly with every tool it started", async () => {
  const root = emptyFolder(onTestFinished);
  const bin = emptyFolder(onTestFinished);
  const stateDir = emptyFolder(onTestFinished);
  put(root, "proc/net/bonding/nothing", "");
  putTool(bin, "ip", `echo $$ > '${bin}/pid'; exec sleep 1000`);
  const keys = newKeys();
  const { publicKey: agentKey } = await loadOrMakeKeys(stateDir);
  const console = await startTestConsole(onTestFinished, { keys, agentKey });
  const config = path.join(stateDir, "agent.json");
  await writeConfig(config, { console: console.address, agentId: "a", node: "ruby", consoleKey: keys.publicKey, stateDir, root, bin });

  const { child, ended } = start("run", "--config", config);
  await vi.waitFor(() => expect(console.of("pulse").length).toBeGreaterThan(0), PATIENCE);
  const pid = await vi.waitFor(() => {
    const number = Number(readFileSync(path.join(bin, "pid"), "utf8"));
    expect(number).toBeGreaterThan(1);
    return number;
  }, PATIENCE);
  child.kill("SIGTERM");
  const { code, err } = await ended;
  expect(code).toBe(0);
  expect(err.trim().split("\n").at(-1)).toBe("Stopping (SIGTERM).");
  await vi.waitFor(
    () => expect(existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, "utf8").includes(" Z ")).toBe(false),
    PATIENCE,
  );
});

test("killed without warning and started again: the console misses nothing and hears nothing twice", async () => {
  const root = emptyFolder(onTestFinished);
  const stateDir = emptyFolder(onTestFinished);
  put(root, "proc/drbd", "this is not DRBD\n");
  const keys = newKeys();
  const { publicKey: agentKey } = await loadOrMakeKeys(stateDir);
  const console = await startTestConsole(onTestFinished, { keys, agentKey });
  const config = path.join(stateDir, "agent.json");
  await writeConfig(config, { console: console.address, agentId: "a", node: "ruby", consoleKey: keys.publicKey, stateDir, root });

  const first = start("run", "--config", config);
  await vi.waitFor(() => expect(console.of("fact")).toHaveLength(SourceName.options.length), PATIENCE);
  first.child.kill("SIGKILL");
  await first.ended;
  put(root, "proc/net/bonding/bond0", "nor is this a bond\n");
  start("run", "--config", config);
  // Every source once, and the one that changed while nobody read it.
  const told = SourceName.options.length + 1;
  await vi.waitFor(() => expect(console.of("fact")).toHaveLength(told), PATIENCE);
  expect(console.of("fact").at(-1)).toMatchObject({ source: "bonding", readings: { bonding: { status: "failed" } } });
  expect(console.of("fact").map(({ seq }) => seq)).toEqual(Array.from({ length: told }, (_, index) => index + 1));
});
