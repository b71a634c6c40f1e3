// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { KernelLine } from "@/agent/protocol/model/kernel-log";
import type { NewEvent } from "@/server/cluster/facts";
import { connectSqlite } from "./connection";
import type { FrameToCommit, StoredFact } from "./facts";
import { addTestAgent, temporaryDatabase } from "./temporary-database";

let open: Awaited<ReturnType<typeof temporaryDatabase>>;
let ruby = "";
beforeEach(async () => {
  open = await temporaryDatabase();
  ruby = await addTestAgent(open.db, "ruby");
});
afterEach(() => open.remove());

const event = (text: string, atMs = 1_795_182_515_980): NewEvent => ({
  atMs,
  node: "ruby",
  source: "drbd",
  subject: "store",
  text,
  level: "ok",
  by: "kernel, ruby",
});
const ALL = { cluster: "san-a", fromMs: null, toMs: null, what: null, level: null, node: null, resource: null, text: null };
const okFact = (takenAtMs: number): StoredFact => {
  const reading = { status: "ok" as const, takenAtMs, value: { bonds: [], unread: [] } };
  return { source: "bonding", facts: { reading, lastOk: reading, takenAtMs: takenAtMs + 5, okAtMs: takenAtMs + 5, everyMs: 2_000 } };
};
const line = (kmsgSeq: number): KernelLine => ({ kmsgSeq, atMs: 1_795_182_515_980, priority: 3, topic: "drbd", text: `line ${kmsgSeq}` });
const frame = (seq: number, rest: Partial<FrameToCommit> = {}): FrameToCommit => ({
  journalId: "journal",
  seq,
  facts: [],
  events: [event(`event ${seq}`)],
  lines: [],
  ...rest,
});
const texts = (events: readonly NewEvent[]) => events.map(({ text }) => text);
const kept = async () => texts(await open.db.events.recentEvents("san-a", 1_000)).reverse();

describe("commitFrames", () => {
  it("answers the events with their numbers, in the order of the frames", async () => {
    const stored = await open.db.facts.commitFrames(ruby, [
      frame(1, { events: [event("a"), event("b")] }),
      frame(2, { events: [event("c")] }),
    ]);
    expect(texts(stored)).toEqual(["a", "b", "c"]);
    expect(stored.map(({ id }) => id)).toEqual([...new Set(stored.map(({ id }) => id))].sort((a, b) => a - b));
    expect((await open.db.events.recentEvents("san-a", 60)).map(({ id }) => id)).toEqual(stored.map(({ id }) => id).reverse());
    expect(await open.db.events.recentEvents("san-a", 1)).toEqual([stored[2]]);
  });

  it("remembers how far the journal is committed", async () => {
    await open.db.facts.commitFrames(ruby, [frame(1), frame(2)]);
    expect(await open.db.agents.agentById(ruby)).toMatchObject({ journalId: "journal", ackedSeq: 2 });
  });

  it("ignores a frame that was committed before, whole, even if it says something else now", async () => {
    await open.db.facts.commitFrames(ruby, [frame(1, { facts: [okFact(1_000)] }), frame(2)]);
    const again = await open.db.facts.commitFrames(ruby, [
      frame(1, { facts: [okFact(9_000)], events: [event("other"), event("more")], lines: [line(1)] }),
      frame(3),
    ]);
    expect(texts(again)).toEqual(["event 3"]);
    expect(await kept()).toEqual(["event 1", "event 2", "event 3"]);
    const node = await open.db.facts.loadNode(ruby);
    expect(node?.sources.bonding?.reading.takenAtMs).toBe(1_000);
    expect(node?.kernelLines).toEqual([]);
  });

  it("takes a frame without events once as well", async () => {
    await open.db.facts.commitFrames(ruby, [frame(1, { events: [], lines: [line(1)] })]);
    await open.db.facts.commitFrames(ruby, [frame(1, { events: [], lines: [line(1)] })]);
    expect((await open.db.facts.loadNode(ruby))?.kernelLines).toEqual([line(1)]);
  });

  it("takes a new journal from its beginning, and knows the frames of one that was put aside and came back", async () => {
    await open.db.facts.commitFrames(ruby, [frame(1), frame(2)]);
    const fresh = await open.db.facts.commitFrames(ruby, [frame(1, { journalId: "second", events: [event("new journal")] })]);
    expect(texts(fresh)).toEqual(["new journal"]);
    expect(texts(await open.db.facts.commitFrames(ruby, [frame(2), frame(3)]))).toEqual(["event 3"]);
  });

  it("answers the same events to whoever sends frames in any pieces, however often", async () => {
    let run = 0;
    const sends = fc.array(fc.record({ from: fc.integer({ min: 0, max: 8 }), count: fc.integer({ min: 1, max: 5 }) }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(sends, async (pieces) => {
        const journalId = `journal ${++run}`;
        let reached = 0;
        const answered: string[] = [];
        for (const { from, count } of pieces) {
          // A journal is sent from any place already reached onwards, never with a hole.
          const first = Math.min(from, reached) + 1;
          const frames = Array.from({ length: count }, (_, index) => frame(first + index, { journalId }));
          answered.push(...texts(await open.db.facts.commitFrames(ruby, frames)));
          reached = Math.max(reached, first + count - 1);
        }
        expect(answered).toEqual(Array.from({ length: reached }, (_, index) => `event ${index + 1}`));
      }),
      { numRuns: 40 },
    );
  });

  it("keeps the frames of many agents that send at once apart", async () => {
    const ids = await Promise.all(["a", "b", "c", "d"].map((node) => addTestAgent(open.db, node)));
    const answers = await Promise.all(
      ids.flatMap((id) => [1, 2, 3].map((seq) => open.db.facts.commitFrames(id, [frame(seq, { events: [event(`${id} ${seq}`)] })]))),
    );
    expect(answers.map(texts)).toEqual(ids.flatMap((id) => [1, 2, 3].map((seq) => [`${id} ${seq}`])));
    for (const id of ids) expect((await open.db.agents.agentById(id))?.ackedSeq).toBe(3);
  });

  it("refuses the frames of an agent that does not exist, and keeps those that were sent at the same time", async () => {
    const good = open.db.facts.commitFrames(ruby, [frame(1)]);
    const bad = open.db.facts.commitFrames("nobody", [frame(1)]);
    await expect(bad).rejects.toThrow("No agent nobody");
    expect(texts(await good)).toEqual(["event 1"]);
  });

  it("commits a whole outage's frames at once", async () => {
    const frames = Array.from({ length: 5_000 }, (_, index) => frame(index + 1, { facts: [okFact(index)] }));
    expect(await open.db.facts.commitFrames(ruby, frames)).toHaveLength(5_000);
    expect((await open.db.facts.loadNode(ruby))?.sources.bonding?.reading.takenAtMs).toBe(4_999);
  });

  it("keeps the newest 500 kernel lines of a node and gives its facts the newest twelve, newest first", async () => {
    for (let part = 0; part < 6; part++) {
      const lines = Array.from({ length: 100 }, (_, index) => line(part * 100 + index + 1));
      await open.db.facts.commitFrames(ruby, [frame(part + 1, { lines })]);
    }
    const node = await open.db.facts.loadNode(ruby);
    expect(node?.kernelLines.map(({ kmsgSeq }) => kmsgSeq)).toEqual([600, 599, 598, 597, 596, 595, 594, 593, 592, 591, 590, 589]);
    const prisma = await connectSqlite(`${open.dataDir}/quarterdeck.db`);
    expect(await prisma.kernelLine.count()).toBe(500);
    await prisma.$disconnect();
  });
});

describe("loadFacts", () => {
  it("gives every cluster its trusted nodes with readings, last good readings and when they were last heard", async () => {
    const good = { status: "ok" as const, takenAtMs: 1_000, value: { bonds: [], unread: [] } };
    const failed = { status: "failed" as const, takenAtMs: 3_000, error: { code: "COLLECT_TIMEOUT" as const, message: "no answer" } };
    const memory = { "store: resync since": 900 };
    const facts = { reading: failed, lastOk: good, takenAtMs: 3_100, okAtMs: 1_100, everyMs: 2_000, memory };
    await open.db.facts.commitFrames(ruby, [frame(1, { facts: [{ source: "bonding", facts }] })]);
    await open.db.facts.saveFacts([{ agentId: ruby, ...okFact(2_000), source: "bonding" }]);
    await open.db.facts.saveFacts([{ agentId: ruby, source: "bonding", facts }]);
    const silent = await addTestAgent(open.db, "crystal");
    const gone = await addTestAgent(open.db, "jade");
    await open.db.agents.endTrust(gone, 5_000);
    await open.db.clusters.addCluster({ slug: "empty", title: "Empty", environment: null });

    const { clusters, unread } = await open.db.facts.loadFacts();
    expect(unread).toEqual([]);
    expect(clusters.map(({ slug, title, environment }) => ({ slug, title, environment }))).toEqual([
      { slug: "empty", title: "Empty", environment: null },
      { slug: "san-a", title: "SAN A", environment: "PROD" },
    ]);
    const nodes = clusters[1]?.nodes;
    expect([...(nodes?.keys() ?? [])].sort()).toEqual(["crystal", "ruby"]);
    expect(nodes?.get("crystal")).toMatchObject({ agentId: silent, connected: false, lastWordAtMs: null, sources: {} });
    expect(nodes?.get("ruby")).toEqual({
      agentId: ruby,
      node: "ruby",
      role: "member",
      agentVersion: "0.1.0",
      label: null,
      connected: false,
      lastWordAtMs: 3_100,
      connectedChangedAtMs: null,
      clockOffsetMs: 0,
      sources: { bonding: facts },
      kernelLines: [],
    });
  });

  it("gives back an ok reading as its own last good one", async () => {
    await open.db.facts.saveFacts([{ agentId: ruby, ...okFact(2_000) }]);
    expect((await open.db.facts.loadNode(ruby))?.sources.bonding).toEqual(okFact(2_000).facts);
  });

  it("names facts that this version cannot read, and still gives the others", async () => {
    await open.db.facts.saveFacts([{ agentId: ruby, ...okFact(2_000) }]);
    const prisma = await connectSqlite(`${open.dataDir}/quarterdeck.db`);
    const times = { takenAtMs: 1n, okAtMs: null, everyMs: 1 };
    const rest = { agentId: ruby, lastOk: null, ...times };
    await prisma.fact.create({ data: { ...rest, source: "host", reading: '{"status":"ok","takenAtMs":1,"value":{"unheard":"of"}}' } });
    await prisma.fact.create({ data: { ...rest, source: "drbd", reading: '{"status":' } });
    await prisma.$disconnect();
    const { clusters, unread } = await open.db.facts.loadFacts();
    expect(unread.map((what) => what.split(":")[0]).sort()).toEqual(["san-a/ruby drbd", "san-a/ruby host"]);
    expect(Object.keys(clusters[0]?.nodes.get("ruby")?.sources ?? {})).toEqual(["bonding"]);
  });

  it("carries a thousand nodes", async () => {
    const prisma = await connectSqlite(`${open.dataDir}/quarterdeck.db`);
    const ids = Array.from({ length: 1_200 }, (_, index) => `n${index}`);
    const agent = { clusterSlug: "san-a", role: "member", publicKey: "k", enrolledAt: 1n };
    await prisma.agent.createMany({ data: ids.map((id) => ({ id, node: id, ...agent })) });
    await prisma.$disconnect();
    await open.db.facts.saveFacts(ids.map((agentId) => ({ agentId, ...okFact(1_000) })));
    const { clusters } = await open.db.facts.loadFacts();
    expect(clusters[0]?.nodes.size).toBe(1_201);
    expect(clusters[0]?.nodes.get("n1199")?.sources.bonding).toBeDefined();
  });
});

describe("events and findings", () => {
  it("keeps the console's own events, newest first by their time, then by number", async () => {
    const own = (text: string, atMs: number) => ({ ...event(text, atMs), node: null, source: null, by: "found by the console" });
    const stored = await open.db.events.addEvents("san-a", [own("late", 3_000), own("early", 1_000), own("late too", 3_000)]);
    expect(texts(stored)).toEqual(["late", "early", "late too"]);
    expect(texts(await open.db.events.recentEvents("san-a", 60))).toEqual(["late too", "late", "early"]);
    expect(await open.db.events.addEvents("san-a", [])).toEqual([]);
  });

  it("takes many events of its own at once without mistaking them for one", async () => {
    await open.db.events.addEvents("san-a", [event("same"), event("same")]);
    await open.db.events.addEvents("san-a", [event("same")]);
    expect(await kept()).toEqual(["same", "same", "same"]);
  });

  it("keeps what an event tells as fields, by every way in, and leaves out what only a newer version knows", async () => {
    const payload = { kind: "mirrorLine" as const, resource: "store", volume: 0, peer: null, line: "lost" as const };
    await open.db.events.addEvents("san-a", [{ ...event("own"), payload }]);
    await open.db.facts.commitFrames(ruby, [frame(1, { events: [{ ...event("agent's"), payload }, event("in words alone")] })]);
    const prisma = await connectSqlite(`${open.dataDir}/quarterdeck.db`);
    const words = { clusterSlug: "san-a", part: 0, atMs: 1n, subject: "store", level: "ok", by: "kernel" };
    await prisma.event.create({ data: { ...words, text: "newer", payload: '{"kind":"unheard"}' } });
    await prisma.$disconnect();
    const read = await open.db.events.recentEvents("san-a", 9);
    const page = await open.db.timeline.page(ALL, null, 9);
    for (const rows of [read, page.rows])
      expect(new Map(rows.map((row) => [row.text, row.payload]))).toEqual(
        new Map([
          ["own", payload],
          ["agent's", payload],
          ["in words alone", undefined],
          ["newer", undefined],
        ]),
      );
  });

  it("keeps what findings tell with the findings, together", async () => {
    const told = { ...event("store is cut"), what: "finding" as const, why: "No line.", ref: "finding:mirror-cut" };
    const stored = await open.db.events.saveFindings("san-a", new Map([["mirror-cut", raised(1)]]), [told]);
    expect(stored).toMatchObject([told]);
    expect(await open.db.events.recentEvents("san-a", 9)).toEqual(stored);
  });

  it("replaces since when the findings of one cluster hold, and leaves the others", async () => {
    await open.db.clusters.addCluster({ slug: "san-b", title: "SAN B", environment: null });
    await open.db.events.saveFindings("san-a", new Map([["mirror-cut", raised(1_795_182_515_980)]]), []);
    await open.db.events.saveFindings("san-b", new Map([["quorum", raised(2)]]), []);
    await open.db.events.saveFindings("san-a", new Map([["node-silent", raised(3)]]), []);
    expect(await open.db.events.loadFindings()).toEqual(
      new Map([
        ["san-a", new Map([["node-silent", raised(3)]])],
        ["san-b", new Map([["quorum", raised(2)]])],
      ]),
    );
    await open.db.events.saveFindings("san-b", new Map(), []);
    expect((await open.db.events.loadFindings()).has("san-b")).toBe(false);
  });
});

const raised = (sinceMs: number) => ({
  sinceMs,
  title: "store is cut",
  subject: "store",
  node: null,
  witnesses: { nodes: ["ruby"], sources: ["source:ruby/drbd"] },
});
