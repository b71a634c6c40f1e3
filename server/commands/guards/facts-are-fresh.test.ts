// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { clientsAreHeard, clusterIsLive, factsAreFresh, pacemakerAnswers } from "./facts-are-fresh";
import { cluster, node, rubyGoes, said, says, source, standing, T0, viewOf, without } from "./test-view";
import { exportEntity, targetEntity } from "./test-view-storage";

const fence = { verb: "node.fence", title: "Fence ruby" };

describe("facts of the nodes concerned", () => {
  it("all heard and read: nothing to say", () => {
    expect(says(factsAreFresh, rubyGoes(viewOf()))).toEqual([]);
  });

  it("the other node is silent: refused, with how long", () => {
    const view = viewOf(node("crystal", { link: "stale", linkSinceMs: T0 - 47_000 }));
    expect(says(factsAreFresh, rubyGoes(view))).toEqual([
      "block I can't tell whether this is safe: no word from crystal for 47 s. Look at its agent.",
    ]);
  });

  it("a standing verdict tells no ages", () => {
    const view = viewOf(node("crystal", { link: "lost", linkSinceMs: T0 - 47_000 }));
    expect(says(factsAreFresh, standing(view))).toEqual([
      "block I can't tell whether this is safe: no word from crystal. Look at its agent.",
    ]);
  });

  it.each([
    ["stale", { freshness: "stale" as const, okAtMs: T0 - 12_000 }, "DRBD on crystal was not read for 12 s"],
    ["failed", { status: "failed" as const, okAtMs: T0 - 12_000 }, "DRBD on crystal could not be read for 12 s"],
    ["pending", { status: "pending" as const, okAtMs: null }, "DRBD on crystal was not read"],
    ["in part", { unread: [{ what: "drbd1", code: "COLLECT_READ" as const, message: "no" }] }, "part of DRBD on crystal could not be read"],
  ])("a source that is %s: refused", (_, part, words) => {
    expect(says(factsAreFresh, rubyGoes(viewOf(source("crystal", "drbd", part))))).toEqual([
      `block I can't tell whether this is safe: ${words}. Look at crystal itself.`,
    ]);
  });

  it("a source that is not there is an answer", () => {
    expect(says(factsAreFresh, rubyGoes(viewOf(source("crystal", "drbd", { status: "absent" }))))).toEqual([]);
  });

  it("who uses a node that goes is read, where it serves something", () => {
    const unread = source("ruby", "iscsi", { freshness: "stale", okAtMs: T0 - 12_000 });
    expect(says(factsAreFresh, rubyGoes(viewOf(unread)))).toEqual([]);
    expect(says(factsAreFresh, rubyGoes(viewOf(unread, targetEntity("ruby"))))[0]).toContain("iSCSI on ruby was not read for 12 s");
    expect(says(factsAreFresh, rubyGoes(viewOf(source("crystal", "iscsi", { status: "failed" }), targetEntity("crystal"))))).toEqual([]);
    expect(says(factsAreFresh, rubyGoes(viewOf(unread, targetEntity("ruby")), { verb: "node.maintenance-on" }))).toEqual([]);
    expect(says(factsAreFresh, rubyGoes(viewOf(exportEntity("ruby"))))[0]).toContain("AoE on ruby is not read");
  });

  it("a source that nobody reads is none", () => {
    expect(says(factsAreFresh, rubyGoes(without(viewOf(), "source:crystal/drbd")))).toHaveLength(1);
  });

  it("a member without an agent, or never heard: refused", () => {
    const stranger = node("jade", { link: "never", agentVersion: null, state: said("unknown", "online") });
    expect(says(factsAreFresh, rubyGoes(viewOf(stranger)))).toEqual([
      "block I can't tell whether this is safe: jade has no agent here. Enrol jade, and start its agent.",
    ]);
    expect(says(factsAreFresh, rubyGoes(viewOf(stranger, source("jade", "pacemaker"))))[0]).toContain("nothing was ever heard from jade");
  });

  it("a node whose Pacemaker is stopped runs nothing: it is not asked either", () => {
    const stopped = [node("crystal", { state: said("busy", "pending") }), source("crystal", "pacemaker", { status: "failed" })];
    expect(says(factsAreFresh, rubyGoes(viewOf(...stopped)))).toEqual([]);
  });

  it("a node that is known to be down is not asked, unless it is the one", () => {
    const down = { link: "lost" as const, state: said("bad", "offline") };
    expect(says(factsAreFresh, rubyGoes(viewOf(node("crystal", down))))).toEqual([]);
    expect(says(factsAreFresh, rubyGoes(viewOf(node("ruby", down))))).toHaveLength(1);
  });

  it("of what is to be fenced, silence is itself a sign: the name is typed", () => {
    const view = viewOf(node("ruby", { link: "lost", linkSinceMs: T0 - 60_000 }));
    expect(says(factsAreFresh, rubyGoes(view, fence))).toEqual([
      "type Not known how ruby is: no word from ruby for 1 min. What is written there and nowhere else is lost with it.",
    ]);
    expect(says(factsAreFresh, rubyGoes(viewOf(node("crystal", { link: "lost" })), fence))[0]).toMatch(/^block /);
  });
});

describe("clients", () => {
  const silent = node("hv01", { role: "client", link: "lost" });

  it("a silent one: warned of, where something is served", () => {
    expect(says(clientsAreHeard, rubyGoes(viewOf(silent, targetEntity("ruby"))))).toEqual([
      "warn No word from hv01: not known whether it still has a disk here. Look at it, or at the target's own list.",
    ]);
  });

  it("nothing is served, or all are heard: nothing to say", () => {
    expect(says(clientsAreHeard, rubyGoes(viewOf(silent)))).toEqual([]);
    expect(says(clientsAreHeard, rubyGoes(viewOf(node("hv01", { role: "client" }), targetEntity("ruby"))))).toEqual([]);
  });
});

describe("the cluster", () => {
  const recorded = { atMs: T0, atFrom: "recording" as const, origin: "san-a.tar", openedBy: "ben", openedAtMs: T0 };

  it("a recording: refused", () => {
    expect(says(clusterIsLive, rubyGoes(viewOf()))).toEqual([]);
    expect(says(clusterIsLive, rubyGoes(viewOf(cluster({ recorded }))))[0]).toMatch(/^block This is a recording/);
  });

  it("no Pacemaker, or none that can be read now: refused", () => {
    expect(says(pacemakerAnswers, rubyGoes(viewOf()))).toEqual([]);
    expect(says(pacemakerAnswers, rubyGoes(viewOf(cluster({ pacemaker: null }))))[0]).toMatch(/^block No node here runs Pacemaker/);
    const old = cluster({}, { quorum: said("old", "was quorate") });
    expect(says(pacemakerAnswers, rubyGoes(viewOf(old)))[0]).toMatch(/^block I can't tell/);
  });
});
