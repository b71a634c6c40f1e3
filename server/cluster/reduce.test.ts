// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { cluster, enrolled, fact, failed, member, ok, pacemaker, T0 } from "./factories";
import type { ClusterFacts } from "./facts";
import { pair } from "./pair.factories";
import { reduce } from "./reduce";
import { crystal, drbdFact, ruby, type Step, tell } from "./tell.factories";

describe("what an agent's frame does to the facts", () => {
  it("a first reading gives no event, and is kept", () => {
    const { facts, events } = reduce(cluster(enrolled("ruby")), { type: "frame", node: "ruby", frame: drbdFact(ruby({}), T0) }, T0);
    expect(events).toEqual([]);
    expect(facts.nodes.get("ruby")?.sources.drbd).toMatchObject({ takenAtMs: T0, okAtMs: T0, lastOk: { value: ruby({}) } });
    expect(facts.nodes.get("ruby")?.lastWordAtMs).toBe(T0);
  });

  it("a reading that failed keeps the last good values and says why; then that it can be read again", () => {
    const { texts, facts } = tell(pair(), ["ruby", fact("drbd", { drbd: failed("no answer within 5 s", T0 + 9_000) }, T0 + 9_000)]);
    const source = facts.nodes.get("ruby")?.sources.drbd;
    expect(source).toMatchObject({ reading: { status: "failed" }, okAtMs: T0, takenAtMs: T0 + 9_000 });
    expect(source?.lastOk?.value.devices).toHaveLength(1);
    expect(texts).toEqual(["ruby: DRBD could not be read: no answer within 5 s"]);
    expect(tell(facts, ["ruby", drbdFact(ruby({}), T0 + 11_000)]).texts).toEqual(["ruby: DRBD can be read again"]);
  });

  it("a source that is gone leaves no values behind", () => {
    const { texts, facts } = tell(pair(), ["ruby", fact("drbd", { drbd: { status: "absent", takenAtMs: T0 } })]);
    expect(facts.nodes.get("ruby")?.sources.drbd?.lastOk).toBeNull();
    expect(texts).toEqual(["ruby: DRBD is not there any more"]);
  });

  it("what only failed to be read until it turned out to be absent is not said to be gone", () => {
    const failing = reduce(
      cluster(enrolled("ruby")),
      { type: "frame", node: "ruby", frame: fact("aoe", { aoe: failed("It hangs.") }) },
      T0,
    );
    const gone = reduce(
      failing.facts,
      { type: "frame", node: "ruby", frame: fact("aoe", { aoe: { status: "absent", takenAtMs: T0 } }) },
      T0,
    );
    expect(gone.events.map(({ text }) => text)).toEqual(["ruby: AoE is not there"]);
  });

  it("a pulse sets the clock's difference and when each source was read, never in the future", () => {
    const pulse = {
      type: "pulse" as const,
      sentAtMs: T0 - 4_000,
      read: { drbd: { takenAtMs: T0 - 4_500, everyMs: 1_000 }, host: { takenAtMs: T0 + 99_000, everyMs: 5_000 } },
    };
    const { facts, events } = reduce(pair(), { type: "frame", node: "ruby", frame: pulse }, T0);
    const node = facts.nodes.get("ruby");
    expect(node?.clockOffsetMs).toBe(4_000);
    expect(node?.sources.drbd).toMatchObject({ takenAtMs: T0 - 500, okAtMs: T0 - 500, everyMs: 1_000 });
    expect(node?.sources.host?.takenAtMs).toBe(T0);
    expect(events).toEqual([]);
  });

  it("a late pulse does not make readings look newer than they are", () => {
    const first = tell(pair(), ["ruby", { type: "pulse", sentAtMs: T0, read: {} }, T0]).facts;
    const late = tell(first, ["ruby", { type: "pulse", sentAtMs: T0 + 1_000, read: {} }, T0 + 2_600]).facts;
    expect(late.nodes.get("ruby")?.clockOffsetMs).toBe(100);
    const inTime = tell(late, ["ruby", { type: "pulse", sentAtMs: T0 + 3_000, read: {} }, T0 + 3_002]).facts;
    expect(inTime.nodes.get("ruby")?.clockOffsetMs).toBe(2);
  });

  it("telemetry changes values and gives no event", () => {
    const value = ruby({ replication: "SyncSource", disk: "Inconsistent" });
    const { texts, facts } = tell(pair(), ["ruby", { type: "telemetry", source: "drbd", readings: { drbd: ok(value, T0 + 1) } }]);
    expect(texts).toEqual([]);
    expect(facts.nodes.get("ruby")?.sources.drbd?.lastOk?.value).toBe(value);
  });

  it("a frame of an unknown node changes nothing", () => {
    const facts = pair();
    expect(reduce(facts, { type: "frame", node: "jade", frame: drbdFact(ruby({}), T0) }, T0).facts).toBe(facts);
  });

  it("frames replayed after an outage keep their own times", () => {
    const cut = reduce(
      pair(),
      { type: "frame", node: "ruby", frame: drbdFact(ruby({ connection: "Connecting", replication: "Off" }), T0 + 5_000) },
      T0 + 900_000,
    );
    expect(cut.events.map(({ atMs }) => atMs)).toEqual([T0 + 5_000]);
  });

  it("lost frames are said", () => {
    const gap = { type: "gap" as const, journalId: "j", seq: 9, atMs: T0, fromMs: T0 - 185_000, toMs: T0, count: 12 };
    expect(tell(pair(), ["ruby", gap]).texts).toEqual(["ruby: 12 changes or kernel lines of 3 min 05 s were lost on the node"]);
  });
});

describe("the link", () => {
  it("silent and back are found by the console", () => {
    const cut = reduce(pair(), { type: "unlinked", node: "ruby" }, T0 + 1_000);
    expect(cut.events).toMatchObject([{ text: "ruby: agent silent", by: "found by the console", level: "old" }]);
    expect(cut.facts.nodes.get("ruby")).toMatchObject({ connected: false, connectedChangedAtMs: T0 + 1_000 });
    const back = reduce(cut.facts, { type: "linked", node: "ruby", agentVersion: "0.2.0" }, T0 + 5_000);
    expect(back.events).toMatchObject([
      { text: "ruby: the agent is 0.2.0, was 0.1.0", what: "version" },
      { text: "ruby: agent back after 5 s", by: "found by the console", what: "gap" },
    ]);
    expect(back.facts.nodes.get("ruby")).toMatchObject({ connected: true, agentVersion: "0.2.0", lastWordAtMs: T0 + 5_000 });
  });

  it("tells when the node's policy allows other steps, and that is no event", () => {
    const linked = reduce(pair(), { type: "linked", node: "ruby", agentVersion: "0.2.0", steps: ["standby"] }, T0);
    const changed = reduce(linked.facts, { type: "allowed", node: "ruby", steps: [] }, T0 + 1_000);
    expect(changed.events).toEqual([]);
    expect(changed.facts.nodes.get("ruby")).toMatchObject({ steps: [], connected: true });
  });
});

describe("the same frames give the same events", () => {
  it("whatever restarts lie between: facts may go through the database after every frame", () => {
    const steps: Step[] = [
      ["ruby", drbdFact(ruby({ connection: "Connecting", replication: "Off" }), T0 + 1_000)],
      ["ruby", drbdFact(ruby({ replication: "SyncSource", disk: "Inconsistent" }), T0 + 5_000)],
      ["crystal", drbdFact(crystal({ replication: "SyncTarget" }, { disk: "Inconsistent" }), T0 + 5_100)],
      ["ruby", drbdFact(ruby({}), T0 + 65_000)],
      [
        "crystal",
        fact("pacemaker", { pacemaker: ok(pacemaker([member("ruby", { isDc: true }), member("crystal", { standby: true })]), T0) }),
      ],
      ["ruby", fact("pacemaker", { pacemaker: ok(pacemaker([member("ruby", { isDc: true }), member("crystal", { standby: true })]), T0) })],
    ];
    const straight = tell(pair(), ...steps).texts;
    let facts = pair();
    const restarted: string[] = [];
    for (const [index, step] of steps.entries()) {
      const folded = tell(facts, [step[0], step[1], T0 + 10_000 * index]);
      restarted.push(...folded.texts);
      const stored: [string, unknown][] = JSON.parse(JSON.stringify([...folded.facts.nodes]));
      facts = {
        ...folded.facts,
        nodes: new Map([...folded.facts.nodes].map(([name], at) => [name, revived(stored[at]?.[1], folded.facts, name)])),
      };
    }
    expect(restarted).toEqual(straight);
    expect(straight.length).toBeGreaterThan(3);
  });

  /** What a database gives back: equal, but no longer the same objects, and not connected. */
  function revived(stored: unknown, facts: ClusterFacts, name: string) {
    const node = facts.nodes.get(name);
    if (!node) throw new Error(`no ${name}`);
    const copy = structuredClone(node);
    expect(stored).toEqual(JSON.parse(JSON.stringify(copy)));
    return { ...copy, connected: false, hasPulse: false };
  }
});
