// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newFleet } from "./fleet";
import { clusterOf, copyOf, type Fleet, type MirrorLink, mirrorOf, nodeOf, type Trace } from "./model";
import { followCables } from "./network-life";
import { powerOff, powerOn } from "./power";
import { play, tick } from "./tick";
import { startVerify } from "./verify-life";

const START_MS = Date.UTC(2026, 10, 20, 14);
const start = (isCalm = true, pace = 1) => newFleet({ atMs: START_MS, isCalm, pace, newId: () => "first-boot" });

/** Lets time pass in steps of a quarter of a second, and gathers what is left behind. */
function wait(fleet: Fleet, ms: number): { fleet: Fleet; traces: Trace[] } {
  let now = fleet;
  const traces: Trace[] = [];
  for (let passed = 0; passed < ms; passed += 250) {
    const moved = tick(now, 250);
    now = moved.fleet;
    traces.push(...moved.traces);
  }
  return { fleet: now, traces };
}

/** Lets time pass until something is so; at most an hour. */
function until(fleet: Fleet, is: (fleet: Fleet) => boolean): { fleet: Fleet; tookMs: number } {
  let now = fleet;
  for (let tookMs = 0; tookMs < 3_600_000; tookMs += 250) {
    if (is(now)) return { fleet: now, tookMs };
    now = tick(now, 250).fleet;
  }
  throw new Error("It did not become so within an hour.");
}

const kill = (fleet: Fleet, name: string) =>
  play(fleet, (scene) => {
    const { cluster, node } = nodeOf(scene.fleet, name);
    powerOff(scene, cluster, node);
  }).fleet;

const boot = (fleet: Fleet, name: string) =>
  play(fleet, (scene) => {
    const { cluster, node } = nodeOf(scene.fleet, name);
    powerOn(scene, cluster, node);
  }).fleet;

function setCables(fleet: Fleet, name: string, ports: readonly string[], isCableIn: boolean) {
  return play(fleet, (scene) => {
    const { cluster, node } = nodeOf(scene.fleet, name);
    for (const port of node.ports) if (ports.includes(port.name)) port.isCableIn = isCableIn;
    followCables(scene, cluster, node);
  });
}

const linkOf = (fleet: Fleet, slug: string, mirror: string): MirrorLink => {
  const [link] = mirrorOf(clusterOf(fleet, slug), mirror).links;
  if (!link) throw new Error(`${mirror} has no link.`);
  return link;
};
const serviceNode = (fleet: Fleet, slug: string, group: string) => {
  const service = clusterOf(fleet, slug).pacemaker.services.find((candidate) => candidate.group === group);
  const nodes = new Set(service?.primitives.map((primitive) => (primitive.state === "Started" ? primitive.node : null)));
  return nodes.size === 1 ? [...nodes][0] : null;
};
const kernelText = (traces: readonly Trace[], node: string) =>
  traces.flatMap((trace) => (trace.kind === "kernel" && trace.node === node ? [trace.text] : []));

describe("time", () => {
  it("leaves the given fleet as it was", () => {
    const fleet = start(false);
    const before = structuredClone(fleet);
    tick(fleet, 60_000);
    expect(fleet).toEqual(before);
  });

  it("gives the same world however it is cut into steps without events", () => {
    const once = tick(start(), 1_000).fleet;
    expect(once.atMs).toBe(START_MS + 1_000);
    expect(tick(start(), 1_000).fleet).toEqual(once);
  });

  it("moves a resync forward only, and its sums fit", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 40 }), (steps) => {
        let fleet = start(false);
        let left = linkOf(fleet, "san-a", "store").sync?.leftKib ?? 0;
        for (const step of steps) {
          fleet = tick(fleet, step).fleet;
          const link = linkOf(fleet, "san-a", "store");
          expect(link.sync?.leftKib).toBeLessThanOrEqual(left);
          expect(link.outOfSyncKib).toBe(link.sync?.leftKib);
          left = link.sync?.leftKib ?? 0;
        }
        const { copies } = mirrorOf(clusterOf(fleet, "san-a"), "store");
        const [ruby, crystal] = copies;
        expect(ruby?.counters.sent).toBe(crystal?.counters.received);
      }),
      { numRuns: 20 },
    );
  });

  it("ends store's resync in about 14 minutes, then both copies are UpToDate", () => {
    const { fleet, tookMs } = until(start(false), (now) => linkOf(now, "san-a", "store").sync === null);
    expect(tookMs / 60_000).toBeGreaterThan(12);
    expect(tookMs / 60_000).toBeLessThan(16);
    expect(copyOf(mirrorOf(clusterOf(fleet, "san-a"), "store"), "crystal").disk).toBe("UpToDate");
  });

  it("runs N times faster at pace N", () => {
    const { tookMs } = until(start(false, 10), (now) => linkOf(now, "san-a", "store").sync === null);
    expect(tookMs / 60_000).toBeLessThan(1.7);
  });
});

describe("a node without power", () => {
  it("still counts as there for three seconds, is fenced within five, and its services start elsewhere", () => {
    const dead = kill(start(), "ruby");
    const early = clusterOf(wait(dead, 3_250).fleet, "san-a").pacemaker;
    expect(early.members.map((member) => member.isOnline)).toEqual([true, true]);
    expect(early.services.some((service) => service.primitives.some((primitive) => primitive.node === "ruby"))).toBe(true);
    const noticed = clusterOf(wait(dead, 3_750).fleet, "san-a").pacemaker;
    expect(noticed.members[0]).toMatchObject({ node: "ruby", isOnline: false, isUnclean: true });
    expect(noticed.fencing[0]).toMatchObject({ target: "ruby", status: "pending", delegate: "crystal" });
    expect(noticed.dc).toBe("crystal");
    const fenced = clusterOf(wait(dead, 5_250).fleet, "san-a").pacemaker;
    expect(fenced.members[0]?.isUnclean).toBe(false);
    expect(fenced.fencing[0]?.status).toBe("success");
    expect(fenced.fenceDevices.map((device) => [device.id, device.node])).toEqual([
      ["p_fence_ruby", "crystal"],
      ["p_fence_crystal", null],
    ]);
    const { fleet, tookMs } = until(dead, (now) =>
      ["g_vm", "g_iscsi-o1", "g_mail"].every((group) => serviceNode(now, "san-a", group) === "crystal"),
    );
    expect(tookMs).toBeLessThan(30_000);
    expect(copyOf(mirrorOf(clusterOf(fleet, "san-a"), "store"), "crystal").role).toBe("Primary");
    expect(linkOf(fleet, "san-a", "store").state).toBe("waiting");
  });

  it("leaves a service stopped that its only other node must not run", () => {
    const fleet = wait(kill(start(false), "ruby"), 60_000).fleet;
    const service = clusterOf(fleet, "san-a").pacemaker.services.find((candidate) => candidate.group === "g_iscsi-o1");
    expect(service?.primitives.map((primitive) => primitive.state)).toEqual(["Stopped", "Stopped", "Stopped"]);
    expect(copyOf(mirrorOf(clusterOf(fleet, "san-a"), "store"), "crystal")).toMatchObject({ role: "Secondary", disk: "Inconsistent" });
    expect(serviceNode(fleet, "san-a", "g_vm")).toBe("crystal");
  });

  it("comes back after its boot under a new boot id, joins, and gets what it missed", () => {
    const away = wait(kill(start(), "ruby"), 30_000).fleet;
    const missed = linkOf(away, "san-a", "store").outOfSyncKib;
    expect(missed).toBeGreaterThan(0);
    const powered = boot(away, "ruby");
    expect(nodeOf(wait(powered, 9_000).fleet, "ruby").node.power).toBe("booting");
    const { fleet: up, tookMs } = until(powered, (now) => nodeOf(now, "ruby").node.power === "on");
    expect(tookMs).toBeLessThan(15_000);
    expect(nodeOf(up, "ruby").node.bootId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const { fleet: syncing } = until(up, (now) => linkOf(now, "san-a", "store").sync !== null);
    expect(linkOf(syncing, "san-a", "store").sync).toMatchObject({ kind: "resync", from: "crystal" });
    expect(copyOf(mirrorOf(clusterOf(syncing, "san-a"), "store"), "ruby").disk).toBe("Inconsistent");
    const { fleet: done } = until(syncing, (now) =>
      clusterOf(now, "san-a").mirrors.every((mirror) => mirror.copies.every((copy) => copy.disk === "UpToDate")),
    );
    expect(clusterOf(done, "san-a").pacemaker.members.every((member) => member.isOnline && !member.isPending)).toBe(true);
    expect(clusterOf(done, "san-a").pacemaker.fenceDevices.map((device) => device.node)).toEqual(["crystal", "ruby"]);
    // Stickiness: what moved stays.
    expect(serviceNode(done, "san-a", "g_vm")).toBe("crystal");
  });

  it("moves an AoE export, and its clients follow the announcement", () => {
    const { fleet } = until(kill(start(), "jade"), (now) => serviceNode(now, "attic", "g_scans") === "glouton");
    const disk = nodeOf(wait(fleet, 2_000).fleet, "hv05").node.aoe?.devices[1];
    expect(disk).toMatchObject({ shelf: 1, mac: "525400000200", window: 16, taint: 0, state: "up" });
  });

  it("leaves two of three in quorum and keeps every copy of DRBD 9 apart", () => {
    const { fleet } = until(kill(start(), "bergen"), (now) => serviceNode(now, "north", "g_pg") === "tromso");
    const { links } = mirrorOf(clusterOf(fleet, "north"), "pg-main");
    expect(links.map((link) => [link.a, link.b, link.state])).toEqual([
      ["bergen", "narvik", "waiting"],
      ["bergen", "tromso", "waiting"],
      ["narvik", "tromso", "connected"],
    ]);
  });

  it("starts nothing during maintenance, but is fenced", () => {
    const { pacemaker } = clusterOf(wait(kill(start(false), "bergen"), 30_000).fleet, "north");
    expect(pacemaker.fencing[0]).toMatchObject({ target: "bergen", status: "success" });
    expect(pacemaker.services[0]?.primitives.map((primitive) => primitive.state)).toEqual(["Stopped", "Stopped", "Stopped"]);
  });
});

describe("cables", () => {
  it("counts a pulled port as a failure of its bond and says so as the kernel does", () => {
    const { fleet, traces } = setCables(start(), "ruby", ["e1p2"], false);
    const bonds = nodeOf(fleet, "ruby").node.bonds;
    expect(bonds[0]?.members).toEqual([
      { name: "e1p2", isUp: false, failures: 1, speedMbps: 1_000 },
      { name: "e3p2", isUp: true, failures: 0, speedMbps: 1_000 },
    ]);
    expect(bonds[2]?.members.every((member) => member.isUp)).toBe(true);
    expect(kernelText(traces, "ruby")).toEqual(["idmz1: (slave e1p2): link status definitely down, disabling slave"]);
  });

  it("moves the outer bond to its other leaf, then leaves it without any", () => {
    const half = setCables(start(), "ruby", ["e1p2", "e3p2"], false);
    expect(nodeOf(half.fleet, "ruby").node.bonds[2]).toMatchObject({ name: "idmz", active: "idmz2" });
    const none = setCables(half.fleet, "ruby", ["e2p3", "e3p3"], false);
    expect(kernelText(none.traces, "ruby").at(-1)).toBe("idmz: now running without any active interface!");
  });

  it("cuts the mirrors when nothing carries them, and they find each other again", () => {
    const ports = ["e1p2", "e3p2", "e2p3", "e3p3"];
    const cut = wait(setCables(start(), "ruby", ports, false).fleet, 10_000);
    expect(clusterOf(cut.fleet, "san-a").mirrors.map((mirror) => mirror.links[0]?.state)).toEqual(["waiting", "waiting", "waiting"]);
    expect(kernelText(cut.traces, "crystal")).toContain(
      "drbd store: peer( Primary -> Unknown ) conn( Connected -> NetworkFailure ) pdsk( UpToDate -> DUnknown ) ",
    );
    const mended = setCables(cut.fleet, "ruby", ports, true).fleet;
    const { fleet } = until(mended, (now) =>
      clusterOf(now, "san-a").mirrors.every((mirror) => mirror.links[0]?.state === "connected" && mirror.links[0].sync === null),
    );
    expect(clusterOf(fleet, "san-a").mirrors.flatMap((mirror) => mirror.copies.map((copy) => copy.disk))).toEqual(
      Array(6).fill("UpToDate"),
    );
  });

  it("silences an AoE client's disks: window 1, taint, frozen counters; down after aoe_deadsecs", () => {
    const pulled = wait(setCables(start(), "hv05", ["eth2"], false).fleet, 5_000).fleet;
    const disk = nodeOf(pulled, "hv05").node.aoe?.devices[0];
    expect(disk).toMatchObject({ window: 1, state: "up" });
    expect(disk?.taint).toBeGreaterThan(0);
    expect(nodeOf(wait(pulled, 180_000).fleet, "hv05").node.aoe?.devices[0]).toMatchObject({ state: "down", reads: disk?.reads });
    const back = wait(setCables(pulled, "hv05", ["eth2"], true).fleet, 1_000).fleet;
    expect(nodeOf(back, "hv05").node.aoe?.devices[0]).toMatchObject({ window: 16, taint: 0, state: "up" });
  });
});

describe("a verify", () => {
  const verify = (fleet: Fleet, blocks: readonly number[] = [], fleetingBlocks = 0) =>
    play(fleet, (scene) => {
      const cluster = clusterOf(scene.fleet, "san-a");
      const mirror = mirrorOf(cluster, "mail");
      for (const link of mirror.links) {
        link.rotten.push(...blocks.map((startSector) => ({ startSector, sectors: 8 })));
        link.fleetingBlocks = fleetingBlocks;
      }
      startVerify(scene, cluster, mirror, "ruby");
    }).fleet;

  /** Lets it run to its end; what ruby's kernel says. */
  const toTheEnd = (from: Fleet): { fleet: Fleet; lines: string[] } => {
    let found: Trace[] = [];
    let fleet = from;
    while (linkOf(fleet, "san-a", "mail").sync !== null) {
      const moved = tick(fleet, 250);
      fleet = moved.fleet;
      found = [...found, ...moved.traces];
    }
    return { fleet, lines: kernelText(found, "ruby") };
  };
  const places = (lines: readonly string[]) => lines.flatMap((line) => /Out of sync: start=(\d+)/.exec(line)?.[1] ?? []);

  it("finds what rotted, where it is, and only then", () => {
    const begun = verify(start(true, 100), [400_000, 2_400]);
    expect(linkOf(begun, "san-a", "mail").outOfSyncKib).toBe(0);
    const { fleet, lines } = toTheEnd(begun);
    expect(linkOf(fleet, "san-a", "mail").outOfSyncKib).toBe(8);
    expect(lines[0]).toBe("block drbd1: Out of sync: start=2400, size=8 (sectors)");
    expect(lines).toContain("block drbd1: Online verify found 2 4k block out of sync!");
    expect(lines.at(-1)).toBe("block drbd1: conn( VerifyS -> Connected ) ");
  });

  it("finds the same blocks again, and what is written under it at other places each time", () => {
    const first = toTheEnd(verify(start(true, 100), [2_400], 2));
    const second = toTheEnd(verify(first.fleet, [], 2));
    expect(places(first.lines)).toContain("2400");
    expect(places(second.lines)).toContain("2400");
    expect(places(second.lines).filter((place) => places(first.lines).includes(place))).toEqual(["2400"]);
    expect(linkOf(second.fleet, "san-a", "mail").outOfSyncKib).toBe(20);
  });

  it("that is told to stop is done where it is, and goes on from there unless told otherwise", () => {
    const halfway = wait(verify(start(true, 100)), 10_000).fleet;
    const act = (fleet: Fleet, options: Parameters<typeof startVerify>[4]) =>
      play(fleet, (scene) => {
        const cluster = clusterOf(scene.fleet, "san-a");
        startVerify(scene, cluster, mirrorOf(cluster, "mail"), "ruby", options);
      });
    const { fleet, lines } = toTheEnd(act(halfway, { stopSector: 0 }).fleet);
    expect(lines[0]).toMatch(/^block drbd1: Online verify done \(total 10 sec; /);
    const at = linkOf(fleet, "san-a", "mail").reachedSector;
    expect(at).toBeGreaterThan(0);
    expect(kernelText(act(fleet, { startSector: null }).traces, "ruby").at(-1)).toBe(
      `block drbd1: Starting Online Verify from sector ${at}`,
    );
    expect(kernelText(act(fleet, {}).traces, "ruby").at(-1)).toBe("block drbd1: Starting Online Verify from sector 0");
  });

  it("says how far it came when its peer goes", () => {
    const { traces } = wait(kill(wait(verify(start()), 2_000).fleet, "crystal"), 10_000);
    expect(kernelText(traces, "ruby").some((line) => /^block drbd1: Online Verify reached sector \d+$/.test(line))).toBe(true);
  });

  it("is refused as DRBD refuses it", () => {
    const theirs = play(verify(start()), (scene) => {
      for (const link of mirrorOf(clusterOf(scene.fleet, "san-a"), "mail").links) if (link.sync) link.sync.from = "crystal";
    }).fleet;
    expect(() => verify(theirs)).toThrow("Can not start OV/resync since it is already active (-8)");
    expect(() => verify(wait(kill(start(), "crystal"), 10_000).fleet)).toThrow("Need a connection to start verify or resync (-15)");
  });
});
