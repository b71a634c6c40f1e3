// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from "vitest";
import type { AgentFrame } from "@/agent/protocol/messages";
import { SourceName } from "@/agent/protocol/sources";
import { timing } from "@/agent/protocol/timing";
import { bond, cluster, fact, nodeFacts, ok, port, T0 } from "@/server/cluster/factories";
import type { NewEvent } from "@/server/cluster/facts";
import { pair } from "@/server/cluster/pair.factories";
import { createFleet, type Fleet, type ViewChange } from "./fleet";

let nowMs: number;
let changes: ViewChange[];
let saved: Map<string, number>[];
let told: NewEvent[];
let faults: unknown[];
let fleet: Fleet;

function newFleet(): Fleet {
  const made = createFleet({
    timing: timing(),
    now: () => nowMs,
    onFindings: (_, standing, news) => {
      saved.push(new Map([...standing].map(([id, { sinceMs }]) => [id, sinceMs])));
      told.push(...news);
    },
    onFault: (_, cause) => faults.push(cause),
  });
  made.onChange((change) => changes.push(change));
  return made;
}

const bonding = (link: string) => ({ bonds: [bond("bond0", [port("eth0"), port("eth1", { link })])], unread: [] });
const calm = () => cluster(nodeFacts("ruby", { bonding: bonding("up") }), nodeFacts("crystal"));

beforeEach(() => {
  nowMs = T0;
  changes = [];
  saved = [];
  told = [];
  faults = [];
  fleet = newFleet();
  fleet.hold(calm(), [], new Map());
  fleet.settle();
  changes = [];
});

const ALL = SourceName.options;

/** All sources of a node were read just now, at the pace that is known. */
function pulse(node: string, everyMs = 2_000): void {
  const read = Object.fromEntries(ALL.map((source) => [source, { takenAtMs: nowMs, everyMs }]));
  const frame: Extract<AgentFrame, { type: "pulse" }> = { type: "pulse", sentAtMs: nowMs, read };
  fleet.happen("san-a", { type: "frame", node, frame });
}

function bondFact(link: string): void {
  const frame = fact("bonding", { bonding: ok(bonding(link), nowMs) }, nowMs);
  fleet.happen("san-a", { type: "frame", node: "ruby", frame });
}

/** Both nodes say a word every second. */
function pass(seconds: number, speaking: readonly string[] = ["ruby", "crystal"]): void {
  for (let second = 0; second < seconds; second += 1) {
    nowMs += 1_000;
    for (const node of speaking) pulse(node);
    fleet.settle();
  }
}

const keysOf = (all: readonly ViewChange[]) => all.flatMap(({ set }) => [...set.keys()]).sort();
const finding = () => {
  const entity = fleet.viewOf("san-a")?.get("finding:bond-ports:ruby/bond0");
  return entity?.kind === "finding" ? entity : null;
};

describe("a fleet", () => {
  it("tells nothing while nothing moves, however often it is settled and looked at", () => {
    for (let index = 0; index < 10; index += 1) {
      fleet.settle();
      fleet.viewOf("san-a");
    }
    expect(changes).toEqual([]);
  });

  it("tells a new cluster whole, once", () => {
    fleet.hold({ ...cluster(), slug: "san-b", title: "SAN B" }, [], new Map());
    fleet.settle();
    fleet.settle();
    expect(changes.map(({ slug }) => slug)).toEqual(["san-b"]);
    expect(keysOf(changes)).toEqual(["cluster"]);
  });

  it("tells what a fact changed, all of a burst at once, and nothing else", () => {
    bondFact("down");
    bondFact("up");
    bondFact("down");
    expect(changes).toEqual([]);
    fleet.settle();
    fleet.settle();
    expect(changes).toHaveLength(1);
    expect(changed("bond:ruby/bond0")).toBe(true);
    expect(changed("node:crystal")).toBe(false);
  });

  it("tells nothing of pulses alone, while their ages are there for whoever asks", () => {
    pass(60);
    expect(changes).toEqual([]);
    const view = fleet.viewOf("san-a");
    expect(view?.get("node:ruby")).toMatchObject({ lastWordAtMs: nowMs, link: "live" });
    expect(view?.get("source:ruby/bonding")).toMatchObject({ takenAtMs: nowMs, okAtMs: nowMs, freshness: "live" });
    // A source that is not there was looked for all the same.
    expect(view?.get("source:ruby/drbd")).toMatchObject({ takenAtMs: nowMs, okAtMs: null });
    expect(changes).toEqual([]);
  });

  it("tells a source's new pace", () => {
    pulse("ruby", 1_000);
    fleet.settle();
    expect(keysOf(changes)).toEqual(ALL.map((source) => `source:ruby/${source}`).sort());
  });

  it("tells a node's clock that was set, and that it is right again, with the pulse that shows it", () => {
    const ahead = (byMs: number) => {
      const frame: Extract<AgentFrame, { type: "pulse" }> = { type: "pulse", sentAtMs: nowMs + byMs, read: {} };
      fleet.happen("san-a", { type: "frame", node: "ruby", frame });
      fleet.settle();
      const entity = fleet.viewOf("san-a")?.get("node:ruby");
      return [keysOf(changes).includes("node:ruby"), entity?.kind === "node" ? entity.clockAheadSeconds : null];
    };
    expect(ahead(3_600_000)).toEqual([true, 3_600]);
    changes = [];
    expect(ahead(3_600_000)).toEqual([false, 3_600]);
    expect(ahead(0)).toEqual([true, undefined]);
  });

  it("tells silence by the clock alone: stale, then lost, and each once", () => {
    pass(12, ["crystal"]);
    const links = changes.flatMap(({ set }) => {
      const entity = set.get("node:ruby");
      return entity?.kind === "node" ? [entity.link] : [];
    });
    expect(links).toEqual(["stale", "lost"]);
    changes = [];
    pass(60, ["crystal"]);
    expect(keysOf(changes)).toEqual([]);
  });

  it("looks at a clock that was set back", () => {
    nowMs -= 3_600_000;
    fleet.happen("san-a", { type: "unlinked", node: "ruby" });
    fleet.settle();
    expect(fleet.viewOf("san-a")?.get("node:ruby")).toMatchObject({ link: "stale" });
  });

  it("tells what is gone, and what it was", () => {
    fleet.removeNode("san-a", "ruby");
    fleet.settle();
    const [change] = changes;
    expect(change?.remove.get("node:ruby")).toBe("node");
    expect(change?.remove.get("bond:ruby/bond0")).toBe("bond");
    expect([...(change?.remove.keys() ?? [])].filter((key) => key.includes("crystal"))).toEqual([]);
  });

  it("keeps the newest 60 events, newest first", () => {
    const event = { node: "ruby", source: null, subject: "ruby", text: "x", level: "ok" as const, by: "kernel, ruby" };
    for (let id = 1; id <= 70; id += 1) fleet.remember("san-a", [{ ...event, id, atMs: T0 + id }]);
    fleet.settle();
    const events = [...(fleet.viewOf("san-a")?.keys() ?? [])].filter((key) => key.startsWith("event:"));
    expect(events).toHaveLength(60);
    expect(events[0]).toBe("event:70");
  });

  it("knows nothing of a cluster or a node that is not there", () => {
    expect(fleet.viewOf("nowhere")).toBeNull();
    expect(fleet.happen("nowhere", { type: "unlinked", node: "ruby" })).toEqual([]);
    expect(fleet.happen("san-a", { type: "linked", node: "jade", agentVersion: "1" })).toEqual([]);
    fleet.settle();
    expect(changes).toEqual([]);
  });
});

function changed(key: string): boolean {
  return changes.some(({ set }) => set.has(key));
}

describe("since when a finding holds", () => {
  it("is the first time it was seen, as long as it is seen", () => {
    bondFact("down");
    fleet.settle();
    expect(finding()?.sinceMs).toBe(T0);
    expect(saved.at(-1)?.get("bond-ports:ruby/bond0")).toBe(T0);
    pass(30);
    expect(finding()?.sinceMs).toBe(T0);
    const writes = saved.length;
    pass(30);
    expect(saved).toHaveLength(writes);
  });

  it("survives the silence of its node, and nothing else's", () => {
    bondFact("down");
    fleet.settle();
    pass(20, ["crystal"]);
    expect(saved.at(-1)?.get("bond-ports:ruby/bond0")).toBe(T0);
    pass(5);
    expect(finding()?.sinceMs).toBe(T0);
    bondFact("up");
    pass(5, ["ruby"]);
    expect(finding()).toBeNull();
    expect(saved.at(-1)?.has("bond-ports:ruby/bond0")).toBe(false);
    bondFact("down");
    fleet.settle();
    expect(finding()?.sinceMs).toBe(nowMs);
  });

  it("survives a restart of the console, though the nodes are heard only later", () => {
    const since = new Map([["bond-ports:ruby/bond0", { ...RAISED, sinceMs: T0 - 86_400_000 }]]);
    fleet = newFleet();
    const facts = cluster({ ...nodeFacts("ruby", { bonding: bonding("down") }), connected: false }, nodeFacts("crystal"));
    fleet.hold(facts, [], since);
    pass(20, ["crystal"]);
    expect(finding()).toBeNull();
    fleet.happen("san-a", { type: "linked", node: "ruby", agentVersion: "1" });
    pass(2);
    expect(finding()?.sinceMs).toBe(T0 - 86_400_000);
    expect(ofBond(), "what was told before the restart is not told again").toEqual([]);
  });
});

describe("what the timeline is told of findings", () => {
  it("is told once when one is raised, and once when it is over", () => {
    bondFact("down");
    fleet.settle();
    pass(30);
    expect(ofBond()).toMatchObject([{ what: "finding", atMs: T0, node: "ruby", subject: "bond0", level: "risk" }]);
    const title = ofBond()[0]?.text;
    bondFact("up");
    fleet.settle();
    pass(5);
    expect(ofBond().slice(1)).toMatchObject([{ what: "finding", level: "ok", text: `Over: ${title}`, why: "It held for 30 s." }]);
  });

  it("is no end when its rule is switched off: it is no longer looked for", () => {
    bondFact("down");
    fleet.settle();
    fleet.switchRules("san-a", new Set(["bond-ports"]));
    fleet.settle();
    expect(ofBond().map(({ level, text }) => `${level} ${text}`)).toEqual([
      "risk ruby: bond0 has 1 of 2 ports",
      "held No longer looked for: ruby: bond0 has 1 of 2 ports",
    ]);
  });

  it("is no end when the trust in the agent that told of it is ended: it is no longer known", () => {
    bondFact("down");
    fleet.settle();
    fleet.removeNode("san-a", "ruby");
    fleet.settle();
    expect(ofBond().map(({ level, text }) => `${level} ${text}`)).toEqual([
      "risk ruby: bond0 has 1 of 2 ports",
      "unknown No longer known: ruby: bond0 has 1 of 2 ports",
    ]);
  });

  it.each([
    ["whose word it is was kept", { nodes: ["ruby"], sources: ["source:ruby/bonding"] }],
    ["nobody kept whose word it is", null],
  ])("is no end after a restart while nobody is heard who could say it (%s), and is one once they are", (_, witnesses) => {
    fleet = newFleet();
    const facts = cluster({ ...nodeFacts("ruby", { bonding: bonding("up") }), connected: false }, nodeFacts("crystal"));
    fleet.hold(facts, [], new Map([["bond-ports:ruby/bond0", { ...RAISED, witnesses }]]));
    pass(3_600, ["crystal"]);
    expect(ofBond()).toEqual([]);
    fleet.happen("san-a", { type: "linked", node: "ruby", agentVersion: "1" });
    pass(2);
    expect(ofBond()).toMatchObject([{ level: "ok", text: "Over: ruby: bond0 has 1 of 2 ports" }]);
  });
});

const RAISED = { sinceMs: T0, title: "ruby: bond0 has 1 of 2 ports", subject: "bond0", node: "ruby", witnesses: null };

function ofBond(): NewEvent[] {
  return told.filter(({ ref }) => ref === "finding:bond-ports:ruby/bond0");
}

describe("a finding that is over", () => {
  it("is forgotten though another source of its node is late", () => {
    bondFact("down");
    fleet.settle();
    expect(saved.at(-1)?.get("bond-ports:ruby/bond0")).toBe(T0);
    const onTime = ALL.filter((source) => source !== "drbd");
    const speak = () => {
      for (let second = 0; second < 60; second += 1) {
        nowMs += 1_000;
        const read = Object.fromEntries(onTime.map((source) => [source, { takenAtMs: nowMs, everyMs: 2_000 }]));
        fleet.happen("san-a", { type: "frame", node: "ruby", frame: { type: "pulse", sentAtMs: nowMs, read } });
        pulse("crystal");
        fleet.settle();
      }
    };
    speak();
    expect(fleet.viewOf("san-a")?.get("source:ruby/drbd")).toMatchObject({ freshness: "stale" });
    bondFact("up");
    fleet.settle();
    expect(finding()).toBeNull();
    expect(saved.at(-1)?.has("bond-ports:ruby/bond0")).toBe(false);
  });
});

/** What no decoder lets through: a value that is not what its type says. */
function brokenBonding(text: () => string) {
  const broken = bonding("up");
  Object.defineProperty(broken, "bonds", {
    get: () => {
      throw new Error(text());
    },
  });
  return broken;
}

describe("a fault of ours in one cluster", () => {
  it("leaves nothing good, moving or held of what was shown", () => {
    fleet.hold(pair({ bonding: bonding("up") }), [], new Map());
    fleet.settle();
    const facts = pair();
    expect(fleet.viewOf("san-a")?.get("cluster")).toMatchObject({ headline: { level: "ok" } });
    fleet.replace("san-a", {
      ...facts,
      nodes: new Map(facts.nodes).set("jade", nodeFacts("jade", { bonding: brokenBonding(() => "no") })),
    });
    fleet.settle();
    const view = fleet.viewOf("san-a") ?? new Map();
    expect(view.get("mirror:store/0")).toMatchObject({ said: { level: "old", word: "in sync" }, holders: [], pairs: [{ line: "old" }] });
    expect(view.get("rsc:g_mail")).toMatchObject({ said: { level: "old" }, places: [{ said: { level: "old" } }] });
    expect(view.get("cluster")).toMatchObject({ pacemaker: { quorum: { level: "old" }, fencing: { level: "old" } } });
    expect(view.get("bond:ruby/bond0")).toMatchObject({ said: { level: "old" }, portSaid: { eth0: { level: "old" } } });
    expect(JSON.stringify([...view.values()])).not.toMatch(/"level":"(?:ok|busy|held)"/);
  });

  it("is logged once while it says the same, and again when it says something else or comes back", () => {
    let text = "not a list of bonds";
    const isBroken = () => {
      fleet.putNode("san-a", nodeFacts("ruby", { bonding: brokenBonding(() => text) }));
      fleet.settle();
    };
    isBroken();
    isBroken();
    expect(faults).toHaveLength(1);
    text = "not a bond";
    isBroken();
    expect(faults).toHaveLength(2);
    fleet.putNode("san-a", nodeFacts("ruby"));
    fleet.settle();
    isBroken();
    expect(faults).toHaveLength(3);
  });

  it("is logged, shows that cluster as not judged and old, and leaves the others as they are", () => {
    fleet.hold({ ...cluster(nodeFacts("jade")), slug: "san-b" }, [], new Map());
    fleet.settle();
    fleet.putNode("san-a", nodeFacts("ruby", { bonding: brokenBonding(() => "not a list of bonds") }));
    fleet.settle();
    expect(faults).toHaveLength(1);
    const view = fleet.viewOf("san-a");
    expect(view?.get("cluster")).toMatchObject({ headline: { level: "unknown" } });
    expect(view?.get("node:crystal")).toMatchObject({ link: "stale" });
    expect(view?.get("bond:ruby/bond0")).toBeDefined();
    expect(fleet.viewOf("san-b")?.get("node:jade")).toMatchObject({ link: "live" });
  });
});
