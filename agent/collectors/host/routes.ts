// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, finishedLines } from "@/agent/collectors/text";
import type { HostFacts } from "@/agent/protocol/model/host";

type Route = NonNullable<HostFacts["routes"]>[number];

/** More than any storage node has: a router's table is no table of links. */
const MAX_ROUTES = 64;
/** Route is usable. Source: RTF_UP, include/uapi/linux/route.h. */
const UP = 1;

/**
 * `/proc/net/route`: the main table of IPv4, a line per route under a line of names.
 *
 * Shape: Iface, Destination, Gateway, Flags, RefCnt, Use, Metric, Mask … in columns; addresses as eight hex digits in the
 * machine's byte order, which is read as little-endian.
 * Source: fib_route_seq_show, net/ipv4/fib_trie.c, Linux 5.15 to 6.12.
 * @throws ParseError for a line that is none, and where the masks show another byte order.
 */
export function parseRoutes(text: string): Route[] {
  const [head = "", ...lines] = finishedLines("/proc/net/route", text);
  if (!/^Iface\s+Destination\s+Gateway\s+Flags\s.*\sMask\s/.test(head))
    throw new ParseError(`/proc/net/route begins with ${excerpt(head)}`);
  return lines.slice(0, MAX_ROUTES).flatMap((line) => {
    const [name = "", destination = "", , flags = "", , , , mask = ""] = line.trim().split(/\s+/);
    if (!/^[0-9A-F]{8}$/i.test(destination) || !/^[0-9A-F]{8}$/i.test(mask) || !/^[0-9A-F]{4}$/i.test(flags))
      throw new ParseError(`no route: ${excerpt(line)}`);
    const prefixLength = lengthOf(mask);
    if (prefixLength === null) throw new ParseError(`no mask: ${excerpt(mask)}`);
    return Number.parseInt(flags, 16) & UP ? [{ interface: name, destination: bytesOf(destination).join("."), prefixLength }] : [];
  });
}

function bytesOf(hex: string): number[] {
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}

function lengthOf(mask: string): number | null {
  const bits = bytesOf(mask)
    .map((byte) => byte.toString(2).padStart(8, "0"))
    .join("");
  return /^1*0*$/.test(bits) ? bits.replaceAll("0", "").length : null;
}
