// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, intOrNull, MAX_LINE_CHARS } from "@/agent/collectors/text";
import { plainText } from "@/agent/plain-text";
import type { KernelLine } from "@/agent/protocol/model/kernel-log";
import { topicOf } from "./topic";

const RECORD = /^(\d{1,10}),(\d{1,16}),(\d{1,16}),[^;]*;([^\n]*)/;

/** Longest text kept of a line; the contract's bound. */
const MAX_TEXT_CHARS = 1_000;

/**
 * Parses one record of `/dev/kmsg`; null when it concerns nothing of ours.
 *
 * Shape: `pri,seq,usec,flags[,more…];text`; bytes that are not printable ASCII, and the backslash, are `\xHH`. Lines beginning
 * with a blank are the record's dictionary (device names), not text. `pri` is facility × 8 + level: facility 0 is the kernel,
 * anything else was written by a program.
 * Units: usec since boot; `bootMs` is the wall clock at boot, epoch ms.
 * Source: Documentation/ABI/testing/dev-kmsg, kernel/printk/printk.c, Linux 3.5+.
 * @throws ParseError when it is not such a record.
 */
export function parseKernelLine(record: string, bootMs: number): KernelLine | null {
  if (record === "" || record.startsWith(" ") || record.startsWith("\t")) return null;
  if (record.length > 2 * MAX_LINE_CHARS) throw new ParseError("kernel log: a record is longer than the kernel makes them");
  const [, pri, seq, usec, escaped = ""] = RECORD.exec(record) ?? [];
  const [priority, kmsgSeq, micros] = [intOrNull(pri), intOrNull(seq), intOrNull(usec)];
  if (priority === null || kmsgSeq === null || micros === null) throw new ParseError(`kernel log: ${excerpt(record)} is not a record`);
  if (priority > 7) return null; // a facility other than the kernel's: a program's words
  const text = plainText(unescapeText(escaped), MAX_TEXT_CHARS);
  const topic = topicOf(text);
  return topic === null ? null : { kmsgSeq, atMs: Math.round(bootMs + micros / 1_000), priority, topic, text };
}

/** A record's number and time, whatever it is about; null when it is not the beginning of a record. Units: as above. */
export function parsePlace(record: string, bootMs: number): { kmsgSeq: number; atMs: number } | null {
  const [, , seq, usec] = RECORD.exec(record.slice(0, 2 * MAX_LINE_CHARS)) ?? [];
  const [kmsgSeq, micros] = [intOrNull(seq), intOrNull(usec)];
  return kmsgSeq === null || micros === null ? null : { kmsgSeq, atMs: Math.round(bootMs + micros / 1_000) };
}

/** Undoes the kernel's `\xHH`. Runs of them are bytes of UTF-8; what is not UTF-8 becomes replacement characters. */
function unescapeText(escaped: string): string {
  return escaped.replace(/(?:\\x[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("\\x", ""), "hex").toString("utf8"));
}
