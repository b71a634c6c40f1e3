// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from "node:crypto";
import { expect, onTestFinished, test, vi } from "vitest";
import { WebSocketServer } from "ws";
import { newKeys } from "./keys";
import { hurriedClock } from "./manual-clock";
import type { ConsoleFrame } from "./protocol/messages";
import { handshakeBytes } from "./protocol/signing";
import { timing } from "./protocol/timing";
import type { Stepper } from "./stepper";
import { agentKeys, append, consoleKeys, linkDesk, NOT_ALLOWED, PATIENCE, READS_ONLY } from "./test-link";

const { consoleWith, linkTo } = linkDesk(onTestFinished);

test("a console with another key learns nothing but the hello", async () => {
  const stranger = newKeys();
  const console = await consoleWith({
    challenge: (hello) => {
      const nonce = randomBytes(32).toString("base64");
      const facts = {
        agentId: hello.agentId,
        node: hello.node,
        agentNonce: hello.nonce,
        consoleNonce: nonce,
        agentKey: agentKeys.publicKey,
        channel: null,
      };
      return {
        type: "challenge",
        nonce,
        signature: stranger.sign(handshakeBytes({ ...facts, signer: "console", consoleKey: consoleKeys.publicKey })),
      };
    },
  });
  const { journal, log, link } = await linkTo(console.address);
  append(journal, 1);
  await vi.waitFor(() => expect(log.join()).toContain("does not hold the key"), PATIENCE);
  await vi.waitFor(() => expect(console.sockets[0]?.readyState).toBe(3), PATIENCE);
  expect(console.heard.map(({ frame }) => frame.type)).toEqual(["hello"]);
  expect(link.isLinked()).toBe(false);
});

test.each(["replayed", "reflected"] as const)("a %s challenge is not believed", async (kind) => {
  let recorded: Extract<ConsoleFrame, { type: "challenge" }> | null = null;
  const console = await consoleWith({
    challenge: (hello) => {
      const { agentId, node } = hello;
      const consoleNonce = randomBytes(32).toString("base64");
      const facts = {
        agentId,
        node,
        agentNonce: hello.nonce,
        consoleNonce,
        agentKey: agentKeys.publicKey,
        consoleKey: consoleKeys.publicKey,
        channel: null,
      };
      // Reflected: signed for the other side's use, as if our own proof were sent back to us.
      const signer = kind === "reflected" ? "agent" : "console";
      recorded ??= { type: "challenge", nonce: consoleNonce, signature: consoleKeys.sign(handshakeBytes({ ...facts, signer })) };
      return recorded;
    },
  });
  const { log, link } = await linkTo(console.address);
  if (kind === "replayed") {
    await vi.waitFor(() => expect(link.isLinked()).toBe(true), PATIENCE);
    console.sockets[0]?.terminate();
  }
  await vi.waitFor(() => expect(log.join()).toContain("does not hold the key"), PATIENCE);
  expect(link.isLinked()).toBe(false);
  expect(console.of("proof")).toHaveLength(kind === "replayed" ? 1 : 0);
});

test.each(["LINK_TRUST_ENDED", "LINK_UNKNOWN_AGENT", "LINK_BAD_SIGNATURE", "LINK_WRONG_NODE", "LINK_PROTOCOL"] as const)(
  "%s: said once, and tried again only once a minute",
  async (code) => {
    let refusals = 0;
    const console = await consoleWith({
      refuse: () => {
        refusals++;
        return refusals <= 2 ? code : null;
      },
    });
    const hurried = hurriedClock(200);
    const startedMs = hurried.elapsed();
    const { link, log } = await linkTo(console.address, { clock: hurried, timing: timing(1_200) });
    await vi.waitFor(() => expect(link.isLinked()).toBe(true), PATIENCE);
    expect(hurried.elapsed() - startedMs).toBeGreaterThanOrEqual(2 * 60_000);
    expect(log).toEqual([`The console refused this agent (${code}): The test says no.`, expect.stringContaining("Linked")]);
  },
);

test.each(["not json", '{"type":"welcome","ackedSeq":0,"ackedJournalId":null}', "x".repeat(2 * 1024 * 1024)])(
  "a console that answers the hello with nonsense (%#) gets nothing",
  async (text) => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await new Promise((resolve) => server.once("listening", resolve));
    const heard: string[] = [];
    server.on("connection", (socket) => {
      socket.on("error", () => undefined);
      socket.on("message", (data) => {
        heard.push(String(data));
        socket.send(text);
      });
    });
    onTestFinished(() => {
      for (const socket of server.clients) socket.terminate();
      server.close();
    });
    const bound = server.address();
    if (bound === null || typeof bound === "string") throw new Error("the server has no port");
    const { log, link } = await linkTo(`http://127.0.0.1:${bound.port}`);
    await vi.waitFor(() => expect(heard.length).toBeGreaterThanOrEqual(2), PATIENCE);
    expect(link.isLinked()).toBe(false);
    expect(heard.every((frame) => frame.includes('"hello"'))).toBe(true);
    expect(log.join()).toContain("No link");
  },
);

test("without TLS no other machine is talked to", async () => {
  const { log } = await linkTo("http://192.0.2.1:8443");
  await vi.waitFor(() => expect(log).toHaveLength(1), PATIENCE);
  expect(log[0]).toContain("--allow-plaintext");
});

test("a question before the welcome ends the link: nobody has proven who asks", async () => {
  const console = await consoleWith({
    challenge: () => ({ type: "challenge", nonce: "AAAA", signature: "AAAA" }),
  });
  let asked = 0;
  const stepper: Stepper = {
    ...READS_ONLY,
    preview: async () => {
      asked += 1;
      return NOT_ALLOWED;
    },
  };
  const { log } = await linkTo(console.address, { stepper });
  await vi.waitFor(() => expect(console.of("hello").length).toBeGreaterThan(0), PATIENCE);
  void console.ask({ type: "preview", steps: [{ kind: "aoeDiscover" }] });
  await vi.waitFor(() => expect(log.length).toBeGreaterThan(0), PATIENCE);
  expect(asked).toBe(0);
  expect(console.of("previewed")).toEqual([]);
});
