// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { EntityOf } from "@/agent/protocol/console/view";
import { timing } from "@/agent/protocol/timing";
import { nodeEntity, viewOf } from "@/server/api/test-view";
import { drop } from "./judge";
import { pacesOf } from "./paces";
import { HOUR, MINUTE, receiver, route, SECOND, seen, silence, T0, trouble } from "./test-factories";
import { sayings, story } from "./test-judging";
import { subjectOf } from "./words";

const GONE = trouble("node-gone", { level: "bad" });
const calm = seen();

describe("what is found is told", () => {
  it("once, after the route's wait, and once more when it is over", () => {
    const of = story();
    expect(of.watch(seen(GONE), T0, T0 + 14 * SECOND)).toEqual([]);
    expect(of.watch(seen(GONE), T0 + 15 * SECOND, T0 + HOUR)).toEqual(["noc: new node-gone!"]);
    expect(of.watch(calm, T0 + HOUR, T0 + HOUR + 59 * SECOND)).toEqual([]);
    expect(of.watch(calm, T0 + HOUR + MINUTE, T0 + 2 * HOUR)).toEqual(["noc: resolved node-gone!"]);
    expect([...of.known.values()][0]).toMatchObject({ endedAtMs: T0 + HOUR, endedBy: "It is no longer found." });
  });

  it("not at all when it was over before the wait was", () => {
    const of = story();
    of.watch(seen(GONE), T0, T0 + 10 * SECOND);
    expect(of.watch(calm, T0 + 11 * SECOND, T0 + HOUR)).toEqual([]);
  });

  it("to each receiver once, however many routes lead there, and not by one that is off", () => {
    const of = story({
      routes: [route("noc"), route("noc", { id: "2" }), route("mail"), route("chat", { isOn: false })],
      receivers: [receiver("noc"), receiver("mail"), receiver("chat")],
    });
    expect(of.watch(seen(GONE), T0, T0 + MINUTE).sort()).toEqual(["mail: new node-gone!", "noc: new node-gone!"]);
  });

  it("of one cluster at one moment as one message", () => {
    const of = story();
    of.look(seen(GONE, trouble("ring-down")), T0);
    const { messages } = of.look(seen(GONE, trouble("ring-down")), T0 + MINUTE);
    expect(messages).toHaveLength(1);
    expect(messages[0]?.body.alerts).toHaveLength(2);
  });

  it.each(["busy", "held", "ok", "absent"] as const)("never what is %s", (level) => {
    expect(story().watch(seen(trouble("node-held", { level })), T0, T0 + MINUTE)).toEqual([]);
  });

  it("again when it becomes worse, and not when it becomes better", () => {
    const of = story();
    of.watch(seen(trouble("mirror-disk")), T0, T0 + MINUTE);
    expect(of.watch(seen(trouble("mirror-disk", { level: "bad" })), T0 + MINUTE, T0 + HOUR)).toEqual(["noc: worse mirror-disk!"]);
    expect(of.watch(seen(trouble("mirror-disk")), T0 + HOUR, T0 + 2 * HOUR)).toEqual([]);
    expect(of.watch(seen(trouble("mirror-disk", { level: "bad" })), T0 + 2 * HOUR, T0 + 3 * HOUR)).toEqual([]);
  });

  it("again while it stands, as often as the route says", () => {
    const of = story({ routes: [route("noc", { repeatHours: 2 })] });
    expect(of.watch(seen(GONE), T0, T0 + 5 * HOUR)).toEqual(["noc: new node-gone!", "noc: still node-gone!", "noc: still node-gone!"]);
  });
});

describe("a root cause carries its consequences", () => {
  const alone = trouble("mirror-alone", { cause: "node-gone" });

  it("which are told inside it and never by themselves", () => {
    const of = story();
    of.look(seen(alone, GONE), T0);
    const { messages } = of.look(seen(alone, GONE), T0 + MINUTE);
    expect(sayings(messages)).toEqual(["noc: new node-gone!"]);
    expect(messages[0]?.body.alerts[0]?.consequences).toEqual(["mirror-alone!"]);
  });

  it("and is as urgent as the worst of them", () => {
    const of = story();
    of.look(seen(trouble("node-silent", { level: "old" }), trouble("mirror-lost", { level: "bad", cause: "node-silent" })), T0);
    expect([...of.known.values()].map(({ finding, severity }) => [finding, severity])).toEqual([["node-silent", "critical"]]);
  });

  it("one whose cause nobody is told of stands by itself", () => {
    const of = story();
    const fenced = trouble("fencing-runs", { level: "busy" });
    expect(of.watch(seen(fenced, trouble("mirror-alone", { cause: "fencing-runs" })), T0, T0 + MINUTE)).toEqual(["noc: new mirror-alone!"]);
  });

  it("one that was told before its cause was seen ends once that one is told, and neither reads as over", () => {
    const of = story();
    of.watch(seen(trouble("mirror-alone")), T0, T0 + MINUTE);
    expect(of.watch(seen(alone, GONE), T0 + MINUTE, T0 + HOUR)).toEqual(["noc: new node-gone!", "noc: ended mirror-alone!"]);
  });

  it("a cause that is only seen for a moment ends nothing, and what stands by itself again is not told anew", () => {
    const of = story();
    of.watch(seen(trouble("mirror-alone")), T0, T0 + MINUTE);
    expect(of.watch(seen(alone, GONE), T0 + MINUTE, T0 + MINUTE + 9 * SECOND)).toEqual([]);
    expect(of.watch(seen(trouble("mirror-alone")), T0 + MINUTE + 10 * SECOND, T0 + HOUR)).toEqual([]);
    expect([...of.known.values()].filter(({ finding }) => finding === "mirror-alone")).toMatchObject([{ endedAtMs: null, returns: 0 }]);
  });
});

describe("nobody is woken for nothing", () => {
  it("what comes and goes is told a few times, not each time: it is believed to be over later and later", () => {
    const of = story();
    const said: string[] = [];
    for (let round = 0; round < 200; round += 1) {
      const fromMs = T0 + round * 3 * MINUTE;
      said.push(...of.watch(seen(GONE), fromMs, fromMs + 89 * SECOND), ...of.watch(calm, fromMs + 90 * SECOND, fromMs + 179 * SECOND));
    }
    expect(said).toEqual(["noc: new node-gone!", "noc: resolved node-gone!", "noc: new node-gone!"]);
    expect([...of.known.values()].at(-1)?.returns).toBe(1);
  });

  it("a dead agent is told, and what it can no longer say is not taken for over", () => {
    const of = story();
    of.watch(seen(trouble("bond-ports")), T0, T0 + MINUTE);
    const dead = viewOf(nodeEntity("ruby", { link: "lost" }), nodeEntity("crystal", {}), trouble("node-silent", { level: "old" }));
    expect(of.watch(dead, T0 + MINUTE, T0 + 2 * HOUR)).toEqual(["noc: new node-silent!"]);
    expect(of.watch(seen(trouble("bond-ports")), T0 + 2 * HOUR, T0 + 3 * HOUR)).toEqual(["noc: resolved node-silent!"]);
  });

  it("nor is a word that comes late now and then a reason to call it not over for ever", () => {
    const of = story();
    of.watch(seen(GONE), T0, T0 + MINUTE);
    const said: string[] = [];
    for (let second = 1; second <= 70; second += 1) {
      const view = second % 7 === 0 ? viewOf(nodeEntity("ruby", { link: "stale" })) : calm;
      said.push(...sayings(of.look(view, T0 + MINUTE + second * SECOND).messages));
    }
    expect(said).toEqual(["noc: resolved node-gone!"]);
  });

  it("what may be passing opens nothing until it has settled, and adds nothing to what it follows from", () => {
    const of = story();
    const settling = { settlesAtMs: T0 + MINUTE };
    expect(of.watch(seen({ ...GONE, ...settling }), T0, T0 + 59 * SECOND)).toEqual([]);
    expect(of.known.size).toBe(0);
    expect(of.watch(seen(GONE), T0 + MINUTE, T0 + 2 * MINUTE)).toEqual(["noc: new node-gone!"]);
    const worse = trouble("mirror-lost", { cause: "node-gone", ...settling });
    of.watch(seen(GONE, worse), T0 + 2 * MINUTE, T0 + 3 * MINUTE);
    expect([...of.known.values()]).toMatchObject([{ finding: "node-gone", consequences: [] }]);
  });

  it("what was told goes on, though what is heard now would not be told yet", () => {
    const of = story();
    of.watch(seen(GONE), T0, T0 + MINUTE);
    expect(of.watch(seen({ ...GONE, settlesAtMs: T0 + 3 * MINUTE }), T0 + MINUTE, T0 + 3 * MINUTE)).toEqual([]);
    expect([...of.known.values()]).toMatchObject([{ endedAtMs: null, missingSinceMs: null }]);
  });

  it("nor is what was told before it was stopped told again, or taken for over while its agents are away", () => {
    const of = story();
    of.watch(seen(GONE), T0, T0 + MINUTE);
    const again = story();
    for (const [id, alert] of of.known) again.known.set(id, alert);
    expect(again.watch(viewOf(nodeEntity("ruby", { link: "stale" })), T0 + MINUTE, T0 + 3 * MINUTE)).toEqual([]);
    expect(again.watch(seen(GONE), T0 + 3 * MINUTE, T0 + HOUR)).toEqual([]);
  });

  const held = (node: string | null, endsAtMs = T0 + HOUR): EntityOf<"maintenance"> => ({
    kind: "maintenance",
    node,
    declared: { owner: "anna", note: "new firmware", startedAtMs: T0 - HOUR, endsAtMs },
    said: { level: "held", word: "maintenance", why: null },
  });

  it.each([["ruby"], [null]])("a maintenance of %s says whose it is instead, and what is left after its end is told", (node) => {
    const of = story();
    const view = seen(GONE);
    const still = new Map([...view, [`maintenance:${node ?? "*"}`, held(node)] as const]);
    expect(of.watch(still, T0, T0 + HOUR - SECOND)).toEqual([]);
    expect([...of.known.values()][0]?.held).toMatchObject({
      by: "maintenance",
      says: expect.stringContaining("held by anna: new firmware"),
    });
    expect(of.watch(still, T0 + HOUR, T0 + HOUR)).toEqual(["noc: new node-gone!"]);
  });

  it("a maintenance of one node does not hide another's trouble, nor that it is over its time", () => {
    const of = story();
    const view = new Map([...seen(GONE, trouble("maintenance-over")), ["maintenance:crystal", held("crystal")] as const]);
    expect(of.watch(view, T0, T0 + MINUTE)).toEqual(["noc: new node-gone!", "noc: new maintenance-over!"]);
  });

  it("a silence holds what it names until its end, and then it is told", () => {
    const matchers = [{ label: "node" as const, isNot: false, values: ["ruby"] }];
    const of = story({ silences: [silence({ matchers })] });
    expect(of.watch(seen(GONE), T0, T0 + HOUR - SECOND)).toEqual([]);
    expect([...of.known.values()][0]?.held).toEqual({ by: "silence", says: "otto: new switch", untilMs: T0 + HOUR });
    expect(of.watch(seen(GONE), T0 + HOUR, T0 + 2 * HOUR)).toEqual(["noc: new node-gone!"]);
  });

  it("what was told before a silence is still told to be over", () => {
    const of = story();
    of.watch(seen(GONE), T0, T0 + MINUTE);
    of.rules.silences = [silence()];
    expect(of.watch(calm, T0 + MINUTE, T0 + HOUR)).toEqual(["noc: resolved node-gone!"]);
  });

  it("an acknowledged one is not told again until it is worse or over", () => {
    const of = story({ routes: [route("noc", { repeatHours: 1 })] });
    of.watch(seen(trouble("mirror-disk")), T0, T0 + MINUTE);
    for (const [id, alert] of of.known) of.known.set(id, { ...alert, acknowledged: { by: "otto", atMs: T0 + MINUTE, note: "" } });
    expect(of.watch(seen(trouble("mirror-disk")), T0 + MINUTE, T0 + 5 * HOUR)).toEqual([]);
    expect(of.watch(seen(trouble("mirror-disk", { level: "bad" })), T0 + 5 * HOUR, T0 + 6 * HOUR)).toEqual(["noc: worse mirror-disk!"]);
    expect(of.watch(calm, T0 + 6 * HOUR, T0 + 7 * HOUR)).toEqual(["noc: resolved mirror-disk!"]);
  });
});

describe("who is told", () => {
  it.each<[string, Parameters<typeof route>[1], boolean]>([
    ["every alert without a matcher", {}, true],
    ["its cluster", { matchers: [{ label: "cluster", isNot: false, values: ["san-b", "san-a"] }] }, true],
    ["another cluster", { matchers: [{ label: "cluster", isNot: false, values: ["san-b"] }] }, false],
    ["all but its cluster", { matchers: [{ label: "cluster", isNot: true, values: ["san-a"] }] }, false],
    [
      "its environment and severity",
      {
        matchers: [
          { label: "environment", isNot: false, values: ["PROD"] },
          { label: "severity", isNot: false, values: ["critical"] },
        ],
      },
      true,
    ],
    ["what is only a warning", { matchers: [{ label: "severity", isNot: false, values: ["warning"] }] }, false],
    ["its node", { matchers: [{ label: "node", isNot: false, values: ["ruby"] }] }, true],
    ["its rule", { matchers: [{ label: "rule", isNot: false, values: ["node-gone"] }] }, true],
    ["a resource that it has not", { matchers: [{ label: "resource", isNot: false, values: ["store"] }] }, false],
  ])("a route for %s", (_, more, isTold) => {
    const of = story({ routes: [route("noc", more)] });
    expect(of.watch(seen(GONE), T0, T0 + MINUTE)).toEqual(isTold ? ["noc: new node-gone!"] : []);
  });

  it("that a receiver takes nothing is told to the others, not to it", () => {
    const of = story({ routes: [route("noc"), route("mail")], receivers: [receiver("noc"), receiver("mail")] });
    const view = new Map([...seen(), ["finding:alerts-unsent:mail", trouble("alerts-unsent", { about: ["cluster"] })] as const]);
    expect(of.watch(view, T0, T0 + MINUTE)).toEqual(["noc: new alerts-unsent!"]);
  });

  it("a removed cluster's alerts are no longer looked at, and whoever was told of them is told so", () => {
    const of = story();
    of.watch(seen(GONE), T0, T0 + MINUTE);
    const cluster = { slug: "san-a", title: "SAN A", environment: null };
    const about = { cluster, agents: new Set<string>(), unwatched: () => null, known: [...of.known.values()], rules: of.rules };
    const { messages } = drop({ ...about, paces: pacesOf(timing()), nowMs: T0 + HOUR, newId: () => "x" });
    expect(sayings(messages)).toEqual(["noc: ended node-gone!"]);
    expect(messages.map(({ body }) => subjectOf(body))).toEqual(["[SAN A] no longer looked at: node-gone!"]);
    expect(messages[0]?.body.alerts[0]?.endedBy).toMatch(/^The cluster was removed from the console: /);
  });

  it("Alertmanager is told again every four hours: else it takes an alert for over", () => {
    const of = story({ receivers: [receiver("noc", { kind: "alertmanager", url: "http://127.0.0.1:9093", user: null })] });
    expect(of.watch(seen(GONE), T0, T0 + 9 * HOUR)).toEqual(["noc: new node-gone!", "noc: still node-gone!", "noc: still node-gone!"]);
  });
});
