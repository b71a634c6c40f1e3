// SPDX-License-Identifier: Apache-2.0
import { type Collector, defineCollector, type Lost, ParseError } from "@/agent/collectors/define";
import { parseFirstNumber } from "@/agent/collectors/host/parse";
import { collectErrorCode } from "@/agent/collectors/unread";
import { type Host, HostError } from "@/agent/host/host";
import type { KernelLine } from "@/agent/protocol/model/kernel-log";
import { parseKernelLine, parsePlace } from "./parse";

const PATH = "/dev/kmsg";
const NEWEST = 50;
/** A recorded log is a plain file; the kernel's own buffer is seldom above 1 MiB of text. */
const MAX_LOG_BYTES = 16 * 1024 * 1024;
/** The device says nowhere that it has come to its end: so long without a record counts as that. */
const QUIET_MS = 500;

/** A wall clock that was set, or another boot under the same agent: from here on lines are dated anew. */
const CLOCK_MOVED_MS = 2_000;

/** The kernel log. `quietMs` is for tests. */
export function defineKernelLog(quietMs = QUIET_MS): Collector<"kernelLog"> {
  const kept = keeper();
  let streams = 0;
  let bootMs: number | null = null;
  /** Streams that could not start because nothing told when the node was booted. */
  let waiting: Array<() => void> = [];

  /** Learns when the node was booted, keeps it steady against small jitter, and lets waiting streams begin. */
  async function learnBoot(host: Host): Promise<number> {
    const now = await bootWallClock(host);
    if (bootMs === null || Math.abs(now - bootMs) > CLOCK_MOVED_MS) bootMs = now;
    const begin = waiting;
    waiting = [];
    for (const start of begin) start();
    return bootMs;
  }

  return defineCollector({
    name: "kernelLog",
    reads: PATH,
    everyMs: 5_000,
    timeoutMs: 10_000,
    async read(host) {
      const isStreaming = streams > 0 && kept.hasHeard();
      const text = await readLog(host, isStreaming);
      if (text === null) return null;
      const boot = await learnBoot(host);
      if (typeof text === "string") {
        const recorded = keeper();
        for (const record of text.split("\n").slice(0, -1)) recorded.hear(record, boot);
        return { lines: recorded.newest() };
      }
      if (streams > 0) return { lines: kept.newest() };
      if (!host.isReal) throw new HostError("HOST_READ", `${PATH} is a stream, and no agent follows it here`);
      return { lines: await replay(host, boot, quietMs) };
    },
    stream(host, emit, signal, lost) {
      if (signal.aborted) return;
      streams += 1;
      signal.addEventListener("abort", () => (streams -= 1), { once: true });
      waiting.push(() => {
        const count = counter();
        const heard = (record: string) => {
          if (bootMs === null) return;
          const { missing, isOld } = count(record, bootMs);
          // Only the kernel numbers without a hole and never again; a recorded log may have been picked from many records.
          if (host.isReal && isOld) return;
          if (missing !== null && host.isReal) lost?.(missing);
          const line = kept.hear(record, bootMs);
          if (line !== null) emit(line);
        };
        host.follow({ path: PATH, from: "start" }, heard, signal);
      });
      // Where the boot's time cannot be had now, the stream waits for a `read` that can; until then `read` says what is wrong.
      learnBoot(host).catch(swallowReadFailure);
    },
    // Each line travels by itself, journalled, the moment it is printed. The reading only repeats the newest of them, so a
    // change of it is never an event of its own.
    steady: () => null,
  });
}

export const kernelLog = defineKernelLog();

/** What `readLog` gives for a log that has no end. */
const STREAM = Symbol("a log without an end");

/**
 * The whole of a recorded log; `STREAM` for the device, a FIFO, or any log that a stream is bringing; null when there is none.
 * Asked on every read: a stream whose device was taken away or forbidden has no word of its own for that.
 * @throws HostError when this user may not open it
 */
async function readLog(host: Host, isStreaming: boolean): Promise<string | typeof STREAM | null> {
  try {
    const text = await host.read(PATH, { maxBytes: isStreaming ? 1 : MAX_LOG_BYTES, mayBeUnfinished: true });
    return isStreaming && text !== null ? STREAM : text;
  } catch (error) {
    // It may be opened, but has no end (the device, a FIFO) or is longer than asked for: that is all that is asked of it here.
    if (error instanceof HostError && (error.code === "HOST_READ" || error.code === "HOST_TOO_LARGE")) return STREAM;
    throw error;
  }
}

function swallowReadFailure(error: unknown): void {
  if (collectErrorCode(error) === null) throw error;
}

/** Remembers the newest lines of ours. */
function keeper() {
  let heard = false;
  const lines: KernelLine[] = [];
  return {
    hasHeard: () => heard,
    newest: (): KernelLine[] => [...lines],
    /** The line, when the record is one of ours and new. */
    hear(record: string, bootMs: number): KernelLine | null {
      heard = true;
      const line = lineOrNull(record, bootMs);
      if (line === null) return null;
      // A follower that had to start again begins with the buffer's oldest record.
      if (lines.some((known) => known.kmsgSeq === line.kmsgSeq && known.text === line.text)) return null;
      lines.push(line);
      if (lines.length > NEWEST) lines.shift();
      return line;
    },
  };
}

/**
 * Watches the kernel's numbering of all its records: a jump is records that were overwritten before they were read, and a number
 * from before is a follower that had to start again, with the buffer's oldest record.
 */
function counter() {
  let newest: { kmsgSeq: number; atMs: number } | null = null;
  return (record: string, bootMs: number): { missing: Lost | null; isOld: boolean } => {
    const place = parsePlace(record, bootMs);
    if (place === null) return { missing: null, isOld: false };
    if (newest !== null && place.kmsgSeq <= newest.kmsgSeq) return { missing: null, isOld: true };
    const before = newest;
    newest = place;
    if (before === null || place.kmsgSeq === before.kmsgSeq + 1) return { missing: null, isOld: false };
    const missing = { fromMs: before.atMs, toMs: Math.max(before.atMs, place.atMs), count: place.kmsgSeq - before.kmsgSeq - 1 };
    return { missing, isOld: false };
  };
}

/** One damaged record (a torn write into a recorded log) must not hide the others. */
function lineOrNull(record: string, bootMs: number): KernelLine | null {
  try {
    return parseKernelLine(record, bootMs);
  } catch (error) {
    if (error instanceof ParseError) return null; // not a record: nothing of it can be dated or trusted
    throw error;
  }
}

/** When this boot began, epoch ms: the node's clock less its uptime. @throws HostError when the uptime cannot be had */
async function bootWallClock(host: Host): Promise<number> {
  const text = await host.read("/proc/uptime");
  if (text === null) throw new HostError("HOST_READ", "/proc/uptime is not there, so no kernel line can be dated");
  return Math.round(host.now() - parseFirstNumber("/proc/uptime", text) * 1_000);
}

/** What the kernel's buffer holds now, for a reading without a stream: follows it until it has been quiet for a moment. */
function replay(host: Host, bootMs: number, quietMs: number): Promise<KernelLine[]> {
  return new Promise((resolve) => {
    const buffer = keeper();
    const following = new AbortController();
    const isQuiet = () => {
      following.abort();
      resolve(buffer.newest());
    };
    let timer = setTimeout(isQuiet, quietMs);
    host.follow(
      { path: PATH, from: "start" },
      (record) => {
        buffer.hear(record, bootMs);
        clearTimeout(timer);
        timer = setTimeout(isQuiet, quietMs);
      },
      following.signal,
    );
  });
}
