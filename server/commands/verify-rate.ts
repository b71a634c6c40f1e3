// SPDX-License-Identifier: Apache-2.0
import { keyOf, type View } from "@/agent/protocol/console/view";
import { mirrorFor } from "./verify-pair";

/** How fast a mirror's copies are compared, and where that is known from. */
export interface Rate {
  bytesPerSec: number;
  /** "as the last verify did", to follow the rate. */
  from: string;
}

/** The rate of the last verify of this mirror, else of one that runs, else of a resync under way, which DRBD paces alike. Null: never measured. */
export function measuredRate(view: View, { resource, volume }: { resource: string; volume: number }): Rate | null {
  const record = view.get(keyOf.verify(resource, volume));
  const last = record?.kind === "verify" ? record.last?.rateBytesPerSec : null;
  if (last) return { bytesPerSec: last, from: "as at its last verify" };
  const rates = mirrorFor(view, { resource, volume })?.pairs.flatMap(({ progress }) => progress?.rateBytesPerSec ?? []) ?? [];
  const [moving] = rates;
  if (moving !== undefined && moving > 0) return { bytesPerSec: moving, from: "as it moves now" };
  // Other mirrors between the same nodes share disks and line.
  for (const entity of view.values()) {
    const rate = entity.kind === "verify" ? entity.last?.rateBytesPerSec : null;
    if (rate) return { bytesPerSec: rate, from: "as at the last verify of another mirror here" };
  }
  return null;
}
