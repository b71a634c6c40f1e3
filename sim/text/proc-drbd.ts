// SPDX-License-Identifier: Apache-2.0

/** One device block of /proc/drbd of DRBD 8.3.9 to 8.4. KiB throughout. */
export interface ProcDrbdDevice {
  minor: number;
  cs: string;
  role: string;
  peerRole: string;
  disk: string;
  peerDisk: string;
  /** Null: no network configured (StandAlone): the kernel prints a blank. */
  protocol: "A" | "B" | "C" | null;
  /** Six characters, "r-----". */
  flags: string;
  ns: number;
  nr: number;
  dw: number;
  dr: number;
  al: number;
  bm: number;
  lo: number;
  pe: number;
  ua: number;
  ap: number;
  ep: number;
  wo: "b" | "f" | "d" | "n";
  oos: number;
  progress: ProcDrbdProgress | null;
}

export interface ProcDrbdProgress {
  kind: "resync" | "verify";
  leftKib: number;
  totalKib: number;
  finishSeconds: number;
  /** KiB/s of the last seconds, and since the start. */
  speed: number;
  averageSpeed: number;
  /** The rate the syncer aims at; the kernel prints it for SyncTarget and VerifyS only. */
  want: number | null;
}

const BITMAP_KIB = 4;
/** Above this many bits the kernel prints MiB. */
const MANY_BITS = 4 * 2 ** 18;

/**
 * The whole of /proc/drbd.
 *
 * Source: drivers/block/drbd/drbd_proc.c of DRBD 8.4.11 (Linux 6.1) and 8.3.16.
 */
export function renderProcDrbd(head: readonly string[], devices: readonly ProcDrbdDevice[]): string {
  const lines = [...head];
  let previous = -1;
  for (const device of [...devices].sort((one, other) => one.minor - other.minor)) {
    if (device.minor !== previous + 1) lines.push("");
    previous = device.minor;
    lines.push(...deviceLines(device));
  }
  return `${lines.join("\n")}\n`;
}

function deviceLines(device: ProcDrbdDevice): string[] {
  const { cs, role, peerRole, disk, peerDisk, protocol, flags } = device;
  const minor = String(device.minor).padStart(2);
  const wrapped = (kib: number) => Math.trunc(kib) % 2 ** 32;
  return [
    `${minor}: cs:${cs} ro:${role}/${peerRole} ds:${disk}/${peerDisk} ${protocol ?? " "} ${flags}`,
    `    ns:${wrapped(device.ns)} nr:${wrapped(device.nr)} dw:${wrapped(device.dw)} dr:${wrapped(device.dr)} al:${device.al} bm:${device.bm} ` +
      `lo:${device.lo} pe:${device.pe} ua:${device.ua} ap:${device.ap} ep:${device.ep} wo:${device.wo} oos:${Math.trunc(device.oos)}`,
    ...(device.progress === null ? [] : progressLines(device.progress)),
  ];
}

function progressLines(progress: ProcDrbdProgress): string[] {
  const left = Math.ceil(progress.leftKib / BITMAP_KIB);
  const total = Math.ceil(progress.totalKib / BITMAP_KIB);
  const permille = permilleDone(left, total);
  const bar = Math.trunc(permille / 50);
  const word = progress.kind === "verify" ? "verified" : "sync'ed";
  const percent = `${String(Math.trunc(permille / 10)).padStart(3)}.${permille % 10}%`;
  const amount =
    total > MANY_BITS ? `(${(left >>> 10) * BITMAP_KIB}/${(total >>> 10) * BITMAP_KIB})M` : `(${left * BITMAP_KIB}/${total * BITMAP_KIB})K`;
  const seconds = Math.max(0, Math.trunc(progress.finishSeconds));
  const finish = `${Math.trunc(seconds / 3600)}:${twoDigits(Math.trunc(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
  const want = progress.want === null ? "" : ` want: ${grouped(progress.want)}`;
  return [
    `\t[${"=".repeat(Math.max(0, bar - 1))}>${".".repeat(20 - bar)}] ${word}:${percent} ${amount}`,
    `\tfinish: ${finish} speed: ${grouped(progress.speed)} (${grouped(progress.averageSpeed)})${want} K/sec`,
  ];
}

/** The kernel's own coarse arithmetic: 1024 bits to a step, so it can say 50.0 % at the start and 100.0 % with 3 MiB left. */
function permilleDone(leftBits: number, totalBits: number): number {
  return 1000 - Math.trunc(((leftBits >>> 10) * 1000) / (1 + (totalBits >>> 10)));
}

function grouped(value: number): string {
  return String(Math.trunc(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
