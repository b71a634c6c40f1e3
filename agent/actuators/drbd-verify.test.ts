// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it, test } from "vitest";
import type { RunResult } from "../host/host";
import { memoryHost } from "../host/memory-host";
import { manualClock } from "../manual-clock";
import type { DrbdDevice, DrbdModule, DrbdPeer } from "../protocol/model/drbd";
import type { Reading } from "../protocol/sources";
import { Step } from "../protocol/steps";
import type { ActContext } from "./define";
import { drbdVerify, drbdVerifyLines } from "./drbd-verify";

const exit = (exitCode: number, stdout = "", stderr = ""): RunResult => ({ exitCode, stdout, stderr });
const ON_8_4 = { kind: "drbdVerify", resource: "r0", volume: 0, peer: null, generation: "8.4" } as const;
const ON_8_3 = { ...ON_8_4, generation: "8.3" } as const;
const ON_9 = { ...ON_8_4, generation: "9", peer: "narvik" } as const;

const peer = (part: Partial<DrbdPeer> = {}): DrbdPeer => ({
  name: null,
  connection: "Connected",
  replication: "Established",
  role: "Primary",
  disk: "UpToDate",
  protocol: "C",
  outOfSyncBytes: 0,
  pausedBy: [],
  congested: null,
  progress: null,
  ...part,
});
const device = (peers: DrbdPeer[] = [peer()]): DrbdDevice => ({
  minor: 0,
  resource: "r0",
  volume: 0,
  role: "Secondary",
  disk: "UpToDate",
  suspended: false,
  suspendedBy: [],
  unconfigured: false,
  activityLogSuspended: false,
  sizeBytes: 2 ** 30,
  cs: null,
  counters: null,
  peers,
});

/** A node on which DRBD of a generation was just read, and whose drbdadm ends so. */
function node(ends: RunResult = exit(0), generation: DrbdModule["generation"] = "8.4", devices = [device()]) {
  const calls: string[] = [];
  const module = { version: "x", generation, api: null, protoMin: null, protoMax: null, build: null };
  const drbd: Reading<"drbd"> = { status: "ok", takenAtMs: 1, value: { module, devices, settings: null, unread: [] } };
  const host = memoryHost({
    tools: {
      drbdadm(args) {
        calls.push(args.join(" "));
        return ends;
      },
    },
  });
  const context: ActContext = { host, clock: manualClock(), drbd };
  return { context, calls };
}

test.each([
  [ON_8_3, "drbdadm -- --start=0 verify r0"],
  [ON_8_4, "drbdadm -- --start=0 verify r0/0"],
  [ON_9, "drbdadm verify --start=0 r0:narvik/0"],
  [{ ...ON_9, peer: null, volume: 3 }, "drbdadm verify --start=0 r0/3"],
  [{ ...ON_8_3, kind: "drbdVerifyStop" as const }, "drbdadm -- --stop=0 verify r0"],
  [{ ...ON_8_4, kind: "drbdVerifyStop" as const }, "drbdadm -- --stop=0 verify r0/0"],
  [{ ...ON_9, kind: "drbdVerifyStop" as const }, "drbdadm verify --stop=0 r0:narvik/0"],
])("%j: from the first sector, or to where it is, in the words of its generation", (step, line) => {
  expect(drbdVerifyLines(step)).toEqual([line]);
});

test("what was previewed is what is run", async () => {
  const { context, calls } = node();
  expect(await drbdVerify(context, ON_8_4)).toEqual({ commands: ["drbdadm -- --start=0 verify r0/0"], output: "" });
  expect(calls).toEqual(["-- --start=0 verify r0/0"]);
});

describe("what DRBD refuses", () => {
  // Captured: drbd-utils 9.22 on DRBD 8.4.11, captures/vm/drbd 20 to 27.
  const said = (number: number, words: string) =>
    exit(11, "", `0: State change failed: (${number}) ${words}\nCommand 'drbdsetup-84 verify 0' terminated with exit code 11\n`);

  it.each([
    [said(-14, "Need a verify algorithm to start online verify"), "no verify-alg is set"],
    [said(-15, "Need a connection to start verify or resync"), "it is not connected"],
    [said(-8, "Can not start OV/resync since it is already active"), "a resync or verify runs already"],
    [exit(1, "", "'r0' not defined in your config (for this host).\n"), "has no resource r0 in its configuration"],
    [exit(20, "", "open(/var/lock/drbd-147-0): Permission denied\n"), "has to run as root"],
    [said(-99, "Something new"), "Something new (-99)"],
  ])("%j: a sentence, and nothing happened", async (ends, sentence) => {
    await expect(drbdVerify(node(ends).context, ON_8_4)).rejects.toMatchObject({
      code: "STEP_TOOL",
      mayHaveHappened: false,
      message: expect.stringContaining(sentence),
    });
  });

  it("with words that nobody knows is told as it stands", async () => {
    await expect(drbdVerify(node(exit(5, "", "what?")).context, ON_8_4)).rejects.toMatchObject({
      message: "drbdadm -- --start=0 verify r0/0 ended with exit 5: what?",
    });
  });
});

describe("what is not as the order says", () => {
  const stop = { ...ON_8_4, kind: "drbdVerifyStop" } as const;

  it("a volume that is not there, another generation, settings that could not be read: nothing is run", async () => {
    const gone = node(exit(0), "8.4", []);
    await expect(drbdVerify(gone.context, ON_8_4)).rejects.toMatchObject({ code: "STEP_CHANGED" });
    const nine = node(exit(0), "9");
    await expect(drbdVerify(nine.context, ON_8_4)).rejects.toMatchObject({ code: "STEP_CHANGED" });
    const unread = node();
    await expect(drbdVerify({ ...unread.context, drbd: undefined }, ON_8_4)).rejects.toMatchObject({ code: "STEP_CHANGED" });
    expect([...gone.calls, ...nine.calls, ...unread.calls]).toEqual([]);
  });

  it("a stop where none runs that was started here is not run: DRBD would begin one", async () => {
    for (const replication of ["Established", "VerifyT"]) {
      const { context, calls } = node(exit(0), "8.4", [device([peer({ replication })])]);
      await expect(drbdVerify(context, stop)).rejects.toMatchObject({ code: "STEP_CHANGED" });
      expect(calls).toEqual([]);
    }
    const { context, calls } = node(exit(0), "8.4", [device([peer({ replication: "VerifyS" })])]);
    await drbdVerify(context, stop);
    expect(calls).toEqual(["-- --stop=0 verify r0/0"]);
  });

  it("8.3 has no volumes", async () => {
    await expect(drbdVerify(node(exit(0), "8.3").context, { ...ON_8_3, volume: 1 })).rejects.toMatchObject({ code: "STEP_INVALID" });
  });
});

test("names that are options, paths, peers, volumes or everything never fit", () => {
  for (const resource of ["all", "-h", "--stop", "r0/1", "r0:x", "a b", "", ".r0", "r0;reboot", "$(x)", "ä"])
    expect(Step.safeParse({ ...ON_9, resource }).success, resource).toBe(false);
  for (const name of ["-x", "a/b", "a:b", "a b", ""]) expect(Step.safeParse({ ...ON_9, peer: name }).success, name).toBe(false);
  for (const volume of [-1, 1.5, 65_536, "0"]) expect(Step.safeParse({ ...ON_9, volume }).success, String(volume)).toBe(false);
  for (const generation of ["10", "8", ""]) expect(Step.safeParse({ ...ON_9, generation }).success, generation).toBe(false);
  expect(Step.safeParse(ON_9).success).toBe(true);
});
