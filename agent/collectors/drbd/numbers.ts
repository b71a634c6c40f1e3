// SPDX-License-Identifier: Apache-2.0
import { intOrNull } from "@/agent/collectors/text";

const KIB = 1024;
const SECTOR = 512;

/** A whole number that is not below zero; null otherwise, also when it is too large to be exact (a counter that ran below zero). */
export function countOrNull(printed: string | undefined): number | null {
  const value = intOrNull(printed);
  return value === null || value < 0 ? null : value;
}

/** Units: KiB in, bytes out. Null stays null. */
export function kibToBytes(kib: number | null): number | null {
  return kib === null ? null : kib * KIB;
}

/** Units: 512-byte sectors in, bytes out. Null stays null. */
export function sectorsToBytes(sectors: number | null): number | null {
  return sectors === null ? null : sectors * SECTOR;
}

/** Share done, 0 to 100, from what is left of a total. Nothing to do counts as done. */
export function percentDone(left: number, total: number): number {
  if (total <= 0) return 100;
  return Math.min(100, Math.max(0, (100 * (total - left)) / total));
}

/** The sum of what is known; null when there is nothing or when a part is unknown. */
export function sumOrNull(parts: readonly (number | null)[]): number | null {
  if (parts.length === 0) return null;
  let sum = 0;
  for (const part of parts) {
    if (part === null) return null;
    sum += part;
  }
  return sum;
}
