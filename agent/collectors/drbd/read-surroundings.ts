// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { unread } from "@/agent/collectors/unread";
import { type Host, HostError } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";
import type { DrbdDevice, DrbdModule, DrbdSettings } from "@/agent/protocol/model/drbd";
import { fillConnections, type MinorName, namesOfDevices, namesOfSettings } from "./merge";
import { countOrNull, sectorsToBytes } from "./numbers";
import { parseDumpXml } from "./parse-dump-xml";
import { parseEvents2 } from "./parse-events2";
import { parseShow } from "./parse-show";
import { failureOf, TOOL_TIMEOUT_MS } from "./read-nine";

const BY_RES = "/dev/drbd/by-res";

/** What stands around the states and changes rarely. */
export interface Surroundings {
  names: ReadonlyMap<number, MinorName>;
  settings: DrbdSettings[] | null;
  unread: Unread[];
}

/** Names and settings of these devices. A part that cannot be read is in `unread`; a tool not installed is not. */
export async function readSurroundings(host: Host, module: DrbdModule | null, devices: readonly DrbdDevice[]): Promise<Surroundings> {
  const none = new Map<number, MinorName>();
  // DRBD 9's own tools have named them already.
  const lacksNames = devices.some((device) => device.resource === null);
  const [links, announced, asked] = await Promise.all([
    part("DRBD resource names", none, async () => (lacksNames ? linkNames(host) : none)),
    part("DRBD resource names", none, async () => (lacksNames ? announcedNames(host, module) : none)),
    readSettings(host, module),
  ]);
  const names = new Map([...namesOfSettings(asked.settings ?? []), ...links.value, ...announced.value]);
  // Names are only missing when a device has none after all.
  const nameless = devices.some((device) => device.resource === null && !device.unconfigured && !names.has(device.minor));
  const missed = nameless ? [...announced.unread, ...links.unread] : [];
  return { names, settings: asked.settings, unread: [...missed, ...asked.unread] };
}

async function part<T>(what: string, otherwise: T, read: () => Promise<T>): Promise<{ value: T; unread: Unread[] }> {
  try {
    return { value: await read(), unread: [] };
  } catch (error) {
    return { value: otherwise, unread: [unread(what, error)] };
  }
}

/** From `drbdsetup events2`, which 8.3 does not have. */
async function announcedNames(host: Host, module: DrbdModule | null): Promise<Map<number, MinorName>> {
  if (!hasNetlinkTools(module)) return new Map();
  const result = await host.run("drbdsetup", ["events2", "--now", "--statistics"], { timeoutMs: TOOL_TIMEOUT_MS });
  if (result === null || result.exitCode !== 0) return new Map(); // utilities older than the module: the links have the names
  const { devices, complete } = parseEvents2(result.stdout);
  if (!complete) throw new ParseError("drbdsetup events2 --now: the dump has no end");
  return namesOfDevices(devices);
}

/** From udev's links: `by-res/r0 → ../../drbd0`, or `by-res/r0/0 → ../../../drbd0` where a resource has volumes. */
async function linkNames(host: Host): Promise<Map<number, MinorName>> {
  const names = new Map<number, MinorName>();
  for (const resource of (await host.list(BY_RES)) ?? []) {
    const volumes = await host.list(`${BY_RES}/${resource}`);
    if (volumes === null) add(names, resource, null, await host.readLink(`${BY_RES}/${resource}`));
    for (const volume of volumes ?? []) add(names, resource, countOrNull(volume), await host.readLink(`${BY_RES}/${resource}/${volume}`));
  }
  return names;
}

function add(names: Map<number, MinorName>, resource: string, volume: number | null, target: string | null): void {
  const minor = countOrNull(/(?:^|\/)drbd(\d{1,7})$/.exec(target ?? "")?.[1]);
  if (minor !== null) names.set(minor, { resource, volume, suspendedBy: [], sizeBytes: null });
}

/** Bytes by minor, of the devices whose source prints no size. Growing a device moves no state, so this is asked every time. */
export function readSizes(host: Host, devices: readonly DrbdDevice[]): Promise<{ value: ReadonlyMap<number, number>; unread: Unread[] }> {
  return part("DRBD sizes", new Map<number, number>(), () => sizesOf(host, devices));
}

async function sizesOf(host: Host, devices: readonly DrbdDevice[]): Promise<Map<number, number>> {
  const sizes = new Map<number, number>();
  await Promise.all(
    devices
      .filter((device) => device.sizeBytes === null && !device.unconfigured)
      .map(async ({ minor }) => {
        const bytes = sectorsToBytes(countOrNull((await host.read(`/sys/block/drbd${minor}/size`))?.trim()));
        if (bytes !== null) sizes.set(minor, bytes);
      }),
  );
  return sizes;
}

/** 8.3 and older talk to the kernel per minor and show no resources. */
function hasNetlinkTools(module: DrbdModule | null): boolean {
  return module?.generation === "8.4" || module?.generation === "9";
}

async function readSettings(host: Host, module: DrbdModule | null): Promise<{ settings: DrbdSettings[] | null; unread: Unread[] }> {
  const what = "DRBD settings";
  const shown = await part(what, null, () => showSettings(host, module));
  const isWhole = shown.value?.every((settings) => settings.connections.length > 0) ?? false;
  if (shown.value && isWhole) return { settings: shown.value, unread: [] };
  const configured = await part(what, null, () => configuredSettings(host));
  if (shown.value) return { settings: fillConnections(shown.value, configured.value ?? []), unread: configured.unread };
  return { settings: configured.value, unread: configured.value ? [] : [...shown.unread, ...configured.unread] };
}

/** The settings in force; null when this drbdsetup cannot say. */
async function showSettings(host: Host, module: DrbdModule | null): Promise<DrbdSettings[] | null> {
  if (!hasNetlinkTools(module)) return null;
  const whole = await host.run("drbdsetup", ["show", "--show-defaults"], { timeoutMs: TOOL_TIMEOUT_MS });
  if (whole === null) return null;
  if (whole.exitCode === 0) return parseShow(whole.stdout);
  const plain = await host.run("drbdsetup", ["show"], { timeoutMs: TOOL_TIMEOUT_MS });
  if (plain === null) return null;
  if (plain.exitCode !== 0) throw new HostError("HOST_READ", failureOf("drbdsetup show", plain));
  return parseShow(plain.stdout);
}

/** The settings as configured; null when drbdadm is not installed. */
async function configuredSettings(host: Host): Promise<DrbdSettings[] | null> {
  const result = await host.run("drbdadm", ["dump-xml"], { timeoutMs: TOOL_TIMEOUT_MS });
  if (result === null) return null;
  if (result.exitCode !== 0) throw new HostError("HOST_READ", failureOf("drbdadm dump-xml", result));
  const node = (await host.read("/proc/sys/kernel/hostname"))?.trim() ?? null;
  return parseDumpXml(result.stdout, node);
}
