// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { drbdDifference } from "./drbd-expected";
import type { DrbdDevice, DrbdPeer } from "./protocol/model/drbd";
import type { Reading } from "./protocol/sources";
import type { ExpectedDrbd } from "./protocol/steps";

const peer: DrbdPeer = {
  name: null,
  connection: "Connected",
  replication: "Established",
  role: "Secondary",
  disk: "UpToDate",
  protocol: "C",
  outOfSyncBytes: 0,
  pausedBy: [],
  congested: null,
  progress: null,
};
const device: DrbdDevice = {
  minor: 0,
  resource: "store",
  volume: 0,
  role: "Primary",
  disk: "UpToDate",
  suspended: false,
  suspendedBy: [],
  unconfigured: false,
  activityLogSuspended: false,
  sizeBytes: null,
  cs: "Connected",
  counters: null,
  peers: [peer],
};
const ok = (...devices: DrbdDevice[]): Reading<"drbd"> => ({
  status: "ok",
  takenAtMs: 1,
  value: { module: null, devices, settings: null, unread: [] },
});
const wantedPeer = { name: null, connection: "Connected", replication: "Established", disk: "UpToDate" };
const want: ExpectedDrbd = { minor: 0, role: "Primary", disk: "UpToDate", peers: [wantedPeer] };

test("it stands as it was looked at: no difference, whatever counts and in whatever order peers are listed", () => {
  expect(drbdDifference(ok(device), [want])).toBeNull();
  const two = {
    ...device,
    peers: [
      { ...peer, name: "b" },
      { ...peer, name: "a", outOfSyncBytes: 5 },
    ],
  };
  const wantTwo = {
    ...want,
    peers: [
      { ...wantedPeer, name: "a" },
      { ...wantedPeer, name: "b" },
    ],
  };
  expect(drbdDifference(ok(two), [wantTwo])).toBeNull();
  expect(drbdDifference({ status: "absent", takenAtMs: 1 }, [])).toBeNull();
  expect(drbdDifference(ok({ ...device, unconfigured: true }), [])).toBeNull();
});

test.each<[string, DrbdDevice[]]>([
  ["another role", [{ ...device, role: "Secondary" }]],
  ["another disk state", [{ ...device, disk: "Inconsistent" }]],
  ["a peer's disk", [{ ...device, peers: [{ ...peer, disk: "Outdated" }] }]],
  ["a connection", [{ ...device, peers: [{ ...peer, connection: "Connecting" }] }]],
  ["a resync", [{ ...device, peers: [{ ...peer, replication: "SyncSource" }] }]],
  ["a peer gone", [{ ...device, peers: [] }]],
  ["a mirror gone", []],
  ["a mirror more", [device, { ...device, minor: 1 }]],
])("%s is a difference", (_name, devices) => {
  expect(drbdDifference(ok(...devices), [want])).toMatch(/DRBD minor [01] /);
});

test("DRBD that cannot be read, or is gone, is a difference", () => {
  const failed: Reading<"drbd"> = { status: "failed", takenAtMs: 1, error: { code: "COLLECT_TIMEOUT", message: "hangs" } };
  expect(drbdDifference(failed, [])).toContain("could not be read");
  expect(drbdDifference(undefined, [])).toContain("could not be read");
  expect(drbdDifference({ status: "absent", takenAtMs: 1 }, [want])).toContain("not there any more");
});
