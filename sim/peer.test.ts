// SPDX-License-Identifier: Apache-2.0
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { decodeJson } from "@/agent/protocol/decode";
import { AgentFrame, type ConsoleFrame } from "@/agent/protocol/messages";
import { handshakeBytes } from "@/agent/protocol/signing";
import { agentUrl, connectPeer, enrolPeer, fromRawKey, isSignedBy, newKeys, newNonce, openPeer, signBytes, toRawKey } from "./peer";

let server: Server | null = null;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

function portOf(listening: Server): number {
  const address: AddressInfo | string | null = listening.address();
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return address.port;
}

/** A console that knows one agent and answers as the contract says. */
async function startConsole(agent: { id: string; node: string; publicKey: string }, consoleKeys = newKeys()) {
  const http = createServer((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ agentId: agent.id, cluster: "san-a", role: "member", consoleKey: consoleKeys.publicKey }));
  });
  const sockets = new WebSocketServer({ server: http, path: "/ws/agent" });
  sockets.on("connection", (socket) => {
    const say = (frame: ConsoleFrame) => socket.send(JSON.stringify(frame));
    const consoleNonce = newNonce();
    let agentNonce = "";
    socket.on("message", (content) => {
      const frame = decodeJson(AgentFrame, String(content));
      if (!frame.ok) return say({ type: "refused", code: "LINK_BAD_FRAME", message: frame.error });
      if (frame.value.type === "hello") agentNonce = frame.value.nonce;
      const facts = {
        agentId: agent.id,
        node: agent.node,
        agentNonce,
        consoleNonce,
        agentKey: agent.publicKey,
        consoleKey: consoleKeys.publicKey,
        channel: null,
      };
      if (frame.value.type === "hello") {
        say({ type: "challenge", nonce: consoleNonce, signature: signBytes(consoleKeys, handshakeBytes({ ...facts, signer: "console" })) });
      }
      if (frame.value.type === "proof") {
        const isProven = isSignedBy(agent.publicKey, handshakeBytes({ ...facts, signer: "agent" }), frame.value.signature);
        say(
          isProven ? { type: "welcome", ackedSeq: 7, ackedJournalId: "j" } : { type: "refused", code: "LINK_BAD_SIGNATURE", message: "no" },
        );
        if (!isProven) socket.close();
      }
      if (frame.value.type === "gap") say({ type: "ack", journalId: frame.value.journalId, seq: frame.value.seq });
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  server = http;
  const origin = `http://127.0.0.1:${portOf(http)}`;
  return { origin, url: agentUrl(origin), consoleKey: consoleKeys.publicKey };
}

describe("peer", () => {
  it("gives a raw key of 32 bytes that comes back as the same key", () => {
    const keys = newKeys();
    expect(Buffer.from(keys.publicKey, "base64")).toHaveLength(32);
    expect(toRawKey(fromRawKey(keys.publicKey))).toBe(keys.publicKey);
  });

  it("enrols, proves its key, sends frames and shows what comes back", async () => {
    const keys = newKeys();
    const started = await startConsole({ id: "a1", node: "ruby", publicKey: keys.publicKey });
    const enrolled = await enrolPeer({ origin: started.origin, token: "qd1.x.y", node: "ruby", keys });
    const peer = await connectPeer({ url: started.url, ...enrolled });
    expect(peer.welcome).toEqual({ type: "welcome", ackedSeq: 7, ackedJournalId: "j" });
    peer.send({ type: "gap", journalId: "j", seq: 8, atMs: 3, fromMs: 1, toMs: 2, count: 1 });
    expect(await peer.waitFor("ack", (frame) => frame.seq === 8)).toEqual({ type: "ack", journalId: "j", seq: 8 });
    await peer.close();
  });

  it("says the console's code when the proof is another key's", async () => {
    const keys = newKeys();
    const started = await startConsole({ id: "a1", node: "ruby", publicKey: keys.publicKey });
    const options = { url: started.url, agentId: "a1", node: "ruby", keys, signWith: newKeys(), consoleKey: started.consoleKey };
    await expect(connectPeer(options)).rejects.toMatchObject({ code: "LINK_BAD_SIGNATURE" });
  });

  it("refuses a console that does not hold the pinned key", async () => {
    const keys = newKeys();
    const started = await startConsole({ id: "a1", node: "ruby", publicKey: keys.publicKey });
    const options = { url: started.url, agentId: "a1", node: "ruby", keys, consoleKey: newKeys().publicKey };
    await expect(connectPeer(options)).rejects.toMatchObject({ code: "PEER_BAD_CONSOLE" });
  });

  it("sends what no agent would, and tells waiters when the socket ends", async () => {
    const started = await startConsole({ id: "a1", node: "ruby", publicKey: newKeys().publicKey });
    const peer = await openPeer({ url: started.url });
    peer.sendRaw("{");
    expect(await peer.waitFor("refused")).toMatchObject({ code: "LINK_BAD_FRAME" });
    const waiting = peer.waitFor("welcome");
    peer.terminate();
    await expect(waiting).rejects.toMatchObject({ code: "LINK_BAD_FRAME" });
  });
});
