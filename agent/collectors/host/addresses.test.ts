// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { ParseError } from "@/agent/collectors/define";
import { cutsOf } from "@/agent/collectors/golden";
import { memoryHost } from "@/agent/host/memory-host";
import type { Unread } from "@/agent/protocol/errors";
import { parseFibTrie, parseIfInet6, readAddresses } from "./addresses";

// As Linux 6.1 prints them; addresses and names are invented.
const TABLE = `  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 10.20.5.0/24 2 0 2
        +-- 10.20.5.0/28 2 0 2
           |-- 10.20.5.0
              /24 link UNICAST
           |-- 10.20.5.11
              /32 host LOCAL
        |-- 10.20.5.255
           /32 link BROADCAST
     +-- 127.0.0.0/8 2 0 2
        |-- 127.0.0.1
           /32 host LOCAL
     |-- 172.16.9.4
        /32 host LOCAL
`;
const TRIE = `Main:\n${TABLE}Local:\n${TABLE}`;
const INET6 = `00000000000000000000000000000001 01 80 10 80       lo
fe80000000000000505400fffe730101 02 40 20 80     idmz
fd000020000500000000000000000011 02 40 00 80     idmz
fd0000200005000000000000000000aa 02 40 00 01     idmz
20010db8000100000000000000010001 123 30 00 80 bond0.10
`;
const ROUTES = [
  { interface: "eth0", destination: "0.0.0.0", prefixLength: 0 },
  { interface: "idmz", destination: "10.20.5.0", prefixLength: 24 },
];
const FILES = { "/proc/net/fib_trie": TRIE, "/proc/net/if_inet6": INET6 };

test("the node's own addresses of IPv4, loopback and broadcast left out, each once", () => {
  expect(parseFibTrie(TRIE)).toEqual(["10.20.5.11", "172.16.9.4"]);
  expect(parseFibTrie("")).toEqual([]);
});

test("of IPv6 those that reach beyond a link and stay, as tools write them", () => {
  expect(parseIfInet6(INET6)).toEqual([
    { address: "fd00:20:5::11", interface: "idmz", prefixLength: 64 },
    { address: "2001:db8:1::1:1", interface: "bond0.10", prefixLength: 48 },
  ]);
  const one = (digits: string) => parseIfInet6(`${digits} 02 40 00 80 a\n`)[0]?.address;
  expect(one("20010db8000000010000000000000001")).toBe("2001:db8:0:1::1");
  expect(one("20010db8000100020003000400050006")).toBe("2001:db8:1:2:3:4:5:6");
  expect(one("20010db8000100020003000400000000")).toBe("2001:db8:1:2:3:4::");
});

test.each([
  ["fib_trie", TRIE, parseFibTrie],
  ["if_inet6", INET6, parseIfInet6],
])("%s cut anywhere is refused, or says nothing that the whole does not say", (_, whole, parse) => {
  for (const cut of cutsOf(whole)) {
    try {
      for (const one of parse(cut)) expect<unknown[]>(parse(whole)).toContainEqual(one);
    } catch (cause) {
      expect(cause).toBeInstanceOf(ParseError);
    }
  }
  expect(() => parse("what is this\n")).toThrow(ParseError);
});

async function read(tree: Parameters<typeof memoryHost>[0]) {
  const problems: Unread[] = [];
  const addresses = await readAddresses(memoryHost(tree), ROUTES, problems);
  return { addresses, problems: problems.map(({ what, code }) => `${what} ${code}`) };
}

test("each with its interface: of IPv4 the one whose net it is in, or none that is sure", async () => {
  expect(await read({ files: FILES })).toEqual({
    addresses: [
      { address: "10.20.5.11", interface: "idmz", prefixLength: 24 },
      { address: "172.16.9.4", interface: null, prefixLength: null },
      { address: "fd00:20:5::11", interface: "idmz", prefixLength: 64 },
      { address: "2001:db8:1::1:1", interface: "bond0.10", prefixLength: 48 },
    ],
    problems: [],
  });
});

test("no tables: not read; one that may not be read is named, the other is there", async () => {
  expect(await read({})).toEqual({ addresses: null, problems: [] });
  const { addresses, problems } = await read({ files: FILES, forbidden: ["/proc/net/fib_trie"] });
  expect([addresses?.length, problems]).toEqual([2, ["/proc/net/fib_trie COLLECT_FORBIDDEN"]]);
});

test("asked twice a minute, whatever the pace of the rest", async () => {
  const host = memoryHost({ files: FILES, nowMs: 1_000 });
  for (const nowMs of [1_000, 6_000, 30_999, 31_000]) {
    host.setNow(nowMs);
    await readAddresses(host, ROUTES, []);
  }
  expect(host.asked.filter((path) => path === "/proc/net/if_inet6")).toHaveLength(2);
});
