// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, intOrNull } from "@/agent/collectors/text";
import type { DrbdCounters, DrbdDevice, DrbdModule, DrbdPeer, DrbdProgress } from "@/agent/protocol/model/drbd";
import { countOrNull, kibToBytes, percentDone } from "./numbers";
import { congestionWord, splitConnectionWord, writeOrderingWord } from "./words";

/** DRBD's own limit: 20 bits of minor. */
const MAX_MINOR = 1_048_576;
/** One bit of DRBD's bitmap stands for 4 KiB. */
const BITMAP_BIT_BYTES = 4096;

const HEADER = /^version:\s+(\S+)\s+\(api:(\d+)\/proto:(\d+)(?:-(\d+))?\)(?:\s*\(compat [\d.]+\))?$/;
const STATUS = /^(\d{1,9}):\s*cs:(\w+)\s+(?:ro|st):(\w+)\/(\w+)\s+(?:ds:(\w+)\/(\w+)|ld:(\w+))(.*)$/;
const UNCONFIGURED = /^(\d{1,9}):\s*cs:Unconfigured$/;
const COUNTER = /^([a-z]+):(?:(-?\d{1,20}|[a-z])|\[(-?\d{1,20});(-?\d{1,20})\])$/;
const PROGRESS = /(?:sync'ed|verified):\s*\d+\.\d+%\s*\((\d{1,16})\/(\d{1,16})\)([KM])(.*)$/;
const FINISH = /^finish:\s*(\S+)\s+speed:\s*(-?[\d,]+)\s*\([^()]*\)(?:\s*want:\s*-?[\d,]+)?\s*K\/sec(.*)$/;
const OLD_VERIFY = /^\d{1,3}%(?:\s+oos:\d+)?\s+(\d{1,16})\/(\d{1,16})$/;

function bad(what: string, line: string): ParseError {
  return new ParseError(`/proc/drbd: ${what}: ${excerpt(line)}`);
}

function generationOf(version: string): DrbdModule["generation"] | null {
  const word = /^(0\.7|8\.0|8\.2|8\.3|8\.4|9)\b/.exec(version)?.[1];
  switch (word) {
    case "0.7":
    case "8.0":
    case "8.2":
    case "8.3":
    case "8.4":
    case "9":
      return word;
    default:
      return null;
  }
}

/** The first line of the file. The generation is read from the version: `api:` says 1 for 8.4 and early 9 alike. @throws ParseError */
export function parseHeader(line: string): DrbdModule {
  const found = HEADER.exec(line);
  const version = found?.[1];
  if (!found || version === undefined) throw bad("the version line is not whole", line);
  const generation = generationOf(version);
  if (generation === null) throw bad("a DRBD version this agent does not know", line);
  return { version, generation, api: intOrNull(found[2]), protoMin: intOrNull(found[3]), protoMax: intOrNull(found[4]), build: null };
}

/** The build line under the version, or null when this is another line or a damaged one. */
export function parseBuild(line: string): string | null {
  if (line === "built-in") return line;
  if (/^srcversion:\s*[0-9A-Fa-f]+$/.test(line)) return line;
  return /^(?:GIT-hash|SVN Revision): .* \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(line) ? line : null;
}

function minorOf(printed: string | undefined, line: string): number {
  const minor = intOrNull(printed);
  if (minor === null || minor > MAX_MINOR) throw bad("no such minor", line);
  return minor;
}

/**
 * What follows the disk states: `␣C␣r-----`. One blank in place of the letter when there is no network configuration.
 * 8.0 to 8.3.0 print four flags, 8.3.1 to 8.3.8 five, later versions six.
 */
function parseTail(tail: string, module: DrbdModule | null, line: string): { protocol: DrbdPeer["protocol"]; flags: string } {
  // 8.3.1 prints a NUL as the fifth flag: trim() leaves it.
  const words = tail.trim().split(/\s+/);
  const flags = words.at(-1) ?? "";
  const letter = words.length === 2 ? words[0] : undefined;
  if (words.length > 2 || (letter !== undefined && !/^[ABC]$/.test(letter))) throw bad("protocol and flags not understood", line);
  if (!/^[rs][a-z-]{3}(?:[a-z\0\uFFFD-][a-z-]?)?$/.test(flags)) throw bad("flags not understood", line);
  if (module?.generation === "8.4" && flags.length !== 6) throw bad("flags cut short", line);
  return { protocol: letter === "A" || letter === "B" || letter === "C" ? letter : null, flags };
}

/**
 * One status line, `␣0: cs:… ro:…/… ds:…/… C r-----`; null when the line is not one.
 * 0.7 has `ld:` (is the local data consistent), which is no disk state: both disks are then "Unknown".
 * @throws ParseError when it begins like one but is not whole
 */
export function parseStatus(line: string, module: DrbdModule | null): DrbdDevice | null {
  if (!/^\d+:\s*cs:/.test(line)) return null;
  const base = { resource: null, volume: null, suspendedBy: [], sizeBytes: null, counters: null };
  const idle = UNCONFIGURED.exec(line);
  if (idle) {
    const states = { role: "Unknown", disk: "Unknown", suspended: false, unconfigured: true, activityLogSuspended: false };
    return { minor: minorOf(idle[1], line), ...base, ...states, cs: "Unconfigured", peers: [] };
  }
  const found = STATUS.exec(line);
  const [, minor, cs, role, peerRole, disk, peerDisk, localData, tail] = found ?? [];
  if (cs === undefined || role === undefined || peerRole === undefined || tail === undefined) throw bad("a device line is not whole", line);
  if (localData !== undefined && tail.trim() !== "") throw bad("a device line is not understood", line);
  const { protocol, flags } = localData === undefined ? parseTail(tail, module, line) : { protocol: null, flags: "" };
  const suspended = flags[0] === "s";
  const pausedBy: DrbdPeer["pausedBy"] = [];
  if (flags[1] === "a") pausedBy.push("dependency");
  if (flags[2] === "p") pausedBy.push("peer");
  if (flags[3] === "u") pausedBy.push("user");
  const peer: DrbdPeer = {
    name: null,
    ...splitConnectionWord(cs),
    role: peerRole,
    disk: peerDisk ?? "Unknown",
    protocol,
    outOfSyncBytes: null,
    pausedBy,
    congested: congestionWord(flags[4]),
    progress: null,
  };
  return {
    minor: minorOf(minor, line),
    ...base,
    role,
    disk: disk ?? "Unknown",
    suspended,
    suspendedBy: suspended ? ["unknown"] : [],
    unconfigured: false,
    activityLogSuspended: flags[5] === "s",
    cs,
    peers: [peer],
  };
}

/** The counters of a device. `perPeer`: in DRBD 9's debugfs form, where one minor has a block for each peer. */
export interface CountersLine {
  counters: DrbdCounters;
  outOfSyncBytes: number | null;
  perPeer: boolean;
}

/**
 * `ns:… nr:… … ap:…[ ep: wo: oos:]`.
 * Units: ns, nr, dw, dr and oos are KiB in the text.
 * @throws ParseError when one that every version prints is missing: the line was wrapped or cut
 */
export function parseCounters(line: string, mustHaveOutOfSync: boolean): CountersLine {
  const values = new Map<string, string>();
  let perPeer = false;
  for (const word of line.split(/\s+/)) {
    const [, key, plain, first, second] = COUNTER.exec(word) ?? [];
    if (key === undefined || values.has(key)) throw bad("counters not understood", line);
    if (plain === undefined) perPeer = true;
    // pe:[application;resync] and ap:[writes;reads]: 8.x prints the sum.
    values.set(key, plain ?? String(Number(first) + Number(second)));
  }
  const needed = ["ns", "nr", "dw", "dr", "al", "bm", "lo", "pe", "ua", "ap", ...(mustHaveOutOfSync ? ["oos"] : [])];
  for (const key of needed) if (!values.has(key)) throw bad("the counters are not whole", line);
  const count = (key: string) => intOrNull(values.get(key));
  return {
    counters: {
      networkSentBytes: kibToBytes(count("ns")),
      networkReceivedBytes: kibToBytes(count("nr")),
      diskWrittenBytes: kibToBytes(count("dw")),
      diskReadBytes: kibToBytes(count("dr")),
      activityLogWrites: count("al"),
      bitmapWrites: count("bm"),
      localPending: count("lo"),
      peerPending: count("pe"),
      unacknowledged: count("ua"),
      applicationPending: count("ap"),
      epochs: count("ep"),
      writeOrdering: writeOrderingWord(values.get("wo")),
    },
    outOfSyncBytes: kibToBytes(countOrNull(values.get("oos"))),
    perPeer,
  };
}

/** `[==>...] sync'ed: 34.9% (left/total)K`; `rest` is what follows on the same line. @throws ParseError */
export function parseProgress(line: string, kind: DrbdProgress["kind"]): { progress: DrbdProgress; rest: string } {
  const [, left, total, unit, rest] = PROGRESS.exec(line) ?? [];
  if (left === undefined || total === undefined) throw bad("a progress line is not whole", line);
  const unitBytes = unit === "M" ? 1024 * 1024 : 1024;
  return { progress: progressOf(kind, Number(left) * unitBytes, Number(total) * unitBytes), rest: (rest ?? "").trim() };
}

/** The verify line of 8.0 to 8.3.9, `␣␣7%      done/total` in bits of the bitmap; null when the line is not one. */
export function parseOldVerify(line: string): DrbdProgress | null {
  const [, done, total] = OLD_VERIFY.exec(line) ?? [];
  if (done === undefined || total === undefined) return null;
  const totalBytes = Number(total) * BITMAP_BIT_BYTES;
  return progressOf("verify", Math.max(0, totalBytes - Number(done) * BITMAP_BIT_BYTES), totalBytes);
}

function progressOf(kind: DrbdProgress["kind"], leftBytes: number, totalBytes: number): DrbdProgress {
  const percent = percentDone(leftBytes, totalBytes);
  return { kind, percent, leftBytes, totalBytes, rateBytesPerSec: null, etaSeconds: null, stalled: false };
}

/**
 * `finish: h:mm:ss speed: S (L)[ want: W] K/sec[ (stalled)]`; the time may be ∞.
 * Groups of thousands are not checked: up to 8.3.9 prints `1024,000`. From 1,000,000 on 8.3.10 and the first 8.4.0
 * candidates print wrong digits after the first comma: such a rate is null.
 * @throws ParseError when the line is not whole
 */
export function parseFinish(line: string, module: DrbdModule | null): Pick<DrbdProgress, "rateBytesPerSec" | "etaSeconds" | "stalled"> {
  const [, finish, speed, rest] = FINISH.exec(line) ?? [];
  if (finish === undefined || speed === undefined || rest === undefined) throw bad("a finish line is not whole", line);
  const stalled = rest.includes("(stalled)");
  if (!stalled && rest.includes("(")) throw bad("a finish line is not whole", line);
  const [, hours, minutes, seconds] = /^(\d{1,10}):(\d\d):(\d\d)$/.exec(finish) ?? [];
  const hasWrongDigits = /^8\.(?:3\.10\b|4\.0rc[12]\b)/.test(module?.version ?? "") && speed.split(",").length > 2;
  return {
    rateBytesPerSec: hasWrongDigits ? null : kibToBytes(intOrNull(speed.replaceAll(",", ""))),
    etaSeconds: hours === undefined ? null : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
    stalled,
  };
}
