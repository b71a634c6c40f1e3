// SPDX-License-Identifier: Apache-2.0
import { defineCollector, ParseError } from "@/agent/collectors/define";
import { intOrNull } from "@/agent/collectors/text";
import { inOrder, unread } from "@/agent/collectors/unread";
import type { Host } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";
import type { Md, MdArray, MdMember } from "@/agent/protocol/model/md";
import { parseMdstat } from "./parse";

const MDSTAT = "/proc/mdstat";
const BY_ID = "/dev/disk/by-id";
/** First read and three more: the kernel walks its list again for every page, so a page break can repeat an array. */
const ATTEMPTS = 4;

/** md arrays: the kernel's own table, and from sysfs what that table does not say. */
export const md = defineCollector({
  name: "md",
  reads: "/proc/mdstat, /sys/block/md*/md, /dev/disk/by-id/md-uuid-*",
  everyMs: 5_000,
  absentEveryMs: 15_000,
  timeoutMs: 10_000,
  // "md/raid1:md0: Disk failure on sdb1", "md: md0: recovery done." Source: drivers/md/md.c, raid1.c
  kernelBell: /^md(\d+)?[/:]/,
  async read(host) {
    const arrays = await readMdstat(host);
    if (arrays === null) return null;
    const problems: Unread[] = [];
    const links = await uuidLinks(host, arrays, problems);
    const whole = await Promise.all(arrays.map((array) => withSysfs(host, array, links, problems)));
    return { arrays: whole, unread: inOrder(problems) };
  },
  steady: steadyMd,
});

/** Progress is telemetry, and so is a mismatch count that a running check still raises. */
export function steadyMd(value: Md): unknown {
  return {
    ...value,
    arrays: value.arrays.map(({ action, mismatchCount, ...array }) => ({
      ...array,
      action: action && { kind: action.kind, state: action.state },
      mismatchCount: action?.state === "running" ? null : mismatchCount,
    })),
  };
}

async function readMdstat(host: Host): Promise<MdArray[] | null> {
  let problem: unknown = null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    try {
      const text = await host.read(MDSTAT);
      return text === null ? null : parseMdstat(text);
    } catch (error) {
      problem = error;
      // The host has its own second tries; only a text that makes no sense is worth another read of ours.
      if (!(error instanceof ParseError)) break;
    }
  }
  throw problem;
}

async function withSysfs(host: Host, array: MdArray, links: ReadonlyMap<string, string>, problems: Unread[]): Promise<MdArray> {
  const folder = `/sys/block/${array.name}/md`;
  try {
    const [uuid, mismatches, bitmap] = await Promise.all([
      host.read(`${folder}/uuid`),
      host.read(`${folder}/mismatch_cnt`),
      array.hasBitmap ? host.read(`${folder}/bitmap/metadata`) : null,
    ]);
    const isWhole = array.activeDisks === array.raidDisks && array.action === null;
    const members = isWhole ? array.members : await Promise.all(array.members.map((member) => withPlace(host, folder, member)));
    const count = intOrNull(mismatches?.trim());
    return {
      ...array,
      members,
      uuid: uuidOf(uuid) ?? links.get(array.name) ?? null,
      mismatchCount: count === null || count < 0 ? null : count,
      isClustered: array.hasBitmap ? (bitmap === null ? null : bitmap.trim() === "clustered") : false,
    };
  } catch (error) {
    problems.push(unread(`${array.name} in sysfs`, error));
    return { ...array, uuid: links.get(array.name) ?? null };
  }
}

/** Which place of the map a member has, and what md thinks of it: the table alone does not tell the leg that is being rebuilt. */
async function withPlace(host: Host, folder: string, member: MdMember): Promise<MdMember> {
  const own = `${folder}/dev-${member.name.replaceAll("/", "!")}`;
  const [slot, state] = await Promise.all([host.read(`${own}/slot`), host.read(`${own}/state`)]);
  const place = intOrNull(slot?.trim());
  return { ...member, slot: place === null || place < 0 ? null : place, state: state?.trim() || null };
}

/** Kernels before 6.0 have no `uuid` in sysfs; udev links every array by it. */
async function uuidLinks(host: Host, arrays: readonly MdArray[], problems: Unread[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  if (arrays.length === 0) return found;
  try {
    const names = ((await host.list(BY_ID)) ?? []).filter((name) => /^md-uuid-[0-9a-fA-F:]+$/.test(name));
    for (const name of names) {
      const target = (await host.readLink(`${BY_ID}/${name}`))?.split("/").at(-1);
      const uuid = uuidOf(name.slice("md-uuid-".length));
      if (target !== undefined && uuid !== null) found.set(target, uuid);
    }
  } catch (error) {
    problems.push(unread("array UUIDs (/dev/disk/by-id)", error));
  }
  return found;
}

/** The kernel prints 8-4-4-4-12 digits, mdadm and udev 8:8:8:8: one form, so that two nodes can be compared. */
function uuidOf(text: string | null): string | null {
  const digits = text?.trim().toLowerCase().replaceAll(/[-:]/g, "") ?? "";
  if (!/^[0-9a-f]{32}$/.test(digits) || /^0+$/.test(digits)) return null;
  return digits.replaceAll(/(.{8})(?=.)/g, "$1:");
}
