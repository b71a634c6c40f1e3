// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { IncidentCard } from "@/agent/protocol/console/history";
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import { cluster, fact, iscsiSession, member, nodeFacts, ok, pacemaker, resource, T0 } from "@/server/cluster/factories";
import { cardOf } from "./failover";
import { mailOn, orderedRun } from "./pair.factories";
import { at, captured, createStory } from "./test-story";

const on = (place: string | null, more: Partial<Pacemaker> = {}, role = "Started") => mailOn(place, more, place === null ? {} : { role });

/** g_mail is in order on ruby; the clock is in seconds from the start. */
function story(client: Parameters<typeof nodeFacts>[1] = {}) {
  const made = createStory(cluster(nodeFacts("ruby"), nodeFacts("crystal"), nodeFacts("hv01", client, { role: "client" })));
  const says = (value: Pacemaker, seconds: number) => made.says("crystal", value, T0 + seconds * 1_000);
  says(on("ruby"), 1);
  return { ...made, reads: says };
}

const cards = (told: { open(): Parameters<typeof cardOf>[0][]; ended(): Parameters<typeof cardOf>[0][] }) =>
  [...told.ended(), ...told.open()].map(cardOf);

function only(told: Parameters<typeof cards>[0]): IncidentCard {
  const [card, ...more] = cards(told);
  if (!card || more.length > 0) throw new Error(`There are ${more.length + (card ? 1 : 0)}`);
  return card;
}

const took = ({ failover }: IncidentCard) => Object.fromEntries(failover.map(({ phase, tookMs }) => [phase, tookMs]));

describe("services that leave a node which is there", () => {
  it("a standby, as a real cluster told it: who stopped what, and each phase from its own readings", () => {
    const told = createStory(cluster(...["node1", "node2", "node3"].map((node) => nodeFacts(node))));
    told.says("node2", captured("standby-1-before"), at("11:26:53.14"));
    told.says("node2", captured("standby-2-stopping"), at("11:26:55.57"));
    told.says("node2", captured("standby-3-stopped"), at("11:26:57.83"));
    expect(cards(told), "nothing is elsewhere yet").toEqual([]);
    told.says("node2", captured("standby-4-moved"), at("11:27:04.75"));
    const card = only(told);
    expect(card.says).toBe("grp and drbd-clone went from node1 to node2. node1 was put in standby, not from this console.");
    expect(card).toMatchObject({ node: "node1", attempts: [], detected: null, endedAtMs: at("11:27:04.75") });
    expect(card.failover.map(({ phase, tookMs }) => [phase, tookMs])).toEqual([
      ["detect", 0],
      // Neither was seen down on node1 before both were up on node2: the two parts are not told apart.
      ["stop", null],
      ["promote", 9_180],
      ["start", 9_180],
      ["clientStall", null],
    ]);
  });

  it("a command of this console: who, what, and stop and start apart", () => {
    const told = story();
    told.run(orderedRun());
    told.reads(on("ruby", {}, "Stopping"), 3);
    told.reads(on(null), 5);
    told.reads(on("crystal", {}, "Starting"), 6);
    told.reads(on("crystal"), 9);
    const card = only(told);
    expect(card.says).toBe("g_mail went from ruby to crystal. anna ordered it from this console: Move g_mail to crystal.");
    expect(took(card)).toEqual({ detect: 1_000, stop: 2_000, promote: null, start: 4_000, clientStall: null });
    expect(card.failover[3]?.says).toBe("Until g_mail on crystal was in order (Pacemaker as crystal sees it).");
  });

  it("a failure that made it go elsewhere: detected from the cluster's own record of it", () => {
    const told = story();
    const failure = {
      ...{ resource: "g_mail", node: "ruby", task: "monitor", intervalMs: 10_000, exitCode: 7, exitStatus: "not running" },
      ...{ exitReason: null, failCount: "1", lastChange: "2023-11-14 22:13:22Z" },
    };
    told.reads(mailOn("ruby", { failures: [failure] }, { failed: true }), 4);
    told.reads(on(null, { failures: [failure] }), 5);
    told.reads(on("crystal", { failures: [failure] }), 7);
    const card = only(told);
    expect(card.says).toBe("g_mail went from ruby to crystal. Monitor of g_mail on ruby failed: not running (exit code 7).");
    expect(took(card)).toMatchObject({ detect: 2_000, stop: 1_000, start: 2_000 });
  });

  it("a mere restart in place is none, however long it takes", () => {
    const told = story();
    told.reads(mailOn("ruby", {}, { failed: true }), 4);
    told.reads(on(null), 5);
    told.reads(on("ruby"), 600);
    told.reads(on("ruby", { dc: "crystal" }), 601);
    expect(cards(told)).toEqual([]);
  });

  it("nor is a stop by order", () => {
    const told = story();
    const ordered = (place: string | null) => mailOn(place, {}, { targetRole: "Stopped", role: "Stopping" });
    told.reads(ordered("ruby"), 3);
    told.reads(mailOn(null, {}, { targetRole: "Stopped" }), 5);
    told.reads(on("crystal"), 50);
    expect(cards(told)).toEqual([]);
  });

  it("a live migration: nothing was down, so the parts are not made up", () => {
    const told = story();
    told.reads(on("crystal"), 4);
    const card = only(told);
    expect(card.says).toBe("g_mail went from ruby to crystal. Why, was not seen.");
    expect(took(card)).toEqual({ detect: null, stop: null, promote: null, start: 0, clientStall: null });
  });

  it("the side that had it lost its quorum, and it is elsewhere when quorum is back", () => {
    const told = story();
    told.reads(on(null, { quorate: false }), 4);
    told.reads(on(null, { quorate: false, dc: "crystal" }), 6);
    told.reads(on(null), 20);
    told.reads(on("crystal"), 24);
    const card = only(told);
    expect(card.says).toBe("g_mail went from ruby to crystal. crystal's side of the cluster lost its quorum.");
    expect(took(card)).toMatchObject({ detect: 0, stop: 16_000, start: 4_000 });
  });

  it("quorum that comes back to services where they were: none", () => {
    const told = story();
    told.reads(on("ruby", { quorate: false }), 4);
    told.reads(on("ruby"), 20);
    expect(cards(told)).toEqual([]);
  });

  it("a node that is lost meanwhile is told as lost, not as left", () => {
    const told = story();
    told.reads(on("ruby", {}, "Stopping"), 3);
    const dead = [member("ruby", { online: false, unclean: true }), member("crystal", { isDc: true })];
    told.reads(pacemaker(dead, [resource("g_mail", "ruby", { onOfflineNode: true })]), 5);
    told.reads(pacemaker(dead, [resource("g_mail", "crystal")]), 9);
    expect(cards(told).map(({ moved, detected }) => [moved, detected?.atMs])).toEqual([[undefined, T0 + 5_000]]);
  });

  it("what one client's own readings show of it: how long its disk did not answer", () => {
    const iscsi = (state: string) => ({ targets: null, sessions: [iscsiSession({ state, connectionState: null })], unread: [] });
    const told = story({ iscsi: iscsi("LOGGED_IN") });
    const client = (state: string, seconds: number) => {
      const atMs = T0 + seconds * 1_000;
      told.frame("hv01", fact("iscsi", { iscsi: ok(iscsi(state), atMs) }, atMs), atMs);
    };
    told.run(orderedRun());
    told.reads(on("ruby", {}, "Stopping"), 3);
    client("FAILED", 4);
    told.reads(on("crystal"), 6);
    client("LOGGED_IN", 9);
    expect(told.ended(), "another client may yet notice").toEqual([]);
    client("LOGGED_IN", 40);
    const card = only(told);
    expect(card.endedAtMs).toBe(T0 + 9_000);
    expect(took(card)).toMatchObject({ start: 3_000, clientStall: 5_000 });
  });
});

describe("fencings from before anybody looked", () => {
  it("are shown from the cluster's own history, at their own time, as what they are; nothing is measured of them", () => {
    const told = createStory(cluster(nodeFacts("node1")));
    told.says("node1", captured("killed-4-back"), at("11:28:52.31"));
    const card = only(told);
    expect(card).toMatchObject({
      node: "node3",
      openedAtMs: at("11:28:45"),
      endedAtMs: at("11:28:45"),
      fromHistory: { atMs: at("11:28:52.31"), by: "Pacemaker as node1 sees it" },
      done: { atMs: at("11:28:45"), by: "the cluster's fence history" },
      failover: [],
      services: [],
    });
    expect(card.says).toBe("node2 fenced node3 (reboot). Why, its history does not say.");
  });

  it("are the same when the cluster is seen for the first time once more, and none is made of a later one", () => {
    const told = createStory(cluster(nodeFacts("node1")));
    told.says("node1", captured("killed-4-back"), at("11:28:52.31"));
    const again = createStory(cluster(nodeFacts("node1")));
    again.says("node1", captured("killed-4-back"), at("12:00:00"));
    expect(only(again).id).toBe(only(told).id);
    again.says("node1", { ...captured("killed-4-back"), dc: "node2" }, at("12:00:05"));
    expect(cards(again)).toHaveLength(1);
  });

  it("whose time is printed without a zone have no time of their own", () => {
    const told = story();
    const first = createStory(cluster(nodeFacts("ruby")));
    const [fencing] = captured("killed-4-back").fencing;
    if (!fencing) throw new Error("It has none");
    first.says("ruby", on("ruby", { fencing: [{ ...fencing, completed: "Fri Nov 20 11:28:45 2026" }] }), T0 + 1_000);
    expect(only(first)).toMatchObject({ done: null, openedAtMs: T0 + 1_000, fromHistory: { atMs: T0 + 1_000 } });
    expect(cards(told)).toEqual([]);
  });
});
