// SPDX-License-Identifier: Apache-2.0

/** DRBD 8.x connection words that mean "connected, and replication is doing this". */
const REPLICATION_WORDS: ReadonlySet<string> = new Set([
  "StartingSyncS",
  "StartingSyncT",
  "WFBitMapS",
  "WFBitMapT",
  "WFSyncUUID",
  "SyncSource",
  "SyncTarget",
  "PausedSyncS",
  "PausedSyncT",
  "VerifyS",
  "VerifyT",
  "Ahead",
  "Behind",
]);

/**
 * Splits the one `cs:` word of `/proc/drbd` into DRBD 9's two words.
 * `Established` and `Off` are what DRBD 9's debugfs prints there: the replication word alone, so after `Off` the connection
 * is not known. A word not listed here stays itself, with replication off.
 * Source: drbd_int.h of 8.0 to 8.4, drbd_proc.c of 9.2.15 (compat), drbd_debugfs.c of 9.
 */
export function splitConnectionWord(cs: string): { connection: string; replication: string } {
  if (REPLICATION_WORDS.has(cs)) return { connection: "Connected", replication: cs };
  switch (cs) {
    case "Connected":
    case "Established":
      return { connection: "Connected", replication: "Established" };
    case "WFConnection":
      return { connection: "Connecting", replication: "Off" };
    case "Off":
      return { connection: "Unknown", replication: "Off" };
    default:
      return { connection: cs, replication: "Off" };
  }
}

/** True while a resync or a verify moves data, or waits to: the reading then changes from second to second. */
export function isMovingData(replication: string): boolean {
  return /^(?:StartingSync|WFBitMap|WFSyncUUID|Sync|Verify)/.test(replication);
}

/** Which of the two long runs a replication word belongs to; null for the rest. */
export function runOf(replication: string): "resync" | "verify" | null {
  if (/^Verify[ST]$/.test(replication)) return "verify";
  return /^(?:Sync(?:Source|Target)|PausedSync[ST])$/.test(replication) ? "resync" : null;
}

/** The fifth flag of `/proc/drbd` in words; null for "not congested" and for the byte that 8.3.1 left uninitialised. */
export function congestionWord(flag: string | undefined): string | null {
  switch (flag) {
    case undefined:
    case "-":
    case "\0":
    case "\uFFFD":
      return null;
    case "d":
      return "DRBD";
    case "b":
      return "backing device";
    case "n":
      return "network";
    case "a":
      return "network and backing device";
    case "c":
      return "callback pending";
    default:
      return flag;
  }
}

/** The write ordering in words: a letter in `/proc/drbd`, a number in DRBD 9's debugfs. An unknown one stays as printed. */
export function writeOrderingWord(printed: string | undefined): string | null {
  switch (printed) {
    case undefined:
      return null;
    case "b":
    case "3":
      return "barrier";
    case "f":
    case "2":
      return "flush";
    case "d":
    case "1":
      return "drain";
    case "n":
    case "0":
      return "none";
    default:
      return printed;
  }
}
