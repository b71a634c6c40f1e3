// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { EntityOf } from "@/agent/protocol/console/view";
import { probesMayAct } from "./cleanup";
import { fencedNodeHoldsNothingAlone, fencingIsMeant, fencingIsOn, fencingWorks, somebodyCanFence } from "./fencing";
import {
  fencingStaysLive,
  noLockspaceIsLeft,
  nothingRunsTwice,
  nothingWasChangedByHand,
  pacemakerKeepsRunning,
  releaseChangesNothing,
} from "./maintenance";
import {
  action,
  cluster,
  context,
  copy,
  fencing,
  lonely,
  mailMoves,
  mirror,
  NOTHING,
  node,
  resource,
  resyncing,
  rubyGoes,
  said,
  says,
  simulated,
  viewOf,
  without,
} from "./test-view";
import { dlmEntity } from "./test-view-storage";

const FENCE = { verb: "node.fence", title: "Fence ruby" };
const device = resource("fence_ipmi", "crystal", { agent: "stonith:fence_ipmilan" });

describe("a fencing", () => {
  it("always asks for the name, and says what runs there and what remains", () => {
    expect(says(fencingIsMeant, rubyGoes(viewOf(), FENCE))).toEqual([
      "type ruby is cut off with no clean stop: what it has not written is lost. It runs g_mail; it is Primary for store. Complete elsewhere: store on crystal.",
    ]);
    const idle = without(viewOf(resource("g_mail", "crystal")), "mirror:store/0");
    expect(says(fencingIsMeant, rubyGoes(idle, FENCE))[0]).toMatch(/lost\. Nothing of the cluster is known to run there\.$/);
    const many = ["a", "b", "c", "d"].map((id) => resource(id, "ruby"));
    expect(says(fencingIsMeant, rubyGoes(viewOf(...many, lonely()), FENCE))[0]).toMatch(
      /It runs g_mail, a, b and 2 others.*store nowhere for certain/,
    );
  });

  it("of the only complete copy: refused, moving or not, heard or not", () => {
    for (const one of [
      lonely(),
      resyncing(),
      mirror("store", { copies: [copy("crystal", { said: said("old", "was UpToDate") }), copy("ruby")], holders: ["ruby"] }),
    ]) {
      expect(says(fencedNodeHoldsNothingAlone, rubyGoes(viewOf(one), FENCE))[0]).toMatch(/^block No other complete copy of store/);
    }
    expect(says(fencedNodeHoldsNothingAlone, rubyGoes(viewOf(), FENCE))).toEqual([]);
  });

  it("of a silent node whose peer is not complete: refused", () => {
    const silent = mirror("store", {
      copies: [copy("crystal", { disk: "Outdated", said: said("risk", "Outdated") }), copy("ruby", { said: said("old", "was UpToDate") })],
      holders: [],
    });
    expect(says(fencedNodeHoldsNothingAlone, rubyGoes(viewOf(silent), FENCE))).toHaveLength(1);
  });

  it("needs a device, and somebody to use it", () => {
    expect(says(somebodyCanFence, rubyGoes(viewOf(device), FENCE))).toEqual([]);
    expect(says(somebodyCanFence, rubyGoes(viewOf(), { ...FENCE, preview: simulated({ fenceDevices: ["fence_ipmi"] }) }))).toEqual([]);
    expect(says(somebodyCanFence, rubyGoes(viewOf(), FENCE))[0]).toMatch(/^block No fencing device can reach ruby/);
    expect(says(somebodyCanFence, rubyGoes(viewOf(device), { ...FENCE, preview: simulated({ fenceDevices: [] }) }))).toHaveLength(1);
    expect(says(somebodyCanFence, rubyGoes(viewOf(device, node("crystal", { state: said("bad", "offline") })), FENCE))[0]).toMatch(
      /^block No other node/,
    );
    const off = cluster({}, { fencing: said("risk", "off") });
    expect(says(somebodyCanFence, rubyGoes(viewOf(device, off), FENCE))[0]).toMatch(/^block Fencing is switched off/);
  });

  it("is possible in a cluster that is managed by hand, and from standby", () => {
    for (const state of [said("held", "managed by hand"), said("held", "standby")]) {
      expect(says(somebodyCanFence, rubyGoes(viewOf(device, node("crystal", { state })), FENCE))).toEqual([]);
    }
  });

  it("failed last time, or has a device that is not well: warned of", () => {
    expect(says(fencingWorks, rubyGoes(viewOf(device, fencing("ruby", "failed", { exitReason: "no route" })), FENCE))).toEqual([
      "warn The last fencing of ruby failed: no route. It may fail again: be ready to cut it off by hand.",
    ]);
    expect(says(fencingWorks, rubyGoes(viewOf(fencing("ruby", "failed")), FENCE))[0]).toContain("failed. It may");
    expect(says(fencingWorks, rubyGoes(viewOf({ ...device, said: said("bad", "failed") }), FENCE))[0]).toContain("fence_ipmi (failed)");
    expect(says(fencingWorks, rubyGoes(viewOf(device, fencing("ruby", "success"), fencing("crystal", "failed")), FENCE))).toEqual([]);
  });

  it("switched off with shared data: warned of before anything is stopped", () => {
    const off = cluster({}, { fencing: said("risk", "off") });
    expect(says(fencingIsOn, rubyGoes(viewOf(off)))[0]).toMatch(/^warn Fencing is switched off with DRBD in the cluster/);
    const ocfs2: EntityOf<"mount"> = {
      kind: "mount",
      from: { node: "ruby", source: "mounts" },
      mount: {
        mountPoint: "/vm",
        device: "/dev/sda",
        majorMinor: null,
        type: "ocfs2",
        isReadOnly: false,
        wentReadOnly: false,
        options: [],
      },
      said: said("ok", "mounted"),
      standsOn: [],
      bypasses: null,
    };
    expect(says(fencingIsOn, rubyGoes(without(viewOf(off, ocfs2), "mirror:store/0")))[0]).toContain("with OCFS2");
    expect(says(fencingIsOn, rubyGoes(without(viewOf(off), "mirror:store/0")))).toEqual([]);
    expect(says(fencingIsOn, rubyGoes(viewOf()))).toEqual([]);
  });
});

const of = (
  verb: string,
  view: ReturnType<typeof viewOf>,
  more: Parameters<typeof context>[2] = {},
  touched: Partial<typeof NOTHING> = {},
) => context(view, { ...NOTHING, ...touched }, { verb, ...more });

describe("maintenance begins", () => {
  it("fencing stays live: accepted; of one resource it is told", () => {
    expect(says(fencingStaysLive, of("cluster.maintenance-on", viewOf()))[0]).toMatch(/^warn Only the care for services/);
    expect(says(fencingStaysLive, of("resource.unmanage", viewOf()))[0]).toMatch(/^inform Only this resource/);
    expect(says(fencingStaysLive, of("cluster.maintenance-off", viewOf()))).toEqual([]);
  });

  it("Pacemaker is not restarted on a node held alone: accepted", () => {
    expect(says(pacemakerKeepsRunning, of("node.maintenance-on", viewOf(), {}, { from: "ruby" }))[0]).toMatch(
      /^warn Do not restart Pacemaker on ruby/,
    );
    expect(says(pacemakerKeepsRunning, of("cluster.maintenance-on", viewOf()))).toEqual([]);
    expect(says(pacemakerKeepsRunning, of("node.maintenance-off", viewOf(), {}, { to: "ruby" }))).toEqual([]);
  });

  it("lockspaces stay: warned of; nobody goes from there", () => {
    const view = viewOf(dlmEntity("ruby", "lvm_global"), dlmEntity("crystal"));
    expect(says(noLockspaceIsLeft, of("cluster.maintenance-on", view))[0]).toMatch(/^warn DLM holds lvm_global on ruby\./);
    expect(says(noLockspaceIsLeft, of("node.maintenance-on", view, {}, { from: "crystal" }))).toEqual([]);
    expect(says(noLockspaceIsLeft, rubyGoes(view))).toEqual([]);
    const held = viewOf(dlmEntity("ruby", "lvm_global"), node("ruby", { isInMaintenance: true }));
    expect(says(noLockspaceIsLeft, rubyGoes(held))[0]).toMatch(/^block /);
  });
});

describe("maintenance ends, or a resource is managed again", () => {
  const twice = resource("g_mail", "ruby", {
    said: said("bad", "running twice"),
    places: ["ruby", "crystal"].map((on) => ({ node: on, role: "Started", said: said("ok", "started") })),
  });

  it("something runs twice: refused", () => {
    expect(says(nothingRunsTwice, of("cluster.maintenance-off", viewOf(twice)))).toEqual([
      "block g_mail runs on ruby and crystal at once: the cluster would stop it everywhere. Stop all but one by hand first.",
    ]);
    expect(says(nothingRunsTwice, of("resource.manage", viewOf(twice), {}, { resources: ["g_mail"] }))).toHaveLength(1);
    expect(says(nothingRunsTwice, of("resource.manage", viewOf(twice), {}, { resources: ["other"] }))).toEqual([]);
    expect(says(nothingRunsTwice, of("cluster.maintenance-on", viewOf(twice)))).toEqual([]);
  });

  it("DRBD was promoted by hand: refused", () => {
    const drbd = (on: string) =>
      resource("drbd_store", on, { agent: "ocf:linbit:drbd", places: [{ node: on, role: "Promoted", said: said("ok", "Promoted") }] });
    expect(says(nothingWasChangedByHand, of("cluster.maintenance-off", viewOf(drbd("crystal"))))[0]).toMatch(
      /^block store is Primary on ruby, and Pacemaker knows of no promotion there/,
    );
    expect(says(nothingWasChangedByHand, of("cluster.maintenance-off", viewOf(drbd("ruby"))))).toEqual([]);
    expect(says(nothingWasChangedByHand, of("cluster.maintenance-off", viewOf()))).toEqual([]);
    expect(says(nothingWasChangedByHand, of("cluster.maintenance-on", viewOf(drbd("crystal"))))).toEqual([]);
  });

  it("what the cluster would do at once is listed: an interruption asks for the name, a start is accepted", () => {
    const preview = simulated({ actions: [action("g_mail", "stop", { node: "ruby" }), action("web", "start", { node: "ruby" })] });
    expect(says(releaseChangesNothing, of("cluster.maintenance-off", viewOf(), { preview }))).toEqual([
      "type The cluster would act at once: g_mail stops on ruby. Somebody changed that by hand, or it failed meanwhile: see why first.",
      "warn The cluster would start web at once.",
    ]);
    expect(says(releaseChangesNothing, of("resource.manage", viewOf(), { preview }))).toHaveLength(2);
    expect(says(releaseChangesNothing, of("cluster.maintenance-off", viewOf(), { preview: simulated({}) }))).toEqual([]);
    expect(says(releaseChangesNothing, of("cluster.maintenance-on", viewOf(), { preview }))).toEqual([]);
  });
});

describe("a cleanup", () => {
  const failure = (on: string, failCount: string | null = "3") => ({
    resource: "g_mail",
    node: on,
    task: "start",
    intervalMs: null,
    exitCode: 1,
    exitStatus: "error",
    exitReason: "no route",
    failCount,
    lastChange: null,
  });

  it("shows what is forgotten, and that probes may act", () => {
    const view = viewOf(resource("g_mail", "ruby", { failures: [failure("ruby"), failure("crystal", null)] }));
    expect(says(probesMayAct, of("resource.cleanup", view, {}, { resources: ["g_mail"] }))).toEqual([
      "warn Everything of it is probed again: what the probe finds can move it, and a probe or stop that fails can fence a node. Forgotten is: start of g_mail on ruby failed: no route (exit code 1), fail count 3. start of g_mail on crystal failed: no route (exit code 1).",
    ]);
    expect(says(probesMayAct, of("resource.cleanup", view, {}, { resources: ["g_mail"], from: "crystal" }))[0]).not.toContain("on ruby");
  });

  it("many are counted, none is no list", () => {
    const view = viewOf(resource("g_mail", "ruby", { failures: ["a", "b", "c", "d"].map((on) => failure(on)) }));
    expect(says(probesMayAct, of("resource.cleanup", view, {}, { resources: ["g_mail"] }))[0]).toContain("And 1 more failure.");
    expect(says(probesMayAct, mailMoves(viewOf()))[0]).toMatch(/fence a node\.$/);
  });
});
