// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { newFleet } from "@/sim/model/fleet";
import { clusterOf, copyOf, type Fleet, mirrorOf, nodeOf, type Trace } from "@/sim/model/model";
import { play, tick } from "@/sim/model/tick";
import { drbdadm } from "@/sim/tools/drbdadm";

const START_MS = Date.UTC(2026, 10, 20, 14);

/** A calm fleet in which a verify marked 32 KiB of a mirror; its services write so much. */
function marked(slug: string, name: string, writeKibPerSec: number, version?: string): Fleet {
  const fleet = newFleet({ atMs: START_MS, isCalm: true, pace: 1, newId: () => "boot-1" });
  return play(fleet, (scene) => {
    const cluster = clusterOf(scene.fleet, slug);
    const mirror = mirrorOf(cluster, name);
    mirror.writeKibPerSec = writeKibPerSec;
    const ranges = [{ startSector: 2_400, sectors: 64 }];
    for (const link of mirror.links) Object.assign(link, { outOfSyncKib: 32, rotten: ranges, marked: [...ranges] });
    if (version !== undefined) for (const node of cluster.nodes) if (node.drbd) node.drbd = { ...node.drbd, version };
  }).fleet;
}

/** Runs drbdadm on a node; what it left in the world and said. */
function run(fleet: Fleet, on: string, ...args: string[]): { fleet: Fleet; traces: Trace[] } {
  let after: { fleet: Fleet; traces: Trace[] } = { fleet, traces: [] };
  const { cluster, node } = nodeOf(fleet, on);
  const reach = {
    fleet: () => after.fleet,
    change: (act: Parameters<typeof play>[1]) => {
      after = play(fleet, act);
    },
    until: async () => undefined,
  };
  void drbdadm({ node, cluster, args, pid: 1, cwd: "/", cibFile: null }, reach);
  return after;
}

function pass(from: { fleet: Fleet; traces: Trace[] }, ms: number): { fleet: Fleet; traces: Trace[] } {
  let { fleet, traces } = from;
  for (let passed = 0; passed < ms; passed += 250) {
    const moved = tick(fleet, 250);
    fleet = moved.fleet;
    traces = [...traces, ...moved.traces];
  }
  return { fleet, traces };
}

const textOf = (traces: readonly Trace[], node: string) =>
  traces.flatMap((trace) => (trace.kind === "kernel" && trace.node === node ? [trace.text] : []));
const linkOf = (fleet: Fleet, slug: string, name: string) => mirrorOf(clusterOf(fleet, slug), name).links[0];

describe("8.4: disconnect and connect", () => {
  it("on the Secondary: the Primary begins a new generation, and what was marked is copied when they meet", () => {
    const apart = pass(run(marked("san-a", "mail", 0), "ruby", "disconnect", "mail"), 1_000);
    expect(linkOf(apart.fleet, "san-a", "mail")).toMatchObject({ state: "standAlone", by: "ruby", outOfSyncKib: 32 });
    expect(textOf(apart.traces, "crystal").some((line) => line.startsWith("block drbd1: new current UUID "))).toBe(true);
    const joined = pass(run(apart.fleet, "ruby", "connect", "mail"), 10_000);
    expect(textOf(joined.traces, "ruby")).toContain("block drbd1: Began resync as SyncTarget (will sync 32 KB [8 bits set]).");
    expect(linkOf(joined.fleet, "san-a", "mail")).toMatchObject({ state: "connected", outOfSyncKib: 0, marked: [], rotten: [] });
  });

  it("without a Primary nothing is copied: the bits stay set", () => {
    const idle = play(marked("san-a", "mail", 0), (scene) => {
      for (const copy of mirrorOf(clusterOf(scene.fleet, "san-a"), "mail").copies) copy.role = "Secondary";
    }).fleet;
    const joined = pass(run(run(idle, "ruby", "disconnect", "mail").fleet, "ruby", "connect", "mail"), 10_000);
    expect(textOf(joined.traces, "ruby")).toContain("block drbd1: No resync, but 8 bits in bitmap!");
    expect(linkOf(joined.fleet, "san-a", "mail")).toMatchObject({ state: "connected", outOfSyncKib: 32, sync: null });
  });

  it("of what is connected is refused in the kernel's words", () => {
    expect(() => run(marked("san-a", "mail", 0), "ruby", "connect", "mail")).toThrow("Failure: (125) Device has a net-config");
    expect(() => run(marked("san-a", "mail", 0), "ruby", "disconnect", "nothing")).toThrow("not defined in your config");
  });
});

it("8.3 does it the same way", () => {
  const { copies } = mirrorOf(clusterOf(marked("attic", "archive", 0), "attic"), "archive");
  const secondary = copies.find(({ role }) => role === "Secondary")?.node ?? "";
  const apart = run(marked("attic", "archive", 0), secondary, "disconnect", "archive");
  const joined = pass(run(apart.fleet, secondary, "connect", "archive"), 10_000);
  expect(linkOf(joined.fleet, "attic", "archive")).toMatchObject({ state: "connected", outOfSyncKib: 0 });
});

describe("9 before 9.0.29: a write in between", () => {
  const around = (writeKibPerSec: number) => {
    const apart = pass(run(marked("north", "spool", writeKibPerSec, "9.0.20"), "bergen", "disconnect", "spool:narvik"), 2_000);
    return pass(run(apart.fleet, "bergen", "connect", "spool:narvik"), 10_000);
  };

  it("is what makes it resynchronise, and the kernel tells of it", () => {
    const apart = pass(run(marked("north", "spool", 85, "9.0.20"), "bergen", "disconnect", "spool:narvik"), 2_000);
    expect(textOf(apart.traces, "narvik").filter((line) => line.includes("drbd spool/0 drbd2 bergen: new current UUID: "))).toHaveLength(1);
    expect(linkOf(around(85).fleet, "north", "spool")).toMatchObject({ state: "connected", outOfSyncKib: 0, marked: [] });
  });

  it("without it nothing is copied", () => {
    const { fleet, traces } = around(0);
    expect(linkOf(fleet, "north", "spool")).toMatchObject({ state: "connected", outOfSyncKib: 32, sync: null });
    expect(textOf(traces, "bergen").some((line) => line.endsWith("No resync, but 8 bits in bitmap!"))).toBe(true);
  });
});

describe("9.2: invalidate", () => {
  const calm = () => marked("north", "spool", 85);

  it("with --reset-bitmap=no copies what is marked, from the peer that is named", () => {
    const begun = run(calm(), "bergen", "invalidate", "spool:narvik/0", "--reset-bitmap=no");
    expect(linkOf(begun.fleet, "north", "spool")?.sync).toMatchObject({ kind: "resync", from: "narvik", totalKib: 32 });
    const { fleet } = pass(begun, 3_000);
    expect(linkOf(fleet, "north", "spool")).toMatchObject({ outOfSyncKib: 0, marked: [], rotten: [] });
    expect(copyOf(mirrorOf(clusterOf(fleet, "north"), "spool"), "bergen").disk).toBe("UpToDate");
  });

  it("without it copies the whole device", () => {
    const begun = run(calm(), "bergen", "invalidate", "spool:narvik/0");
    expect(linkOf(begun.fleet, "north", "spool")?.sync?.totalKib).toBe(mirrorOf(clusterOf(begun.fleet, "north"), "spool").sizeKib);
  });

  it("is refused while they are not connected", () => {
    const apart = run(calm(), "bergen", "disconnect", "spool:narvik");
    expect(() => run(apart.fleet, "bergen", "invalidate", "spool:narvik/0", "--reset-bitmap=no")).toThrow("(-15) Need a connection");
  });
});
