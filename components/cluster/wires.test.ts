// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { keyOf } from "@/agent/protocol/console/keys";
import { type keyed, said, snapshot } from "@/components/factories";
import { fromSnapshot } from "@/components/live/store";
import { aoe, aoeExport, session, target } from "@/components/network-factories";
import { selectPicture } from "./picture";
import { wiringOf } from "./wires";

const CLIENTS = { a: "hv05", b: "hv06" };
const STORAGE = { a: "glouton", b: "jade" };

function wiring(entities: Parameters<typeof keyed>[0]) {
  const slice = fromSnapshot(snapshot("attic", entities)).clusters.get("attic");
  return wiringOf(selectPicture("attic", slice), CLIENTS, STORAGE);
}
const talksTo = (node: string | null, to: string | null, mac = "52:54:00:00:01:00") => ({
  talksTo: [{ mac, node, export: to, said: said(to === null ? "risk" : "ok", "talks") }],
});

describe("wiringOf", () => {
  test("wires nest: the device that stands last leads to the export that stands first", () => {
    const { devices, rows, wires } = wiring([
      aoe("hv05", "e0.1", talksTo("jade", keyOf.export("jade", "e0.1", "e1p1"))),
      aoe("hv05", "e1.1", talksTo("jade", keyOf.export("jade", "e1.1", "e1p1"))),
      aoeExport("jade", "e0.1"),
      aoeExport("jade", "e1.1"),
    ]);
    expect(devices.map(({ name }) => name)).toEqual(["e0.1", "e1.1"]);
    expect(rows.map(({ b }) => b?.key)).toEqual([keyOf.export("jade", "e1.1", "e1p1"), keyOf.export("jade", "e0.1", "e1p1")]);
    expect(wires.map(({ fromRow, toRow, offset }) => [fromRow, toRow, offset])).toEqual([
      [1, 0, 26],
      [0, 1, 48],
    ]);
  });

  test("an export may be named without its node and interface", () => {
    const { wires, rows } = wiring([aoe("hv05", "e0.1", talksTo("jade", "e0.1")), aoeExport("jade", "e0.1")]);
    expect(wires[0]?.toRow).toBe(0);
    expect(rows[0]?.b?.kind).toBe("export");
  });

  test("a MAC of a node that does not export ends where nobody answers", () => {
    const { rows, wires } = wiring([aoe("hv06", "e1.1", talksTo("glouton", null)), aoeExport("jade", "e1.1")]);
    expect(rows[0]?.a?.kind).toBe("nobody");
    expect(wires[0]).toMatchObject({ from: "b", to: "a", level: "risk", toRow: 0 });
  });

  test("a MAC that belongs to no node has no wire", () => {
    expect(wiring([aoe("hv06", "e1.1", talksTo(null, null))]).wires).toEqual([]);
  });

  test("a session leads to the target of the node that serves it; one that nobody serves has no wire", () => {
    const iqn = "iqn.2014-03.com.example.san-a:o1";
    const servedBy = { node: "jade", target: keyOf.target("jade", iqn) };
    const { devices, rows, wires } = wiring([
      aoe("hv05", "e0.1", talksTo("jade", "e0.1")),
      aoeExport("jade", "e0.1"),
      session("hv05", "session1", { servedBy }),
      session("hv06", "session1", { servedBy: null }),
      target("jade", iqn),
    ]);
    expect(devices.map(({ kind, a, b }) => [kind, a !== undefined, b !== undefined])).toEqual([
      ["aoe", true, false],
      ["session", true, true],
    ]);
    expect(rows.map(({ kind, b }) => [kind, b?.key])).toEqual([
      ["target", keyOf.target("jade", iqn)],
      ["export", keyOf.export("jade", "e0.1", "e1p1")],
    ]);
    expect(wires.map(({ fromRow, toRow, from, to }) => [fromRow, toRow, from, to])).toEqual([
      [1, 0, "a", "b"],
      [0, 1, "a", "b"],
    ]);
  });

  test("ends that wires reach from both far sides never share a row", () => {
    const { rows } = wiring([
      aoe("hv05", "e1.1", talksTo("jade", "e1.1")),
      aoe("hv06", "e1.1", talksTo("glouton", null, "52:54:00:00:02:00")),
      aoeExport("jade", "e1.1"),
    ]);
    expect(rows.map(({ a, b }) => [a?.kind, b?.kind])).toEqual([
      [undefined, "export"],
      ["nobody", undefined],
    ]);
  });
});
