// SPDX-License-Identifier: Apache-2.0
import { keyOf, type View } from "@/agent/protocol/console/view";
import { formatBytes, formatDuration, formatPercent, joinWords } from "@/server/cluster/words";
import { every, mirrorName } from "@/server/findings/define";
import { defineGuard, type Found } from "../define";
import { nodeOf } from "../look";
import { pairOf } from "../verify-pair";
import { measuredRate } from "../verify-rate";
import { endsOf } from "./verify-ends";

/** One verify or resync at a time per node and per line: several at once have brought systems down. */
export const nodesAndLinesAreFree = defineGuard({
  name: "nodes-and-lines-are-free",
  number: "1.7",
  check(context) {
    const pair = pairOf(context);
    if (pair === null) return [];
    const ends = endsOf(pair);
    const busy = every(context.view, "mirror").flatMap(([key, mirror]) =>
      key === pair.key
        ? []
        : mirror.pairs
            .filter(({ a, b, line }) => (line === "verify" || line === "resync") && (ends.includes(a) || ends.includes(b)))
            .map((line) => ({ key, name: mirrorName(mirror), line })),
    );
    return busy.map(({ key, name, line }): Found => {
      const what = line.line === "verify" ? "a verify runs" : line.said.word;
      const percent = line.progress === null ? "" : ` (${formatPercent(line.progress.percent)})`;
      const both = ends.includes(line.a) && ends.includes(line.b);
      const shared = both
        ? "It has the same disks and the same line"
        : `It has the same disks on ${ends.includes(line.a) ? line.a : line.b}`;
      const message = `${name}: ${what}${percent}. ${shared}: both would be slower, and so would who uses them. Put this one in the queue instead.`;
      return { level: "warn", message, about: [key] };
    });
  },
});

/** Above these a node or line has work enough. Units: percent; load for each processor. */
const BUSY_IO_PERCENT = 20;
const BUSY_LOAD = 1;
const BUSY_LINE_PERCENT = 40;

/** What is busy on a node now, each as a phrase. */
function busyOn(view: View, name: string): string[] {
  const host = nodeOf(view, name)?.host;
  if (!host) return [];
  const found: string[] = [];
  if (host.ioPressurePercent !== null && host.ioPressurePercent >= BUSY_IO_PERCENT)
    found.push(`${name} waits for its disks ${formatPercent(host.ioPressurePercent)} of the time`);
  if (host.load1 !== null && host.cpus !== null && host.load1 / host.cpus >= BUSY_LOAD)
    found.push(`${name} has a load of ${host.load1.toFixed(1)} on ${host.cpus} processors`);
  for (const { name: iface, speedBitsPerSec, traffic, linkUp } of host.interfaces) {
    const bytes = Math.max(traffic?.sentBytesPerSec ?? 0, traffic?.receivedBytesPerSec ?? 0);
    if (!speedBitsPerSec || linkUp !== true) continue;
    const percent = (bytes * 8 * 100) / speedBitsPerSec;
    if (percent >= BUSY_LINE_PERCENT) found.push(`${iface} on ${name} carries ${formatPercent(Math.min(100, percent))} of what it can`);
  }
  return found;
}

/** A verify reads both disks from end to end and takes the processors for the digests: it is for a quiet hour. */
export const nodesAreQuiet = defineGuard({
  name: "nodes-are-quiet",
  number: "1.8",
  check(context) {
    const pair = pairOf(context);
    if (pair === null) return [];
    const busy = endsOf(pair).flatMap((node) => busyOn(context.view, node));
    if (busy.length === 0) return [];
    const message = `Not a quiet hour: ${joinWords(busy)}. A verify adds to that until it ends; DRBD paces it as it paces a resync (c-max-rate, or resync-rate). A quieter hour is better.`;
    return [{ level: "warn", message, about: endsOf(pair).map(keyOf.node) }];
  },
});

/** How long it will take, as far as that was ever measured. */
export const saysHowLong = defineGuard({
  name: "says-how-long",
  number: "1.8",
  check(context) {
    const pair = pairOf(context);
    if (pair === null) return [];
    const { resource, volume, sizeBytes } = pair.mirror;
    const rate = measuredRate(context.view, { resource, volume });
    const size = sizeBytes === null ? "its size is not known" : `${formatBytes(sizeBytes)} are read on each side`;
    const long =
      sizeBytes === null || rate === null
        ? "how long that takes was never measured here"
        : `about ${formatDuration((sizeBytes * 1000) / rate.bytesPerSec)} at ${formatBytes(rate.bytesPerSec)}/s, ${rate.from}`;
    return [{ level: "inform", message: `How long: ${size}; ${long}.`, about: [pair.key] }];
  },
});

/** With two Primaries both sides write while it compares. */
export const oneNodeWrites = defineGuard({
  name: "one-node-writes",
  number: "1.14",
  check(context) {
    const pair = pairOf(context);
    const writers = pair === null ? [] : pair.mirror.copies.filter(({ role }) => role === "Primary").map(({ node }) => node);
    if (pair === null || writers.length < 2) return [];
    const message = `${joinWords(writers)} are both Primary: both are read and written while it compares, and blocks on their way may look different that are not. Better when one of them is at rest.`;
    return [{ level: "warn", message, about: [pair.key] }];
  },
});
