// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { ParseError } from "@/agent/collectors/define";
import { HostError } from "@/agent/host/host";
import { memoryHost } from "@/agent/host/memory-host";
import { Bonding } from "@/agent/protocol/model/bonding";
import { bonding } from "./collector";

function fixture(name: string): string {
  return readFileSync(path.join(import.meta.dirname, "fixtures", `${name}.txt`), "utf8");
}

const activeBackup = fixture("linux-6.1-active-backup");
const lacp = fixture("linux-6.1-lacp");
const oneLost = lacp.slice(0, lacp.indexOf("Slave Interface: p2")).trimEnd().concat("\n");

test("no bonding folder: absent", async () => {
  expect(await bonding.read(memoryHost(), null)).toBeNull();
});

test("an empty bonding folder: no bonds, and that is known", async () => {
  expect(await bonding.read(memoryHost({ folders: ["/proc/net/bonding"] }), null)).toEqual({ bonds: [], unread: [] });
});

test("a bonding folder that may not be read: failed, not absent", async () => {
  await expect(bonding.read(memoryHost({ forbidden: ["/proc/net/bonding"] }), null)).rejects.toBeInstanceOf(HostError);
});

test("bonds of bonds come nested", async () => {
  const host = memoryHost({
    files: {
      "/proc/net/bonding/bond0": fixture("linux-6.1-nested-alb-leaf"),
      "/proc/net/bonding/bond1": fixture("linux-6.1-nested-alb-leaf").replaceAll("p1", "p3").replaceAll("p2", "p4"),
      "/proc/net/bonding/bond2": fixture("linux-6.1-nested-alb-outer"),
      "/sys/class/net/bond2/bonding/slaves": "bond0 bond1\n",
    },
  });
  const value = Bonding.parse(await bonding.read(host, null));
  expect(value.bonds.map((bond) => [bond.name, bond.parent])).toEqual([
    ["bond0", "bond2"],
    ["bond1", "bond2"],
    ["bond2", null],
  ]);
  expect(value.bonds[2]?.ports.map((port) => port.isBond)).toEqual([true, true]);
});

test("a bond that vanishes between the listing and the read is gone, not failed", async () => {
  const host = memoryHost({ files: { "/proc/net/bonding/bond0": activeBackup, "/proc/net/bonding/bond1": activeBackup } });
  const vanishing = { ...host, read: (file: string) => (file === "/proc/net/bonding/bond1" ? Promise.resolve(null) : host.read(file)) };
  expect(await bonding.read(vanishing, null)).toMatchObject({ bonds: [{ name: "bond0" }], unread: [] });
});

describe("torn reads", () => {
  const files = { "/sys/class/net/bond0/bonding/slaves": "p1 p2\n" };
  const reads = (host: { asked: readonly string[] }) => host.asked.filter((asked) => asked === "/proc/net/bonding/bond0").length;

  test.each([
    ["a port is lost", oneLost],
    ["a port is repeated", lacp + lacp.slice(lacp.indexOf("Slave Interface: p2"))],
    ["a block is damaged", lacp.replace(/(Slave Interface: p2\n)MII Status.*\n/, "$1")],
  ])("%s at a page break: read again until it is whole", async (_, torn) => {
    const host = memoryHost({ files: { ...files, "/proc/net/bonding/bond0": [torn, torn, torn, lacp] } });
    const value = await bonding.read(host, null);
    expect(value?.bonds[0]?.ports.map((port) => port.name)).toEqual(["p1", "p2"]);
    expect(reads(host)).toBe(4);
  });

  test("torn four times: that bond is unread, the others are delivered", async () => {
    const host = memoryHost({ files: { ...files, "/proc/net/bonding/bond0": oneLost, "/proc/net/bonding/bond1": activeBackup } });
    const value = Bonding.parse(await bonding.read(host, null));
    expect(value.bonds.map((bond) => bond.name)).toEqual(["bond1"]);
    expect(value.unread).toMatchObject([{ what: "bond0", code: "COLLECT_PARSE" }]);
    expect(reads(host)).toBe(4);
  });

  test("torn four times and no other bond: the reading fails, it does not say that there are no bonds", async () => {
    const host = memoryHost({ files: { ...files, "/proc/net/bonding/bond0": oneLost } });
    await expect(bonding.read(host, null)).rejects.toBeInstanceOf(ParseError);
  });

  test("a name list that sysfs itself cut short is not held against the bond", async () => {
    const host = memoryHost({ files: { "/sys/class/net/bond0/bonding/slaves": "p1 ++more++ ", "/proc/net/bonding/bond0": lacp } });
    expect((await bonding.read(host, null))?.bonds).toHaveLength(1);
  });

  test("a bond without ports has an empty name list", async () => {
    const host = memoryHost({
      files: { "/sys/class/net/bond0/bonding/slaves": "", "/proc/net/bonding/bond0": fixture("linux-6.1-active-backup-no-ports") },
    });
    expect((await bonding.read(host, null))?.bonds[0]?.ports).toEqual([]);
  });
});

test.each([
  ["HOST_TIMEOUT", "COLLECT_TIMEOUT"],
  ["HOST_READ", "COLLECT_READ"],
] as const)(
  "a port list that answers %s only checks nothing: the bond is delivered, and that it is unchecked is said",
  async (failure, code) => {
    const host = memoryHost({
      files: { "/proc/net/bonding/bond0": lacp },
      broken: { "/sys/class/net/bond0/bonding/slaves": failure },
    });
    const value = Bonding.parse(await bonding.read(host, null));
    expect(value.bonds[0]?.ports.map((port) => port.name)).toEqual(["p1", "p2"]);
    expect(value.unread).toMatchObject([{ what: "bond0 port list (nothing else checks the ports shown)", code }]);
  },
);

test("one bond forbidden: unread as such, the others are delivered", async () => {
  const host = memoryHost({
    files: { "/proc/net/bonding/bond0": lacp, "/proc/net/bonding/bond1": activeBackup },
    forbidden: ["/proc/net/bonding/bond0"],
  });
  expect(await bonding.read(host, null)).toMatchObject({
    bonds: [{ name: "bond1" }],
    unread: [{ what: "bond0", code: "COLLECT_FORBIDDEN" }],
  });
});

test("LACP details hidden from this user are named, and are not 'no aggregator'", async () => {
  const host = memoryHost({ files: { "/proc/net/bonding/bond0": fixture("linux-4.15-lacp-without-cap-net-admin") } });
  expect(await bonding.read(host, null)).toMatchObject({
    bonds: [{ lacp: { permitted: false, aggregatorId: null } }],
    unread: [{ what: "bond0 LACP", code: "COLLECT_FORBIDDEN" }],
  });
});

test("every word of `ip monitor link` rings the bell, until the signal", () => {
  const host = memoryHost();
  const stop = new AbortController();
  let rung = 0;
  bonding.doorbells?.(host).ring(() => {
    rung += 1;
  }, stop.signal);
  expect(host.say("ip", "3: p1: <NO-CARRIER,BROADCAST,MULTICAST,SLAVE,UP> mtu 1500")).toBe(1);
  expect(rung).toBe(1);
  stop.abort();
  expect(host.say("ip", "3: p1")).toBe(0);
});

test("a text of one page that the port list agreed with is not checked again; another text is", async () => {
  const bond = fixture("linux-4.15-lacp-without-cap-net-admin");
  const ports = [...bond.matchAll(/^Slave Interface: (.*)$/gm)].map(([, port]) => port).join(" ");
  const slaves = "/sys/class/net/bond0/bonding/slaves";
  const host = memoryHost({ files: { "/proc/net/bonding/bond0": bond, [slaves]: `${ports}\n` } });
  const asked = () => host.asked.filter((path) => path === slaves).length;
  const first = await bonding.read(host, null);
  expect(await bonding.read(host, null)).toEqual(first);
  expect(asked()).toBe(1);
  host.write("/proc/net/bonding/bond0", bond.replace("MII Status: up", "MII Status: down"));
  expect(await bonding.read(host, null)).not.toEqual(first);
  expect(asked()).toBe(2);
});
