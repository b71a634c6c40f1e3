// SPDX-License-Identifier: Apache-2.0
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { CATALOG } from "./collectors/catalog";
import { defineKernelLog } from "./collectors/kernel-log/collector";
import type { Config } from "./config";
import { createHost } from "./host/node-host";
import { loadOrMakeKeys, newKeys } from "./keys";
import { SourceName } from "./protocol/sources";
import { serve } from "./serve";
import { startTestConsole } from "./test-console";
import { emptyFolder, put } from "./test-folder";

const PATIENCE = { timeout: 60_000 };
const BOND = readFileSync(path.join(import.meta.dirname, "collectors/bonding/fixtures/linux-6.1-active-backup.txt"), "utf8");
const record = (seq: number) => `3,${seq},${seq}000,-;drbd r0: Split-Brain detected, dropping connection!\n`;

/** A node in a tree, enrolled with a console of the test's own. */
async function enrolled() {
  const root = emptyFolder(onTestFinished);
  put(root, "proc/net/bonding/bond0", BOND);
  put(root, "proc/uptime", "100.00 50.00\n");
  put(root, "proc/sys/kernel/random/boot_id", "11111111-2222-3333-4444-555555555555\n");
  put(root, "dev/kmsg", record(1));
  const stateDir = emptyFolder(onTestFinished);
  const keys = newKeys();
  const agentKeys = await loadOrMakeKeys(stateDir);
  const console = await startTestConsole(onTestFinished, { keys, agentKey: agentKeys.publicKey });
  const config: Config = { console: console.address, agentId: "a", node: "ruby", consoleKey: keys.publicKey, stateDir, root };
  const start = async () => {
    const log: string[] = [];
    const serving = await serve({
      config,
      host: createHost({ root }),
      catalog: { ...CATALOG, kernelLog: defineKernelLog() },
      log: (sentence) => log.push(sentence),
    });
    onTestFinished(() => serving.stop());
    return { serving, log };
  };
  return { root, console, start, stateDir };
}

test("every source is told once, and each kernel line the moment it is printed", async () => {
  const { root, console, start } = await enrolled();
  await start();
  await vi.waitFor(() => expect(new Set(console.of("fact").map(({ source }) => source)).size).toBe(SourceName.options.length), PATIENCE);
  await vi.waitFor(() => expect(console.of("line").map(({ line }) => line.kmsgSeq)).toEqual([1]), PATIENCE);
  writeFileSync(path.join(root, "dev/kmsg"), record(2), { flag: "a" });
  await vi.waitFor(() => expect(console.of("line").map(({ line }) => line.kmsgSeq)).toEqual([1, 2]), PATIENCE);
  expect(console.of("fact").find(({ source }) => source === "bonding")?.readings.bonding).toMatchObject({ status: "ok" });
});

test("a change is a fact; a restart tells nothing twice and misses nothing that happened meanwhile", async () => {
  const { root, console, start } = await enrolled();
  const first = await start();
  await vi.waitFor(() => expect(new Set(console.of("fact").map(({ source }) => source)).size).toBe(SourceName.options.length), PATIENCE);
  await vi.waitFor(() => expect(console.of("line")).toHaveLength(1), PATIENCE);
  await first.serving.stop();
  const told = console.journalled().length;

  writeFileSync(path.join(root, "dev/kmsg"), record(2), { flag: "a" });
  renameSync(put(root, "proc/net/new", BOND.replaceAll("MII Status: up", "MII Status: down")), path.join(root, "proc/net/bonding/bond0"));
  const second = await start();
  await vi.waitFor(() => expect(console.journalled().length).toBeGreaterThanOrEqual(told + 2), PATIENCE);
  await vi.waitFor(() => expect(second.serving.isLinked()).toBe(true), PATIENCE);
  await second.serving.stop();
  const after = console.journalled().slice(told);
  expect(after.map((frame) => (frame.type === "fact" ? frame.source : frame.type)).sort()).toEqual(["bonding", "line"]);
  expect(console.journalled().map(({ seq }) => seq)).toEqual(console.journalled().map((_, index) => index + 1));
});

test("the first start after a boot tells every source once more, though it reads as before", async () => {
  const { root, console, start } = await enrolled();
  const first = await start();
  await vi.waitFor(() => expect(new Set(console.of("fact").map(({ source }) => source)).size).toBe(SourceName.options.length), PATIENCE);
  await first.serving.stop();
  const told = console.of("fact").length;
  put(root, "proc/sys/kernel/random/boot_id", "99999999-2222-3333-4444-555555555555\n");
  await start();
  const since = () =>
    new Set(
      console
        .of("fact")
        .slice(told)
        .map(({ source }) => source),
    );
  await vi.waitFor(() => expect(since().size).toBe(SourceName.options.length), PATIENCE);
});

test("a node that is not enrolled is told what to do", async () => {
  const stateDir = emptyFolder(onTestFinished);
  const config: Config = { console: "http://127.0.0.1:1", agentId: "a", node: "ruby", consoleKey: "x", stateDir };
  await expect(serve({ config, host: createHost({ root: "/" }), catalog: {}, log: () => undefined })).rejects.toThrow("enrol this node");
});
