// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { EntityOf } from "@/agent/protocol/console/view";
import type { DrbdDevice, DrbdPeer, DrbdProgress, DrbdSettings } from "@/agent/protocol/model/drbd";
import { device, drbd, peer, settings } from "./factories";
import type { Standing } from "./freshness";
import { type DrbdTestimony, mirrorEntities } from "./mirrors";
import { crystalSettings, crystalSide, rubySettings, rubySide } from "./pair.factories";

const LIVE: Standing = { freshness: "live", status: "ok", isCurrent: true, why: null };
const SILENT: Standing = { freshness: "lost", status: "ok", isCurrent: false, why: "No word from crystal." };

function says(node: string, devices: DrbdDevice[], own: DrbdSettings[] | null = null, standing = LIVE): DrbdTestimony {
  return { node, value: drbd(devices, { settings: own }), standing };
}

function mirrors(...testimony: DrbdTestimony[]): EntityOf<"mirror">[] {
  return mirrorEntities(testimony).flatMap(([, entity]) => (entity.kind === "mirror" ? [entity] : []));
}

function only(...testimony: DrbdTestimony[]): EntityOf<"mirror"> {
  const [first, ...rest] = mirrors(...testimony);
  if (!first || rest.length > 0) throw new Error(`${1 + rest.length} mirrors`);
  return first;
}

function progress(more: Partial<DrbdProgress> = {}): DrbdProgress {
  return {
    kind: "resync",
    percent: 61.4,
    leftBytes: 86 * 2 ** 30,
    totalBytes: 223 * 2 ** 30,
    rateBytesPerSec: 1e8,
    etaSeconds: 846,
    stalled: false,
    ...more,
  };
}

type Half = [own: Partial<DrbdDevice>, of: Partial<DrbdPeer>];
const lost = { replication: "Off", role: "Unknown", disk: "DUnknown" };

/** What each side says → level and word of the pair, word of the mirror, the line. ruby is Primary. */
const CASES: [string, Half, Half, { pair: string; mirror: string; line: string }][] = [
  ["all well", [{}, {}], [{}, {}], { pair: "ok in sync", mirror: "ok in sync", line: "connected" }],
  [
    "a resync, progress from its target",
    [{ cs: "SyncSource" }, { replication: "SyncSource", disk: "Inconsistent", progress: progress({ percent: 60.2 }) }],
    [
      { cs: "SyncTarget", disk: "Inconsistent" },
      { replication: "SyncTarget", progress: progress() },
    ],
    { pair: "busy resync to crystal", mirror: "busy resync 61 %", line: "resync" },
  ],
  [
    "a stalled resync",
    [{}, { replication: "SyncSource", disk: "Inconsistent", progress: progress({ stalled: true }) }],
    [{ disk: "Inconsistent" }, { replication: "SyncTarget", progress: progress({ stalled: true }) }],
    { pair: "risk resync to crystal stalled", mirror: "risk only ruby holds it", line: "resync" },
  ],
  [
    "a resync paused by hand",
    [{ cs: "PausedSyncS" }, { replication: "PausedSyncS", disk: "Inconsistent", pausedBy: ["user"], outOfSyncBytes: 2 ** 40 }],
    [
      { cs: "PausedSyncT", disk: "Inconsistent" },
      { replication: "PausedSyncT", pausedBy: ["peer"], outOfSyncBytes: 2 ** 40 },
    ],
    { pair: "risk resync to crystal paused at 50 %", mirror: "risk only ruby holds it", line: "resync" },
  ],
  [
    "a resync about to begin",
    [{}, { replication: "WFBitMapS", disk: "Consistent" }],
    [{ disk: "Outdated" }, { replication: "WFBitMapT" }],
    { pair: "busy resync to crystal is starting", mirror: "risk only ruby holds it", line: "resync" },
  ],
  [
    "a verify that has found something",
    [{}, { replication: "VerifyS", progress: progress({ kind: "verify", percent: 63.2 }), outOfSyncBytes: 4_096 }],
    [{}, { replication: "VerifyT", progress: progress({ kind: "verify", percent: 63 }), outOfSyncBytes: 4_096 }],
    { pair: "busy verify", mirror: "busy verify 63 %", line: "verify" },
  ],
  [
    "blocks differ, by one side's bitmap",
    [{}, { outOfSyncBytes: 12_288 }],
    [{}, { outOfSyncBytes: 0 }],
    { pair: "differs differs in 12 KiB", mirror: "differs differs in 12 KiB", line: "differs" },
  ],
  [
    "waiting for each other, ruby Primary",
    [{ cs: "WFConnection" }, { connection: "Connecting", ...lost }],
    [{ cs: "WFConnection" }, { connection: "Connecting", ...lost }],
    { pair: "risk not connected", mirror: "risk only ruby holds it", line: "cut" },
  ],
  [
    "StandAlone here, waiting there",
    [{ cs: "StandAlone" }, { connection: "StandAlone", ...lost }],
    [{ cs: "WFConnection" }, { connection: "WFConnection", ...lost }],
    { pair: "risk not connected", mirror: "risk only ruby holds it", line: "cut" },
  ],
  [
    "StandAlone on both",
    [{ cs: "StandAlone" }, { connection: "StandAlone", ...lost }],
    [{ cs: "StandAlone" }, { connection: "StandAlone", ...lost }],
    { pair: "bad StandAlone on both", mirror: "bad StandAlone on both", line: "cut" },
  ],
  [
    "one says connected, the other says not",
    [{}, {}],
    [{ cs: "WFConnection" }, { connection: "Connecting", ...lost }],
    { pair: "risk ruby says connected, crystal says not", mirror: "risk ruby says connected, crystal says not", line: "cut" },
  ],
  [
    "the Primary says not, the other has not noticed",
    [{ cs: "WFConnection" }, { connection: "Connecting", ...lost }],
    [{}, {}],
    { pair: "risk crystal says connected, ruby says not", mirror: "risk only ruby holds it", line: "cut" },
  ],
  [
    "Ahead and Behind",
    [{ cs: "Ahead" }, { replication: "Ahead", disk: "Inconsistent", outOfSyncBytes: 140 * 2 ** 20 }],
    [
      { cs: "Behind", disk: "Inconsistent" },
      { replication: "Behind", outOfSyncBytes: 140 * 2 ** 20 },
    ],
    { pair: "risk crystal is behind by 140 MiB", mirror: "risk only ruby holds it", line: "differs" },
  ],
  [
    "no disk on one side",
    [{}, { disk: "Diskless" }],
    [{ disk: "Diskless" }, {}],
    { pair: "risk crystal has no disk", mirror: "risk only ruby holds it", line: "connected" },
  ],
  [
    "a new mirror before its first sync",
    [{ role: "Secondary", disk: "Inconsistent" }, { disk: "Inconsistent" }],
    [{ disk: "Inconsistent" }, { disk: "Inconsistent" }],
    { pair: "risk connected, not in sync", mirror: "bad no good copy", line: "differs" },
  ],
  [
    "a replication word nobody knows",
    [{}, { replication: "Dreaming" }],
    [{}, {}],
    { pair: "unknown Dreaming", mirror: "unknown Dreaming", line: "cut" },
  ],
  [
    "a connection word nobody knows",
    [{}, { connection: "Dozing" }],
    [{}, {}],
    { pair: "unknown Dozing on ruby", mirror: "unknown Dozing on ruby", line: "cut" },
  ],
  [
    "a disk word nobody knows",
    [{}, {}],
    [{ disk: "Foggy" }, {}],
    { pair: "unknown crystal is Foggy", mirror: "unknown crystal is Foggy", line: "cut" },
  ],
  [
    "two Primaries that the settings do not allow",
    [{}, { role: "Primary" }],
    [{ role: "Primary" }, { role: "Primary" }],
    { pair: "ok in sync", mirror: "risk two Primaries", line: "connected" },
  ],
  [
    "suspended I/O",
    [{ suspended: true, suspendedBy: ["fencing"] }, {}],
    [{}, {}],
    { pair: "ok in sync", mirror: "bad I/O suspended on ruby", line: "connected" },
  ],
];

describe("the two sides of a DRBD 8 mirror", () => {
  it.each(CASES)("%s", (_, [ruby, rubyOf], [crystal, crystalOf], expected) => {
    const mirror = only(
      says("ruby", [rubySide(ruby, rubyOf)], [rubySettings]),
      says("crystal", [crystalSide(crystal, crystalOf)], [crystalSettings]),
    );
    const [line] = mirror.pairs;
    expect({
      pair: `${line?.said.level} ${line?.said.word}`,
      mirror: `${mirror.said.level} ${mirror.said.word}`,
      line: line?.line,
    }).toEqual(expected);
  });

  it("a side that is silent leaves the other's word, which is not taken for good", () => {
    const mirror = only(says("ruby", [rubySide()]), says("crystal", [crystalSide()], null, SILENT));
    expect(mirror.pairs[0]?.said).toEqual({
      level: "unknown",
      word: "in sync, says ruby",
      why: "Only ruby says so. No word from crystal.",
    });
    expect(mirror.copies.map(({ node, said }) => `${node} ${said.level} ${said.word}`)).toEqual([
      "crystal old was UpToDate",
      "ruby ok UpToDate",
    ]);
    expect(mirror.copies[0]?.said.why).toBe("No word from crystal. ruby says Secondary UpToDate.");
    expect(mirror.onlyHolder).toBeNull();
  });

  it("a Primary cut off from a silent side holds the only good copy", () => {
    const cut = { connection: "Connecting", ...lost };
    const mirror = only(says("ruby", [rubySide({ cs: "WFConnection" }, cut)]), says("crystal", [crystalSide()], null, SILENT));
    expect(mirror.said.word).toBe("only ruby holds it");
    expect(mirror.onlyHolder).toBe("ruby");
  });

  it("a Primary that resyncs to a silent side still holds the only good copy: it hears of the other disk by the line", () => {
    const toCrystal = { replication: "SyncSource", disk: "Inconsistent", progress: progress() };
    const mirror = only(
      says("ruby", [rubySide({ cs: "SyncSource" }, toCrystal)]),
      says("crystal", [crystalSide({ disk: "Inconsistent" }, { replication: "SyncTarget" })], null, SILENT),
    );
    expect(mirror.onlyHolder).toBe("ruby");
  });

  it("a Secondary cut off from a silent side knows nothing of what the other does", () => {
    const cut = { connection: "Connecting", ...lost };
    const mirror = only(says("ruby", [rubySide({ role: "Secondary" }, cut)]), says("crystal", [crystalSide()], null, SILENT));
    expect(mirror.onlyHolder).toBeNull();
  });

  it("both silent: everything is old, nothing is good", () => {
    const mirror = only(says("ruby", [rubySide()], null, SILENT), says("crystal", [crystalSide()], null, SILENT));
    expect(mirror.pairs[0]).toMatchObject({ line: "old", said: { level: "old", word: "was in sync" } });
    expect(mirror.said.level).toBe("old");
    expect(mirror.holders).toEqual([]);
  });

  it("a peer that no agent reads is said to be spoken of by one side only", () => {
    const mirror = only(says("ruby", [rubySide()]));
    expect(mirror.copies.map(({ drbd: key, said }) => [key, said.level])).toEqual([
      ["drbd:store/0@ruby", "ok"],
      [null, "ok"],
    ]);
    expect(mirror.pairs[0]?.said.why).toContain("Only ruby says so.");
  });

  it("says in sentences what the states mean", () => {
    const alone = { connection: "StandAlone", ...lost };
    const mirror = only(
      says("ruby", [rubySide({ cs: "StandAlone" }, alone)]),
      says("crystal", [crystalSide({ cs: "StandAlone", role: "Primary" }, alone)]),
    );
    expect(mirror.meaning).toEqual([
      "crystal and ruby are both Primary and not connected: each may be writing its own data.",
      "Both sides are StandAlone: neither tries to connect.",
      "That alone is not proof of a split brain: look for “Split-Brain detected” in the kernel log of both.",
    ]);
  });
});

describe("which sides belong together", () => {
  it("addresses and ports join what names do not", () => {
    const mirror = only(
      says("ruby", [rubySide({ resource: "left", minor: 3 })], [settings("left", 3, "10.0.0.1", "10.0.0.2", 7_788)]),
      says("crystal", [crystalSide()], [crystalSettings]),
    );
    expect(mirror).toMatchObject({ resource: "store", device: "drbd0 and drbd3" });
  });

  it("names join nothing where the addresses say otherwise", () => {
    const found = mirrorEntities([
      says("ruby", [rubySide()], [settings("store", 0, "10.0.0.1", "10.9.9.9", 7_788)]),
      says("crystal", [crystalSide()], [crystalSettings]),
    ]);
    expect(found.map(([key]) => key)).toEqual(["drbd:store/0@crystal", "mirror:store/0", "drbd:store/0@ruby", "mirror:store@ruby/0"]);
  });

  it("the same port on the other resource is another mirror", () => {
    const found = mirrors(
      says(
        "ruby",
        [rubySide(), rubySide({ minor: 1, resource: "mail" })],
        [rubySettings, settings("mail", 1, "10.0.0.1", "10.0.0.2", 7_789)],
      ),
      says(
        "crystal",
        [crystalSide({ resource: "mail", minor: 0 }), crystalSide({ minor: 1, resource: "store" })],
        [settings("mail", 0, "10.0.0.2", "10.0.0.1", 7_788), settings("store", 1, "10.0.0.2", "10.0.0.1", 7_789)],
      ),
    );
    expect(found.map(({ resource, copies }) => [resource, copies.map((copy) => copy.drbd)])).toEqual([
      ["mail", ["drbd:mail/0@crystal", "drbd:store/0@ruby"]],
      ["store", ["drbd:store/0@crystal", "drbd:mail/0@ruby"]],
    ]);
  });

  it("a minor alone joins nothing", () => {
    expect(mirrors(says("ruby", [rubySide({ resource: null })]), says("crystal", [crystalSide({ resource: null })]))).toHaveLength(2);
  });

  it("a name that three nodes have joins nothing by itself", () => {
    expect(mirrors(...["a", "b", "c"].map((node) => says(node, [device()])))).toHaveLength(3);
  });
});

describe("three copies, DRBD 9", () => {
  const nodes = ["bergen", "narvik", "tromso"];
  function side(node: string, off: string[] = [], own: Partial<DrbdDevice> = {}): DrbdTestimony {
    const peers = nodes
      .filter((name) => name !== node)
      .map((name) =>
        off.includes(name)
          ? peer({
              name,
              connection: node === "narvik" ? "StandAlone" : "Connecting",
              replication: "Off",
              role: "Unknown",
              disk: "DUnknown",
            })
          : peer({ name, role: name === "bergen" ? "Primary" : "Secondary" }),
      );
    return says(node, [device({ resource: "pg-main", cs: null, role: node === "bergen" ? "Primary" : "Secondary", peers, ...own })]);
  }

  it("are one mirror with three lines", () => {
    const mirror = only(side("bergen"), side("narvik"), side("tromso"));
    expect(mirror.pairs.map(({ a, b, said }) => `${a} ${b} ${said.word}`)).toEqual([
      "bergen narvik in sync",
      "bergen tromso in sync",
      "narvik tromso in sync",
    ]);
    expect(mirror.holders).toEqual(nodes);
  });

  it("a pair that is Off is seen, and every copy that the Primary reaches is good", () => {
    const mirror = only(side("bergen"), side("narvik", ["tromso"]), side("tromso", ["narvik"]));
    expect(mirror.said).toMatchObject({ level: "risk", word: "narvik and tromso: Off" });
    expect(mirror.holders).toEqual(nodes);
  });

  it("a copy that the Primary does not reach is not good, whatever it says of itself", () => {
    const mirror = only(side("bergen", ["tromso"]), side("narvik", ["tromso"]), side("tromso", ["bergen", "narvik"]));
    expect(mirror.holders).toEqual(["bergen", "narvik"]);
    expect(mirror.onlyHolder).toBeNull();
  });
});
