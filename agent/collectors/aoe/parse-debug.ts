// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, finishedLines, intOrNull } from "@/agent/collectors/text";
import type { AoeTarget } from "@/agent/protocol/model/aoe";
import { macWithColons } from "./mac";

/** Most targets accepted of one device; the driver allows 4 by default and grows in steps of 4. */
const MAX_TARGETS = 256;

export interface AoeDebug {
  rttAvgUs: number | null;
  targets: AoeTarget[];
}

type Draft = AoeTarget & { hasInterfaces: boolean };

/**
 * Parses the aoe driver's debug text of one device.
 *
 * Shape: `rttavg: n rttdev: n`, more `key: value` lines, then per target `falloc: n`, `ffree: pointer`,
 * `mac:outstanding:window:frames`, the tab lines `ssthresh:n taint:n r:n w:n`, and last the interfaces (`⇥eth0,eth1`),
 * a bare newline when none is left. `ffree` is a pointer (hashed, zero or "(null)") and means nothing to us.
 * Units: rttavg in µs.
 * Source: drivers/block/aoe/aoeblk.c aoedisk_debugfs_show, Linux 3.9 to 6.12; the out-of-tree driver's sysfs `debug` file
 * is read with the same grammar.
 * @throws ParseError when there is no "rttavg" line, or a target is cut or damaged.
 */
export function parseAoeDebug(device: string, text: string): AoeDebug {
  const lines = finishedLines(device, text).map((line) => line.trim());
  const rtt = lines.map((line) => /^rttavg:\s*(-?\d+)(?:\s|$)/.exec(line)?.[1]).find((found) => found !== undefined);
  if (rtt === undefined) throw new ParseError(`${device}: no "rttavg" line`);
  const targets: Draft[] = [];
  let isAnnounced = false;
  for (const line of lines) {
    const target = parseTargetLine(line);
    if (target !== null) {
      targets.push(target);
      isAnnounced = false;
      continue;
    }
    if (/^f(alloc|free):/.test(line)) isAnnounced = true;
    const current = targets.at(-1);
    if (current !== undefined && !isAnnounced) readTargetDetail(device, current, line);
  }
  if (isAnnounced) throw new ParseError(`${device}: a target is announced ("falloc") but not shown`);
  if (targets.length > MAX_TARGETS) throw new ParseError(`${device}: more than ${MAX_TARGETS} targets`);
  return { rttAvgUs: intOrNull(rtt), targets: targets.map((target) => finish(device, target)) };
}

function parseTargetLine(line: string): Draft | null {
  const [, hex = "", nout, maxout, nframes] = /^([0-9a-fA-F]{12}):(-?\d+):(-?\d+):(-?\d+)$/.exec(line) ?? [];
  const [outstanding, window, windowMax] = [intOrNull(nout), intOrNull(maxout), intOrNull(nframes)];
  if (outstanding === null || window === null || windowMax === null) return null;
  const mac = macWithColons(hex);
  return { mac, outstanding, window, windowMax, taint: null, reads: null, writes: null, interfaces: [], hasInterfaces: false };
}

function readTargetDetail(device: string, target: Draft, line: string): void {
  const [, key, digits] = /^(ssthresh|taint|r|w):\s*(-?\d+)$/.exec(line) ?? [];
  const value = intOrNull(digits);
  if (key !== undefined && value !== null) {
    if (target.hasInterfaces) throw new ParseError(`${device}: "${key}" stands behind the interfaces of ${target.mac}`);
    if (key === "taint") target.taint = value;
    else if (key === "r") target.reads = value;
    else if (key === "w") target.writes = value;
    return;
  }
  // A key that a later driver may add is passed over; an interface's name cannot hold a colon.
  if (!target.hasInterfaces && /^[a-z0-9_]+:\s*\S*$/i.test(line)) return;
  if (target.hasInterfaces) {
    if (line === "") return;
    throw new ParseError(`${device}: ${excerpt(line)} behind the interfaces of ${target.mac}`);
  }
  target.hasInterfaces = true;
  if (line === "") return;
  target.interfaces = line.split(",");
  if (target.interfaces.some((name) => !/^[^\s/:,]{1,15}$/.test(name))) {
    throw new ParseError(`${device}: ${excerpt(line)} is no list of interfaces`);
  }
}

/** A target whose last line, the interfaces, is missing was cut off: half of it must not count as a healthy one. */
function finish(device: string, { hasInterfaces, ...target }: Draft): AoeTarget {
  if (!hasInterfaces) throw new ParseError(`${device}: the target ${target.mac} is incomplete`);
  return target;
}
