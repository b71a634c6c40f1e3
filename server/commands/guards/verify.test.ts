// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Entity, EntityOf, View } from "@/agent/protocol/console/view";
import { keyOf } from "@/agent/protocol/console/view";
import type { Guard } from "../define";
import { drbdVerify } from "../drbd-verify";
import { contextOf } from "../offers";
import { faultsOf, KNOWN_FAULTS } from "./known-bad-drbd";
import { copy, mirror, node, pair, resyncing, run, said, says, source, T0, viewOf, without } from "./test-view";
import {
  copiesAreUpToDate,
  copiesHaveDisks,
  mirrorIsAtRest,
  mirrorIsKnown,
  verifyAlgIsLoaded,
  verifyAlgIsSet,
  verifyEndsAreConnected,
  verifyEndsAreHeard,
} from "./verify-can-begin";
import { drbdIsKnownToBearIt, lowerMirrorIsWhole, verifyCanBeStopped, verifyRepairsNothing, verifyRuns } from "./verify-limits";
import { nodesAndLinesAreFree, nodesAreQuiet, oneNodeWrites, saysHowLong } from "./verify-load";

type Side = EntityOf<"drbd">;

/** One side of `store` in its own words, with sha1 set. */
function side(
  on: string,
  part: Partial<Side["device"]> = {},
  settings: Partial<NonNullable<Side["settings"]>> | null = {},
  resource = "store",
): Side {
  const other = on === "ruby" ? "crystal" : "ruby";
  return {
    kind: "drbd",
    from: { node: on, source: "drbd" },
    resource,
    volume: 0,
    mirror: keyOf.mirror(resource, 0),
    device: {
      minor: 0,
      resource,
      volume: 0,
      role: on === "ruby" ? "Primary" : "Secondary",
      disk: "UpToDate",
      suspended: false,
      suspendedBy: [],
      unconfigured: false,
      activityLogSuspended: false,
      sizeBytes: 2 ** 41,
      cs: "Connected",
      counters: null,
      peers: [peerOf(null)],
      ...part,
    },
    settings: settings && { ...settingsOf(other), ...settings },
    said: said("ok", "UpToDate"),
  };
}
function peerOf(name: string | null, replication = "Established"): Side["device"]["peers"][number] {
  return {
    name,
    connection: "Connected",
    replication,
    role: "Secondary",
    disk: "UpToDate",
    protocol: "C",
    outOfSyncBytes: 0,
    pausedBy: [],
    congested: null,
    progress: null,
  };
}
function settingsOf(peer: string, verifyAlg: string | null = "sha1"): NonNullable<Side["settings"]> {
  const connection = { peer, local: null, remote: null, protocol: "C" as const, verifyAlg, fencing: null, allowTwoPrimaries: null };
  return { resource: "store", volumes: [{ volume: 0, minor: 0, backingDevice: "/dev/vg0/store" }], connections: [connection] };
}

/** `store` at rest on two heard nodes, in sync, with everything set; later entities replace those of the same key. */
const calm = (...more: readonly Entity[]): View => viewOf(side("ruby"), side("crystal"), ...more);
const asked = (view: View, peer: string | null = null) =>
  contextOf(
    drbdVerify,
    { resource: "store", volume: 0, peer },
    {
      view,
      nowMs: T0,
      asker: { user: "anna", role: "operator", token: null, from: null },
      preview: null,
      runId: null,
    },
  );
const verifying = (name = "store", part: Partial<EntityOf<"mirror">["pairs"][number]> = {}) =>
  mirror(name, {
    pairs: [
      pair("crystal", "ruby", {
        said: said("busy", "verify"),
        line: "verify",
        progress: { kind: "verify", percent: 41.2, leftBytes: 1, totalBytes: 2, rateBytesPerSec: 2 ** 27, etaSeconds: 840, stalled: false },
        ...part,
      }),
    ],
  });

/** Guard, the view in which it speaks, and how it begins to. */
const FIRES: readonly [Guard, View, RegExp][] = [
  [mirrorIsKnown, without(calm(), keyOf.mirror("store", 0)), /^block There is no such mirror/],
  [mirrorIsKnown, without(calm(), keyOf.drbd("store", 0, "ruby"), keyOf.drbd("store", 0, "crystal")), /^block None of its nodes tells/],
  [verifyEndsAreHeard, calm(source("ruby", "drbd", { freshness: "stale" })), /^block DRBD on ruby is not read now/],
  [
    verifyEndsAreConnected,
    calm(mirror("store", { pairs: [pair("crystal", "ruby", { line: "cut", aSays: "WFConnection", bSays: "StandAlone" })] })),
    /^block store is not connected between crystal and ruby \(crystal says WFConnection, ruby says StandAlone\)\. Verify compares both copies/,
  ],
  [mirrorIsAtRest, calm(resyncing()), /^block store: resync to crystal \(61 %, 14 min left\)\. .*queue/],
  [mirrorIsAtRest, calm(verifying()), /^block store: a verify runs \(41 %, 14 min left\)\. .*queue/],
  [mirrorIsAtRest, calm(side("ruby", { peers: [peerOf(null, "Ahead")] })), /^block store: /],
  [
    verifyAlgIsSet,
    calm(side("ruby", {}, settingsOf("crystal", null))),
    /^block No verify-alg is set for store on ruby.*net \{ verify-alg crc32c; \}.*drbdadm adjust store/,
  ],
  [
    verifyAlgIsSet,
    calm(side("crystal", {}, settingsOf("ruby", null)), node("crystal", { drbdVersion: "8.3.16" })),
    /^block .*syncer \{ verify-alg crc32c; \}/,
  ],
  [verifyAlgIsSet, calm(side("ruby", {}, null)), /^warn DRBD's settings on ruby could not be read/],
  [verifyAlgIsLoaded, calm(side("ruby", {}, settingsOf("crystal", "md5"))), /^warn verify-alg differs: sha1 on crystal and md5 on ruby/],
  [verifyAlgIsLoaded, calm(node("ruby", { digests: ["crc32c"] })), /^warn \/proc\/crypto does not list sha1 on ruby/],
  [
    copiesHaveDisks,
    calm(
      mirror("store", {
        copies: [copy("crystal", { disk: "Diskless" }), copy("ruby", { drbd: keyOf.drbd("store", 0, "ruby"), role: "Primary" })],
      }),
    ),
    /^block store: crystal is Diskless/,
  ],
  [copiesAreUpToDate, calm(resyncing()), /^block store: crystal is Inconsistent, not UpToDate/],
  [nodesAndLinesAreFree, calm(verifying("mail")), /^warn mail: a verify runs \(41 %\)\. It has the same disks and the same line/],
  [
    nodesAreQuiet,
    calm(node("ruby", { host: busyHost() })),
    /^warn Not a quiet hour: ruby waits for its disks 31 % of the time, ruby has a load of 9\.0 on 8 processors and eth2 on ruby carries 80 % of what it can/,
  ],
  [saysHowLong, calm(), /^inform How long: 2 TiB are read on each side; how long that takes was never measured here/],
  [saysHowLong, calm(verifying("store")), /^inform How long: 2 TiB .*about 4 h 33 min at 128 MiB\/s, as it moves now/],
  [oneNodeWrites, calm(mirror("store", { copies: [primary("crystal"), primary("ruby")] })), /^warn crystal and ruby are both Primary/],
  [drbdIsKnownToBearIt, calm(node("ruby", { drbdVersion: "8.2.5" })), /^warn DRBD 8\.2\.5 on ruby is known for this: The Primary may lose/],
  [
    verifyCanBeStopped,
    calm(node("ruby", { drbdVersion: "8.3.13" })),
    /^warn With DRBD 8\.3\.13 on ruby a verify that runs can only be ended by cutting/,
  ],
  [verifyRepairsNothing, calm(), /^inform Differences are marked and recorded, not repaired/],
  [verifyRuns, calm(), /^block No verify of store runs now/],
  [lowerMirrorIsWhole, stacked("risk"), /^warn store is stacked on lower, which is not whole \(resync\)/],
];

function primary(on: string) {
  return copy(on, { role: "Primary", drbd: keyOf.drbd("store", 0, on) });
}
function busyHost(): EntityOf<"node">["host"] {
  const traffic = { receivedBytesPerSec: 100e6, sentBytesPerSec: 1, receiveErrors: 0, sendErrors: 0, receiveDrops: 0, sendDrops: 0 };
  return {
    kernel: null,
    bootId: null,
    uptimeSeconds: null,
    cpus: 8,
    load1: 9,
    memoryTotalBytes: null,
    memoryAvailableBytes: null,
    ioPressurePercent: 31.4,
    eccCorrected: null,
    eccUncorrected: null,
    interfaces: [{ name: "eth2", mac: null, linkUp: true, speedBitsPerSec: 1e9, mtu: null, traffic }],
    unread: [],
  };
}
/** `store` on ruby lies on the device of `lower`. */
function stacked(level: "ok" | "risk"): View {
  const volumes = [{ volume: 0, minor: 0, backingDevice: "/dev/drbd9" }];
  return calm(
    side("ruby", {}, { volumes }),
    side("ruby", { minor: 9 }, {}, "lower"),
    mirror("lower", { said: said(level, level === "ok" ? "in sync" : "resync") }),
  );
}
/** The copies of the calm view, each with its own side. */
const two = mirror("store", { copies: [copy("crystal"), copy("ruby", { role: "Primary", drbd: keyOf.drbd("store", 0, "ruby") })] });

describe("a guard of a verify", () => {
  it.each(FIRES.map(([guard, view, words]) => [guard.name, guard, view, words] as const))(
    "%s: speaks where it must",
    (_, guard, view, words) => {
      const whole = view.get(keyOf.mirror("store", 0)) === undefined ? view : withSides(view);
      expect(says(guard, asked(whole)).join("\n")).toMatch(words);
    },
  );

  it("is silent on a mirror at rest, in sync, connected, set and read", () => {
    const told = [saysHowLong, verifyRepairsNothing];
    for (const guard of drbdVerify.guards) if (!told.includes(guard)) expect(says(guard, asked(calm(two))), guard.name).toEqual([]);
  });

  it("a lower mirror that is whole is no reason, nor is a verify between other nodes", () => {
    expect(says(lowerMirrorIsWhole, asked(withSides(stacked("ok"))))).toEqual([]);
    const elsewhere = verifying("mail", { a: "jade", b: "opal" });
    expect(says(nodesAndLinesAreFree, asked(calm(two, elsewhere)))).toEqual([]);
  });

  it("a disruptive command under way is waited for; another verify is not one", () => {
    const names = (view: View) => drbdVerify.guards.flatMap((guard) => says(guard, asked(view))).filter((line) => line.startsWith("block"));
    expect(names(calm(two, run("r1")))[0]).toContain("anna is putting ruby in standby");
    expect(names(calm(two, run("r1", { isDisruptive: false })))).toEqual([]);
  });
});

/** Each copy of `store` under the key of its own side. */
function withSides(view: View): View {
  const found = view.get(keyOf.mirror("store", 0));
  if (found?.kind !== "mirror") return view;
  const copies = found.copies.map((one) => ({
    ...one,
    drbd: view.has(keyOf.drbd("store", 0, one.node)) ? keyOf.drbd("store", 0, one.node) : null,
  }));
  return new Map(view).set(keyOf.mirror("store", 0), { ...found, copies });
}

describe("the table of known faults", () => {
  it.each([
    ["8.2.5", 1],
    ["8.2.6", 0],
    ["8.3.16", 0],
    ["8.4.11", 0],
    ["9.0.25-1", 1],
    ["9.0.26", 0],
    ["9.2.8", 0],
    ["9.3.2", 1],
    ["9.3.3", 0],
  ])("%s: %i", (version, count) => {
    expect(faultsOf(version)).toHaveLength(count);
  });
  it("names where each is from", () => {
    for (const { source: from, says: sentence } of KNOWN_FAULTS) expect(from && sentence.endsWith(".")).toBeTruthy();
  });
});
