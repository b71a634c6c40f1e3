// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { type Age, formatAges } from "@/agent/protocol/console/ages";
import { keyOf } from "@/agent/protocol/console/keys";
import { keyed, NOW_MS, node, said, snapshot, source } from "@/components/factories";
import { mirror } from "@/components/storage-factories";
import { apply, createPicker, entityOf, entriesOf, fromSnapshot, type WholeFrame } from "./store";

const SLUG = "san-a";
const first = fromSnapshot(
  snapshot(SLUG, [
    node("ruby"),
    node("crystal", { lastWordAtMs: null }),
    source("ruby", "drbd"),
    source("crystal", "drbd"),
    mirror("store"),
  ]),
);
const patch = (number: number, set: Parameters<typeof keyed>[0], remove: string[] = []): WholeFrame => ({
  type: "patch",
  number,
  atMs: NOW_MS + 500,
  changes: { [SLUG]: { set: keyed(set), remove } },
});
const slice = (live = first) => live.clusters.get(SLUG);

describe("apply", () => {
  test("a patch replaces what it names and leaves every other entity as it was", () => {
    const { live, did } = apply(first, patch(8, [node("ruby", { state: said("bad", "offline") })]));
    expect(did).toBe("changed");
    expect(entityOf(slice(live), "node", keyOf.node("ruby"))?.state.word).toBe("offline");
    expect(entityOf(slice(live), "node", keyOf.node("crystal"))).toBe(entityOf(slice(), "node", keyOf.node("crystal")));
  });

  test("kinds that a patch does not touch keep their list", () => {
    const { live } = apply(first, patch(8, [node("ruby", { isDc: true })]));
    expect(entriesOf(slice(live), "mirror")).toBe(entriesOf(slice(), "mirror"));
    expect(entriesOf(slice(live), "node")).not.toBe(entriesOf(slice(), "node"));
  });

  test("a patch removes what is gone", () => {
    const { live } = apply(first, patch(8, [], [keyOf.mirror("store", 0)]));
    expect(entriesOf(slice(live), "mirror")).toEqual([]);
  });

  test("a cluster that is gone is gone", () => {
    const { live } = apply(first, patch(8, [], ["*"]));
    expect(live.clusters.size).toBe(0);
  });

  test("a cluster that is new appears", () => {
    const frame: WholeFrame = { type: "patch", number: 8, atMs: NOW_MS, changes: { north: { set: keyed([node("bergen")]), remove: [] } } };
    expect([...apply(first, frame).live.clusters.keys()]).toEqual([SLUG, "north"]);
  });

  test("a gap in the numbers changes nothing and says so", () => {
    const { live, did } = apply(first, patch(9, [node("ruby", { isDc: true })]));
    expect(did).toBe("gap");
    expect(live).toBe(first);
  });

  test("a patch that the snapshot already holds changes nothing", () => {
    const { live, did } = apply(first, patch(7, [node("ruby", { isDc: true })]));
    expect(did).toBe("nothing");
    expect(live).toBe(first);
  });

  test("a snapshot after a gap stands for everything before it", () => {
    const { live } = apply(first, snapshot(SLUG, [node("ruby")], { number: 40 }));
    expect(live.number).toBe(40);
    expect(entriesOf(slice(live), "node").map(([key]) => key)).toEqual([keyOf.node("ruby")]);
    expect(apply(live, patch(41, [node("opal")])).did).toBe("changed");
  });
});

describe("ages", () => {
  const pulse = (ages: Age[], atMs = NOW_MS + 2_000): WholeFrame => ({ type: "pulse", atMs, ages: { [SLUG]: formatAges(ages) } });

  test("are those of the nodes, then of the sources, each in the order of their sorted keys", () => {
    const { live, did } = apply(first, pulse([3, 5, 12, 40]));
    expect(did).toBe("pulsed");
    const heard = slice(live)?.heardAtMs;
    expect(heard?.get(keyOf.node("crystal"))).toBe(NOW_MS + 2_000 - 300);
    expect(heard?.get(keyOf.node("ruby"))).toBe(NOW_MS + 2_000 - 500);
    expect(heard?.get(keyOf.source("crystal", "drbd"))).toBe(NOW_MS + 2_000 - 1_200);
    expect(heard?.get(keyOf.source("ruby", "drbd"))).toBe(NOW_MS + 2_000 - 4_000);
  });

  test("of what was never heard are never", () => {
    expect(slice()?.heardAtMs.get(keyOf.node("crystal"))).toBeNull();
    const { live } = apply(first, pulse(["never", 5, 12, 40]));
    expect(slice(live)?.heardAtMs.get(keyOf.node("crystal"))).toBeNull();
  });

  test("that count other entities than ours are not given to the wrong ones", () => {
    const { live, did } = apply(first, pulse([3, 5, 12]));
    expect(did).toBe("gap");
    expect(slice(live)?.heardAtMs).toBe(slice()?.heardAtMs);
  });

  test("that were told before go on from what a pulse, a patch or the snapshot said", () => {
    const said = apply(first, pulse([3, 5, 12, "asTold"])).live;
    expect(slice(said)?.heardAtMs.get(keyOf.source("ruby", "drbd"))).toBe(slice()?.heardAtMs.get(keyOf.source("ruby", "drbd")));
    const patched = apply(said, patch(8, [source("ruby", "drbd", { takenAtMs: NOW_MS + 2_100 })])).live;
    const later = apply(patched, pulse([3, 5, "asTold", "asTold"], NOW_MS + 4_000)).live;
    expect(slice(later)?.heardAtMs.get(keyOf.source("crystal", "drbd"))).toBe(NOW_MS + 2_000 - 1_200);
    expect(slice(later)?.heardAtMs.get(keyOf.source("ruby", "drbd"))).toBe(NOW_MS + 2_100);
  });

  test("move without touching any entity", () => {
    const { live } = apply(first, pulse([3, 5, 12, 40]));
    expect(entriesOf(slice(live), "node")).toBe(entriesOf(slice(), "node"));
  });
});

describe("createPicker", () => {
  test("gives the same array until something it picks from changes", () => {
    const pick = createPicker((slug, its) => ({ slug, nodes: entriesOf(its, "node") }));
    const before = pick(first);
    const pulsed = apply(first, { type: "pulse", atMs: NOW_MS + 2_000, ages: { [SLUG]: "1111" } }).live;
    expect(pick(pulsed)).toBe(before);
    expect(pick(apply(first, patch(8, [node("opal")])).live)).not.toBe(before);
  });
});
