// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { type MemoryTree, memoryHost } from "@/agent/host/memory-host";
import { HostFacts } from "@/agent/protocol/model/host";
import { host, steadyHost } from "./collector";

const files = {
  "/proc/sys/kernel/osrelease": "6.1.0-56-amd64\n",
  "/proc/sys/kernel/random/boot_id": "3c0c8f2e-0e2b-4d27-9b7e-0d4f1d3a8f55\n",
  "/proc/uptime": "1348.05 2400.11\n",
  "/proc/loadavg": "0.52 0.31 0.12 2/143 4711\n",
  "/proc/meminfo": "MemTotal:         472340 kB\nMemAvailable:     388120 kB\n",
  "/proc/pressure/io": "some avg10=1.53 avg60=0.42 avg300=0.11 total=1\nfull avg10=0.00 avg60=0.10 avg300=0.02 total=1\n",
  "/sys/devices/system/cpu/online": "0-1\n",
  "/sys/devices/system/edac/mc/mc0/ce_count": "3\n",
  "/sys/devices/system/edac/mc/mc0/ue_count": "0\n",
  "/sys/devices/system/edac/mc/mc1/ce_count": "4\n",
  "/sys/devices/system/edac/mc/mc1/ue_count": "1\n",
  "/sys/class/net/bonding_masters": "bond0\n",
  "/sys/class/net/lo/address": "00:00:00:00:00:00\n",
  "/sys/class/net/lo/mtu": "65536\n",
  "/sys/class/net/p1/address": "52:54:00:00:01:01\n",
  "/sys/class/net/p1/carrier": "1\n",
  "/sys/class/net/p1/speed": "1000\n",
  "/sys/class/net/p1/mtu": "9000\n",
};

async function read(tree: MemoryTree): Promise<HostFacts | null> {
  const value = await host.read(memoryHost(tree), null);
  return value === null ? null : HostFacts.parse(value);
}

test("a whole node", async () => {
  expect(await read({ files })).toEqual({
    kernel: "6.1.0-56-amd64",
    bootId: "3c0c8f2e-0e2b-4d27-9b7e-0d4f1d3a8f55",
    uptimeSeconds: 1_348.05,
    cpus: 2,
    load1: 0.52,
    memoryTotalBytes: 483_676_160,
    memoryAvailableBytes: 397_434_880,
    ioPressurePercent: 1.53,
    eccCorrected: 7,
    eccUncorrected: 1,
    interfaces: [{ name: "p1", mac: "52:54:00:00:01:01", linkUp: true, speedBitsPerSec: 1_000_000_000, mtu: 9_000, traffic: null }],
    unread: [],
  });
});

test("a tree that records no machine: absent", async () => {
  expect(await read({ files: { "/proc/drbd": "version: 8.4.11\n" } })).toBeNull();
});

test("what the node does not say is null, not zero, and no failure", async () => {
  expect(await read({ files: { "/proc/uptime": "1.00 1.00\n" } })).toEqual({
    kernel: null,
    bootId: null,
    uptimeSeconds: 1,
    cpus: null,
    load1: null,
    memoryTotalBytes: null,
    memoryAvailableBytes: null,
    ioPressurePercent: null,
    eccCorrected: null,
    eccUncorrected: null,
    interfaces: [],
    unread: [],
  });
});

test("interfaces are asked when something is said of a link, and every 30 s; where nobody would say it, every time", async () => {
  const node = memoryHost({ nowMs: 1_000_000, files });
  const asked = () => node.asked.filter((path) => path === "/sys/class/net/p1/carrier").length;
  await host.read(node, null);
  await host.read(node, null);
  expect(asked()).toBe(2);
  const stop = new AbortController();
  host.doorbells?.(node).ring(() => undefined, stop.signal);
  await host.read(node, null);
  await host.read(node, null);
  expect(asked()).toBe(3);
  node.write("/sys/class/net/p1/carrier", "0\n");
  node.say("ip", "3: p1: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 9000");
  expect(await host.read(node, null)).toMatchObject({ interfaces: [{ name: "p1", linkUp: false }] });
  node.setNow(1_031_000);
  await host.read(node, null);
  expect(asked()).toBe(5);
  node.fallSilent("ip");
  await host.read(node, null);
  await host.read(node, null);
  expect(asked()).toBe(7);
  stop.abort();
  expect(node.followers("ip")).toBe(0);
});

test("an interface that is administratively down says neither carrier nor speed", async () => {
  const broken = { "/sys/class/net/p1/carrier": "HOST_READ", "/sys/class/net/p1/speed": "HOST_READ" } as const;
  expect(await read({ files, broken })).toMatchObject({
    interfaces: [{ name: "p1", linkUp: null, speedBitsPerSec: null, mtu: 9_000 }],
    unread: [],
  });
});

test.each([
  ["-1", "-1\n"],
  ["-1 printed unsigned", "4294967295\n"],
])("a speed of %s is unknown", async (_, speed) => {
  expect(await read({ files: { ...files, "/sys/class/net/p1/speed": speed } })).toMatchObject({
    interfaces: [{ linkUp: true, speedBitsPerSec: null }],
  });
});

test("a pulled cable is a link that is down", async () => {
  expect(await read({ files: { ...files, "/sys/class/net/p1/carrier": "0\n" } })).toMatchObject({ interfaces: [{ linkUp: false }] });
});

test("an interface without a link layer has no address", async () => {
  expect(await read({ files: { ...files, "/sys/class/net/tun0/address": "\n", "/sys/class/net/tun0/mtu": "1400\n" } })).toMatchObject({
    interfaces: [{ name: "p1" }, { name: "tun0", mac: null, linkUp: null, speedBitsPerSec: null, mtu: 1_400 }],
  });
});

test("cpus come from /proc/stat where sysfs does not list them", async () => {
  const { "/sys/devices/system/cpu/online": _, ...older } = files;
  expect(await read({ files: { ...older, "/proc/stat": "cpu  1 2\ncpu0 1 2\ncpu1 1 2\ncpu2 1 2\n" } })).toMatchObject({ cpus: 3 });
});

test("memory errors that one controller does not tell are not summed without it", async () => {
  const { "/sys/devices/system/edac/mc/mc1/ue_count": _, ...partly } = files;
  expect(await read({ files: partly })).toMatchObject({ eccCorrected: null, eccUncorrected: null });
});

test("forbidden and damaged parts are null and named; the rest is delivered", async () => {
  const value = await read({ files: { ...files, "/proc/loadavg": "busy\n" }, forbidden: ["/proc/pressure", "/sys/devices/system/edac"] });
  expect(value).toMatchObject({ kernel: "6.1.0-56-amd64", load1: null, ioPressurePercent: null, eccCorrected: null });
  expect(value?.unread.map((one) => [one.what, one.code])).toEqual([
    ["/proc/loadavg", "COLLECT_PARSE"],
    ["/proc/pressure/io", "COLLECT_FORBIDDEN"],
    ["memory error counts", "COLLECT_FORBIDDEN"],
  ]);
});

test("time, load, memory and pressure are telemetry; links, boots and memory errors are events", async () => {
  const steady = async (more: Record<string, string>) => {
    const value = await read({ files: { ...files, ...more } });
    return value === null ? null : steadyHost(value);
  };
  const before = await steady({});
  const busy = { "/proc/uptime": "1353.10 2401.00\n", "/proc/loadavg": "9.10 1.00 0.20 2/143 4712\n" };
  expect(await steady(busy)).toEqual(before);
  for (const event of [
    { "/sys/class/net/p1/carrier": "0\n" },
    { "/sys/class/net/p1/mtu": "1500\n" },
    { "/proc/sys/kernel/random/boot_id": "ffffffff-0e2b-4d27-9b7e-0d4f1d3a8f55\n" },
    { "/sys/devices/system/edac/mc/mc0/ce_count": "4\n" },
  ]) {
    expect(await steady(event)).not.toEqual(before);
  }
});

const HEADS =
  "Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n";
const dev = (received: number, sent: number) => `${HEADS}    p1: ${received} 10 1 2 0 0 0 0 ${sent} 9 3 4 0 0 0 0\n`;

test("traffic is a rate between two readings of one boot, and errors and drops are counted", async () => {
  const node = memoryHost({
    files: { ...files, "/proc/uptime": ["100.00 1.00\n", "110.00 1.00\n"], "/proc/net/dev": [dev(1_000, 500), dev(21_000, 500)] },
  });
  const first = await host.read(node, null);
  expect(first?.interfaces[0]?.traffic).toMatchObject({
    receivedBytesPerSec: null,
    receiveErrors: 1,
    receiveDrops: 2,
    sendErrors: 3,
    sendDrops: 4,
  });
  const second = await host.read(node, first);
  expect(second?.interfaces[0]?.traffic).toMatchObject({ receivedBytesPerSec: 2_000, sentBytesPerSec: 0 });
  expect(HostFacts.parse(second)).toEqual(second);
});

test("counters that went back are another boot's or another card's: no rate", async () => {
  const node = memoryHost({
    files: { ...files, "/proc/uptime": ["100.00 1.00\n", "110.00 1.00\n"], "/proc/net/dev": [dev(1_000, 500), dev(10, 600)] },
  });
  const second = await host.read(node, await host.read(node, null));
  expect(second?.interfaces[0]?.traffic).toMatchObject({ receivedBytesPerSec: null, sentBytesPerSec: 10 });
});

test("traffic alone is no event", () => {
  const facts = (received: number): HostFacts => ({
    kernel: null,
    bootId: null,
    uptimeSeconds: 1,
    cpus: null,
    load1: null,
    memoryTotalBytes: null,
    memoryAvailableBytes: null,
    ioPressurePercent: null,
    eccCorrected: null,
    eccUncorrected: null,
    interfaces: [
      {
        name: "p1",
        mac: null,
        linkUp: true,
        speedBitsPerSec: null,
        mtu: 9_000,
        traffic: { receivedBytesPerSec: received, sentBytesPerSec: 0, receiveErrors: 0, sendErrors: 0, receiveDrops: 0, sendDrops: 0 },
      },
    ],
    unread: [],
  });
  expect(steadyHost(facts(1))).toEqual(steadyHost(facts(2)));
});
