// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { VerifyDetail, VerifyOverview, VerifyPage } from "@/agent/protocol/console/verify";
import type { AgentFrame } from "@/agent/protocol/messages";
import { ok } from "@/server/cluster/factories";
import { type TestConsole, testConsole, until } from "@/server/test-console";
import { agentUrl, connectPeer, type EnrolledPeer, enrolPeer, type Peer } from "@/sim/peer";
import { reading, SIZE_BYTES } from "./test-story";

// A whole console with a real database, and two agents that say what two nodes' kernels said.

/** A fifth of the usual patience. */
const FACTOR = 0.2;
const DONE = "block drbd0: Online verify done (total 43 sec; paused 0 sec; 6092 K/sec)";

let qd: TestConsole;
const open = new Set<() => void>();
beforeEach(async () => {
  qd = await testConsole({ timingFactor: FACTOR });
});
afterEach(async () => {
  for (const close of open) close();
  open.clear();
  await qd.remove();
});

/** A node whose agent journals what it says, and sends it again from where the console has it. */
async function node(name: string) {
  const enrolled: EnrolledPeer = await enrolPeer({ origin: qd.origin(), token: await qd.newToken(name), node: name });
  const journal: Extract<AgentFrame, { seq: number }>[] = [];
  let peer: Peer | null = null;
  let kmsgSeq = 0;

  function journalise(frame: Extract<AgentFrame, { seq: number }>): void {
    journal.push(frame);
    peer?.send(frame);
  }
  const next = () => ({ journalId: `journal-${name}`, seq: journal.length + 1, atMs: Date.now() });

  return {
    line(text: string, atMs = Date.now()) {
      kmsgSeq += 1;
      journalise({ type: "line", ...next(), atMs, line: { kmsgSeq, atMs, priority: 6, topic: "drbd", text: `block drbd0: ${text}` } });
    },
    reads(change: Parameters<typeof reading>[0] = {}, takenAtMs = Date.now()) {
      journalise({ type: "fact", ...next(), source: "drbd", readings: { drbd: ok(reading(change), takenAtMs) } });
    },
    readsLog() {
      journalise({ type: "fact", ...next(), source: "kernelLog", readings: { kernelLog: ok({ lines: [] }, Date.now()) } });
    },
    loses(count: number) {
      journalise({ type: "gap", ...next(), fromMs: Date.now() - 100, toMs: Date.now(), count });
    },
    /** Progress has no place in the journal. */
    progresses(percent: number, replication: string) {
      const progress = {
        kind: "verify" as const,
        percent,
        totalBytes: SIZE_BYTES,
        leftBytes: Math.floor(SIZE_BYTES * (1 - percent / 100)),
      };
      const rest = { rateBytesPerSec: 8 * 2 ** 20, etaSeconds: 20, stalled: false };
      const value = reading({ replication, progress: { ...progress, ...rest } });
      peer?.send({ type: "telemetry", source: "drbd", readings: { drbd: ok(value, Date.now()) } });
    },
    async connect() {
      const made = await connectPeer({ url: agentUrl(qd.origin()), ...enrolled });
      const { ackedSeq } = made.welcome;
      const pulse = setInterval(() => {
        if (made.socket.readyState === made.socket.OPEN) made.send({ type: "pulse", sentAtMs: Date.now(), read: {} });
      }, 100);
      const close = () => {
        clearInterval(pulse);
        made.terminate();
        peer = null;
      };
      open.add(close);
      for (const frame of journal.slice(ackedSeq)) made.send(frame);
      peer = made;
      return close;
    },
    acked: async () => peer?.waitFor("ack", ({ seq }) => seq === journal.length),
  };
}

async function twoNodes() {
  const alice = await node("alice");
  const bob = await node("bob");
  await alice.connect();
  await bob.connect();
  for (const one of [alice, bob]) {
    one.readsLog();
    one.reads();
    await one.acked();
  }
  return { alice, bob };
}

async function begins({ alice, bob }: Awaited<ReturnType<typeof twoNodes>>): Promise<string> {
  alice.line("conn( Connected -> VerifyS ) ");
  alice.line("Starting Online Verify from sector 0");
  bob.line("Online Verify start sector: 0");
  alice.reads({ replication: "VerifyS" });
  bob.reads({ replication: "VerifyT" });
  await alice.acked();
  await bob.acked();
  return until("the verify is seen", async () => (await verify())?.running?.id);
}

const verify = () => qd.entity("verify", "verify:r0/0");
const ended = (id: string) =>
  until("its record", async () => {
    const last = (await verify())?.last;
    return last?.id === id ? last : null;
  });
const asked = async (path: string) => (await qd.ask("GET", path)).json();
const told = async () =>
  (await qd.view()).flatMap(({ entity }) => (entity.kind === "event" && entity.by === "found by the console" ? [entity.text] : []));

describe("a verify that somebody starts on a node", () => {
  it("is a record from its beginning to its end, and its result stands at the mirror, on the timeline and in every list", async () => {
    const nodes = await twoNodes();
    expect(await verify()).toMatchObject({ said: { level: "absent", word: "never verified" }, last: null, running: null });
    const id = await begins(nodes);
    expect(await verify()).toMatchObject({
      running: { starter: "alice", peer: "bob", cause: "node", by: null, result: null, percent: null },
    });
    for (const one of [nodes.alice, nodes.bob]) {
      one.line(DONE.slice("block drbd0: ".length));
      one.reads();
    }
    expect(await ended(id)).toMatchObject({ result: "clean", percent: 100, differsBytes: 0 });
    expect(await verify()).toMatchObject({ said: { level: "ok", word: "clean" }, running: null });
    await until("the event", async () => (await told()).some((text) => /^r0: verify clean after /.test(text)));

    const page = VerifyPage.parse(await asked("/api/v1/clusters/san-a/verifies?mirror=r0/0"));
    expect(page).toMatchObject({ records: [{ id, result: "clean" }], next: null });
    const detail = VerifyDetail.parse(await asked(`/api/v1/verifies/${id}`));
    expect(detail.record).toMatchObject({
      ranges: [],
      rangesNotKept: 0,
      versions: [{ node: "alice", version: "8.4.11" }, { node: "bob" }],
    });
    expect(detail.record.lines.map(({ text }) => text)).toContain(DONE);
    const overview = VerifyOverview.parse(await asked("/api/v1/verify"));
    expect(overview.mirrors).toMatchObject([{ cluster: "san-a", resource: "r0", last: { id }, trend: [{ id }] }]);
    expect(await (await qd.ask("GET", "/api/v1/verify/export?format=csv")).text()).toContain(`"${id}"`);
  });
});

describe("a console that is restarted during a verify", () => {
  it("finds it again, with what was found before", async () => {
    const nodes = await twoNodes();
    const id = await begins(nodes);
    nodes.alice.line("Out of sync: start=2400, size=80 (sectors)");
    await nodes.alice.acked();
    nodes.alice.progresses(41, "VerifyS");
    for (const close of open) close();
    await qd.restart();
    expect(await verify()).toMatchObject({ running: { id }, last: null });
    await nodes.alice.connect();
    await nodes.bob.connect();
    nodes.alice.reads({ replication: "VerifyS", outOfSyncBytes: 40_960 });
    nodes.bob.line("Out of sync: start=2400, size=80 (sectors)");
    for (const one of [nodes.alice, nodes.bob]) {
      one.line("Out of sync: start=160000, size=24 (sectors)");
      one.line(DONE.slice("block drbd0: ".length));
      one.line("Online verify found 13 4k block out of sync!");
      one.reads({ outOfSyncBytes: 53_248 });
    }
    expect(await ended(id)).toMatchObject({
      result: "differs",
      differsBytes: 53_248,
      says: "Differs in 52 KiB, 2 places. A verify repairs nothing.",
    });
    const { record, comparison } = VerifyDetail.parse(await asked(`/api/v1/verifies/${id}`));
    expect(record.ranges).toEqual([
      { startSector: 2_400, sectors: 80 },
      { startSector: 160_000, sectors: 24 },
    ]);
    expect(comparison).toMatchObject({ sameBlocks: 0, newBlocks: 13, title: "2 places, found for the first time" });
  });

  it("one that ended meanwhile has its result from what the agents journalled, at its own time", async () => {
    const nodes = await twoNodes();
    const id = await begins(nodes);
    for (const close of open) close();
    const endedAtMs = Date.now();
    for (const one of [nodes.alice, nodes.bob]) {
      one.line(DONE.slice("block drbd0: ".length), endedAtMs);
      one.reads({}, endedAtMs);
    }
    await qd.restart();
    await nodes.alice.connect();
    await nodes.bob.connect();
    const last = await ended(id);
    expect(last).toMatchObject({ result: "clean" });
    expect(Math.abs((last.endedAtMs ?? 0) - endedAtMs)).toBeLessThan(5_000);
  });

  it("one that ended meanwhile, and whose lines were lost, is unknown and not clean", async () => {
    const nodes = await twoNodes();
    const id = await begins(nodes);
    for (const close of open) close();
    nodes.alice.loses(12);
    nodes.bob.loses(12);
    nodes.alice.reads();
    nodes.bob.reads();
    await qd.restart();
    await nodes.alice.connect();
    await nodes.bob.connect();
    expect(await ended(id)).toMatchObject({ result: "unknown", says: expect.stringContaining("kernel lines of alice and bob were lost") });
    expect(await verify()).toMatchObject({ cleanAtMs: null, said: { level: "unknown" } });
  });

  it("what was begun and never heard of again is not forgotten: it waits for its nodes", async () => {
    const id = await begins(await twoNodes());
    for (const close of open) close();
    await qd.restart();
    await qd.restart();
    expect(await verify()).toMatchObject({ running: { id }, last: null });
  });
});
