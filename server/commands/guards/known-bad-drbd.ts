// SPDX-License-Identifier: Apache-2.0
import { isAtLeast } from "@/agent/protocol/version-order";

/** A fault of some releases of DRBD that a verify brings out. Versions as numbers: from the first that has it to the last. */
export interface KnownFault {
  from: readonly number[];
  /** The last that has it; it and what carries more digits. */
  to: readonly number[];
  /** Only with a copy without a disk, or with more than two copies. */
  only: "diskless" | "three copies" | null;
  /** What happens, as a sentence. */
  says: string;
  source: string;
}

/** Source of each beside it. A release that is not here is not known to be good, only not known to be bad. */
export const KNOWN_FAULTS: readonly KnownFault[] = [
  {
    from: [8, 2, 0],
    to: [8, 2, 5],
    only: null,
    says: "The Primary may lose its connection over a verify.",
    source: "a report of 2008 on 8.2.5, and drbd-user of June 2008",
  },
  {
    from: [9, 0, 0],
    to: [9, 0, 25],
    only: "three copies",
    says: "A verify does not end when the other side is Inconsistent for a moment.",
    source: "drbd-tests, verify of a target that becomes Inconsistent: up to and including 9.0.25",
  },
  {
    from: [9, 3, 2],
    to: [9, 3, 2],
    only: "diskless",
    says: "With a diskless peer a verify floods the kernel log, 18,000 lines a second.",
    source: "github.com/LINBIT/drbd/issues/137",
  },
];

/** The faults that a version has, whatever else they need. */
export function faultsOf(version: string): KnownFault[] {
  return KNOWN_FAULTS.filter(({ from, to }) => isAtLeast(version, from) && !isAtLeast(version, after(to)));
}

/** The next number in the last place: [8, 2, 5] → [8, 2, 6]. */
function after(version: readonly number[]): number[] {
  return version.map((number, index) => (index === version.length - 1 ? number + 1 : number));
}
