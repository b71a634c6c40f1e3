// SPDX-License-Identifier: Apache-2.0
import { defineCollector } from "@/agent/collectors/define";
import { intOrNull } from "@/agent/collectors/text";
import { inOrder, readPart } from "@/agent/collectors/unread";
import type { Host } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";
import type { Aoe, AoeDevice } from "@/agent/protocol/model/aoe";
import { readExports } from "./exports";
import { type AoeDebug, parseAoeDebug } from "./parse-debug";

/** The kernel writes a block device's "/" as "!" in sysfs. */
const DEVICE = /^etherd!(e\d+\.\d+)$/;
const SECTOR_BYTES = 512;

/** AoE on this node: the devices it uses (initiator) and what it exports (vblade). */
export const aoe = defineCollector({
  name: "aoe",
  reads: "/sys/block/etherd!*, /sys/kernel/debug/aoe/*, the command lines of vblade",
  everyMs: 2_000,
  absentEveryMs: 15_000,
  // Exports change only when somebody starts or stops a vblade.
  paceMs: (value) => (value.devices.length > 0 ? 2_000 : 5_000),
  timeoutMs: 10_000,
  async read(host) {
    const blocks = (await host.list("/sys/block")) ?? [];
    const names = blocks.flatMap((block) => DEVICE.exec(block)?.[1] ?? []);
    const isLoaded = names.length > 0 || (await host.list("/sys/module/aoe")) !== null;
    const problems: Unread[] = [];
    const exports = await readExports(host, problems);
    // "Not on this node" only when it is sure: a process list that may not be read may hold a vblade.
    if (!isLoaded && exports.length === 0 && problems.length === 0) return null;
    const devices = await Promise.all(names.map((name) => readDevice(host, name, problems)));
    const deadSeconds = isLoaded ? await readPart(problems, "aoe_deadsecs", () => readDeadSeconds(host)) : null;
    return { devices: devices.filter((device) => device !== null), exports, deadSeconds, unread: inOrder(problems) };
  },
  steady: steadyAoe,
});

/**
 * What makes a change an event: states, sizes, targets coming and going, a window that collapsed to 1 (the driver's sign of a
 * dead target), taint that begins or ends. Traffic, round trips and the window's breathing are telemetry.
 */
export function steadyAoe(value: Aoe): unknown {
  return {
    ...value,
    devices: value.devices.map(({ rttAvgUs: _, targets, ...device }) => ({
      ...device,
      targets:
        targets?.map(({ mac, window, taint, interfaces }) => ({
          mac,
          interfaces,
          isCollapsed: window <= 1,
          isTainted: taint !== null && taint > 0,
        })) ?? null,
    })),
  };
}

/** One device of the initiator; null when it went away while it was read. */
async function readDevice(host: Host, name: string, problems: Unread[]): Promise<AoeDevice | null> {
  const folder = `/sys/block/etherd!${name}`;
  const state = await host.read(`${folder}/state`);
  if (state === null) return null;
  const [size, netif, debug] = await Promise.all([
    host.read(`${folder}/size`),
    host.read(`${folder}/netif`),
    readPart(problems, `${name} targets`, () => readDebug(host, name)),
  ]);
  const sectors = intOrNull(size?.trim());
  const interfaces = netif?.trim() ?? "";
  if (debug === "nowhere") problems.push(noDebug(name));
  const seen = debug === "nowhere" ? null : debug;
  return {
    name,
    state: state.trim(),
    sizeBytes: sectors === null || sectors < 0 ? null : sectors * SECTOR_BYTES,
    interfaces: interfaces === "" || interfaces === "none" ? [] : interfaces.split(","),
    rttAvgUs: seen?.rttAvgUs ?? null,
    targets: seen?.targets ?? null,
  };
}

/** Linux 3.9 and later print it in debugfs, the out-of-tree driver beside the device's other attributes. */
async function readDebug(host: Host, name: string): Promise<AoeDebug | "nowhere"> {
  const beside = await host.read(`/sys/block/etherd!${name}/debug`);
  const text = beside ?? (await host.read(`/sys/kernel/debug/aoe/${name}`));
  return text === null ? "nowhere" : parseAoeDebug(name, text);
}

function noDebug(name: string): Unread {
  const message = `/sys/kernel/debug/aoe/${name} is not there: debugfs is not mounted, or this driver has none. Without it a dead target of several is invisible.`;
  return { what: `${name} targets`, code: "COLLECT_READ", message };
}

async function readDeadSeconds(host: Host): Promise<number | null> {
  return intOrNull((await host.read("/sys/module/aoe/parameters/aoe_deadsecs"))?.trim());
}
