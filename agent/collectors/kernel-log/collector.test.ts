// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test, vi } from "vitest";
import type { Lost } from "@/agent/collectors/define";
import { HostError } from "@/agent/host/host";
import { memoryHost } from "@/agent/host/memory-host";
import { type KernelLine, KernelLog } from "@/agent/protocol/model/kernel-log";
import { defineKernelLog } from "./collector";

const BOOT_MS = 1_795_172_400_000;
const clock = { nowMs: BOOT_MS + 600_000, uptime: { "/proc/uptime": "600.00 1100.00\n" } };

function record(seq: number, text = `drbd r0: line ${seq}`): string {
  return `6,${seq},${seq * 1_000_000},-;${text}`;
}

/** A collector whose stream runs; `said` is what it gave so far. */
async function streaming(files: Record<string, string>) {
  const host = memoryHost({ nowMs: clock.nowMs, files: { ...clock.uptime, ...files } });
  const collector = defineKernelLog(1);
  const said: KernelLine[] = [];
  const stop = new AbortController();
  collector.stream?.(host, (line) => said.push(line), stop.signal);
  await vi.waitUntil(() => host.followers("/dev/kmsg") === 1, { timeout: 60_000 });
  return { host, collector, said, stop };
}

test("no kernel log: absent", async () => {
  expect(await defineKernelLog().read(memoryHost(), null)).toBeNull();
});

test("a kernel log that this user may not read: forbidden, not empty", async () => {
  const host = memoryHost({ files: clock.uptime, forbidden: ["/dev/kmsg"] });
  await expect(defineKernelLog().read(host, null)).rejects.toMatchObject({ code: "HOST_FORBIDDEN" });
});

test("a kernel log without an uptime cannot be dated, and that is said", async () => {
  const host = memoryHost({ files: { "/dev/kmsg": `${record(1)}\n` } });
  await expect(defineKernelLog().read(host, null)).rejects.toBeInstanceOf(HostError);
});

describe("a recorded log", () => {
  test("gives its newest 50 lines of ours, oldest first, dated by the boot", async () => {
    const records = Array.from({ length: 80 }, (_, at) => `${record(at)}\n DEVICE=b8:0\n${record(1_000 + at, "usb 1-1: new device")}\n`);
    const host = memoryHost({ isReal: false, nowMs: clock.nowMs, files: { ...clock.uptime, "/dev/kmsg": records.join("") } });
    const value = KernelLog.parse(await defineKernelLog().read(host, null));
    expect(value.lines.map((line) => line.kmsgSeq)).toEqual(Array.from({ length: 50 }, (_, at) => 30 + at));
    expect(value.lines[0]?.atMs).toBe(BOOT_MS + 30_000);
  });

  test("a line that is still being written, and one that is no record, are left out", async () => {
    const host = memoryHost({
      isReal: false,
      nowMs: clock.nowMs,
      files: { ...clock.uptime, "/dev/kmsg": `${record(1)}\n###\n${record(2)}\n6,3,3000000,-;drbd r0: hal` },
    });
    expect((await defineKernelLog().read(host, null))?.lines.map((line) => line.kmsgSeq)).toEqual([1, 2]);
  });

  test("a FIFO without a running stream is a failure to read, not an empty log", async () => {
    const host = memoryHost({ isReal: false, files: clock.uptime, broken: { "/dev/kmsg": "HOST_READ" } });
    await expect(defineKernelLog().read(host, null)).rejects.toMatchObject({ code: "HOST_READ" });
  });
});

describe("the stream", () => {
  test("begins with what the log holds, then gives each new line of ours at once", async () => {
    const { host, said } = await streaming({ "/dev/kmsg": `${record(1)}\n${record(2, "usb 1-1: new device")}\n` });
    host.say("/dev/kmsg", record(3));
    host.say("/dev/kmsg", " SUBSYSTEM=block");
    host.say("/dev/kmsg", "half a rec");
    host.say("/dev/kmsg", record(4, "bond0: (slave p1): link status definitely down, disabling slave"));
    expect(said.map((line) => [line.kmsgSeq, line.topic])).toEqual([
      [1, "drbd"],
      [3, "drbd"],
      [4, "bond"],
    ]);
  });

  test("a follower that starts again does not say the same lines twice", async () => {
    const { host, said } = await streaming({ "/dev/kmsg": `${record(1)}\n` });
    host.say("/dev/kmsg", record(1));
    expect(said).toHaveLength(1);
  });

  test("a follower that starts again with more lines than are kept says none of them twice, and what is new once", async () => {
    const { host, said } = await streaming({ "/dev/kmsg": "" });
    const all = Array.from({ length: 120 }, (_, index) => record(index + 1));
    for (const one of all) host.say("/dev/kmsg", one);
    for (const one of [...all, record(121)]) host.say("/dev/kmsg", one);
    expect(said.map(({ kmsgSeq }) => kmsgSeq)).toEqual(Array.from({ length: 121 }, (_, index) => index + 1));
  });

  test("while it runs, a reading repeats its newest lines", async () => {
    const { host, collector, said } = await streaming({ "/dev/kmsg": `${record(1)}\n` });
    host.say("/dev/kmsg", record(2));
    expect((await collector.read(host, null))?.lines).toEqual(said);
  });

  test.each([
    ["forbidden", { forbidden: ["/dev/kmsg"] }, "HOST_FORBIDDEN"],
    ["out of reach", { broken: { "/dev/kmsg": "HOST_TIMEOUT" } }, "HOST_TIMEOUT"],
  ] as const)("a log that is %s by now is not ok, however much the stream has heard before", async (_, tree, code) => {
    const { collector } = await streaming({ "/dev/kmsg": `${record(1)}\n` });
    await expect(collector.read(memoryHost({ nowMs: clock.nowMs, files: clock.uptime, ...tree }), null)).rejects.toMatchObject({ code });
  });

  test("a log that was taken away is absent", async () => {
    const { host, collector } = await streaming({ "/dev/kmsg": `${record(1)}\n` });
    host.remove("/dev/kmsg");
    expect(await collector.read(host, null)).toBeNull();
  });

  test("while it has heard nothing, a FIFO is an empty log", async () => {
    const { collector } = await streaming({ "/dev/kmsg": "" });
    const fifo = memoryHost({ isReal: false, files: clock.uptime, broken: { "/dev/kmsg": "HOST_READ" } });
    expect(await collector.read(fifo, null)).toEqual({ lines: [] });
  });

  test("without a boot time it waits; a reading that learns it lets it begin", async () => {
    const host = memoryHost({ nowMs: clock.nowMs, files: { "/dev/kmsg": `${record(1)}\n` } });
    const collector = defineKernelLog(1);
    const said: KernelLine[] = [];
    collector.stream?.(host, (line) => said.push(line), new AbortController().signal);
    await expect(collector.read(host, null)).rejects.toBeInstanceOf(HostError);
    expect(said).toEqual([]);
    host.write("/proc/uptime", "600.00 1100.00\n");
    await collector.read(host, null);
    expect(said.map((line) => line.kmsgSeq)).toEqual([1]);
  });

  test("a wall clock that was set dates the lines that follow; jitter does not", async () => {
    const { host, collector, said } = await streaming({ "/dev/kmsg": `${record(1)}\n` });
    host.setNow(clock.nowMs + 40);
    await collector.read(host, null);
    host.say("/dev/kmsg", record(2));
    host.setNow(clock.nowMs + 7_200_000);
    await collector.read(host, null);
    host.say("/dev/kmsg", record(3));
    expect(said.map((line) => line.atMs - BOOT_MS)).toEqual([1_000, 2_000, 7_203_000]);
  });

  test("records that were overwritten before they were read are told as lost, once; a log picked from many records has no such loss", async () => {
    const lostIn = async (isReal: boolean) => {
      const host = memoryHost({ isReal, nowMs: clock.nowMs, files: { ...clock.uptime, "/dev/kmsg": `${record(7)}\n` } });
      const lost: Lost[] = [];
      const signal = new AbortController().signal;
      defineKernelLog(1).stream?.(
        host,
        () => undefined,
        signal,
        (one) => lost.push(one),
      );
      await vi.waitUntil(() => host.followers("/dev/kmsg") === 1, { timeout: 60_000 });
      for (const one of [record(8, "usb 1-1: new device"), " SUBSYSTEM=usb", record(12), record(7), record(8), record(12), record(13)])
        host.say("/dev/kmsg", one);
      return lost;
    };
    expect(await lostIn(true)).toEqual([{ fromMs: BOOT_MS + 8_000, toMs: BOOT_MS + 12_000, count: 3 }]);
    expect(await lostIn(false)).toEqual([]);
  });

  test("ends with its signal", async () => {
    const { host, said, stop } = await streaming({ "/dev/kmsg": "" });
    stop.abort();
    host.say("/dev/kmsg", record(9));
    expect(said).toEqual([]);
  });
});

test("one reading without a stream replays the device's buffer", async () => {
  const host = memoryHost({
    nowMs: clock.nowMs,
    files: { ...clock.uptime, "/dev/kmsg": `${record(1)}\n${record(2)}\n` },
    broken: { "/dev/kmsg": "HOST_READ" },
  });
  expect((await defineKernelLog(1).read(host, null))?.lines.map((line) => line.kmsgSeq)).toEqual([1, 2]);
  expect(host.followers("/dev/kmsg")).toBe(0);
});

test("a reading is never an event of its own: its lines travel by themselves", () => {
  expect(defineKernelLog().steady?.({ lines: [] })).toBeNull();
});
