// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AgentFrame, MAX_FRAME_BYTES, PROTOCOL } from "@/agent/protocol/messages";
import { handshakeBytes } from "@/agent/protocol/signing";
import { bond, host, ok, port } from "@/server/cluster/factories";
import { type TestConsole, testConsole, until } from "@/server/test-console";
import { agentUrl, connectPeer, type EnrolledPeer, enrolPeer, newKeys, newNonce, openPeer, type Peer, signBytes } from "@/sim/peer";

/** A tenth of the usual patience: handshakes are late after a second. */
const FACTOR = 0.1;

let qd: TestConsole;
let ruby: EnrolledPeer;
beforeEach(async () => {
  qd = await testConsole({ timingFactor: FACTOR });
  ruby = await enrol("ruby");
});
const enrol = async (node: string) => enrolPeer({ origin: qd.origin(), token: await qd.newToken(node), node });
const connect = (peer: EnrolledPeer, more: { isSilent?: boolean; agentVersion?: string } = {}) =>
  connectPeer({ url: agentUrl(qd.origin()), ...peer, ...more });

afterEach(() => qd.remove());

const bonding = () => ok({ bonds: [bond("bond0", [port("eth0"), port("eth1")])], unread: [] }, Date.now());

function fact(seq: number, more: Partial<Extract<AgentFrame, { type: "fact" }>> = {}): AgentFrame {
  return { type: "fact", journalId: "j1", seq, atMs: Date.now(), source: "bonding", readings: { bonding: bonding() }, ...more };
}

/** The console's no, and that it closed. */
async function refusal(peer: Peer | Awaited<ReturnType<typeof openPeer>>): Promise<string> {
  const { code } = await peer.waitFor("refused");
  await peer.closed;
  return code;
}

async function nothingIsKnown(): Promise<void> {
  expect((await qd.view()).filter(({ entity }) => entity.kind === "bond" || entity.kind === "mirror")).toEqual([]);
  const after = await connect(ruby);
  expect(after.welcome).toMatchObject({ ackedJournalId: null, ackedSeq: 0 });
  after.terminate();
}

describe("a frame that an agent may not send closes its link and leaves nothing", () => {
  const hostReadings = () => ({ bonding: bonding(), host: ok(host(), Date.now()) });
  it.each<[string, () => AgentFrame]>([
    ["about another node", () => fact(1, { node: "crystal" })],
    ["with readings of another source", () => fact(1, { readings: { host: ok(host(), Date.now()) } })],
    ["with readings of more sources than it names", () => fact(1, { readings: hostReadings() })],
    ["with no reading at all", () => fact(1, { readings: {} })],
    ["of telemetry with readings of another source", () => ({ type: "telemetry", source: "drbd", readings: { bonding: bonding() } })],
    ["of a gap of another node", () => ({ type: "gap", node: "crystal", journalId: "j1", seq: 1, atMs: 1, fromMs: 1, toMs: 2, count: 1 })],
  ])("%s", async (_, frame) => {
    const peer = await connect(ruby);
    peer.send(frame());
    expect(await refusal(peer)).toBe("LINK_FOREIGN_FACT");
    await nothingIsKnown();
  });

  it.each<[string, () => string | Uint8Array]>([
    ["that is no JSON", () => "{"],
    ["that is bytes", () => new TextEncoder().encode(JSON.stringify(fact(1)))],
    ["without a type", () => JSON.stringify({ seq: 1 })],
    ["that is an array", () => "[]"],
    ["of a known type that does not fit", () => JSON.stringify({ ...fact(1), seq: -1 })],
    ["with a reading that does not fit", () => JSON.stringify({ ...fact(1), readings: { bonding: { status: "ok", takenAtMs: 1 } } })],
    ["that is a second hello", () => JSON.stringify(helloOf(ruby))],
    ["that is a second proof", () => JSON.stringify({ type: "proof", signature: newNonce() })],
  ])("%s", async (_, content) => {
    const peer = await connect(ruby);
    peer.sendRaw(content());
    expect(await refusal(peer)).toBe("LINK_BAD_FRAME");
    await nothingIsKnown();
  });

  it("that is larger than a frame may be", async () => {
    const peer = await connect(ruby);
    peer.sendRaw(JSON.stringify({ ...fact(1), padding: "x".repeat(MAX_FRAME_BYTES) }));
    expect((await peer.closed).code).toBe(1009);
    await nothingIsKnown();
  });

  it("and whatever came with it in the same breath is not heard", async () => {
    const peer = await connect(ruby);
    peer.send(fact(1, { node: "crystal" }));
    for (const seq of [2, 3, 4]) peer.send(fact(seq));
    expect(await refusal(peer)).toBe("LINK_FOREIGN_FACT");
    await nothingIsKnown();
  });
});

function helloOf(peer: EnrolledPeer): Extract<AgentFrame, { type: "hello" }> {
  return {
    type: "hello",
    protocol: PROTOCOL,
    agentId: peer.agentId,
    node: peer.node,
    agentVersion: "1",
    bootId: null,
    nonce: newNonce(),
  };
}

describe("a handshake", () => {
  const open = () => openPeer({ url: agentUrl(qd.origin()) });

  it("that was recorded proves nothing on another socket", async () => {
    const hello = helloOf(ruby);
    const first = await open();
    first.send(hello);
    const challenge = await first.waitFor("challenge");
    const facts = {
      signer: "agent" as const,
      agentId: ruby.agentId,
      node: ruby.node,
      agentNonce: hello.nonce,
      consoleNonce: challenge.nonce,
      agentKey: ruby.keys.publicKey,
      consoleKey: ruby.consoleKey,
      channel: null,
    };
    const proof: AgentFrame = { type: "proof", signature: signBytes(ruby.keys, handshakeBytes(facts)) };
    first.send(proof);
    await first.waitFor("welcome");

    const second = await open();
    second.send(hello);
    await second.waitFor("challenge");
    second.send(proof);
    expect(await refusal(second)).toBe("LINK_BAD_SIGNATURE");
    // The one that proved its key is not disturbed.
    first.send(fact(1));
    await first.waitFor("ack");
    first.terminate();
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ["with another key", () => connect({ ...ruby, keys: { ...newKeys(), publicKey: ruby.keys.publicKey } }), "LINK_BAD_SIGNATURE"],
    ["as another node", () => connect({ ...ruby, node: "crystal" }), "LINK_WRONG_NODE"],
    ["of an agent nobody enrolled", () => connect({ ...ruby, agentId: "nobody" }), "LINK_UNKNOWN_AGENT"],
  ])("%s is refused", async (_, connect, code) => {
    await expect(connect()).rejects.toMatchObject({ code });
    expect(await qd.entity("node", "node:ruby")).toMatchObject({ link: "never" });
  });

  it.each<[string, (peer: Awaited<ReturnType<typeof open>>) => void]>([
    ["begun with a fact", (peer) => peer.send(fact(1))],
    ["begun with a proof", (peer) => peer.send({ type: "proof", signature: newNonce() })],
    ["begun with nonsense", (peer) => peer.sendRaw("hello?")],
    ["in which facts come before the challenge is answered", (peer) => [helloOf(ruby), fact(1)].forEach(peer.send)],
    ["in which hello is said twice", (peer) => [helloOf(ruby), helloOf(ruby)].forEach(peer.send)],
  ])("%s is refused and leaves nothing", async (_, say) => {
    const peer = await open();
    say(peer);
    expect(await refusal(peer)).toBe("LINK_BAD_FRAME");
    await nothingIsKnown();
  });

  it("that is never finished is dropped", async () => {
    const silent = await open();
    const halfWay = await open();
    halfWay.send(helloOf(ruby));
    await halfWay.waitFor("challenge");
    expect((await silent.closed).code).toBe(1006);
    expect((await halfWay.closed).code).toBe(1006);
  });
});

describe("an agent whose trust is ended", () => {
  const endTrust = () => qd.ask("DELETE", `/api/v1/agents/${ruby.agentId}`);

  it("is cut off while it speaks, its node is gone from the view, and it does not come back", async () => {
    const peer = await connect(ruby);
    peer.send(fact(1));
    await peer.waitFor("ack");
    expect((await endTrust()).status).toBe(204);
    // Said after the end, before the agent knows of it.
    peer.send(fact(2));
    expect(await refusal(peer)).toBe("LINK_TRUST_ENDED");
    expect(peer.frames.filter(({ type }) => type === "ack")).toHaveLength(1);
    expect(await qd.entity("node", "node:ruby")).toBeNull();
    await expect(connect(ruby)).rejects.toMatchObject({ code: "LINK_TRUST_ENDED" });
  });

  it("does not finish a handshake that had begun", async () => {
    const peer = await openPeer({ url: agentUrl(qd.origin()) });
    const hello = helloOf(ruby);
    peer.send(hello);
    const challenge = await peer.waitFor("challenge");
    await endTrust();
    const facts = { agentId: ruby.agentId, node: ruby.node, agentNonce: hello.nonce, consoleNonce: challenge.nonce };
    const keys = { agentKey: ruby.keys.publicKey, consoleKey: ruby.consoleKey, channel: null };
    peer.send({ type: "proof", signature: signBytes(ruby.keys, handshakeBytes({ signer: "agent", ...facts, ...keys })) });
    expect(await refusal(peer)).toBe("LINK_TRUST_ENDED");
  });

  it("gives way to the agent that the node was enrolled with anew, whose link it does not disturb", async () => {
    const old = await connect(ruby, { isSilent: true });
    const fresh = await connect(await enrol("ruby"));
    await old.closed;
    fresh.send(fact(1));
    await fresh.waitFor("ack");
    expect(await qd.entity("node", "node:ruby")).toMatchObject({ link: "live" });
    fresh.terminate();
  });
});

describe("a link", () => {
  it("is replaced by a newer one of the same agent, without a word of silence", async () => {
    const first = await connect(ruby);
    const second = await connect(ruby);
    expect(await refusal(first)).toBe("LINK_REPLACED");
    second.send(fact(1));
    await second.waitFor("ack");
    const events = (await qd.view()).flatMap(({ entity }) => (entity.kind === "event" && entity.what === "gap" ? [entity.text] : []));
    expect(events).toEqual(["ruby: agent heard for the first time"]);
    second.terminate();
  });

  it("that closes makes its node's facts old at once", async () => {
    const peer = await connect(ruby);
    peer.send(fact(1));
    await peer.waitFor("ack");
    await peer.close();
    const found = await until("the link's end", async () => {
      const all = await qd.view();
      return all.some(({ key, entity }) => key === "node:ruby" && entity.kind === "node" && entity.link === "stale") && all;
    });
    expect(found.find(({ key }) => key === "bond:ruby/bond0")?.from).toMatchObject([{ freshness: "stale" }]);
  });

  it("over which nothing is said becomes stale, then lost, and is cut", async () => {
    const peer = await connect(ruby, { isSilent: true });
    peer.send(fact(1));
    await peer.waitFor("ack");
    const seen: string[] = [];
    await until("lost", async () => {
      const link = (await qd.entity("node", "node:ruby"))?.link ?? "gone";
      if (seen.at(-1) !== link) seen.push(link);
      return link === "lost";
    });
    expect(seen).toEqual(["live", "stale", "lost"]);
    await peer.closed;
    expect((await qd.view()).find(({ key }) => key === "bond:ruby/bond0")).toBeDefined();
  });

  it("over which only pulses come stays live, and its ages do not grow", async () => {
    const peer = await connect(ruby);
    peer.send(fact(1));
    await peer.waitFor("ack");
    const startMs = Date.now();
    const beat = setInterval(() => {
      const sentAtMs = Date.now();
      peer.send({ type: "pulse", sentAtMs, read: { bonding: { takenAtMs: sentAtMs, everyMs: 50 } } });
    }, 20);
    try {
      // Much longer than an unread source or a silent link would be believed.
      const found = await until("time to pass", async () => Date.now() > startMs + 12_000 * FACTOR && qd.view());
      const source = found.find(({ key }) => key === "source:ruby/bonding");
      expect(source?.entity).toMatchObject({ freshness: "live" });
      expect(source?.from[0]?.takenAtMs).toBeGreaterThan(startMs);
      const node = found.find(({ key }) => key === "node:ruby");
      expect(node?.entity).toMatchObject({ link: "live" });
    } finally {
      clearInterval(beat);
    }
    peer.terminate();
  });
});

describe("an upgrade to nothing", () => {
  it.each(["//", "/ws", "/ws/agent/", "http://", "/%"])("of the address %s is refused and leaves the console alive", async (address) => {
    const { hostname, port: number } = new URL(qd.origin());
    const { connect } = await import("node:net");
    const socket = connect(Number(number), hostname);
    socket.write(`GET ${address} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    const answer = await new Promise<string>((resolve) => socket.once("data", (bytes) => resolve(String(bytes))));
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    socket.destroy();
    expect((await qd.ask("GET", "/healthz")).status).toBe(200);
  });
});

describe("before anybody knows who it is", () => {
  it("a long first frame is refused unread", async () => {
    const stranger = await openPeer({ url: agentUrl(qd.origin()) });
    stranger.sendRaw(JSON.stringify({ type: "hello", filler: "x".repeat(5_000) }));
    expect(await refusal(stranger)).toBe("LINK_BAD_FRAME");
  });

  it("only so many sockets may wait at one time, and an agent that came too late gets in when they are gone", async () => {
    const strangers = await Promise.all(Array.from({ length: 64 }, () => openPeer({ url: agentUrl(qd.origin()) })));
    await expect(openPeer({ url: agentUrl(qd.origin()) })).rejects.toThrow("503");
    // A handshake that is not finished ends by itself.
    await Promise.all(strangers.map((stranger) => stranger.closed));
    const agent = await connect(ruby);
    expect(agent.welcome.type).toBe("welcome");
    agent.terminate();
  });
});
