// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, finishedLines, intOrNull } from "@/agent/collectors/text";
import type { HostFacts, HostInterface } from "@/agent/protocol/model/host";

/** What `/proc/net/dev` counts of one interface since it came up. */
export interface Counted {
  receivedBytes: number;
  receiveErrors: number;
  receiveDrops: number;
  sentBytes: number;
  sendErrors: number;
  sendDrops: number;
}

/** Fields behind the name: bytes packets errs drop fifo frame compressed multicast, then the same eight for sending. */
const FIELDS = 16;

/**
 * The counters of every interface.
 * Shape: two lines of heads, then `name: 8 numbers received, 8 sent`; a large first number may touch the colon.
 * Source: dev_seq_printf_stats, net/core/net-procfs.c, Linux 3.10 to 6.12; 64-bit on all of these.
 * @throws ParseError when a line after the heads is not of that shape
 */
export function parseNetDev(text: string): ReadonlyMap<string, Counted> {
  const counted = new Map<string, Counted>();
  for (const line of finishedLines("/proc/net/dev", text).slice(2)) {
    const at = line.lastIndexOf(":");
    const name = line.slice(0, at).trim();
    const numbers = line
      .slice(at + 1)
      .trim()
      .split(/\s+/)
      .map(intOrNull);
    const [receivedBytes, , receiveErrors, receiveDrops, , , , , sentBytes, , sendErrors, sendDrops] = numbers;
    if (at < 1 || name === "" || numbers.length !== FIELDS || numbers.some((one) => one === null || one < 0))
      throw new ParseError(`/proc/net/dev holds ${excerpt(line)}`);
    counted.set(name, {
      receivedBytes: receivedBytes ?? 0,
      receiveErrors: receiveErrors ?? 0,
      receiveDrops: receiveDrops ?? 0,
      sentBytes: sentBytes ?? 0,
      sendErrors: sendErrors ?? 0,
      sendDrops: sendDrops ?? 0,
    });
  }
  return counted;
}

/** The byte counters behind a reading: nobody but the next reading needs them, so they are not sent. */
const counters = new WeakMap<HostFacts, ReadonlyMap<string, Counted>>();

export function rememberCounters(value: HostFacts, counted: ReadonlyMap<string, Counted>): HostFacts {
  counters.set(value, counted);
  return value;
}

/** An interface's traffic; rates over the time since `before`, where that was the same boot and the counters grew. */
export function trafficOf(
  name: string,
  counted: ReadonlyMap<string, Counted> | null,
  uptimeSeconds: number | null,
  before: HostFacts | null,
): NonNullable<HostInterface["traffic"]> | null {
  const now = counted?.get(name);
  if (!now) return null;
  const was = before ? counters.get(before)?.get(name) : undefined;
  const seconds = uptimeSeconds !== null && before?.uptimeSeconds != null ? uptimeSeconds - before.uptimeSeconds : 0;
  const rate = (bytes: number, earlier: number | undefined) =>
    earlier === undefined || seconds <= 0 || bytes < earlier ? null : Math.round((bytes - earlier) / seconds);
  return {
    receivedBytesPerSec: rate(now.receivedBytes, was?.receivedBytes),
    sentBytesPerSec: rate(now.sentBytes, was?.sentBytes),
    receiveErrors: now.receiveErrors,
    sendErrors: now.sendErrors,
    receiveDrops: now.receiveDrops,
    sendDrops: now.sendDrops,
  };
}
