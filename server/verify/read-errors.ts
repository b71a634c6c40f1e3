// SPDX-License-Identifier: Apache-2.0
import type { VerifyRange } from "@/agent/protocol/console/verify";

/** A read that failed on a node, from its kernel log. */
export interface ReadError {
  node: string;
  atMs: number;
  /** "sdd"; null where the line names none. */
  disk: string | null;
  /** DRBD's own line named a sector of the mirror close to one that differs. */
  isNear: boolean;
}

/** DRBD reads whole stripes and a bad sector seldom comes alone: so close counts as near. Units: sectors, 1 MiB. */
const NEAR_SECTORS = 2_048;

/**
 * The failed reads among kernel lines.
 * Shape: "block drbd0: local READ IO error sector 160000+8 on vdb" (a sector of the mirror), "blk_update_request: I/O error, dev sdd,
 * sector 1234 op 0x0:(READ) …", "critical medium error, dev sdd, sector 1234 …" (sectors of the disk, which are not comparable).
 * Source: drivers/block/drbd/drbd_req.c, block/blk-core.c, Linux 4.19 to 6.12.
 */
export function readErrorsIn(lines: readonly { node: string; atMs: number; text: string }[], ranges: readonly VerifyRange[]): ReadError[] {
  return lines.flatMap(({ node, atMs, text }) => {
    const own = text.match(/local READ IO error sector (\d+)\+\d+ on (\S+)/);
    if (own) return [{ node, atMs, disk: own[2] ?? null, isNear: isNear(Number(own[1]), ranges) }];
    const disk = text.match(/(?:I\/O error|critical medium error),? dev (\S+?), sector \d+(?: op \S+:\((\w+)\))?/);
    if (disk && (disk[2] === undefined || disk[2] === "READ")) return [{ node, atMs, disk: disk[1] ?? null, isNear: false }];
    return [];
  });
}

function isNear(sector: number, ranges: readonly VerifyRange[]): boolean {
  return ranges.some(({ startSector, sectors }) => sector >= startSector - NEAR_SECTORS && sector <= startSector + sectors + NEAR_SECTORS);
}
