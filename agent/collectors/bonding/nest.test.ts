// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { Bond } from "@/agent/protocol/model/bonding";
import { nest } from "./nest";

function bond(name: string, ports: readonly string[]): Bond {
  return {
    name,
    mode: "fault-tolerance (active-backup)",
    link: "up",
    activePort: null,
    miimonMs: 100,
    parent: null,
    lacp: null,
    ports: ports.map((port) => ({
      name: port,
      link: "up",
      speedBitsPerSec: null,
      failureCount: 0,
      aggregatorId: null,
      partnerMac: null,
      isBond: false,
    })),
  };
}

function shape(bonds: readonly Bond[]): Record<string, [string | null, string[]]> {
  return Object.fromEntries(bonds.map((one) => [one.name, [one.parent, one.ports.filter((port) => port.isBond).map((port) => port.name)]]));
}

test("bonds of bonds: each leaf names its parent, each port says whether it is a bond", () => {
  expect(shape(nest([bond("bond0", ["p1", "p2"]), bond("bond1", ["p3"]), bond("bond2", ["bond0", "bond1"])]))).toEqual({
    bond0: ["bond2", []],
    bond1: ["bond2", []],
    bond2: [null, ["bond0", "bond1"]],
  });
});

test("three levels deep, whatever the order", () => {
  expect(shape(nest([bond("top", ["mid"]), bond("leaf", ["eth0"]), bond("mid", ["leaf"])]))).toEqual({
    top: [null, ["mid"]],
    leaf: ["mid", []],
    mid: ["top", ["leaf"]],
  });
});

test("a bond that claims itself is not its own parent", () => {
  expect(shape(nest([bond("bond0", ["bond0", "p1"])]))).toEqual({ bond0: [null, []] });
});

test("a parent that could not be read is still the parent", () => {
  expect(shape(nest([bond("bond0", ["p1"])], new Map([["bond2", ["bond0", "bond1"]]])))).toEqual({ bond0: ["bond2", []] });
});

test("a leaf that could not be read is still a bond", () => {
  expect(shape(nest([bond("bond2", ["bond0", "p9"])], new Map([["bond0", []]])))).toEqual({ bond2: [null, ["bond0"]] });
});
