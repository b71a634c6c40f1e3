// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AgentList } from "@/agent/protocol/console/api";
import type { AgentFrame } from "@/agent/protocol/messages";
import { bond, ok, port } from "@/server/cluster/factories";
import { type TestConsole, testConsole, until } from "@/server/test-console";
import { agentUrl, connectPeer, type EnrolledPeer, enrolPeer, type Peer } from "@/sim/peer";

let qd: TestConsole;
beforeEach(async () => {
  qd = await testConsole();
});
const enrol = async (node: string) => enrolPeer({ origin: qd.origin(), token: await qd.newToken(node), node });
const connect = (peer: EnrolledPeer, more: { isSilent?: boolean; agentVersion?: string } = {}) =>
  connectPeer({ url: agentUrl(qd.origin()), ...peer, ...more });

afterEach(() => qd.remove());

type Fact = Extract<AgentFrame, { type: "fact" }>;

/** A reading of one bond, one of whose two ports is up or down. */
function bondFact(seq: number, link: "up" | "down", more: Partial<Fact> = {}): Fact {
  const takenAtMs = Date.now();
  const bonding = ok({ bonds: [bond("bond0", [port("eth0"), port("eth1", { link })])], unread: [] }, takenAtMs);
  return { type: "fact", journalId: "j1", seq, atMs: takenAtMs, source: "bonding", readings: { bonding }, ...more };
}

const acked = (peer: Peer, seq: number) => peer.waitFor("ack", (ack) => ack.seq === seq);
const DOWN = "ruby: eth1 link down in bond0";
const UP = "ruby: eth1 link up in bond0";

describe("an enrolled agent's facts", () => {
  it("become entities of its cluster's view, with their source", async () => {
    const peer = await connect(await enrol("ruby"));
    peer.send(bondFact(1, "down"));
    await acked(peer, 1);
    const found = (await qd.view()).find(({ key }) => key === "bond:ruby/bond0");
    expect(found?.entity).toMatchObject({ kind: "bond", portsUp: 1, ports: 2 });
    expect(found?.from).toMatchObject([{ node: "ruby", source: "bonding", freshness: "live" }]);
    expect(await qd.entity("node", "node:ruby")).toMatchObject({ link: "live", agentVersion: "peer" });
    peer.terminate();
  });

  it("include the steps that its policy allows, also when the policy changes while it is linked", async () => {
    const peer = await connect(await enrol("ruby"));
    const steps = async () => (await qd.entity("node", "node:ruby"))?.steps;
    expect(await steps()).toEqual([]);
    peer.send({ type: "policy", steps: ["standby"] });
    await until("its steps", async () => (await steps())?.join() === "standby");
    peer.terminate();
  });

  it("are told once and acknowledged only when they are in the database", async () => {
    const peer = await connect(await enrol("ruby"));
    for (const [index, link] of (["up", "down", "up"] as const).entries()) peer.send(bondFact(index + 1, link));
    await acked(peer, 3);
    expect(await qd.told()).toEqual([DOWN, UP]);
    peer.terminate();
    // What was acknowledged survives the console without being sent again.
    await qd.restart();
    expect(await qd.told()).toEqual([DOWN, UP]);
  });

  it("are stored once when they are sent again, on the same link and after another", async () => {
    const ruby = await enrol("ruby");
    const first = await connect(ruby);
    for (const frame of [bondFact(1, "up"), bondFact(2, "down"), bondFact(2, "down"), bondFact(1, "up")]) first.send(frame);
    await acked(first, 2);
    first.terminate();
    const second = await connect(ruby);
    expect(second.welcome).toMatchObject({ ackedJournalId: "j1", ackedSeq: 2 });
    for (const frame of [bondFact(1, "up"), bondFact(2, "down"), bondFact(3, "up")]) second.send(frame);
    await acked(second, 3);
    expect(await qd.told()).toEqual([DOWN, UP]);
    second.terminate();
  });

  it("are acknowledged to the link that lives, when the one they came by broke meanwhile", async () => {
    const ruby = await enrol("ruby");
    const first = await connect(ruby);
    const count = 300;
    const frames = Array.from({ length: count }, (_, index) => bondFact(index + 1, index % 2 === 0 ? "up" : "down"));
    for (const frame of frames) first.send(frame);
    // The second link replaces the first while the frames are being written, and sends them all again.
    const second = await connect(ruby);
    for (const frame of frames) second.send(frame);
    await acked(second, count);
    second.terminate();
    const third = await connect(ruby);
    expect(third.welcome).toMatchObject({ ackedJournalId: "j1", ackedSeq: count });
    third.terminate();
  });

  it("keep the order of the node when a journal begins anew", async () => {
    const peer = await connect(await enrol("ruby"));
    peer.send(bondFact(7, "up"));
    await acked(peer, 7);
    peer.send(bondFact(1, "down", { journalId: "j2" }));
    expect(await peer.waitFor("ack", (ack) => ack.journalId === "j2")).toMatchObject({ seq: 1 });
    expect(await qd.told()).toEqual([DOWN]);
    peer.terminate();
  });

  it("are followed by an unknown kind of frame without harm", async () => {
    const peer = await connect(await enrol("ruby"));
    peer.sendRaw(JSON.stringify({ type: "weather", sky: "blue" }));
    peer.send(bondFact(1, "up"));
    await acked(peer, 1);
    expect(peer.frames.map(({ type }) => type)).toEqual(["challenge", "welcome", "ack"]);
    peer.terminate();
  });

  it("include a gap in the journal, kernel lines and telemetry", async () => {
    const peer = await connect(await enrol("ruby"));
    const atMs = Date.now();
    peer.send(bondFact(1, "up"));
    peer.send({ type: "gap", journalId: "j1", seq: 2, atMs, fromMs: atMs - 60_000, toMs: atMs, count: 12 });
    const line = { kmsgSeq: 1, atMs, priority: 3, topic: "disk" as const, text: "sda: I/O error" };
    peer.send({ type: "line", journalId: "j1", seq: 3, atMs, line });
    const { readings } = bondFact(0, "down");
    peer.send({ type: "telemetry", source: "bonding", readings });
    await acked(peer, 3);
    expect(await qd.told()).toContain("ruby: 12 changes or kernel lines of 1 min were lost on the node");
    expect((await qd.entity("kernel", "kernel:ruby"))?.lines.map(({ text }) => text)).toEqual(["sda: I/O error"]);
    await until("the telemetry", async () => (await qd.entity("bond", "bond:ruby/bond0"))?.portsUp === 1);
    peer.terminate();
  });
});

describe("the agent's version", () => {
  it("is the one it last said, also before it speaks again", async () => {
    const ruby = await enrol("ruby");
    const peer = await connect(ruby, { agentVersion: "9.9.9" });
    peer.terminate();
    await qd.restart();
    const { agents } = AgentList.parse(await (await qd.ask("GET", "/api/v1/agents")).json());
    expect(agents).toMatchObject([{ node: "ruby", agentVersion: "9.9.9" }]);
  });
});

describe("a restarted console", () => {
  it("shows what it knew, old at once, and takes up where the agent's acknowledgement stands", async () => {
    const ruby = await enrol("ruby");
    const before = await connect(ruby);
    before.send(bondFact(1, "up"));
    before.send(bondFact(2, "down"));
    await acked(before, 2);
    await qd.restart();
    const kept = (await qd.view()).find(({ key }) => key === "bond:ruby/bond0");
    expect(kept?.entity).toMatchObject({ kind: "bond", portsUp: 1 });
    expect(kept?.from).toMatchObject([{ freshness: "stale" }]);
    expect(await qd.entity("node", "node:ruby")).toMatchObject({ link: "stale" });

    const after = await connect(ruby);
    expect(after.welcome).toMatchObject({ ackedJournalId: "j1", ackedSeq: 2 });
    after.send(bondFact(2, "down"));
    after.send(bondFact(3, "up"));
    await acked(after, 3);
    expect(await qd.told()).toEqual([DOWN, UP]);
    expect(await qd.entity("node", "node:ruby")).toMatchObject({ link: "live" });
    after.terminate();
  });

  it("keeps ages as they were at its end, not at the last change", async () => {
    const ruby = await enrol("ruby");
    const peer = await connect(ruby);
    const longAgoMs = Date.now() - 3_600_000;
    peer.send({ ...bondFact(1, "up"), atMs: longAgoMs });
    await acked(peer, 1);
    const sentAtMs = Date.now();
    peer.send({ type: "pulse", sentAtMs, read: { bonding: { takenAtMs: sentAtMs, everyMs: 2_000 } } });
    await until("the pulse", async () => (await qd.entity("source", "source:ruby/bonding"))?.everyMs === 2_000);
    await qd.restart();
    const source = await qd.entity("source", "source:ruby/bonding");
    expect(source?.takenAtMs).toBeGreaterThanOrEqual(sentAtMs);
  });

  it("keeps since when a finding holds", async () => {
    const ruby = await enrol("ruby");
    const peer = await connect(ruby);
    peer.send(bondFact(1, "down"));
    await acked(peer, 1);
    const key = "finding:bond-ports:ruby/bond0";
    const before = await qd.entity("finding", key);
    await qd.restart();
    // Somebody looks while the node is not heard: old facts take nothing back.
    expect(await qd.entity("node", "node:ruby")).toMatchObject({ link: "stale" });
    const again = await connect(ruby);
    again.send({ type: "pulse", sentAtMs: Date.now(), read: { bonding: { takenAtMs: Date.now(), everyMs: 2_000 } } });
    const after = await until("the finding", () => qd.entity("finding", key));
    expect(after.sinceMs).toBe(before?.sinceMs);
    again.terminate();
  });
});
