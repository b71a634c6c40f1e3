// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Entity, type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { verified } from "@/server/verify/test-mirrors";
import { copy, mirror, node, pair, said, T0, viewOf } from "./guards/test-view";
import { desk, type TestCluster, testCluster } from "./test-cluster";
import { runningVerifies, verifyPair } from "./verify-pair";

type Side = EntityOf<"drbd">;
const KEY = keyOf.mirror("store", 0);

function side(on: string, replication: string, peer: string | null = null): Side {
  return {
    kind: "drbd",
    from: { node: on, source: "drbd" },
    resource: "store",
    volume: 0,
    mirror: KEY,
    device: {
      minor: 0,
      resource: "store",
      volume: 0,
      role: on === "ruby" ? "Primary" : "Secondary",
      disk: "UpToDate",
      suspended: false,
      suspendedBy: [],
      unconfigured: false,
      activityLogSuspended: false,
      sizeBytes: 2 ** 41,
      cs: null,
      counters: null,
      peers: [
        {
          name: peer,
          connection: "Connected",
          replication,
          role: "Secondary",
          disk: "UpToDate",
          protocol: "C",
          outOfSyncBytes: 0,
          pausedBy: [],
          congested: null,
          progress: null,
        },
      ],
    },
    settings: {
      resource: "store",
      volumes: [],
      connections: [{ peer: null, local: null, remote: null, protocol: "C", verifyAlg: "sha1", fencing: null, allowTwoPrimaries: null }],
    },
    said: said("ok", "UpToDate"),
  };
}
const copies = [copy("crystal"), copy("ruby", { role: "Primary", drbd: keyOf.drbd("store", 0, "ruby") })];
const REST: Entity[] = [mirror("store", { copies }), side("ruby", "Established"), side("crystal", "Established")];
const RUNS: Entity[] = [
  mirror("store", { copies, pairs: [pair("crystal", "ruby", { line: "verify", said: said("busy", "verify") })] }),
  side("ruby", "VerifyT"),
  side("crystal", "VerifyS"),
];
const CUT: Entity[] = [
  mirror("store", { copies, pairs: [pair("crystal", "ruby", { line: "cut", said: said("risk", "not connected") })] }),
  side("ruby", "Off"),
  side("crystal", "Off"),
];
/** The mirror's record, whose last run is so. */
function recorded(last: Partial<NonNullable<EntityOf<"verify">["last"]>>): Entity {
  const [, entity] = verified("store", null);
  return { ...entity, last: entity.last && { ...entity.last, ...last } };
}
const VERIFY = { verb: "drbd.verify", args: { resource: "store", volume: 0 } };

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await testCluster();
  cluster.show(...REST);
});
afterEach(() => cluster.remove());
const { preview, start, last } = desk(() => cluster);
const ended = (outcome: string) => vi.waitFor(() => expect(last()?.outcome).toBe(outcome), 5_000);
const begun = () => vi.waitFor(() => expect(last()?.phases.at(-1)?.says).toContain("compares"), 5_000);

describe("a verify", () => {
  it("is started by the Secondary's node, from the first sector, in its DRBD's words", async () => {
    expect(await preview(VERIFY)).toMatchObject({ actingNode: "crystal", isAlreadySo: false });
    await start(VERIFY);
    await vi.waitFor(() => expect(cluster.orders).toHaveLength(1));
    expect(cluster.orders[0]).toMatchObject({
      node: "crystal",
      step: { kind: "drbdVerify", resource: "store", volume: 0, peer: null, generation: "8.4" },
    });
  });

  it("holds no lock, can be stopped while it runs, and ends when the nodes say that nothing is compared any more, as its record says", async () => {
    await start(VERIFY);
    await begun();
    expect(last()).toMatchObject({ isDisruptive: false, stop: { verb: "drbd.verifyStop", args: { resource: "store", volume: 0 } } });
    cluster.show(...RUNS);
    await vi.waitFor(() => expect(last()?.phases.at(-1)?.says).toBe("waits until store is compared to its end"), 5_000);
    expect(last()?.outcome).toBeNull();
    cluster.show(...REST, recorded({ startedAtMs: T0, result: "differs", says: "Verify of store: 12 KiB differ." }));
    await ended("done");
    expect(last()?.says).toBe("Verify of store: 12 KiB differ.");
  });

  it("that no record tells of ended in a way that nobody knows", async () => {
    await start(VERIFY);
    await begun();
    cluster.show(...RUNS);
    await vi.waitFor(() => expect(last()?.phases.at(-1)?.says).toBe("waits until store is compared to its end"), 5_000);
    cluster.show(...REST);
    await ended("unknown");
    expect(last()?.says).toContain("Only the kernel log says whether it came to the end");
  });

  it("whose connection is lost has failed, and is never called clean", async () => {
    await start(VERIFY);
    await begun();
    cluster.show(...RUNS);
    await vi.waitFor(() => expect(last()?.phases.at(-1)?.says).toBe("waits until store is compared to its end"), 5_000);
    cluster.show(...CUT);
    await ended("failed");
    expect(last()?.says).toContain("aborted (crystal and ruby: not connected)");
  });

  it("that DRBD took and does not do is told after a while", async () => {
    await start(VERIFY);
    await begun();
    cluster.clock.nowMs += 20_000;
    cluster.show(...REST);
    await ended("unsettled");
    expect(last()?.says).toContain("compares nothing");
  });

  it("goes on while the console is gone: a new one finds it again, and follows it to its end", async () => {
    await start(VERIFY);
    await begun();
    cluster.show(...RUNS);
    const next = await cluster.open();
    await vi.waitFor(() => expect(last()?.phases.at(-1)?.says).toContain("started again"));
    expect(last()).toMatchObject({ outcome: null, stop: { verb: "drbd.verifyStop" } });
    next.sweep();
    cluster.show(...REST, recorded({ startedAtMs: T0, result: "clean", says: "Verify of store: clean." }));
    await ended("done");
  });
});

describe("a stop", () => {
  const STOP = { verb: "drbd.verifyStop", args: { resource: "store", volume: 0 } };

  it("is for the node that started it, and done when nothing is compared any more", async () => {
    cluster.show(...RUNS);
    await start(STOP);
    await vi.waitFor(() => expect(cluster.orders).toHaveLength(1));
    expect(cluster.orders[0]).toMatchObject({ node: "crystal", step: { kind: "drbdVerifyStop", peer: null, generation: "8.4" } });
    cluster.show(...REST);
    await ended("done");
  });
});

describe("who starts it", () => {
  const at = (...more: Entity[]) => viewOf(...REST, ...more);
  const args = { resource: "store", volume: 0, peer: null };

  it("of two the Secondary; the Primary where only its agent may act", () => {
    expect(verifyPair(at(), args)?.starter).toBe("crystal");
    expect(verifyPair(at(node("crystal", { steps: [] })), args)?.starter).toBe("ruby");
    expect(verifyPair(at(node("crystal", { link: "lost" })), args)?.starter).toBe("ruby");
  });

  it("of three the Primary, with every other one; with one where it is named", () => {
    const third = copy("jade", { drbd: keyOf.drbd("store", 0, "jade") });
    const nine = ["ruby", "crystal", "jade"].map((name) => node(name, { drbdVersion: "9.2.8" }));
    const view = at(mirror("store", { copies: [...copies, third] }), side("jade", "Established"), ...nine);
    expect(verifyPair(view, args)).toMatchObject({ starter: "ruby", peers: ["crystal", "jade"], step: { peer: null, generation: "9" } });
    expect(verifyPair(view, { ...args, peer: "jade" })).toMatchObject({ starter: "ruby", peers: ["jade"], step: { peer: "jade" } });
    expect(verifyPair(view, { ...args, peer: "ruby" })?.starter).toBe("crystal");
  });

  it("of what runs the starter is whose kernel says VerifyS, as far as it is heard now", () => {
    const [runs] = RUNS;
    if (runs?.kind !== "mirror") throw new Error("no mirror");
    expect(runningVerifies(viewOf(...RUNS), runs)).toEqual([{ starter: "crystal", peer: "ruby" }]);
    expect(runningVerifies(viewOf(...RUNS, node("crystal", { link: "stale" })), runs)).toEqual([]);
  });
});
