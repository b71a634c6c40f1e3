// SPDX-License-Identifier: Apache-2.0
import type { Bond } from "../../agent/protocol/model/bonding";
import type { DrbdDevice, DrbdProgress } from "../../agent/protocol/model/drbd";

/** A value in the words of an `.expected.json`: only what both can say. */
export function inExpectedWords(value: unknown): unknown {
  if (isProcDrbd(value)) return value.devices.map(drbdInWords);
  if (isBond(value)) return bondInWords(value);
  return null;
}

function isProcDrbd(value: unknown): value is { devices: DrbdDevice[] } {
  return typeof value === "object" && value !== null && "devices" in value && Array.isArray(value.devices);
}

function isBond(value: unknown): value is Bond {
  return typeof value === "object" && value !== null && "ports" in value && "mode" in value;
}

function drbdInWords(device: DrbdDevice): Record<string, unknown> {
  const peer = device.peers[0];
  const said = (word: string | undefined) => (word === undefined || device.unconfigured ? null : word);
  const oos = peer?.outOfSyncBytes ?? null;
  return {
    minor: device.minor,
    cs: device.cs,
    role: said(device.role),
    peerRole: said(peer?.role),
    disk: said(device.disk),
    peerDisk: said(peer?.disk),
    protocol: peer?.protocol ?? null,
    oos: oos === null ? null : oos / 1024,
    ...(peer?.progress ? { percent: printedPercent(peer.progress) } : {}),
  };
}

/** The kernel's own figure, which counts in steps of 4 MiB up to 8.4 (`(left >> 10) * 1000 / ((total >> 10) + 1)` bits of 4 KiB). */
function printedPercent({ leftBytes, totalBytes, percent }: DrbdProgress): readonly number[] {
  const steps = (bytes: number) => Math.floor(bytes / 4_096 / 1_024);
  const coarse = 100 - Math.floor((steps(leftBytes) * 1_000) / (steps(totalBytes) + 1)) / 10;
  return [percent, coarse];
}

function bondInWords(bond: Bond): Record<string, unknown> {
  return {
    mode: bond.mode,
    miiStatus: bond.link,
    activeSlave: bond.activePort,
    slaves: bond.ports.map((port) => ({
      name: port.name,
      mii: port.link,
      failures: port.failureCount,
      speed: port.speedBitsPerSec === null ? null : port.speedBitsPerSec / 1_000_000,
      aggregator: port.aggregatorId,
    })),
  };
}

/**
 * Where a value differs from what is expected of it, over the keys that both have. A percentage may differ by two tenths
 * from ours or from the kernel's own coarse one.
 */
export function differences(expected: unknown, value: unknown, at = ""): string[] {
  if (Array.isArray(expected) && Array.isArray(value)) {
    if (expected.length !== value.length) return [`${at}: ${expected.length} expected, ${value.length} found`];
    return expected.flatMap((one, index) => differences(one, value[index], `${at}[${index}]`));
  }
  if (isRecord(expected) && isRecord(value)) {
    return Object.keys(expected).flatMap((key) => {
      if (!(key in value)) return key === "percent" ? [`${at}.percent: ${String(expected[key])} expected, no progress found`] : [];
      return differences(expected[key], value[key], `${at}.${key}`);
    });
  }
  if (at.endsWith(".percent") && typeof expected === "number" && Array.isArray(value))
    return value.some((one) => Math.abs(expected - Number(one)) <= 0.2) ? [] : [`${at}: ${expected} expected, ${value.join(" or ")} found`];
  return expected === value ? [] : [`${at}: ${JSON.stringify(expected)} expected, ${JSON.stringify(value)} found`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
