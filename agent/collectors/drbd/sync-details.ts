// SPDX-License-Identifier: Apache-2.0
import type { DrbdPeer, DrbdProgress } from "@/agent/protocol/model/drbd";
import { percentDone, sectorsToBytes } from "./numbers";
import { runOf } from "./words";

const SECTORS_PER_KIB = 2;

/** What drbdsetup of DRBD 9 says of a running resync or verify. Null: not said. */
interface SyncDetails {
  replication: string;
  totalSectors: number | null;
  /** Said while a verify runs. */
  verifyLeftSectors: number | null;
  outOfSyncKib: number | null;
  failedSectors: number | null;
  rateBytesPerSec: number | null;
  etaSeconds: number | null;
}

/**
 * The progress of a resync or verify as drbdsetup computes it: what is left is the verify's rest, else what is out of sync
 * less what could not be synced. Null while neither runs, and when the total is not said: DRBD without those details gives
 * only the share of the whole device that is in sync, which is no progress.
 * Source: peer_device_status_json in drbdsetup.c.
 */
export function progressOfSectors(details: SyncDetails): DrbdProgress | null {
  const kind = runOf(details.replication);
  const total = details.totalSectors;
  if (kind === null || total === null || total === 0) return null;
  const left = kind === "verify" ? details.verifyLeftSectors : unsyncedSectors(details);
  if (left === null) return null;
  return {
    kind,
    percent: percentDone(left, total),
    leftBytes: sectorsToBytes(left) ?? 0,
    totalBytes: sectorsToBytes(total) ?? 0,
    rateBytesPerSec: details.rateBytesPerSec,
    etaSeconds: details.etaSeconds,
    stalled: false,
  };
}

function unsyncedSectors({ outOfSyncKib, failedSectors }: SyncDetails): number | null {
  return outOfSyncKib === null ? null : Math.max(0, outOfSyncKib * SECTORS_PER_KIB - (failedSectors ?? 0));
}

/** Units: MiB/s with decimals in, byte/s out. Null for what is not a number. */
export function rateOfMebibytes(printed: string | undefined): number | null {
  return printed !== undefined && /^-?\d{1,15}(?:\.\d+)?$/.test(printed) ? Math.round(Number(printed) * 1024 * 1024) : null;
}

/** Who holds a resync back, of "no" or a comma list. Words beside these three (max-parallel) are no one's pause. */
export function pausedByOf(printed: string | undefined): DrbdPeer["pausedBy"] {
  const words = new Set((printed ?? "no").split(","));
  return (["user", "peer", "dependency"] as const).filter((word) => words.has(word));
}
