// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { renderClusterConf, renderLockspaces, renderStatus } from "./locks";

/** Written by hand from the tools' own printing code: no capture exists. */
const fixture = (name: string) => readFileSync(path.join(import.meta.dirname, "../fixtures/locks", `${name}.txt`), "utf8");
const lvm = { name: "lvm_global", id: 0x12aabd2d, members: [1, 2, 3], lost: [] };

it("dlm_tool ls: all well, and while a lost member waits for its fencing", () => {
  expect(renderLockspaces([{ ...lvm, name: "lvm_vg0", id: 0x45d1d4f1 }, lvm])).toBe(fixture("two-lockspaces"));
  expect(renderLockspaces([{ ...lvm, lost: [3] }])).toBe(fixture("wait-fencing"));
  expect(renderLockspaces([])).toBe("");
});

it("dlm_tool status: each node with its letter", () => {
  expect(renderStatus(1, true, [1, 2, 3], [3])).toMatch(/^cluster nodeid 1 quorate 1 ring seq 44 44\n/);
  expect(renderStatus(1, true, [1, 2, 3], [3])).toContain("\nnode 3 X add 20 rem 2202 ");
});

it("cluster.conf as o2cb writes it", () => {
  const nodes = ["hv05", "hv06"].map((name, number) => ({ name, number, address: `10.30.9.${5 + number}` }));
  expect(renderClusterConf("vmstore", nodes)).toBe(fixture("cluster-conf"));
});
