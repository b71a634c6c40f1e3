// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { bond, bondPort } from "@/components/network-factories";
import { bondRows, shortMac, shortMode, switchBoxes } from "./bond-rows";

const A = "00:1b:73:aa:10:01";
const B = "00:1b:73:bb:10:01";
const lacp = (partnerMac: string) => ({ permitted: true, aggregatorId: 1, portCount: 2, partnerMac });
const names = (rows: ReturnType<typeof bondRows>) =>
  rows.map((row) => `${" ".repeat(row.depth)}${row.kind === "bond" ? row.bond.bond.name : row.port.name}`);

describe("bondRows", () => {
  test("a bond's ports follow it, nested bonds to any depth", () => {
    const rows = bondRows([
      bond("ruby", "bond0", { ports: [bondPort("bond1", { isBond: true }), bondPort("e9")] }),
      bond("ruby", "bond1", { parent: "bond0", ports: [bondPort("bond2", { isBond: true })] }),
      bond("ruby", "bond2", { parent: "bond1", ports: [bondPort("e1"), bondPort("e2")] }),
    ]);
    expect(names(rows)).toEqual(["bond0", " bond1", "  bond2", "   e1", "   e2", " e9"]);
  });

  test("a bond whose parent is not among them stands at the top", () => {
    expect(names(bondRows([bond("ruby", "bond1", { parent: "gone", ports: [bondPort("e1")] })]))).toEqual(["bond1", " e1"]);
  });

  test("bonds that name each other as parents end all the same", () => {
    const rows = bondRows([
      bond("ruby", "bond0", { parent: "bond1", ports: [bondPort("bond1", { isBond: true })] }),
      bond("ruby", "bond1", { parent: "bond0", ports: [bondPort("bond0", { isBond: true })] }),
    ]);
    expect(names(rows)).toEqual(["bond0", " bond1"]);
  });
});

describe("switchBoxes", () => {
  const side = (macs: readonly string[]) =>
    bondRows(
      macs.map((mac, index) =>
        bond("ruby", `bond${index}`, {
          lacp: lacp(mac),
          ports: [bondPort(`p${index}a`, { partnerMac: mac }), bondPort(`p${index}b`, { partnerMac: mac })],
        }),
      ),
    );

  test("a switch is the partner that LACP names, with the ports of both sides", () => {
    const { boxes, isDrawable } = switchBoxes(side([A, B]), side([A, B]));
    expect(isDrawable).toBe(true);
    expect(boxes.map(({ mac, top, bottom, says, isWhole }) => ({ mac, top, bottom, says, isWhole }))).toEqual([
      { mac: A, top: 1, bottom: 2, says: "4 of 4 ports up", isWhole: true },
      { mac: B, top: 4, bottom: 5, says: "4 of 4 ports up", isWhole: true },
    ]);
  });

  test("a port that is down still leads to its bond's switch, and does not count as up", () => {
    const down = bondRows([
      bond("ruby", "bond0", {
        lacp: lacp(A),
        ports: [bondPort("e1", { partnerMac: A }), bondPort("e2", { link: "down", partnerMac: "00:00:00:00:00:00" })],
      }),
    ]);
    expect(switchBoxes(down, []).boxes).toMatchObject([{ mac: A, says: "1 of 2 ports up", isWhole: false }]);
  });

  test("a port that is not read now is counted as neither up nor down", () => {
    const was = { level: "old" as const, word: "was up", why: "No word from ruby." };
    const old = bondRows([bond("ruby", "bond0", { lacp: lacp(A), ports: [bondPort("e1", { partnerMac: A })] }, { portSaid: { e1: was } })]);
    expect(switchBoxes(old, side([A])).boxes).toMatchObject([{ says: "2 of 3 ports up, 1 not read", isWhole: true }]);
  });

  test("switches whose boxes would overlap are not drawn as wires", () => {
    expect(switchBoxes(side([A, B]), side([B, A])).isDrawable).toBe(false);
  });

  test("where nobody names a partner there is no switch", () => {
    expect(switchBoxes(bondRows([bond("ruby", "bond0")]), []).boxes).toEqual([]);
  });
});

test("modes and MACs as people say them", () => {
  expect(shortMode("IEEE 802.3ad Dynamic link aggregation")).toBe("802.3ad");
  expect(shortMode("fault-tolerance (active-backup)")).toBe("active-backup");
  expect(shortMode("adaptive load balancing")).toBe("balance-alb");
  expect(shortMode("load balancing (round-robin)")).toBe("balance-rr");
  expect(shortMode("fault-tolerance (active-backup) (fail_over_mac active)")).toBe("active-backup");
  expect(shortMode("something new")).toBe("something new");
  expect(shortMac(A)).toBe("…73:aa:10:01");
});
