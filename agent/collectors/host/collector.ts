// SPDX-License-Identifier: Apache-2.0
import { defineCollector } from "@/agent/collectors/define";
import { followLinks } from "@/agent/collectors/link-news";
import { inOrder, readPart } from "@/agent/collectors/unread";
import type { Host } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";
import type { HostFacts } from "@/agent/protocol/model/host";
import { readAddresses } from "./addresses";
import { readInterfaces } from "./interfaces";
import { parseCpuList, parseFirstNumber, parseMeminfo, parseNumber, parsePressure, parseStatCpus, parseWord } from "./parse";
import { parseRoutes } from "./routes";
import { parseNetDev, rememberCounters, trafficOf } from "./traffic";

const KERNEL = "/proc/sys/kernel/osrelease";
const UPTIME = "/proc/uptime";
const MEMORY_CONTROLLERS = "/sys/devices/system/edac/mc";

/** The machine itself. A part that is missing is null; a part that is there but cannot be read is null and named in `unread`. */
export const host = defineCollector({
  name: "host",
  reads:
    "/proc/sys/kernel, /proc/uptime, /proc/loadavg, /proc/meminfo, /proc/pressure/io, /proc/net/{dev,route,fib_trie,if_inet6}, /sys/devices/system/{cpu,edac}, /sys/class/net",
  everyMs: 5_000,
  timeoutMs: 10_000,
  // Rings nobody: what it says decides whether the next read asks the interfaces. Rates need a span of their own.
  doorbells: (node) => ({ ring: (_bell, signal) => followLinks(node, () => undefined, signal) }),
  async read(node, before) {
    const problems: Unread[] = [];
    const file = <T>(path: string, parse: (text: string) => T) => readPart(problems, path, () => readFile(node, path, parse));
    const kernel = await file(KERNEL, (text) => parseWord(KERNEL, text));
    const uptimeSeconds = await file(UPTIME, (text) => parseFirstNumber(UPTIME, text));
    // Not even these: a tree that records other things, not a machine.
    if (kernel === null && uptimeSeconds === null && problems.length === 0) return null;
    const [bootId, cpus, load1, memory, ioPressurePercent, ecc, counted, routes, interfaces] = await Promise.all([
      file("/proc/sys/kernel/random/boot_id", (text) => parseWord("boot_id", text)),
      readPart(problems, "cpu count", () => readCpus(node)),
      file("/proc/loadavg", (text) => parseFirstNumber("/proc/loadavg", text)),
      file("/proc/meminfo", parseMeminfo),
      file("/proc/pressure/io", (text) => parsePressure("/proc/pressure/io", text)),
      readPart(problems, "memory error counts", () => readMemoryErrors(node)),
      file("/proc/net/dev", parseNetDev),
      file("/proc/net/route", parseRoutes),
      readPart(problems, "/sys/class/net", () => readInterfaces(node, problems)),
    ]);
    const addresses = await readAddresses(node, routes, problems);
    const value: HostFacts = {
      kernel,
      bootId,
      uptimeSeconds,
      cpus,
      load1,
      memoryTotalBytes: memory?.totalBytes ?? null,
      memoryAvailableBytes: memory?.availableBytes ?? null,
      ioPressurePercent,
      eccCorrected: ecc?.corrected ?? null,
      eccUncorrected: ecc?.uncorrected ?? null,
      interfaces: (interfaces ?? []).map((one) => ({ ...one, traffic: trafficOf(one.name, counted, uptimeSeconds, before) })),
      ...(routes === null ? {} : { routes }),
      ...(addresses === null ? {} : { addresses }),
      unread: inOrder(problems),
    };
    return counted === null ? value : rememberCounters(value, counted);
  },
  steady: steadyHost,
});

/** Which kernel, which boot, which hardware, which links: changes of these are events. Load, memory and time are telemetry. */
export function steadyHost(value: HostFacts): unknown {
  const { uptimeSeconds: _uptime, load1: _load, memoryAvailableBytes: _memory, ioPressurePercent: _pressure, ...steady } = value;
  return { ...steady, interfaces: value.interfaces.map(({ traffic: _traffic, ...one }) => one) };
}

async function readFile<T>(node: Host, path: string, parse: (text: string) => T): Promise<T | null> {
  const text = await node.read(path);
  return text === null ? null : parse(text);
}

async function readCpus(node: Host): Promise<number | null> {
  const online = "/sys/devices/system/cpu/online";
  const cpus = await readFile(node, online, (text) => parseCpuList(online, text));
  return cpus ?? readFile(node, "/proc/stat", parseStatCpus);
}

/** Summed over the controllers; null when no driver watches the memory, for then nobody counts. */
async function readMemoryErrors(node: Host): Promise<{ corrected: number; uncorrected: number } | null> {
  const controllers = ((await node.list(MEMORY_CONTROLLERS)) ?? []).filter((name) => /^mc\d+$/.test(name));
  const total = { corrected: 0, uncorrected: 0 };
  for (const controller of controllers) {
    const folder = `${MEMORY_CONTROLLERS}/${controller}`;
    const corrected = await readFile(node, `${folder}/ce_count`, (text) => parseNumber(`${controller} ce_count`, text));
    const uncorrected = await readFile(node, `${folder}/ue_count`, (text) => parseNumber(`${controller} ue_count`, text));
    if (corrected === null || uncorrected === null) return null; // a sum without one of its parts would be too small
    total.corrected += corrected;
    total.uncorrected += uncorrected;
  }
  return controllers.length === 0 ? null : total;
}
