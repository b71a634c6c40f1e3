// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Entity, View } from "@/agent/protocol/console/view";
import {
  cluster,
  constraint,
  copy,
  lonely,
  mirror,
  node,
  resource,
  resyncing,
  run,
  said,
  source,
  T0,
  viewOf,
  without,
} from "./guards/test-view";
import { aoeEntity, exportEntity, targetEntity } from "./guards/test-view-storage";
import { safetyEntities, verdictOf } from "./safety";

const says = (...entities: readonly Entity[]) => verdictOf(viewOf(...entities), "ruby", T0).says;
const NOTHING: View = new Map();

describe("is it safe to take ruby down?", () => {
  it("yes, and what becomes of its services; what is so every time is told beside it", () => {
    const verdict = verdictOf(viewOf(), "ruby", T0);
    expect(verdict).toMatchObject({ node: "ruby", answer: "yes", says: "Yes. g_mail moves to crystal." });
    expect(verdict.reasons.map(({ level, number }) => `${level} ${number}`)).toEqual(["inform 3.3"]);
    expect(says(targetEntity("ruby", 2), source("ruby", "iscsi"))).toBe("Yes. g_mail moves to crystal.");
  });

  it("yes, of a node that runs nothing, of one with several services, of one among many", () => {
    expect(says(resource("g_mail", "crystal"))).toBe("Yes. No service runs on it.");
    expect(says(resource("g_web", "ruby"))).toBe("Yes. g_mail and g_web move to crystal.");
    expect(says(node("jade"), source("jade", "pacemaker"), source("jade", "drbd"))).toBe("Yes. g_mail moves to another node.");
    const many = ["a", "b", "c", "d"].map((id) => resource(id, "ruby"));
    expect(says(...many)).toBe("Yes. g_mail, a, b and 2 others move to crystal.");
  });

  it.each<[string, readonly Entity[], string]>([
    ["the other copy is behind", [lonely()], "No. ruby holds the only good copy of store."],
    ["the other copy is being synced", [resyncing()], "No. ruby holds the only good copy of store."],
    ["nobody else is usable", [node("crystal", { state: said("held", "standby") })], "No. No node would be left to run anything."],
    ["there is no quorum", [cluster({}, { quorum: said("bad", "no quorum") })], "No. The side that is heard has no quorum."],
    ["something is under way", [resource("g_mail", "ruby", { pending: "Stopping" })], "No. The cluster is at work."],
    ["somebody is at it", [run("1")], "No. anna is putting ruby in standby."],
    ["a ban leaves no place", [constraint("cli-ban-g_mail-on-crystal")], "No. g_mail has no other place to run."],
    ["maintenance", [cluster({}, { maintenance: true })], "No. The cluster is in maintenance."],
    [
      "a stop is near its limit",
      [resource("g_mail", "ruby", { timings: [{ node: "crystal", task: "stop", tookMs: 18_000, timeoutMs: 20_000 }] })],
      "No. The last stop of g_mail took 18 s on crystal, its limit is 20 s.",
    ],
  ])("no, when %s", (_, entities, expected) => {
    expect(says(...entities)).toBe(expected);
    expect(verdictOf(viewOf(...entities), "ruby", T0).answer).toBe("no");
  });

  it.each<[string, readonly Entity[], string]>([
    ["the other node is silent", [node("crystal", { link: "lost", state: said("old", "silent") })], "Cannot tell: no word from crystal."],
    ["a reading is old", [source("crystal", "drbd", { freshness: "stale" })], "Cannot tell: DRBD on crystal was not read."],
    ["its own agent is silent", [node("ruby", { link: "stale" })], "Cannot tell: no word from ruby."],
    [
      "nobody hears the other copy",
      [mirror("store", { copies: [copy("crystal", { said: said("unknown", "DUnknown") }), copy("ruby")], holders: ["ruby"] })],
      "Cannot tell: no other copy of store is known to be good: nobody can hear crystal's copy.",
    ],
    [
      "a client is silent",
      [node("hv01", { role: "client", link: "lost" }), targetEntity("ruby"), source("ruby", "iscsi")],
      "Cannot tell: no word from hv01: not known whether it still has a disk here.",
    ],
    [
      "the quorum is not known",
      [cluster({}, { quorum: said("unknown", "not said") })],
      "Cannot tell: whether there is a quorum is not known.",
    ],
  ])("cannot tell, when %s", (_, entities, expected) => {
    expect(says(...entities)).toBe(expected);
    expect(verdictOf(viewOf(...entities), "ruby", T0).answer).toBe("unknown");
  });

  it("not of the node that is being brought up either", () => {
    expect(verdictOf(viewOf(resyncing()), "crystal", T0).says).toBe("No. store is being synced to crystal.");
  });

  it("what is known weighs more than what is not", () => {
    expect(says(lonely(), source("crystal", "pacemaker", { freshness: "stale" }))).toMatch(/^No\. /);
  });

  it("is not asked of a recording", () => {
    const recorded = { atMs: T0, atFrom: "recording" as const, origin: "san-a.tar", openedBy: "ben", openedAtMs: T0 };
    expect(says(cluster({ recorded }))).toBe("Cannot tell: this is a recording: there is no cluster here to act upon.");
  });

  it("no sentence holds an age or progress: it would change every second", () => {
    const later = T0 + 45_000;
    for (const view of [
      viewOf(run("1")),
      viewOf(resyncing()),
      viewOf(source("crystal", "drbd", { freshness: "stale", okAtMs: T0 - 9_000 })),
    ]) {
      expect(verdictOf(view, "ruby", later)).toEqual(verdictOf(view, "ruby", T0));
    }
  });
});

describe("without any Pacemaker", () => {
  const bare = (...more: readonly Entity[]) => {
    const absent = ["ruby", "crystal"].map((name) => source(name, "pacemaker", { status: "absent" }));
    const up = ["ruby", "crystal"].map((name) => node(name, { state: said("ok", "up") }));
    return without(viewOf(cluster({ pacemaker: null }), ...absent, ...up, source("ruby", "aoe"), ...more), "rsc:g_mail");
  };

  it("copies and clients alone count", () => {
    expect(verdictOf(bare(), "ruby", T0).says).toBe("Yes. No service runs on it.");
    expect(verdictOf(bare(lonely()), "ruby", T0).answer).toBe("no");
  });

  it("who uses its disks loses them", () => {
    expect(verdictOf(bare(exportEntity("ruby"), aoeEntity("hv05", "ruby")), "ruby", T0).says).toBe(
      "No. hv05 uses e0.1 from ruby, and no cluster moves it elsewhere.",
    );
  });
});

describe("the standing verdicts of a view", () => {
  const withVerdicts = (view: View, before: View, nowMs = T0): View => new Map([...view, ...safetyEntities(view, before, nowMs)]);
  const settle = (view: View, before: View, nowMs = T0) => {
    const map = new Map(view);
    for (const [key, entity] of safetyEntities(map, before, nowMs)) map.set(key, entity);
    return map;
  };

  it("each member has one, a client none", () => {
    const keys = safetyEntities(viewOf(node("hv01", { role: "client" })), NOTHING, T0).map(([key]) => key);
    expect(keys).toEqual(["safety:ruby", "safety:crystal"]);
  });

  it("ages and load alone leave them untouched", () => {
    const before = settle(viewOf(), NOTHING);
    const after = settle(
      viewOf(node("ruby", { isDc: true, lastWordAtMs: T0 + 5 }), source("ruby", "drbd", { okAtMs: T0 + 5 })),
      before,
      T0 + 5,
    );
    expect(after.get("safety:ruby")).toBe(before.get("safety:ruby"));
  });

  it("what moved is judged again; a verdict that says the same stays the same object", () => {
    const before = settle(viewOf(), NOTHING);
    const after = settle(viewOf(lonely()), before, T0 + 5);
    expect(after.get("safety:ruby")).toMatchObject({ answer: "no" });
    expect(after.get("safety:crystal")).toMatchObject({ answer: "yes" });
    const again = settle(viewOf(lonely(), resource("other", "crystal")), after, T0 + 10);
    expect(again.get("safety:ruby")).toBe(after.get("safety:ruby"));
  });

  it("what is gone counts as moved", () => {
    const view = viewOf(lonely());
    const before = settle(view, NOTHING);
    expect(withVerdicts(without(view, "mirror:store/0"), before).get("safety:ruby")).toMatchObject({ answer: "yes" });
  });
});
