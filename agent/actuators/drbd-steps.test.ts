// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { RunResult } from "../host/host";
import { memoryHost } from "../host/memory-host";
import { manualClock } from "../manual-clock";
import type { DrbdDevice, DrbdPeer } from "../protocol/model/drbd";
import type { Reading } from "../protocol/sources";
import { Step } from "../protocol/steps";
import type { ActContext } from "./define";
import { drbdLink } from "./drbd-link";
import { drbdTakeFromPeer } from "./drbd-take-from-peer";

const exit = (exitCode: number, stdout = "", stderr = ""): RunResult => ({ exitCode, stdout, stderr });
const VERSION = (version: string) => exit(0, `DRBDADM_BUILDTAG=x\nDRBDADM_API_VERSION=2\nDRBDADM_VERSION=${version}\n`);

const peer = (part: Partial<DrbdPeer> = {}): DrbdPeer => ({
  name: "ruby",
  connection: "Connected",
  replication: "Established",
  role: "Primary",
  disk: "UpToDate",
  protocol: "C",
  outOfSyncBytes: 32_768,
  pausedBy: [],
  congested: null,
  progress: null,
  ...part,
});
const device = (part: Partial<DrbdDevice> = {}): DrbdDevice => ({
  minor: 1,
  resource: "mail",
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
  peers: [peer()],
  ...part,
});

interface World {
  devices?: DrbdDevice[];
  loaded?: string;
  protoMax?: number;
  utils?: string;
  ends?: RunResult;
}

/** A node whose drbdadm tells what it was started with. */
function node({ devices = [device()], loaded = "9.2.8", protoMax = 122, utils = "9.22.0", ends = exit(0) }: World = {}) {
  const calls: string[] = [];
  const module = { version: loaded, generation: "9" as const, api: 2, protoMin: 86, protoMax, build: null };
  const drbd: Reading<"drbd"> = { status: "ok", takenAtMs: 1, value: { module, devices, settings: null, unread: [] } };
  const host = memoryHost({
    tools: {
      drbdadm(args) {
        if (args[0] === "--version") return VERSION(utils);
        calls.push(args.join(" "));
        return ends;
      },
    },
  });
  const context: ActContext = { host, clock: manualClock(), drbd };
  return { context, calls };
}

const DISCONNECT = { kind: "drbdDisconnect", resource: "mail", peer: "ruby" } as const;
const CONNECT = { kind: "drbdConnect", resource: "mail", peer: null } as const;
const TAKE = { kind: "drbdTakeFromPeer", resource: "mail", volume: 0, peer: "ruby" } as const;

test("disconnect and connect: by resource on 8.x, by resource and peer on 9; nothing is forced", async () => {
  const nine = node();
  expect(await drbdLink(nine.context, DISCONNECT)).toMatchObject({ commands: ["drbdadm disconnect mail:ruby"] });
  const eight = node({ devices: [device({ peers: [peer({ name: null, connection: "StandAlone", replication: "Off" })] })] });
  expect(await drbdLink(eight.context, CONNECT)).toMatchObject({ commands: ["drbdadm connect mail"] });
  expect([...nine.calls, ...eight.calls]).toEqual(["disconnect mail:ruby", "connect mail"]);
});

test("a Primary does not let go of its peer, and an unknown resource or peer is not guessed", async () => {
  const refused = { code: "STEP_CHANGED", mayHaveHappened: false };
  const worlds: World[] = [
    { devices: [device({ role: "Primary" })] },
    { devices: [device(), device({ minor: 2, volume: 1, role: "Primary" })] },
    { devices: [device({ resource: "other" })] },
    { devices: [device({ peers: [peer({ name: "jade" })] })] },
    { devices: [] },
  ];
  for (const world of worlds) {
    const { context, calls } = node(world);
    await expect(async () => drbdLink(context, DISCONNECT)).rejects.toMatchObject(refused);
    expect(calls).toEqual([]);
  }
  const { context } = node();
  await expect(async () => drbdLink({ ...context, drbd: undefined }, DISCONNECT)).rejects.toMatchObject(refused);
});

test("DRBD's own refusal did nothing; an end that nobody knows may have done it", async () => {
  const words = exit(11, "", "0: State change failed: (-15) Need a connection");
  await expect(drbdLink(node({ ends: words }).context, DISCONNECT)).rejects.toMatchObject({
    code: "STEP_TOOL",
    mayHaveHappened: false,
    message: expect.stringContaining("Need a connection"),
  });
  await expect(drbdLink(node({ ends: exit(20) }).context, DISCONNECT)).rejects.toMatchObject({ mayHaveHappened: true });
});

test("taking from the peer: only what is marked, never the whole device", async () => {
  const { context, calls } = node();
  expect(await drbdTakeFromPeer(context, TAKE)).toMatchObject({ commands: ["drbdadm invalidate mail:ruby/0 --reset-bitmap=no"] });
  expect(calls).toEqual(["invalidate mail:ruby/0 --reset-bitmap=no"]);
});

test.each<[string, World]>([
  ["DRBD 9.0.28 loaded", { loaded: "9.0.28", protoMax: 119 }],
  ["DRBD 9.1.1 loaded", { loaded: "9.1.1", protoMax: 120 }],
  ["DRBD 8.4 loaded", { loaded: "8.4.11", protoMax: 101 }],
  ["a module whose protocol is older than the option", { loaded: "9.0.30", protoMax: 119 }],
  ["drbd-utils 9.16", { utils: "9.16.0" }],
  ["drbd-utils of no known version", { utils: "git" }],
])("%s: without --reset-bitmap everything would be overwritten, so nothing is done", async (_, world) => {
  const { context, calls } = node(world);
  await expect(drbdTakeFromPeer(context, TAKE)).rejects.toMatchObject({ code: "STEP_ABSENT", mayHaveHappened: false });
  expect(calls).toEqual([]);
});

test.each<[string, World]>([
  ["Primary here", { devices: [device({ role: "Primary" })] }],
  ["Inconsistent here", { devices: [device({ disk: "Inconsistent" })] }],
  ["Outdated there", { devices: [device({ peers: [peer({ disk: "Outdated" })] })] }],
  ["verifying", { devices: [device({ peers: [peer({ replication: "VerifyT" })] })] }],
  ["not connected", { devices: [device({ peers: [peer({ connection: "Connecting", replication: "Off" })] })] }],
  ["nothing marked", { devices: [device({ peers: [peer({ outOfSyncBytes: 0 })] })] }],
  ["not known what is marked", { devices: [device({ peers: [peer({ outOfSyncBytes: null })] })] }],
  ["another volume", { devices: [device({ volume: 1 })] }],
])("%s: nothing is overwritten", async (_, world) => {
  const { context, calls } = node(world);
  await expect(drbdTakeFromPeer(context, TAKE)).rejects.toMatchObject({ code: "STEP_CHANGED" });
  expect(calls).toEqual([]);
});

test("a name that is an option, a path, a peer, all of them or two words does not fit the contract", () => {
  for (const resource of ["all", "-h", "--force", "a/0", "a:ruby", "a b", "", "../x"])
    expect(Step.safeParse({ ...CONNECT, resource }).success, resource).toBe(false);
  for (const resource of ["mail", "vm-101-disk-1", "all2", "0"])
    expect(Step.safeParse({ ...CONNECT, resource }).success, resource).toBe(true);
});
