// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, finishedLines } from "@/agent/collectors/text";
import type { DrbdDevice, DrbdModule, DrbdPeer, DrbdProgress } from "@/agent/protocol/model/drbd";
import { sumOrNull } from "./numbers";
import {
  type CountersLine,
  parseBuild,
  parseCounters,
  parseFinish,
  parseHeader,
  parseOldVerify,
  parseProgress,
  parseStatus,
} from "./proc-lines";
import { runOf } from "./words";

interface ProcDrbd {
  /** Null when the text has status lines only (a piece of the file, DRBD 9's debugfs). */
  module: DrbdModule | null;
  devices: DrbdDevice[];
}

/** One block while its lines come in. */
interface Block {
  device: DrbdDevice;
  peer: DrbdPeer | null;
  hasRole83: boolean;
  counters: CountersLine | null;
  progress: DrbdProgress | null;
  hasFinish: boolean;
}

/**
 * Parses `/proc/drbd` of DRBD 0.7 to 8.4, of DRBD 9 (head and transports only, or 8.4-compatible), and the blocks of DRBD 9's
 * debugfs, alone or under the head.
 *
 * Shape: two head lines, then per device a status line, a counters line and, while it syncs or verifies, progress lines.
 * Blank lines and lines we do not know are skipped; a line we know that is not whole is refused.
 * Units: KiB in the text, bytes here. The percentage is computed from (left/total): the kernel's is as coarse as 4 MiB.
 * Source: drbd_proc.c of 0.7, 8.0 to 8.4 and 9; drbd_debugfs.c of 9.
 * @throws ParseError for an unfinished line, or when there is neither head nor device
 */
export function parseProcDrbd(text: string): ProcDrbd {
  const fold = new Fold();
  for (const raw of finishedLines("/proc/drbd", text)) {
    const line = raw.trim();
    if (line !== "") fold.take(line);
  }
  return fold.finish();
}

class Fold {
  private module: DrbdModule | null = null;
  private buildIsNext = false;
  private readonly blocks: Block[] = [];

  take(line: string): void {
    if (line.startsWith("version:")) this.header(line);
    else if (!this.takeBuild(line) && !this.takeDevice(line)) this.takeDetail(line);
  }

  /** The build line comes right after the version line, or not at all. */
  private takeBuild(line: string): boolean {
    if (!this.module || !this.buildIsNext) return false;
    this.buildIsNext = false;
    const build = parseBuild(line);
    if (build !== null) this.module = { ...this.module, build };
    return build !== null;
  }

  private takeDevice(line: string): boolean {
    const device = parseStatus(line, this.module);
    if (device === null) return false;
    const hasRole83 = / ro:/.test(line);
    this.blocks.push({ device, peer: device.peers[0] ?? null, hasRole83, counters: null, progress: null, hasFinish: false });
    return true;
  }

  private takeDetail(line: string): void {
    if (line.startsWith("ns:")) this.counters(line);
    else if (/sync'ed:|verified:/.test(line)) this.progress(line);
    else if (line.startsWith("finish:")) this.finishLine(line);
    else if (line === "stalled") this.stalled(line);
    else if (/^\d+%/.test(line)) this.oldVerify(line);
    // Two lines glued together by a mail program or a terminal: skipping them would lose a device without a word.
    else if (/\bcs:\w|\bns:\d|\boos:\d/.test(line)) throw new ParseError(`/proc/drbd: a line is not understood: ${excerpt(line)}`);
  }

  finish(): ProcDrbd {
    if (!this.module && this.blocks.length === 0) throw new ParseError("/proc/drbd: neither a version line nor a device line");
    const devices = new Map<number, { device: DrbdDevice; perPeer: boolean }>();
    for (const block of this.blocks) {
      const device = deviceOf(block);
      const perPeer = block.counters?.perPeer ?? false;
      const before = devices.get(device.minor);
      if (before && !(before.perPeer && perPeer)) throw new ParseError(`/proc/drbd: minor ${device.minor} is there twice`);
      devices.set(device.minor, { device: before ? withPeerOf(before.device, device) : device, perPeer });
    }
    return { module: this.module, devices: [...devices.values()].map((entry) => entry.device) };
  }

  private header(line: string): void {
    if (this.module || this.blocks.length > 0) throw new ParseError("/proc/drbd: a second version line");
    this.module = parseHeader(line);
    this.buildIsNext = true;
  }

  /** The block a detail line belongs to. */
  private current(line: string): Block {
    const block = this.blocks.at(-1);
    if (!block?.peer) throw new ParseError(`/proc/drbd: details without a device: ${excerpt(line)}`);
    return block;
  }

  private counters(line: string): void {
    const block = this.current(line);
    if (block.counters) throw new ParseError(`/proc/drbd: counters twice for minor ${block.device.minor}`);
    // 8.3 renamed st: to ro: and prints oos: always.
    block.counters = parseCounters(line, block.hasRole83);
  }

  private progress(line: string): void {
    const block = this.current(line);
    if (block.progress) throw new ParseError(`/proc/drbd: progress twice for minor ${block.device.minor}`);
    const isVerify = line.includes("verified:") || runOf(block.peer?.replication ?? "") === "verify";
    const { progress, rest } = parseProgress(line, isVerify ? "verify" : "resync");
    block.progress = progress;
    // One in-tree kernel lost the line break before "finish:".
    if (rest.startsWith("finish:")) this.finishLine(rest);
  }

  private finishLine(line: string): void {
    const block = this.current(line);
    if (!block.progress || block.hasFinish) throw new ParseError(`/proc/drbd: a finish line without progress: ${excerpt(line)}`);
    block.progress = { ...block.progress, ...parseFinish(line, this.module) };
    block.hasFinish = true;
  }

  private stalled(line: string): void {
    const block = this.current(line);
    if (block.progress) block.progress = { ...block.progress, stalled: true };
  }

  private oldVerify(line: string): void {
    const block = this.blocks.at(-1);
    if (!block?.peer || runOf(block.peer.replication) !== "verify" || block.progress) return;
    block.progress = parseOldVerify(line);
  }
}

function deviceOf(block: Block): DrbdDevice {
  if (!block.peer) return block.device;
  const outOfSyncBytes = block.counters?.outOfSyncBytes ?? null;
  const peer = { ...block.peer, outOfSyncBytes, progress: block.progress && inTrueUnit(block.progress, outOfSyncBytes) };
  return { ...block.device, counters: block.counters?.counters ?? null, peers: [peer] };
}

/**
 * Texts of 8.3.1 print "(346112/524288)M" beside oos:346112, which is KiB: what a resync has left is what is out of sync, so a
 * left that is exactly a thousand-and-twenty-four times that is KiB under the wrong letter.
 */
function inTrueUnit(progress: DrbdProgress, outOfSyncBytes: number | null): DrbdProgress {
  const isWrongLetter = progress.kind === "resync" && progress.leftBytes > 0 && progress.leftBytes === (outOfSyncBytes ?? 0) * 1024;
  return isWrongLetter ? { ...progress, leftBytes: progress.leftBytes / 1024, totalBytes: progress.totalBytes / 1024 } : progress;
}

/** DRBD 9's debugfs has one block per peer of a minor: the traffic adds up, what is the device's own is printed in each. */
export function withPeerOf(device: DrbdDevice, other: DrbdDevice): DrbdDevice {
  const [a, b] = [device.counters, other.counters];
  if (!a || !b || device.role !== other.role || device.disk !== other.disk)
    throw new ParseError(`/proc/drbd: two blocks of minor ${device.minor} contradict each other`);
  const counters = {
    ...a,
    networkSentBytes: sumOrNull([a.networkSentBytes, b.networkSentBytes]),
    networkReceivedBytes: sumOrNull([a.networkReceivedBytes, b.networkReceivedBytes]),
    peerPending: sumOrNull([a.peerPending, b.peerPending]),
    unacknowledged: sumOrNull([a.unacknowledged, b.unacknowledged]),
  };
  return { ...device, counters, peers: [...device.peers, ...other.peers] };
}
