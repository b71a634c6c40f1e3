// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, finishedLines, intOrNull } from "@/agent/collectors/text";

/** A number with decimals as /proc prints it; null for anything else. */
function decimalOrNull(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : null;
}

/** One word on one line: a kernel release, a boot id. @throws ParseError when it is empty or more than one word. */
export function parseWord(what: string, text: string): string {
  const [word = "", ...rest] = finishedLines(what, text);
  if (!/^\S{1,200}$/.test(word) || rest.length > 0) throw new ParseError(`${what} is ${excerpt(text)}`);
  return word;
}

/** One whole number on one line, as sysfs prints attributes. @throws ParseError when it is not one. */
export function parseNumber(what: string, text: string): number {
  const number = intOrNull(finishedLines(what, text).join("\n").trim());
  if (number === null) throw new ParseError(`${what} is ${excerpt(text)}`);
  return number;
}

/**
 * The first number of `/proc/uptime` (seconds since boot) or `/proc/loadavg` (load over one minute).
 * Source: fs/proc/uptime.c, fs/proc/loadavg.c.
 * @throws ParseError when the text does not begin with a number.
 */
export function parseFirstNumber(what: string, text: string): number {
  const number = decimalOrNull(finishedLines(what, text)[0]?.trim().split(/\s+/)[0]);
  if (number === null) throw new ParseError(`${what} is ${excerpt(text)}`);
  return number;
}

export interface Memory {
  totalBytes: number | null;
  availableBytes: number | null;
}

/**
 * Shape: `Key:   n kB` lines. Units: "kB" here is 1,024 bytes. MemAvailable is there from Linux 3.14.
 * Source: fs/proc/meminfo.c.
 * @throws ParseError when there is no MemTotal line.
 */
export function parseMeminfo(text: string): Memory {
  const lines = finishedLines("/proc/meminfo", text);
  const bytes = (key: string) => {
    const kib = lines.map((line) => new RegExp(`^${key}:\\s+(\\d{1,12}) kB$`).exec(line)?.[1]).find((found) => found !== undefined);
    return kib === undefined ? null : Number(kib) * 1_024;
  };
  const totalBytes = bytes("MemTotal");
  if (totalBytes === null) throw new ParseError("/proc/meminfo has no MemTotal line");
  return { totalBytes, availableBytes: bytes("MemAvailable") };
}

/**
 * The share of the last 10 s in which some task waited.
 * Shape: `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`, then `full …`. Source: kernel/sched/psi.c, Linux 4.20+.
 * @throws ParseError when there is no such line.
 */
export function parsePressure(what: string, text: string): number {
  const line = finishedLines(what, text).find((one) => one.startsWith("some "));
  const percent = decimalOrNull(/ avg10=(\S+)/.exec(line ?? "")?.[1]);
  if (percent === null) throw new ParseError(`${what} is ${excerpt(text)}`);
  return Math.min(percent, 100);
}

/**
 * How many CPUs are in a list.
 * Shape: `0-3,8` (ranges and single numbers). Source: bitmap_print_to_pagebuf, lib/bitmap.c.
 * @throws ParseError when it is not such a list, or is empty.
 */
export function parseCpuList(what: string, text: string): number {
  const parts = finishedLines(what, text).join("\n").trim().split(",");
  let cpus = 0;
  for (const part of parts) {
    const [, first, last] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part) ?? [];
    const count = first === undefined ? 0 : Number(last ?? first) - Number(first) + 1;
    if (count < 1) throw new ParseError(`${what} is ${excerpt(text)}`);
    cpus += count;
  }
  return cpus;
}

/** The CPUs of `/proc/stat`: its `cpuN` lines. Source: fs/proc/stat.c. @throws ParseError when there is none. */
export function parseStatCpus(text: string): number {
  const cpus = finishedLines("/proc/stat", text).filter((line) => /^cpu\d+ /.test(line)).length;
  if (cpus === 0) throw new ParseError("/proc/stat has no cpu line");
  return cpus;
}
