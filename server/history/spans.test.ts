// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Run } from "@/agent/protocol/console/runs";
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import { cluster, fact, nodeFacts, ok, pacemaker, resource, T0 } from "@/server/cluster/factories";
import type { KeptSpan } from "./incident-state";
import { BOTH, CRYSTAL_MISSED, CRYSTAL_OFF, mailOn, orderedRun } from "./pair.factories";
import { afterDowntime } from "./spans";
import { at, captured, createStory } from "./test-story";

/** State and length of each stretch, in ms; null: it lasts. */
const told = (spans: readonly KeptSpan[]) => spans.map(({ state, fromMs, toMs }) => [state, toMs === null ? null : toMs - fromMs]);

describe("a standby, as a real cluster told it", () => {
  it("is a planned stop of what it moves, and nothing of what it leaves alone", () => {
    const story = createStory(cluster(...["node1", "node2", "node3"].map((node) => nodeFacts(node, {}, { lastWordAtMs: at("11:26:53") }))));
    for (const [name, time] of [
      ["standby-1-before", "11:26:53.14"],
      ["standby-2-stopping", "11:26:55.57"],
      ["standby-3-stopped", "11:26:57.83"],
      ["standby-4-moved", "11:27:04.75"],
    ] as const) {
      for (const node of ["node1", "node2", "node3"]) story.pulse(node, at(time));
      for (const node of ["node1", "node2", "node3"]) story.says(node, captured(name), at(time));
    }
    const group = story.spans("grp");
    expect(told(group)).toEqual([
      ["up", 2_430],
      ["planned", 9_180],
      ["up", null],
    ]);
    expect(group.map(({ node, why }) => [node, why])).toEqual([
      ["node1", null],
      ["node1", "node1 was put in standby"],
      ["node2", null],
    ]);
    expect(told(story.spans("dummy1"))).toEqual([["up", null]]);
    // A fencing device serves nobody.
    expect(story.spans("fence")).toEqual([]);
  });
});

/** anna's command began half a second after the first word. */
const run = (more: Partial<Run>) =>
  orderedRun({
    ask: { verb: "resource.move", args: { resource: "g_mail" } },
    title: "Move g_mail to ruby",
    startedAtMs: T0 + 1_500,
    ...more,
  });

function story() {
  const made = createStory(cluster(nodeFacts("ruby"), nodeFacts("crystal")));
  made.says("ruby", mailOn("crystal"), T0 + 1_000);
  made.says("crystal", mailOn("crystal"), T0 + 1_000);
  return made;
}

describe("a stop", () => {
  it("by the loss of its node: not known from its agent's last word, then unplanned until it runs elsewhere", () => {
    const made = story();
    made.happen({ type: "unlinked", node: "crystal" }, T0 + 2_000);
    made.look(T0 + 2_100);
    made.says("ruby", mailOn("crystal", { nodes: CRYSTAL_MISSED }), T0 + 4_500);
    made.says("ruby", mailOn(null, { nodes: CRYSTAL_OFF }), T0 + 7_000);
    made.says("ruby", mailOn("ruby", { nodes: CRYSTAL_OFF }), T0 + 9_000);
    expect(told(made.spans("g_mail"))).toEqual([
      ["unknown", 3_500],
      ["unplanned", 4_500],
      ["up", null],
    ]);
  });

  it("by a command of a person: planned", () => {
    const made = story();
    made.run(run({}));
    made.says("ruby", mailOn(null), T0 + 2_000);
    made.says("ruby", mailOn("ruby"), T0 + 5_000);
    expect(made.spans("g_mail").map(({ state, why }) => [state, why])).toEqual([
      ["up", null],
      ["planned", "Move g_mail to ruby, by anna"],
      ["up", null],
    ]);
  });

  it("by a command that was refused, or is long over: unplanned", () => {
    for (const more of [{ outcome: "refused" as const }, { startedAtMs: T0 - 90_000, endedAtMs: T0 - 60_000 }]) {
      const made = story();
      made.run(run(more));
      made.says("ruby", mailOn(null), T0 + 2_000);
      expect(made.spans("g_mail").map(({ state }) => state)).toEqual(["up", "unplanned"]);
    }
  });

  it("planned, and then its node is fenced under it: unplanned from there on", () => {
    const made = story();
    made.run(run({ about: ["node:crystal"], title: "Standby crystal" }));
    made.says("ruby", mailOn(null), T0 + 2_000);
    made.says("ruby", mailOn(null, { nodes: CRYSTAL_MISSED }), T0 + 6_000);
    made.says("ruby", mailOn(null, { nodes: CRYSTAL_OFF }), T0 + 8_000);
    expect(told(made.spans("g_mail"))).toEqual([
      ["up", 1_000],
      ["planned", 4_000],
      ["unplanned", null],
    ]);
  });

  it("within a maintenance that somebody declared: planned, also when the node goes down", () => {
    const made = story();
    made.declare({ node: "crystal", owner: "anna", note: "new disks", startedAtMs: T0, endsAtMs: T0 + 3_600_000 });
    made.says("ruby", mailOn(null), T0 + 2_000);
    expect(made.spans("g_mail").at(-1)).toMatchObject({ state: "planned", why: "maintenance of anna: new disks" });
  });

  it("by order: planned", () => {
    const made = story();
    made.says("ruby", mailOn(null, {}, { targetRole: "Stopped" }), T0 + 2_000);
    expect(made.spans("g_mail").at(-1)).toMatchObject({ state: "planned", why: "stopped by order (target-role)" });
  });
});

describe("a stop between two readings, which none of them shows", () => {
  type Operation = NonNullable<Pacemaker["operations"]>[number];
  const did = (task: string, node: string, call: number, second: number): Operation => ({
    ...{ resource: "g_mail", node, task, tookMs: 20, isOk: true, call },
    began: `Tue Nov 14 22:13:${String(20 + second).padStart(2, "0")} 2023`,
  });
  const before = [did("start", "crystal", 7, -9)];

  function moved(
    after: Operation[],
    to = "ruby",
    more: Partial<Run> | null = { title: "Standby crystal", about: ["node:crystal"] },
    was: Operation[] = before,
  ) {
    const made = createStory(cluster(nodeFacts("ruby"), nodeFacts("crystal")));
    if (more) made.run(run(more));
    for (const node of ["crystal", "ruby"]) {
      made.says(node, mailOn("crystal", { operations: was }), T0 + 1_000);
      made.pulse(node, T0 + 5_000);
    }
    made.says("ruby", mailOn(to, { operations: after }), T0 + 5_000);
    made.says("ruby", mailOn(to, { operations: after, dc: "ruby" }), T0 + 6_000);
    return made.spans("g_mail");
  }

  it("is told by Pacemaker's own record of the stop and the start, with whose will it was", () => {
    const spans = moved([...before, did("stop", "crystal", 9, 3), did("start", "ruby", 31, 3)]);
    expect(told(spans)).toEqual([
      ["up", 3_960],
      ["planned", 40],
      ["up", null],
    ]);
    expect(spans[1]).toMatchObject({ why: "Standby crystal, by anna", node: "crystal" });
    expect(spans[2]).toMatchObject({ node: "ruby" });
  });

  it("lasts as long as that record says, and is unplanned where nobody wanted it", () => {
    const spans = moved([...before, did("stop", "crystal", 9, 2), did("start", "ruby", 31, 4)], "ruby", null);
    expect(told(spans).slice(1, 2)).toEqual([["unplanned", 2_020]]);
    expect(spans[1]?.why).toBe("stopped and started again between two readings");
  });

  it("a start anew on the same node is one too", () => {
    expect(told(moved([did("start", "crystal", 12, 4)], "crystal", null))).toEqual([
      ["up", 3_980],
      ["unplanned", 20],
      ["up", null],
    ]);
  });

  it("a live migration is none, nor is what was on record before, nor what has no number", () => {
    for (const after of [[...before, did("stop", "crystal", 9, 3)], before, []])
      expect(moved(after).map(({ state }) => state)).toEqual(["up", "up"]);
    const unnumbered = (operations: Operation[]) => operations.map(({ call: _, ...one }) => one);
    const after = unnumbered([did("stop", "crystal", 9, 3), did("start", "ruby", 31, 3)]);
    expect(moved(after).map(({ state }) => state)).toEqual(["up", "up"]);
    // The agent was upgraded between the two: all that it numbers now was there before.
    const upgraded = moved(before, "crystal", null, unnumbered(before));
    expect(upgraded.map(({ state }) => state)).toEqual(["up"]);
  });
});

describe("a node whose clock is set", () => {
  /** Both are read every second from the second on until this one. */
  function watched(seconds: number): ReturnType<typeof story> {
    const made = story();
    for (let second = 2; second <= seconds; second += 1)
      for (const node of ["ruby", "crystal"]) made.says(node, mailOn("crystal"), T0 + second * 1_000);
    return made;
  }

  /** ruby and crystal read by clocks that are an hour behind all of a sudden: no pulse has said so yet. */
  function setBack(made: ReturnType<typeof story>, value: Pacemaker, nowMs: number): void {
    const atMs = nowMs - 3_600_000;
    for (const node of ["ruby", "crystal"]) made.frame(node, fact("pacemaker", { pacemaker: ok(value, atMs) }, atMs), nowMs);
  }

  it("takes back nothing of what was seen", () => {
    const made = watched(60);
    setBack(made, mailOn("crystal"), T0 + 61_000);
    for (const node of ["ruby", "crystal"]) made.says(node, mailOn("crystal"), T0 + 62_000);
    const [first, gap, after] = made.spans("g_mail");
    expect([first?.state, after?.state, after?.toMs]).toEqual(["up", "up", null]);
    expect((gap?.toMs ?? 0) - (gap?.fromMs ?? 0), "no more than the moment in which nobody could say").toBeLessThanOrEqual(8_000);
  });

  it("has no stop begin before it did", () => {
    const made = watched(60);
    setBack(made, mailOn(null), T0 + 61_000);
    for (const node of ["ruby", "crystal"]) made.says(node, mailOn(null), T0 + 62_000);
    const down = made.spans("g_mail").filter(({ state }) => state === "unplanned");
    expect(down.map(({ fromMs }) => fromMs >= T0 + 55_000)).toEqual([true]);
  });
});

describe("what nobody knows", () => {
  it("without quorum nothing is known to run", () => {
    const made = story();
    for (const node of ["ruby", "crystal"]) made.says(node, mailOn("crystal", { quorate: false }), T0 + 2_000);
    expect(made.spans("g_mail").at(-1)).toMatchObject({ state: "unknown", why: "no quorum" });
  });

  it("when every agent is silent: from the last reading on", () => {
    const made = story();
    for (const node of ["ruby", "crystal"]) made.happen({ type: "unlinked", node }, T0 + 4_000);
    made.look(T0 + 5_000);
    expect(told(made.spans("g_mail"))).toEqual([["unknown", null]]);
    expect(made.spans("g_mail")[0]?.fromMs).toBe(T0 + 1_000);
  });

  it("while the console did not run: from its last look on, and never up", () => {
    const up: KeptSpan = { service: "g_mail", state: "up", fromMs: T0, toMs: null, why: null, node: "ruby" };
    expect(afterDowntime([up], T0 + 60_000)).toEqual([
      { ...up, toMs: T0 + 60_000 },
      { ...up, state: "unknown", fromMs: T0 + 60_000, why: "the console was not running" },
    ]);
    expect(afterDowntime([up], null)).toEqual([{ ...up, state: "unknown", why: "the console was not running" }]);
  });

  it("while the console stood still: from its last look until what is read after", () => {
    const made = story();
    made.look(T0 + 2_000);
    made.says("ruby", mailOn("crystal"), T0 + 3_602_000);
    made.says("crystal", mailOn("crystal"), T0 + 3_602_000);
    expect(told(made.spans("g_mail"))).toEqual([
      ["up", 1_000],
      ["unknown", 3_600_000],
      ["up", null],
    ]);
    expect(made.spans("g_mail")[1]).toMatchObject({ why: "the console did not look" });
  });

  it("a service that is removed is counted no longer", () => {
    const made = story();
    made.says("ruby", pacemaker(BOTH, [resource("g_web", "ruby")]), T0 + 2_000);
    expect(told(made.spans("g_mail"))).toEqual([["up", 1_000]]);
  });
});
