// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, finishedLines } from "@/agent/collectors/text";
import { readPart } from "@/agent/collectors/unread";
import type { Host } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";
import type { HostFacts } from "@/agent/protocol/model/host";

type Address = NonNullable<HostFacts["addresses"]>[number];
type Routes = NonNullable<HostFacts["routes"]>;

const V4 = "/proc/net/fib_trie";
const V6 = "/proc/net/if_inet6";
/** Nobody rings when an address comes or goes; a path is no faster found than this. */
const EVERY_MS = 30_000;
/** A router's table is no table of a storage node's addresses. */
const MAX_BYTES = 512 * 1024;
const MAX_ADDRESSES = 64;
/** Scopes and flags of if_inet6. Source: include/net/ipv6.h (IPV6_ADDR_LINKLOCAL), include/uapi/linux/if_addr.h (IFA_F_TEMPORARY). */
const LINK_LOCAL = 0x20;
const LOOPBACK = 0x10;
const TEMPORARY = 0x01;

const lastRead = new WeakMap<Host, { atMs: number; addresses: Address[] }>();

/** The node's own addresses and the interfaces that have them; null where neither table is there. */
export async function readAddresses(host: Host, routes: Routes | null, problems: Unread[]): Promise<Address[] | null> {
  const known = lastRead.get(host);
  const ageMs = known ? host.now() - known.atMs : -1;
  // A clock set back makes the age negative: ask.
  if (known && ageMs >= 0 && ageMs < EVERY_MS) return known.addresses;
  lastRead.delete(host);
  const atMs = host.now();
  const failures: Unread[] = [];
  const [four, six] = await Promise.all([
    readPart(failures, V4, async () => {
      const text = await host.read(V4, { maxBytes: MAX_BYTES });
      return text === null ? null : parseFibTrie(text);
    }),
    readPart(failures, V6, async () => {
      const text = await host.read(V6, { maxBytes: MAX_BYTES });
      return text === null ? null : parseIfInet6(text);
    }),
  ]);
  problems.push(...failures);
  if (four === null && six === null) return null;
  const own = (four ?? []).map((address) => ({ address, ...placeOf(address, routes ?? []) }));
  const addresses = [...own, ...(six ?? [])].slice(0, MAX_ADDRESSES);
  if (failures.length === 0) lastRead.set(host, { atMs, addresses });
  return addresses;
}

/**
 * `/proc/net/fib_trie`: the addresses that are this node's own, loopback left out, sorted.
 * Shape: a tree of leaves, `|-- 10.20.5.11` with `/32 host LOCAL` below it; the tables of one text repeat each other.
 * Source: fib_trie_seq_show, net/ipv4/fib_trie.c, Linux 2.6.39 to 6.12.
 * @throws ParseError where it does not begin with a table, or ends in the middle of a line
 */
export function parseFibTrie(text: string): string[] {
  const lines = text === "" ? [] : finishedLines(V4, text);
  if (lines.length > 0 && !/^(?:Main|Local|Id \d+):$/.test(lines[0] ?? ""))
    throw new ParseError(`${V4} begins with ${excerpt(lines[0] ?? "")}`);
  const found = new Set<string>();
  let leaf: string | null = null;
  for (const line of lines) {
    const address = /^\s*\|-- (\d{1,3}(?:\.\d{1,3}){3})$/.exec(line)?.[1];
    if (address !== undefined) leaf = address;
    else if (leaf !== null && /^\s*\/32 host LOCAL\b/.test(line) && !leaf.startsWith("127.")) found.add(leaf);
  }
  return [...found].sort();
}

/**
 * `/proc/net/if_inet6`: a line per address: 32 hex digits, the interface's number, prefix length, scope, flags, its name. Left
 * out are those of one link alone, loopback's, and those that a privacy extension makes for a day.
 * Source: if6_seq_show, net/ipv6/addrconf.c, Linux 2.6.32 to 6.12.
 * @throws ParseError for a line that is none
 */
export function parseIfInet6(text: string): Address[] {
  return (text === "" ? [] : finishedLines(V6, text)).flatMap((line) => {
    const [, digits = "", length = "", scope = "", flags = "", name = ""] =
      /^([0-9a-f]{32}) [0-9a-f]{2,} ([0-9a-f]{2}) ([0-9a-f]{2}) ([0-9a-f]{2,}) +(\S+)$/.exec(line) ?? [];
    if (name === "") throw new ParseError(`${V6}: no address: ${excerpt(line)}`);
    const isOwn = ![LINK_LOCAL, LOOPBACK].includes(Number.parseInt(scope, 16)) && (Number.parseInt(flags, 16) & TEMPORARY) === 0;
    return isOwn ? [{ address: shortened(digits), interface: name, prefixLength: Number.parseInt(length, 16) }] : [];
  });
}

/** As tools print it: no leading zeros, the longest run of zeros once as "::". Source: RFC 5952, 4. */
function shortened(digits: string): string {
  const words = (digits.match(/.{4}/g) ?? []).map((word) => Number.parseInt(word, 16).toString(16));
  const [longest = ""] = (words.join(":").match(/\b0(?::0)+\b/g) ?? []).sort((x, y) => y.length - x.length);
  if (longest === "") return words.join(":");
  return words.join(":").replace(new RegExp(`(?:^|:)${longest}(?::|$)`), "::");
}

const numberOf = (address: string) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

/** The interface whose net the address is in, by the longest route but the default one; null where two fit alike, or none does. */
function placeOf(address: string, routes: Routes): Pick<Address, "interface" | "prefixLength"> {
  const fitting = routes.filter(({ destination, prefixLength }) => {
    const size = 2 ** (32 - prefixLength);
    return prefixLength > 0 && Math.floor(numberOf(address) / size) === Math.floor(numberOf(destination) / size);
  });
  const longest = Math.max(-1, ...fitting.map(({ prefixLength }) => prefixLength));
  const names = new Set(fitting.filter(({ prefixLength }) => prefixLength === longest).map((route) => route.interface));
  const [only] = names;
  return names.size === 1 && only !== undefined ? { interface: only, prefixLength: longest } : { interface: null, prefixLength: null };
}
