// SPDX-License-Identifier: Apache-2.0
import { defineCollector } from "@/agent/collectors/define";
import { inOrder, readPart, unread, unreadPart } from "@/agent/collectors/unread";
import { type Host, HostError } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";
import type { BlockDevice, Mounts, Swap } from "@/agent/protocol/model/mounts";
import { chooseMounts, MAX_MOUNTS } from "./choose";
import { type MountLine, parseMountinfo, parseMounts, parseSwaps } from "./parse";
import { readBlocks } from "./read-blocks";

/** The machine's own table, not that of a container or unit the agent may run in; then the agent's. */
const TABLES: readonly { path: string; parse: (text: string) => MountLine[] }[] = [
  { path: "/proc/1/mountinfo", parse: parseMountinfo },
  { path: "/proc/self/mountinfo", parse: parseMountinfo },
  { path: "/proc/mounts", parse: parseMounts },
];
/** Hosts of containers have thousands of mounts. */
const MAX_BYTES = 4 * 1024 * 1024;
const BLOCKS_EVERY_MS = 60_000;
/** What did not answer in time may do so the next time: a moment's load is no minute's ignorance. */
const UNANSWERED_AGAIN_MS = 10_000;

interface Seen {
  mark: string;
  atMs: number;
  blocks: BlockDevice[];
  unread: Unread[];
}

/** What was last read of a node's block devices: they move seldom, and there are many files to each. */
const lastSeen = new WeakMap<Host, Seen>();

/** File systems, swap, and the devices they stand on. Sizes in use are never asked for: on dead storage that question hangs. */
export const mounts = defineCollector({
  name: "mounts",
  reads: "/proc/1/mountinfo (or /proc/self/mountinfo, /proc/mounts), /proc/swaps, /sys/block",
  everyMs: 5_000,
  timeoutMs: 10_000,
  // "EXT4-fs (dm-3): Remounting filesystem read-only", "XFS (dm-3): Unmounting Filesystem". Source: fs/ext4/super.c, fs/xfs
  kernelBell: /^(EXT[234]-fs|XFS|BTRFS)\b.*(mount|error|shut)/i,
  async read(host) {
    const lines = await readTable(host);
    if (lines === null) return null;
    const problems: Unread[] = [];
    const { mounts: chosen, more, cut } = chooseMounts(lines);
    if (more > 0)
      problems.push(
        unreadPart("further mounts", "COLLECT_TOO_LARGE", `${more} more mounts are there than the ${MAX_MOUNTS} that are shown.`),
      );
    for (const place of cut)
      problems.push(unreadPart(`options of ${place}`, "COLLECT_TOO_LARGE", "They are too many: those at the end are left out."));
    const swaps = await readSwaps(host, problems);
    const mark = JSON.stringify([chosen.map(({ device, majorMinor }) => [device, majorMinor]), swaps.map(({ device }) => device)]);
    const { blocks, unread: ofBlocks } = await blocksOf(host, mark);
    return { mounts: chosen, swaps, blocks, unread: [...problems, ...ofBlocks] };
  },
  steady: steadyMounts,
});

/** How full swap is is telemetry. */
export function steadyMounts(value: Mounts): unknown {
  return { ...value, swaps: value.swaps.map(({ usedBytes: _, ...swap }) => swap) };
}

/** The first table there is. One that may not be read is passed over while another can be. */
async function readTable(host: Host): Promise<MountLine[] | null> {
  let refusal: HostError | null = null;
  for (const { path, parse } of TABLES) {
    try {
      const text = await host.read(path, { maxBytes: MAX_BYTES });
      if (text !== null) return parse(text);
    } catch (error) {
      if (!(error instanceof HostError) || error.code !== "HOST_FORBIDDEN") throw error;
      refusal = error;
    }
  }
  if (refusal) throw refusal;
  return null;
}

async function readSwaps(host: Host, problems: Unread[]): Promise<Swap[]> {
  const swaps = await readPart(problems, "swap", async () => {
    const text = await host.read("/proc/swaps");
    return text === null ? [] : parseSwaps(text);
  });
  return swaps ?? [];
}

async function blocksOf(host: Host, mounted: string): Promise<Pick<Seen, "blocks" | "unread">> {
  const problems: Unread[] = [];
  try {
    const names = (await host.list("/sys/block")) ?? [];
    const mark = `${mounted} ${names.join(" ")}`;
    const nowMs = host.now();
    const known = lastSeen.get(host);
    const ageMs = known ? nowMs - known.atMs : -1;
    // A clock set back makes the age negative: read.
    const everyMs = known?.unread.some(({ code }) => code === "COLLECT_TIMEOUT") ? UNANSWERED_AGAIN_MS : BLOCKS_EVERY_MS;
    if (known?.mark === mark && ageMs >= 0 && ageMs < everyMs) return known;
    const blocks = await readBlocks(host, names, problems);
    const seen = { mark, atMs: nowMs, blocks, unread: inOrder(problems) };
    lastSeen.set(host, seen);
    return seen;
  } catch (error) {
    return { blocks: [], unread: [unread("block devices", error)] };
  }
}
