// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { keyOf } from "@/agent/protocol/console/keys";
import type { Entity } from "@/agent/protocol/console/view";
import { selectPicture } from "@/components/cluster/picture";
import { said, snapshot } from "@/components/factories";
import { fromSnapshot } from "@/components/live/store";
import { aoe, aoeExport, bond, bondPort, session, target } from "@/components/network-factories";
import { array, copy, drbd, mirror } from "@/components/storage-factories";
import { type PathGraph, selectPaths } from "./graph";
import { wordsOf } from "./words";

function pathsOf(entities: readonly Entity[]): PathGraph {
  return selectPaths(selectPicture("attic", fromSnapshot(snapshot("attic", entities)).clusters.get("attic")).of);
}
const part = (graph: PathGraph, id: string) => graph.parts.find((one) => one.id === id);
const linkTo = (graph: PathGraph, to: string) => graph.links.find((one) => one.to === to);

const EXPORT = keyOf.export("jade", "e1.1", "e1p1");
const MIRROR = keyOf.mirror("scans", 0);
const served = (part_: Parameters<typeof aoeExport>[2] = {}) =>
  aoeExport("jade", "e1.1", { export: { ...aoeExport("jade", "e1.1").export, name: "e1.1" }, mirror: MIRROR, ...part_ });
const talksTo = (part_: Partial<ReturnType<typeof aoe>["talksTo"][number]>) => ({
  mac: "52:54:00:00:01:00",
  node: "jade",
  export: EXPORT,
  said: said("ok", "jade"),
  ...part_,
});
const side = drbd("jade", "scans", {
  settings: { resource: "scans", volumes: [{ volume: 0, minor: 1, backingDevice: "/dev/md0" }], connections: [] },
});
const pairOf = (part_: Parameters<typeof mirror>[1] = {}) =>
  mirror("scans", { copies: [copy("glouton"), copy("jade", { role: "Primary", drbd: keyOf.drbd("scans", 0, "jade") })], ...part_ });
const WHOLE = [aoe("hv05", "e1.1", { talksTo: [talksTo({})] }), served(), pairOf(), side, array("jade", "md0", {}, { legs: [] })];

describe("a way from a client's device to the disk", () => {
  test("leads over the address and the mirror to the array under its copy, and nothing of it is broken", () => {
    const graph = pathsOf(WHOLE);
    expect(graph.links.map(({ from, to }) => [from, to])).toEqual(
      expect.arrayContaining([
        [keyOf.aoe("hv05", "e1.1"), EXPORT],
        [EXPORT, MIRROR],
        [MIRROR, keyOf.drbd("scans", 0, "jade")],
        [keyOf.drbd("scans", 0, "jade"), keyOf.array("jade", "md0")],
      ]),
    );
    expect(graph.parts.filter(({ stands }) => stands === "break" || stands === "consequence")).toEqual([]);
  });

  test("names the outermost bond of both ends, or the interface that is in none", () => {
    const nested = [
      bond("jade", "idmz", { ports: [bondPort("bond1", { isBond: true }), bondPort("bond2", { isBond: true })] }),
      bond("jade", "bond1", { ports: [bondPort("e1p1"), bondPort("e1p2")] }),
    ];
    const graph = pathsOf([...WHOLE, ...nested]);
    expect(linkTo(graph, EXPORT)?.crosses.map(({ node, name, said: its }) => [node, name, its?.word])).toEqual([
      ["hv05", "eth2", undefined],
      ["jade", "idmz", "2 of 2 ports"],
    ]);
  });

  test("goes to each copy over DRBD's own address; which bond carries that is not known, and said so", () => {
    const local = { address: "10.30.0.21", port: 7789 };
    const connection = {
      peer: "glouton",
      local,
      remote: null,
      protocol: "C" as const,
      verifyAlg: null,
      fencing: null,
      allowTwoPrimaries: null,
    };
    const graph = pathsOf([
      ...WHOLE.filter(({ kind }) => kind !== "drbd"),
      { ...side, settings: { resource: "scans", volumes: [], connections: [connection] } },
    ]);
    expect(linkTo(graph, keyOf.drbd("scans", 0, "jade"))).toMatchObject({
      stands: "sound",
      crosses: [{ node: "jade", name: "10.30.0.21", said: { level: "unknown" } }],
    });
    expect(linkTo(graph, `${MIRROR}@glouton`)?.crosses).toEqual([{ node: "glouton", name: null, said: null }]);
  });

  test("is not known below where DRBD's settings were not read: that stands there", () => {
    const graph = pathsOf([pairOf()]);
    const disks = graph.parts.filter(({ kind }) => kind === "disk");
    expect(disks.map(({ title, stands }) => [title, stands])).toEqual([
      ["a disk not named", "unknown"],
      ["a disk not named", "unknown"],
    ]);
  });

  test("goes on through an array on devices of other machines", () => {
    const graph = pathsOf([
      aoe("hv06", "e10.6"),
      array("hv06", "md127", {}, { legs: [{ name: "e10.6", key: keyOf.aoe("hv06", "e10.6"), at: "jade", said: said("ok", "in sync") }] }),
    ]);
    expect(linkTo(graph, keyOf.aoe("hv06", "e10.6"))?.from).toBe(keyOf.array("hv06", "md127"));
  });
});

describe("a break", () => {
  test("an address where nobody answers: broken there, and the device stands on it", () => {
    const dead = aoe("hv05", "e1.1", {
      said: said("bad", "nobody answers there"),
      talksTo: [talksTo({ export: null, said: said("bad", "jade, but nobody answers there") })],
    });
    const graph = pathsOf([dead, pairOf(), side]);
    const hole = graph.parts.find(({ kind }) => kind === "address");
    expect(hole).toMatchObject({ title: "e1.1", at: "jade", stands: "break", said: { level: "bad" } });
    expect(part(graph, keyOf.aoe("hv05", "e1.1"))).toMatchObject({ stands: "consequence", because: ["e1.1 at jade"] });
    expect(part(graph, MIRROR)?.stands).toBe("sound");
  });

  test("a target that is there and does not answer: the way to it is broken, not what lies below", () => {
    const silent = aoe("hv05", "e1.1", { said: said("bad", "silent"), talksTo: [talksTo({ said: said("bad", "jade does not answer") })] });
    const graph = pathsOf([silent, served(), pairOf(), side]);
    expect(linkTo(graph, EXPORT)?.stands).toBe("break");
    expect(part(graph, EXPORT)?.stands).toBe("sound");
    expect(part(graph, keyOf.aoe("hv05", "e1.1"))?.because).toEqual(["the way from e1.1 at hv05 to e1.1 at jade"]);
  });

  test("a bond without a port: the way is broken there", () => {
    const graph = pathsOf([
      ...WHOLE,
      bond("jade", "idmz", { ports: [bondPort("e1p1", { link: "down" })] }, { said: said("bad", "no port up") }),
    ]);
    expect(linkTo(graph, EXPORT)?.stands).toBe("break");
    expect(part(graph, keyOf.aoe("hv05", "e1.1"))).toMatchObject({ stands: "consequence", because: ["idmz of jade"] });
  });

  test("a disk that DRBD lost: broken there; its copy and its mirror are so because of it", () => {
    const diskless = pairOf({
      said: said("risk", "only glouton holds it"),
      copies: [copy("glouton"), copy("jade", { drbd: keyOf.drbd("scans", 0, "jade"), disk: "Diskless", said: said("bad", "Diskless") })],
    });
    const graph = pathsOf([...WHOLE.filter(({ kind }) => kind !== "mirror" && kind !== "array"), diskless]);
    expect(part(graph, "disk:jade/md0")).toMatchObject({ stands: "break", said: { word: "not attached" } });
    for (const id of [keyOf.drbd("scans", 0, "jade"), MIRROR])
      expect(part(graph, id)).toMatchObject({ stands: "consequence", because: ["md0 at jade"] });
    // Another copy is there: what stands on the mirror goes on.
    expect(part(graph, EXPORT)?.stands).toBe("sound");
  });

  test("what is old or not read is neither sound nor broken", () => {
    const graph = pathsOf([...WHOLE.slice(1), aoe("hv05", "e1.1", { said: said("old", "last seen: jade"), talksTo: [] })]);
    expect(part(graph, keyOf.aoe("hv05", "e1.1"))?.stands).not.toBe("sound");
  });
});

describe("iSCSI", () => {
  const IQN = "iqn.2003-01.org.example:o1";
  test("a disk stands on the LUN that its session leads to, over a network that nobody names", () => {
    const graph = pathsOf([
      session("hv07", "session1", { servedBy: { node: "ruby", target: keyOf.target("ruby", IQN) } }),
      target("ruby", IQN),
      mirror("store"),
    ]);
    const way = graph.links.find(({ to }) => to === `${keyOf.target("ruby", IQN)}#0`);
    expect(way?.crosses).toEqual([
      { node: "hv07", name: null, said: null },
      { node: "ruby", name: null, said: null },
    ]);
    expect(graph.links.some(({ to }) => to === keyOf.mirror("store", 0))).toBe(true);
  });

  test("a target that nobody can log in to takes its LUNs with it", () => {
    const graph = pathsOf([target("ruby", IQN, { said: said("bad", "no portal") }), mirror("store")]);
    expect(part(graph, `${keyOf.target("ruby", IQN)}#0`)).toMatchObject({ stands: "break", said: { word: "no portal" } });
  });
});

test("in words: every way from the top, a line each, with where it is broken and what that takes along", () => {
  const dead = aoe("hv05", "e1.1", {
    said: said("bad", "nobody answers there"),
    talksTo: [talksTo({ export: null, said: said("bad", "jade, but nobody answers there") })],
  });
  const [way] = wordsOf(pathsOf([dead]));
  expect(way?.map(({ depth, text }) => `${depth} ${text}`)).toEqual(["0 e1.1 at hv05", "1 e1.1 at jade"]);
  expect(way?.[0]?.crosses).toBe("");
  expect(way?.[1]?.crosses).toBe("over hv05 eth2");
});
