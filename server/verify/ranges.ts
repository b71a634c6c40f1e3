// SPDX-License-Identifier: Apache-2.0
import type { VerifyRange } from "@/agent/protocol/console/verify";

/** DRBD compares and marks blocks of 4 KiB. */
export const BLOCK_SECTORS = 8;
export const SECTOR_BYTES = 512;

/** Ranges in their order, those that touch or overlap as one: both nodes log every place, cut each in its own way. */
export function mergeRanges(ranges: readonly VerifyRange[]): VerifyRange[] {
  const merged: VerifyRange[] = [];
  for (const { startSector, sectors } of [...ranges].sort((x, y) => x.startSector - y.startSector)) {
    const last = merged.at(-1);
    const end = startSector + sectors;
    if (last && startSector <= last.startSector + last.sectors) last.sectors = Math.max(last.sectors, end - last.startSector);
    else merged.push({ startSector, sectors });
  }
  return merged;
}

/** Ranges widened to whole blocks, by block number from the beginning of the device: `[first, last]`. */
export function blocksOf(ranges: readonly VerifyRange[]): [number, number][] {
  const whole = ranges.map(({ startSector, sectors }) => {
    const first = Math.floor(startSector / BLOCK_SECTORS) * BLOCK_SECTORS;
    return { startSector: first, sectors: Math.ceil((startSector + sectors) / BLOCK_SECTORS) * BLOCK_SECTORS - first };
  });
  return mergeRanges(whole).map(({ startSector, sectors }) => [startSector / BLOCK_SECTORS, (startSector + sectors) / BLOCK_SECTORS - 1]);
}
