// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from "vitest";
import type { AgentFrame } from "@/agent/protocol/messages";
import { SourceName } from "@/agent/protocol/sources";
import { timing } from "@/agent/protocol/timing";
import { fact, nodeFacts, ok, T0 } from "@/server/cluster/factories";
import type { ClusterFacts, NewEvent } from "@/server/cluster/facts";
import { calmPacemaker, pair } from "@/server/cluster/pair.factories";
import type { RaisedFinding } from "@/server/timeline/findings";
import { createFleet, type Fleet } from "./fleet";

let nowMs: number;
let told: NewEvent[];
let standing: ReadonlyMap<string, RaisedFinding>;
let fleet: Fleet;

/** A console that is started now. */
function start(facts: ClusterFacts, known: ReadonlyMap<string, RaisedFinding> = new Map()): void {
  told = [];
  fleet = createFleet({
    timing: timing(),
    now: () => nowMs,
    onFindings: (_, stands, news) => {
      standing = stands;
      told.push(...news);
    },
    onFault: (_, cause) => {
      throw cause;
    },
  });
  fleet.hold(facts, [], known);
  // What nobody did yet is none of this.
  fleet.switchRules("san-a", new Set(["verify-never"]));
  fleet.settle();
}

beforeEach(() => {
  nowMs = T0;
  standing = new Map();
});

/** The facts as a database gives them back an hour later: nobody is linked. */
function recalled(facts: ClusterFacts = pair()): ClusterFacts {
  const nodes = [...facts.nodes].map(([name, node]) => [name, { ...node, connected: false, connectedChangedAtMs: null }] as const);
  return { ...facts, nodes: new Map(nodes) };
}

const link = (node: string) => fleet.happen("san-a", { type: "linked", node, agentVersion: "1" });

/** Those that speak say a word every second, and have read everything. */
function pass(seconds: number, speaking: readonly string[]): void {
  for (let second = 0; second < seconds; second += 1) {
    nowMs += 1_000;
    for (const node of speaking) {
      const read = Object.fromEntries(SourceName.options.map((source) => [source, { takenAtMs: nowMs, everyMs: 2_000 }]));
      const frame: Extract<AgentFrame, { type: "pulse" }> = { type: "pulse", sentAtMs: nowMs, read };
      fleet.happen("san-a", { type: "frame", node, frame });
    }
    fleet.settle();
  }
}

const texts = () => told.map(({ text }) => text);
const titles = () => [...(fleet.viewOf("san-a")?.values() ?? [])].flatMap((one) => (one.kind === "finding" ? [one.title] : []));
const SILENT = { sinceMs: T0 - 60_000, title: "No word from crystal", subject: "crystal", node: "crystal", witnesses: null };

describe("after a restart of the console", () => {
  beforeEach(() => {
    nowMs = T0 + 3_600_000;
  });

  it("agents that come back are no news, though they are shown as silent until then", () => {
    start(recalled());
    expect(titles()).toContain("No word from crystal and ruby");
    pass(2, []);
    link("ruby");
    pass(3, ["ruby"]);
    expect(titles()).toContain("No word from crystal");
    link("crystal");
    pass(120, ["ruby", "crystal"]);
    expect(titles()).not.toContain("No word from crystal");
    expect(texts()).toEqual([]);
  });

  it("a node that does not come back is told once, after a minute", () => {
    start(recalled());
    link("ruby");
    pass(59, ["ruby"]);
    expect(texts()).toEqual([]);
    pass(120, ["ruby"]);
    expect(texts()).toContain("No word from crystal");
    expect(new Set(texts()).size).toBe(told.length);
  });

  it("a node that came back and falls silent is told at once", () => {
    start(recalled());
    for (const node of ["ruby", "crystal"]) link(node);
    pass(5, ["ruby", "crystal"]);
    pass(5, ["ruby"]);
    expect(texts()).toContain("No word from crystal");
  });

  it("what those say who are heard again is told at once", () => {
    const facts = recalled();
    start(facts);
    for (const node of ["ruby", "crystal"]) link(node);
    const without = { ...calmPacemaker(), quorate: false };
    const frame = fact("pacemaker", { pacemaker: ok(without, nowMs) }, nowMs);
    for (const node of ["ruby", "crystal"]) fleet.happen("san-a", { type: "frame", node, frame });
    pass(1, ["ruby", "crystal"]);
    expect(told.map(({ level }) => level)).toContain("bad");
  });

  it("what was told before and is still so is neither told again nor held back, and its end is told", () => {
    start(recalled(), new Map([["node-silent:crystal", SILENT]]));
    link("ruby");
    pass(20, ["ruby"]);
    const entity = fleet.viewOf("san-a")?.get("finding:node-silent:crystal");
    expect(entity).toMatchObject({ sinceMs: SILENT.sinceMs });
    expect(entity).not.toHaveProperty("settlesAtMs");
    link("crystal");
    pass(5, ["ruby", "crystal"]);
    expect(texts()).toEqual(["Over: No word from crystal"]);
  });

  it("a console whose machine stood still tells no more of it than a restart", () => {
    start(recalled());
    for (const node of ["ruby", "crystal"]) link(node);
    pass(70, ["ruby", "crystal"]);
    nowMs += 20_000;
    fleet.settle();
    expect(titles()).toContain("No word from crystal and ruby");
    pass(59, ["ruby"]);
    expect(texts()).toEqual([]);
    pass(2, ["ruby"]);
    expect(texts()).toEqual(["No word from crystal"]);
  });

  it("what another restart came before is told by the next console", () => {
    start(recalled());
    link("ruby");
    pass(30, ["ruby"]);
    expect(standing.get("node-silent:crystal")).toMatchObject({ title: null });
    start(recalled(), standing);
    link("ruby");
    pass(62, ["ruby"]);
    expect(texts()).toContain("No word from crystal");
  });
});

describe("a node that was added", () => {
  const added = { ...nodeFacts("crystal"), connected: false, lastWordAtMs: null, connectedChangedAtMs: null, sources: {} };
  const facts = () => ({ ...pair(), nodes: new Map(pair().nodes).set("crystal", added) });

  it("is no news while its agent says its first words", () => {
    start(facts());
    pass(5, ["ruby"]);
    expect(titles()).toContain("crystal was never heard");
    link("crystal");
    fleet.settle();
    expect(titles()).toContain("Not everything on crystal was read yet");
    for (const source of SourceName.options) {
      const readings = pair().nodes.get("crystal")?.sources[source]?.reading ?? { status: "absent" as const, takenAtMs: nowMs };
      fleet.happen("san-a", {
        type: "frame",
        node: "crystal",
        frame: fact(source, { [source]: { ...readings, takenAtMs: nowMs } }, nowMs),
      });
      fleet.settle();
    }
    pass(120, ["ruby", "crystal"]);
    expect(texts()).toEqual([]);
  });

  it("and that says nothing is told after a minute", () => {
    start(facts());
    pass(59, ["ruby"]);
    expect(texts()).toEqual([]);
    pass(2, ["ruby"]);
    expect(texts()).toContain("crystal was never heard");
  });
});
