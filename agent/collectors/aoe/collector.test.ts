// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { type MemoryTree, memoryHost } from "@/agent/host/memory-host";
import { Aoe } from "@/agent/protocol/model/aoe";
import { aoe, steadyAoe } from "./collector";

function fixture(name: string): string {
  return readFileSync(path.join(import.meta.dirname, "fixtures", `${name}.txt`), "utf8");
}

const device = {
  "/sys/block/etherd!e0.0/state": "up\n",
  "/sys/block/etherd!e0.0/netif": "lan0\n",
  "/sys/block/etherd!e0.0/size": "131072\n",
  "/sys/module/aoe/parameters/aoe_deadsecs": "15\n",
};
const debug = { "/sys/kernel/debug/aoe/e0.0": fixture("linux-6.1-two-targets") };
const disk = { "/sys/block/vda/size": "2048\n" };
const vblade = { "/proc/4205/cmdline": "vblade\x000\x000\0lan0\0/dev/vdd\0" };
const sockets = "sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n";
const aoeSocket = "000000002c241d72 3      3    88a2   2     1 0      0      16164 \n";

async function read(tree: MemoryTree): Promise<Aoe | null> {
  const value = await aoe.read(memoryHost(tree), null);
  return value === null ? null : Aoe.parse(value);
}

test("no driver and no vblade: absent", async () => {
  expect(await read({ files: { ...disk, "/proc/1/cmdline": "/sbin/init\0" } })).toBeNull();
});

test("driver loaded, no device: there, and empty", async () => {
  expect(await read({ files: { ...disk, "/sys/module/aoe/parameters/aoe_deadsecs": "180\n" } })).toEqual({
    devices: [],
    exports: [],
    deadSeconds: 180,
    unread: [],
  });
});

test("a device with its targets: sectors become bytes, the debug text becomes targets", async () => {
  expect(await read({ files: { ...device, ...debug } })).toMatchObject({
    devices: [
      {
        name: "e0.0",
        state: "up",
        sizeBytes: 67_108_864,
        interfaces: ["lan0"],
        rttAvgUs: 248_453,
        targets: [{ mac: "52:54:00:00:01:00" }, { mac: "52:54:00:00:02:00" }],
      },
    ],
    deadSeconds: 15,
    unread: [],
  });
});

test("the out-of-tree driver's debug file beside the device is read the same way", async () => {
  const value = await read({ files: { ...device, "/sys/block/etherd!e0.0/debug": fixture("linux-6.1-two-targets") } });
  expect(value?.devices[0]?.targets).toHaveLength(2);
});

test.each<[string, MemoryTree, string]>([
  ["forbidden", { files: { ...device, ...debug }, forbidden: ["/sys/kernel/debug"] }, "COLLECT_FORBIDDEN"],
  ["not mounted", { files: device }, "COLLECT_READ"],
  ["damaged", { files: { ...device, "/sys/kernel/debug/aoe/e0.0": "rttavg: 1\nfalloc: 2\n" } }, "COLLECT_PARSE"],
])("debug text %s: targets unknown and said so, the rest delivered", async (_, tree, code) => {
  expect(await read(tree)).toMatchObject({
    devices: [{ name: "e0.0", state: "up", targets: null, rttAvgUs: null }],
    unread: [{ what: "e0.0 targets", code }],
  });
});

test("a device without interfaces says none", async () => {
  expect(await read({ files: { ...device, ...debug, "/sys/block/etherd!e0.0/netif": "none\n" } })).toMatchObject({
    devices: [{ interfaces: [] }],
  });
});

test("a device that goes while it is read is gone", async () => {
  expect(await read({ files: { "/sys/block/etherd!e0.0/size": "0\n" } })).toMatchObject({ devices: [], unread: [] });
});

test("what this node exports comes with its process", async () => {
  expect(await read({ files: { ...vblade, "/proc/1/cmdline": "/sbin/init\0", "/proc/2/cmdline": "" } })).toEqual({
    devices: [],
    exports: [{ name: "e0.0", device: "/dev/vdd", interface: "lan0", sync: false, direct: false, allowedMacs: [], pid: 4205 }],
    deadSeconds: null,
    unread: [],
  });
});

test("without a packet socket of AoE no process is looked at; with one they all are", async () => {
  const quiet = memoryHost({ files: { ...vblade, "/proc/net/packet": sockets } });
  expect(await aoe.read(quiet, null)).toBeNull();
  expect(quiet.asked).not.toContain("/proc/4205/cmdline");
  expect((await read({ files: { ...vblade, "/proc/net/packet": sockets + aoeSocket } }))?.exports).toHaveLength(1);
});

test("a vblade whose words are not understood is named, not dropped, and the source is not absent", async () => {
  expect(await read({ files: { "/proc/77/cmdline": "vblade\x000\0" } })).toMatchObject({
    exports: [],
    unread: [{ what: "vblade of process 77", code: "COLLECT_PARSE" }],
  });
});

test("processes that end meanwhile, or have more arguments than any vblade, are not vblade's", async () => {
  const tree: MemoryTree = { files: vblade, broken: { "/proc/1/cmdline": "HOST_TOO_LARGE", "/proc/2/cmdline": "HOST_READ" } };
  expect(await read(tree)).toMatchObject({ exports: [{ pid: 4205 }], unread: [] });
});

test.each([
  ["HOST_TIMEOUT", "COLLECT_TIMEOUT"],
  ["HOST_FORBIDDEN", "COLLECT_FORBIDDEN"],
] as const)("a vblade whose arguments answer %s is named, not dropped, and the source is not absent", async (failure, code) => {
  const tree: MemoryTree = { files: { "/proc/77/comm": "vblade\n" }, broken: { "/proc/77/cmdline": failure } };
  expect(await read(tree)).toMatchObject({ exports: [], unread: [{ what: "vblade of process 77", code }] });
});

test("arguments are asked only of processes named like a vblade", async () => {
  const host = memoryHost({ files: { ...vblade, "/proc/4205/comm": "vblade\n", "/proc/1/comm": "init\n", "/proc/1/cmdline": "init\0" } });
  expect((await aoe.read(host, null))?.exports).toHaveLength(1);
  expect(host.asked).not.toContain("/proc/1/cmdline");
});

test("processes whose names may not be read are told together, and the source is not absent", async () => {
  const tree: MemoryTree = { forbidden: ["/proc/1/comm", "/proc/2/comm"], folders: ["/proc/1", "/proc/2"] };
  expect(await read(tree)).toMatchObject({
    exports: [],
    unread: [{ what: "names of processes, any of which may be a vblade", code: "COLLECT_FORBIDDEN" }],
  });
});

test("the pace is slower while nothing is used, only exported", async () => {
  const [using, exporting] = [await read({ files: { ...device, ...debug } }), await read({ files: vblade })];
  expect([using, exporting].map((value) => (value === null ? null : aoe.paceMs?.(value)))).toEqual([2_000, 5_000]);
});

test("traffic is telemetry; a collapsed window, taint and state are events", async () => {
  const steady = async (files: Record<string, string>) => {
    const value = await read({ files: { ...device, ...debug, ...files } });
    return value === null ? null : steadyAoe(value);
  };
  const at = (name: string) => ({ "/sys/kernel/debug/aoe/e0.0": fixture(name) });
  const idle = await steady({});
  expect(await steady(at("linux-6.1-io-running"))).toEqual(idle);
  expect(await steady(at("linux-6.1-one-of-two-dead"))).not.toEqual(idle);
  expect(await steady(at("linux-6.1-one-back"))).not.toEqual(idle);
  expect(await steady({ "/sys/block/etherd!e0.0/state": "down,closewait\n" })).not.toEqual(idle);
});

test.each(["up,kickme", "down,kickme", "down,closewait"])("the driver's own word stays as read: %s", async (state) => {
  const value = await read({ files: { ...device, ...debug, "/sys/block/etherd!e0.0/state": `${state}\n` } });
  expect(value?.devices[0]?.state).toBe(state);
});

test("while the sockets are the same, processes are walked every 30 s; another socket is looked for at once", async () => {
  const host = memoryHost({
    nowMs: 1_000_000,
    files: { ...vblade, "/proc/4205/comm": "vblade\n", "/proc/net/packet": sockets + aoeSocket },
  });
  const walks = () => host.asked.filter((path) => path === "/proc/4205/comm").length;
  const first = await aoe.read(host, null);
  expect(first).toMatchObject({ exports: [{ pid: 4_205 }] });
  expect(await aoe.read(host, null)).toEqual(first);
  expect(walks()).toBe(1);
  host.write("/proc/net/packet", sockets + aoeSocket + aoeSocket.replace("16164", "16200"));
  host.write("/proc/4300/comm", "vblade\n");
  host.write("/proc/4300/cmdline", "vblade\x001\x000\0lan0\0/dev/vde\0");
  expect(await aoe.read(host, null)).toMatchObject({ exports: [{ pid: 4_205 }, { pid: 4_300 }] });
  expect(walks()).toBe(2);
  host.setNow(1_031_000);
  await aoe.read(host, null);
  expect(walks()).toBe(3);
});

test("a socket whose process is not found is looked for every time", async () => {
  const host = memoryHost({ files: { ...disk, "/proc/1/comm": "init\n", "/proc/net/packet": sockets + aoeSocket } });
  await aoe.read(host, null);
  await aoe.read(host, null);
  expect(host.asked.filter((path) => path === "/proc/1/comm")).toHaveLength(2);
});
