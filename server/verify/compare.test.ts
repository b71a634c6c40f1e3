// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { VerifyRange, VerifySummary } from "@/agent/protocol/console/verify";
import { type ComparedRun, compare } from "./compare";
import { readErrorsIn } from "./read-errors";
import type { FollowedRun, RunSide } from "./run-state";

const OCT_12 = Date.UTC(2026, 9, 12);
const OCT_28 = Date.UTC(2026, 9, 28);
const NOV_11 = Date.UTC(2026, 10, 11);
const SIZE = 8_192 * 512;

const block = (startSector: number, sectors = 8): VerifyRange => ({ startSector, sectors });

function side(node: string, change: Partial<RunSide>): RunSide {
  return {
    node,
    minor: 0,
    startSector: 0,
    wasOn: true,
    wasRead: true,
    endedAtMs: null,
    done: { atMs: 0, seconds: 1, kibPerSec: SIZE / 1_024 },
    foundBytes: null,
    reachedSector: null,
    wentTo: null,
    left: null,
    hasGap: false,
    beforeBytes: 0,
    afterBytes: 0,
    rangesLogged: 0,
    bytesLogged: 0,
    ...change,
  };
}

function run(startedAtMs: number, ranges: VerifyRange[], change: Partial<RunSide> = {}, more: Partial<VerifySummary> = {}): ComparedRun {
  const counted = { rangesLogged: ranges.length, ...change };
  const followed: FollowedRun = {
    summary: {
      id: String(startedAtMs),
      cluster: "san-a",
      resource: "mail",
      volume: 0,
      starter: "ruby",
      peer: "crystal",
      cause: "node",
      by: null,
      run: null,
      schedule: null,
      startedAtMs,
      endedAtMs: startedAtMs + 60_000,
      result: ranges.length > 0 ? "differs" : "clean",
      percent: 100,
      says: null,
      sizeBytes: SIZE,
      rateBytesPerSec: null,
      differsBytes: null,
      outOfSync: [],
      ...more,
    },
    pair: "crystal+ruby",
    revision: 1,
    algorithm: "crc32c",
    versions: [],
    accepted: [],
    sides: [side("ruby", counted), side("crystal", counted)],
    lines: 0,
    stoppedBy: null,
    heardAtMs: 0,
    endingSinceMs: 0,
  };
  return { run: followed, ranges };
}

describe("a run beside earlier ones", () => {
  it("the same places again point to a disk, with what each run said of each place", () => {
    const first = run(OCT_12, [block(800), block(1_600)], { afterBytes: 8_192 });
    const cut = run(
      OCT_28,
      [block(800)],
      { reachedSector: 1_200, done: null, beforeBytes: 8_192, afterBytes: 8_192 },
      { result: "aborted", percent: 41 },
    );
    const last = run(NOV_11, [block(800), block(1_600), block(3_200)], { beforeBytes: 8_192 });
    const errors = readErrorsIn(
      [{ node: "crystal", atMs: Date.UTC(2026, 9, 9), text: "blk_update_request: I/O error, dev sdd, sector 99 op 0x0:(READ) flags 0x0" }],
      last.ranges,
    );
    expect(compare(last, [first, cut], errors)).toEqual({
      runs: [
        { id: String(OCT_12), startedAtMs: OCT_12, result: "differs", reachedSector: null },
        { id: String(OCT_28), startedAtMs: OCT_28, result: "aborted", reachedSector: 1_200 },
        { id: String(NOV_11), startedAtMs: NOV_11, result: "differs", reachedSector: null },
      ],
      places: [
        { startSector: 800, sectors: 8, said: ["differs", "differs", "differs"] },
        { startSector: 1_600, sectors: 8, said: ["differs", "not reached", "differs"] },
        { startSector: 3_200, sectors: 8, said: ["same", "not reached", "differs"] },
      ],
      placesNotShown: 0,
      sameBlocks: 2,
      newBlocks: 1,
      title: "2 of 3 places are the same as on 12 Oct",
      meaning:
        "The same blocks twice points to a disk or controller, not to buffers changed in flight. crystal's kernel logged read errors on sdd on 9 Oct. No resync touched it between the two runs.",
    });
  });

  it("other places each time are usually buffers changed in flight", () => {
    const found = compare(run(NOV_11, [block(3_200)]), [run(OCT_12, [block(800)])], []);
    expect(found).toMatchObject({
      sameBlocks: 0,
      newBlocks: 1,
      title: "Other places than on 12 Oct",
      meaning: expect.stringContaining("buffers changed in flight"),
    });
  });

  it("a place that a resync wrote anew and that differs again is not counted as the same, and is said to be no accident", () => {
    const found = compare(run(NOV_11, [block(800)], { beforeBytes: 0 }), [run(OCT_12, [block(800)], { afterBytes: 4_096 })], []);
    expect(found).toMatchObject({
      sameBlocks: 0,
      newBlocks: 1,
      title: "The place is the same as on 12 Oct",
      meaning: expect.stringContaining("A resync wrote these blocks anew in between, and they differ again."),
    });
  });

  it("the first run that finds something has nothing to be compared with, and says what next", () => {
    expect(compare(run(NOV_11, [block(800)]), [run(OCT_12, [])], [])).toMatchObject({
      title: "1 place, found for the first time",
      meaning: expect.stringContaining("Repair it step by step, then verify once more"),
    });
  });

  it("a clean run after one that differed says so; without any difference there is nothing to say", () => {
    expect(compare(run(NOV_11, []), [run(OCT_12, [block(800)])], [])?.title).toBe("Nothing of what differed on 12 Oct differs any more");
    expect(compare(run(NOV_11, []), [run(OCT_12, [])], [])).toBeNull();
  });

  it("places that overlap in part are told apart where the runs begin to say something else", () => {
    const found = compare(run(NOV_11, [block(800, 32)]), [run(OCT_12, [block(816, 32)])], []);
    expect(found?.places).toEqual([
      { startSector: 800, sectors: 16, said: ["same", "differs"] },
      { startSector: 816, sectors: 16, said: ["differs", "differs"] },
      { startSector: 832, sectors: 16, said: ["differs", "same"] },
    ]);
  });

  it("sectors within a block are the whole block", () => {
    expect(compare(run(NOV_11, [block(803, 1)]), [], [])?.places).toEqual([{ startSector: 800, sectors: 8, said: ["differs"] }]);
  });

  it("of many more places than are shown the rest is counted, in time that grows with them", () => {
    const many = Array.from({ length: 10_000 }, (_, place) => block(place * 16));
    const others = Array.from({ length: 10_000 }, (_, place) => block(place * 16 + 8));
    const found = compare(run(NOV_11, many), [run(OCT_12, others), run(OCT_28, many)], []);
    expect(found?.places).toHaveLength(1_000);
    expect(found?.placesNotShown).toBe(19_000);
    expect(found?.sameBlocks).toBe(10_000);
  });
});

describe("read errors", () => {
  it.each([
    ["block drbd0: local READ IO error sector 160000+8 on vdb", { disk: "vdb", isNear: true }],
    ["block drbd0: local READ IO error sector 900000+8 on vdb", { disk: "vdb", isNear: false }],
    ["critical medium error, dev sdd, sector 1234 op 0x0:(READ) flags 0x0", { disk: "sdd", isNear: false }],
    ["blk_update_request: I/O error, dev sdd, sector 1234", { disk: "sdd", isNear: false }],
  ])("in %s", (text, error) => {
    expect(readErrorsIn([{ node: "ruby", atMs: 1, text }], [block(160_000)])).toEqual([{ node: "ruby", atMs: 1, ...error }]);
  });

  it.each([
    "block drbd0: local WRITE IO error sector 160000+8 on vdb",
    "I/O error, dev sdd, sector 1 op 0x1:(WRITE) flags 0x0",
    "all is well",
  ])("not in %s", (text) => {
    expect(readErrorsIn([{ node: "ruby", atMs: 1, text }], [block(160_000)])).toEqual([]);
  });
});
