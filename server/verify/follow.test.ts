// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { device, drbd, peer } from "@/server/cluster/factories";
import { createStory, SIZE_BYTES } from "./test-story";

/** The two machines' clocks of the captures, so that a run begins at 1 s. */
const CLEAN = { alice: 430_955, bob: 402_700 };
const DIFFERS = { alice: 490_493, bob: 462_238 };
const CUT = { alice: 1_341_478, bob: 1_313_223 };

describe("a verify that the kernels told of to the end", () => {
  it("clean: done said of the whole device by both, and nothing found", () => {
    const story = createStory().replay({ alice: "clean.alice", bob: "clean.bob" }, CLEAN);
    story.at(45_000).reads("alice").reads("bob");
    expect(story.end()).toMatchObject({
      resource: "r0",
      starter: "alice",
      peer: "bob",
      result: "clean",
      percent: 100,
      differsBytes: 0,
      rateBytesPerSec: 6_092 * 1_024,
      outOfSync: [
        { node: "alice", beforeBytes: 0, afterBytes: 0 },
        { node: "bob", beforeBytes: 0, afterBytes: 0 },
      ],
      says: "Clean: 256 MiB compared in 44 s, nothing differs.",
    });
    expect(story.kept.ranges).toEqual([]);
  });

  it("differs: the places of both logs once, the kernel's own count, and the starter is the Secondary", () => {
    const story = createStory().replay({ alice: "differs.alice", bob: "differs.bob" }, DIFFERS);
    story.at(52_000).reads("alice", { outOfSyncBytes: 57_344 }).reads("bob", { outOfSyncBytes: 57_344 });
    expect(story.end()).toMatchObject({
      starter: "bob",
      peer: "alice",
      result: "differs",
      differsBytes: 14 * 4_096,
      says: "Differs in 56 KiB, 3 places. A verify repairs nothing.",
    });
    const places = new Set(story.kept.ranges.map(({ startSector, sectors }) => `${startSector}+${sectors}`));
    expect([...places].sort()).toEqual(["160000+24", "2400+80", "400000+8"]);
  });

  it("a window that was disconnected is aborted where the kernel says that it came to, by whose hand", () => {
    const story = createStory().replay({ alice: "window-cut.alice", bob: "window-cut.bob" }, CUT);
    story.at(8_000);
    story.reads("alice", { connection: "StandAlone", replication: "Off", disk: "DUnknown", role: "Unknown" });
    story.reads("bob", { connection: "Connecting", replication: "Off", disk: "DUnknown", role: "Unknown" });
    const summary = story.end();
    expect(summary).toMatchObject({ result: "aborted", starter: "alice", says: "Aborted at 34 %: it was disconnected on alice." });
  });
});

describe("a verify is never clean", () => {
  const done = "block drbd0: Online verify done (total 43 sec; paused 0 sec; 6092 K/sec)";
  const begins = () => createStory().at(1_000).line("alice", "block drbd0: Starting Online Verify from sector 0");
  const over = (story: ReturnType<typeof createStory>) => story.at(45_000).reads("alice").reads("bob").end();

  it("when done is said and then a sector that it reached: it was stopped", () => {
    const story = begins().at(12_000).line("alice", "block drbd0: Online verify done (total 11 sec; paused 0 sec; 6092 K/sec)");
    story.line("alice", "block drbd0: Online Verify reached sector 131072");
    expect(over(story)).toMatchObject({ result: "aborted", says: "Aborted at 25 %: it was stopped there." });
  });

  it("when its line of the sector was lost, but time and rate do not make up the device", () => {
    const story = begins().at(12_000).line("alice", "block drbd0: Online verify done (total 11 sec; paused 0 sec; 6092 K/sec)");
    expect(over(story)).toMatchObject({ result: "aborted" });
  });

  it("when it did not begin at the first sector", () => {
    const story = createStory()
      .at(1_000)
      .line("alice", "block drbd0: Starting Online Verify from sector 8000")
      .at(44_000)
      .line("alice", done);
    expect(over(story)).toMatchObject({ result: "aborted", says: expect.stringContaining("it had begun at sector 8000") });
  });

  it("when kernel lines of a node were lost while it ran", () => {
    expect(over(begins().at(20_000).gap("bob").at(44_000).line("alice", done))).toMatchObject({
      result: "unknown",
      says: expect.stringContaining("kernel lines of bob were lost"),
    });
  });

  it("when it was gone from the readings without a word", () => {
    const story = createStory().at(1_000).reads("alice", { replication: "VerifyS" }).reads("bob", { replication: "VerifyT" });
    expect(over(story)).toMatchObject({
      result: "unknown",
      starter: "alice",
      says: "It ended without a word in the kernel log: how was not seen.",
    });
  });

  it("when no kernel log can be read", () => {
    const story = createStory().at(1_000).reads("alice", { replication: "VerifyS" }).withoutLog("alice").withoutLog("bob");
    expect(over(story)).toMatchObject({
      result: "unknown",
      says: expect.stringContaining("the kernel log of alice and bob cannot be read"),
    });
  });

  it("when blocks stay marked from before, though none is new", () => {
    const story = createStory().reads("alice", { outOfSyncBytes: 12_288 }).reads("bob", { outOfSyncBytes: 12_288 });
    story.at(1_000).line("alice", "block drbd0: Starting Online Verify from sector 0").at(44_000).line("alice", done);
    story.line("alice", "block drbd0: Online verify found 3 4k block out of sync!");
    story.at(45_000).reads("alice", { outOfSyncBytes: 12_288 }).reads("bob", { outOfSyncBytes: 12_288 });
    expect(story.end()).toMatchObject({
      result: "differs",
      says: expect.stringContaining("No new differences; 12 KiB were already out of sync"),
    });
  });
});

describe("a verify that was broken off", () => {
  const verifying = (percent: number) => ({
    kind: "verify" as const,
    percent,
    totalBytes: SIZE_BYTES,
    leftBytes: Math.floor(SIZE_BYTES * (1 - percent / 100)),
    rateBytesPerSec: null,
    etaSeconds: null,
    stalled: false,
  });
  const atForty = () =>
    createStory()
      .at(1_000)
      .reads("alice", { replication: "VerifyS", progress: verifying(10) })
      .at(20_000)
      .reads("alice", { replication: "VerifyS", progress: verifying(41) });

  it("by a lost connection: at the last percent that was read, where the kernel says none", () => {
    const story = atForty().at(30_000).reads("alice", { connection: "WFConnection", replication: "Off", disk: "DUnknown" });
    expect(story.end()).toMatchObject({
      result: "aborted",
      percent: expect.closeTo(41, 0),
      says: "Aborted at 41 %: the connection to bob was lost (WFConnection).",
    });
  });

  it("by a peer that is gone: neither DRBD nor its agent hears of it", () => {
    const story = atForty().at(30_000).reads("alice", { connection: "WFConnection", replication: "Off", disk: "DUnknown" }).silent("bob");
    expect(story.end().says).toBe("Aborted at 41 %: the connection to bob was lost, and its agent is not heard either.");
  });

  it("by a resync", () => {
    expect(atForty().at(30_000).reads("alice", { replication: "SyncSource" }).end().says).toBe("Aborted at 41 %: a resync took its place.");
  });

  it("by a disk that went", () => {
    expect(atForty().at(30_000).reads("alice", { ownDisk: "Diskless" }).end().says).toBe("Aborted at 41 %: alice let go of its disk.");
  });

  it("the connection came back before the next reading: the kernel's word says that it was lost", () => {
    const story = atForty()
      .at(29_000)
      .line("alice", "drbd r0: peer( Secondary -> Unknown ) conn( VerifyS -> NetworkFailure ) pdsk( UpToDate -> DUnknown ) ");
    expect(story.at(30_000).reads("alice").reads("bob").end().says).toBe(
      "Aborted at 41 %: the connection to bob was lost (NetworkFailure).",
    );
  });
});

describe("whose end is waited for", () => {
  it("all nodes that are heard say theirs, and a moment more: reached comes after done", () => {
    const story = createStory().replay({ alice: "clean.alice", bob: "clean.bob" }, CLEAN);
    expect(story.isDue()).toEqual([false]);
    story.at(45_000).reads("alice").reads("bob");
    expect(story.isDue()).toEqual([false]);
    expect(story.at(48_000).isDue()).toEqual([true]);
  });

  it("a node that says nothing is not waited for any longer than patience lasts", () => {
    const story = createStory().at(1_000).reads("alice", { replication: "VerifyS" }).at(5_000).reads("alice");
    expect(story.at(19_000).isDue()).toEqual([false]);
    expect(story.at(21_000).isDue()).toEqual([true]);
  });
});

describe("two runs, one right after the other", () => {
  const one = ["Starting Online Verify from sector 0", "Online verify done (total 43 sec; paused 0 sec; 6092 K/sec)"] as const;

  it("are two: a log that is read from its start tells them in one breath, node by node", () => {
    const story = createStory();
    for (const node of ["alice", "bob"] as const) {
      story.at(1_000).line(node, `block drbd0: ${node === "alice" ? one[0] : "Online Verify start sector: 0"}`);
      story.at(44_000).line(node, `block drbd0: ${one[1]}`);
      story.at(60_000).line(node, `block drbd0: ${node === "alice" ? one[0] : "Online Verify start sector: 0"}`);
      story.at(61_000).line(node, "block drbd0: Out of sync: start=0, size=8 (sectors)");
      story.at(104_000).line(node, `block drbd0: ${one[1]}`).line(node, "block drbd0: Online verify found 1 4k block out of sync!");
    }
    expect(story.runs()).toMatchObject([
      {
        sides: [
          { rangesLogged: 0, foundBytes: null },
          { rangesLogged: 0, foundBytes: null },
        ],
      },
      {
        sides: [
          { rangesLogged: 1, foundBytes: 4_096 },
          { rangesLogged: 1, foundBytes: 4_096 },
        ],
      },
    ]);
    expect(story.ends().map(({ result }) => result)).toEqual(["clean", "differs"]);
  });

  it("one that is begun anew a moment after it was stopped is another", () => {
    const story = createStory().at(1_000).line("alice", `block drbd0: ${one[0]}`).reads("alice", { replication: "VerifyS" });
    story.at(9_000).line("alice", "block drbd0: Online verify done (total 8 sec; paused 0 sec; 6092 K/sec)");
    story.line("alice", "block drbd0: Online Verify reached sector 97472").line("alice", "block drbd0: conn( VerifyS -> Connected ) ");
    story.at(9_500).line("alice", "block drbd0: conn( Connected -> VerifyS ) ").line("alice", `block drbd0: ${one[0]}`);
    story.at(11_000).reads("alice", { replication: "VerifyS" });
    expect(story.runs()).toHaveLength(2);
    expect(story.ends()[0]).toMatchObject({ result: "aborted", says: "Aborted at 18 %: it was stopped there." });
  });

  it("a reading from before the first line ends none: what the next one shows is the same run", () => {
    const story = createStory()
      .at(1_000)
      .line("alice", `block drbd0: ${one[0]}`)
      .at(2_500)
      .reads("alice")
      .at(3_500)
      .reads("alice", { replication: "VerifyS" });
    expect(story.runs()).toMatchObject([{ endingSinceMs: null }]);
  });
});

describe("a mirror of three copies", () => {
  const three = (replication: string) => {
    const peers = [peer({ name: "bob", replication }), peer({ name: "eve", replication: "Established" })];
    return drbd([device({ resource: "r0", sizeBytes: SIZE_BYTES, cs: null, peers })]);
  };

  it("a pair that verifies is not another's: each has a record of its own, and a line with a peer's name is its pair's", () => {
    const story = createStory().at(1_000).tells("alice", three("VerifyS"));
    expect(story.runs()).toMatchObject([{ pair: "alice+bob", summary: { starter: "alice", peer: "bob" } }]);
    story.line("alice", "drbd r0/0 drbd0 eve: Out of sync: start=0, size=8 (sectors)");
    expect(story.runs()[0]?.sides).toMatchObject([{ node: "alice", rangesLogged: 0 }, { node: "bob" }]);
    story.line("alice", "drbd r0/0 drbd0 bob: Out of sync: start=0, size=8 (sectors)");
    expect(story.runs()[0]?.sides).toMatchObject([{ node: "alice", rangesLogged: 1 }, { node: "bob" }]);
    story.line("alice", "drbd r0/0 drbd0 bob: Online verify done (total 43 sec; paused 0 sec; 6092 K/sec)");
    story.line("alice", "drbd r0/0 drbd0 bob: Online verify found 1 4k block out of sync!").tells("alice", three("Established"));
    expect(story.end()).toMatchObject({ result: "differs", starter: "alice", peer: "bob", differsBytes: 4_096 });
  });

  it("a line of a device with two peers that names none begins nothing: which pair it is, a reading says", () => {
    const story = createStory()
      .tells("alice", three("Established"))
      .at(1_000)
      .line("alice", "drbd r0/0 drbd0: Starting Online Verify from sector 0");
    expect(story.runs()).toEqual([]);
    expect(story.tells("alice", three("VerifyS")).runs()).toHaveLength(1);
  });
});

describe("what begins one", () => {
  it("nothing else than a verify", () => {
    const story = createStory()
      .at(1_000)
      .reads("alice", { replication: "SyncSource" })
      .line("alice", "block drbd0: Resync done (total 1 sec; paused 0 sec; 56 K/sec)");
    story
      .line("alice", "block drbd0: Out of sync: start=2400, size=80 (sectors)")
      .line("alice", "block drbd7: Starting Online Verify from sector 0");
    expect(story.runs()).toEqual([]);
  });

  it("a line from before the last one ended begins none: a log is read again from its start", () => {
    const story = createStory({ lastEndMs: () => Number.MAX_SAFE_INTEGER })
      .at(1_000)
      .line("alice", "block drbd0: Starting Online Verify from sector 0");
    expect(story.runs()).toEqual([]);
  });

  it("ten thousand lines of differences are counted, and so many kept as are to be kept", () => {
    const story = createStory().at(1_000).line("alice", "block drbd0: Starting Online Verify from sector 0");
    for (let place = 0; place < 10_050; place += 1) story.line("alice", `block drbd0: Out of sync: start=${place * 16}, size=8 (sectors)`);
    expect(story.kept.ranges).toHaveLength(10_000);
    expect(story.kept.lines.length).toBeLessThanOrEqual(200);
    expect(story.runs()[0]?.sides[0]).toMatchObject({ rangesLogged: 10_050, bytesLogged: 10_050 * 4_096 });
  });
});
