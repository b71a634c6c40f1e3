// SPDX-License-Identifier: Apache-2.0
import { isAtLeast } from "./version-order";

/** The first drbd-utils that know `--reset-bitmap`. Source: the DRBD 9 user's guide, "Online device verification". */
export const UTILS_WITH_RESET_BITMAP = [9, 17] as const;
/** What a module that knows it speaks at least. Source: the change of 14 April 2021 that brought it ("new option for invalidate(-remote) commands"). */
const LEAST_PROTOCOL = 120;

/**
 * Whether a loaded DRBD knows `--reset-bitmap=no`; one that does not would overwrite the whole device. From 9.0.29 on; of the 9.1 series
 * from the first release that is surely later than the change (9.1.3, July 2021); 9.2 from its first.
 */
export function knowsResetBitmap({ version, protoMax }: { version: string; protoMax: number | null }): boolean {
  return hasResetBitmap(version) && protoMax !== null && protoMax >= LEAST_PROTOCOL;
}

/** The same by the version alone: for a plan, not for the act. */
export function hasResetBitmap(version: string): boolean {
  return isAtLeast(version, [9, 1]) ? isAtLeast(version, [9, 1, 3]) : isAtLeast(version, [9, 0, 29]);
}
