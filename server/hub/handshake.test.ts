// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { PROTOCOL } from "@/agent/protocol/messages";
import { handshakeBytes } from "@/agent/protocol/signing";
import { isSignedBy, newKeys, newNonce, signBytes } from "@/sim/peer";
import { answerHello, type ConsoleIdentity, type KnownAgent } from "./handshake";

const consoleKeys = newKeys();
const agentKeys = newKeys();
const identity: ConsoleIdentity = {
  publicKey: consoleKeys.publicKey,
  sign: (bytes) => signBytes(consoleKeys, bytes),
  verify: isSignedBy,
  nonce: newNonce,
};
const ruby: KnownAgent = {
  id: "a1",
  cluster: "san-a",
  node: "ruby",
  role: "member",
  publicKey: agentKeys.publicKey,
  trustEndedAtMs: null,
  journalId: null,
  ackedSeq: 0,
};
const hello = {
  type: "hello" as const,
  protocol: PROTOCOL,
  agentId: "a1",
  node: "ruby",
  agentVersion: "1",
  bootId: null,
  nonce: newNonce(),
};

/** The agent's half, from what the console said. */
function proofFor(challenge: { nonce: string }, changed: Partial<Parameters<typeof handshakeBytes>[0]> = {}, keys = agentKeys) {
  const facts = {
    signer: "agent" as const,
    agentId: "a1",
    node: "ruby",
    agentNonce: hello.nonce,
    consoleNonce: challenge.nonce,
    agentKey: agentKeys.publicKey,
    consoleKey: consoleKeys.publicKey,
    channel: null,
    ...changed,
  };
  return { type: "proof" as const, signature: signBytes(keys, handshakeBytes(facts)) };
}

function answered(agent: KnownAgent | null = ruby, frame: typeof hello = hello) {
  const answer = answerHello(frame, agent, identity, null);
  if (!answer.ok || answer.challenge.type !== "challenge") throw new Error("refused");
  return { challenge: answer.challenge, accept: answer.accept };
}

test("both sides prove their keys: linked", () => {
  const { challenge, accept } = answered();
  const facts = {
    signer: "console" as const,
    agentId: "a1",
    node: "ruby",
    agentNonce: hello.nonce,
    consoleNonce: challenge.nonce,
    agentKey: agentKeys.publicKey,
    consoleKey: consoleKeys.publicKey,
    channel: null,
  };
  expect(isSignedBy(consoleKeys.publicKey, handshakeBytes(facts), challenge.signature)).toBe(true);
  expect(accept(proofFor(challenge))).toBeNull();
});

describe("refused", () => {
  const refusalOf = (agent: KnownAgent | null, frame = hello) => {
    const answer = answerHello(frame, agent, identity, null);
    return answer.ok ? null : answer.refusal.code;
  };
  test("an agent nobody enrolled", () => expect(refusalOf(null)).toBe("LINK_UNKNOWN_AGENT"));
  test("an agent whose trust was ended", () => expect(refusalOf({ ...ruby, trustEndedAtMs: 1 })).toBe("LINK_TRUST_ENDED"));
  test("an agent that says it is another node", () => expect(refusalOf(ruby, { ...hello, node: "crystal" })).toBe("LINK_WRONG_NODE"));
  test("another protocol", () => expect(refusalOf(ruby, { ...hello, protocol: PROTOCOL + 1 })).toBe("LINK_PROTOCOL"));

  test("another agent's key", () => {
    const { challenge, accept } = answered();
    expect(accept(proofFor(challenge, {}, newKeys()))?.code).toBe("LINK_BAD_SIGNATURE");
  });
  test("a recorded proof: the console's nonce is new each time", () => {
    const recorded = proofFor(answered().challenge);
    expect(answered().accept(recorded)?.code).toBe("LINK_BAD_SIGNATURE");
  });
  test("the console's own signature reflected", () => {
    const { challenge, accept } = answered();
    expect(accept({ type: "proof", signature: challenge.signature })?.code).toBe("LINK_BAD_SIGNATURE");
  });
  test.each([
    ["for another node", { node: "crystal" }],
    ["for another console", { consoleKey: newKeys().publicKey }],
    ["over another nonce of the agent", { agentNonce: newNonce() }],
    ["under another agent's id", { agentId: "a2" }],
  ])("a proof made %s", (_, changed) => {
    const { challenge, accept } = answered();
    expect(accept(proofFor(challenge, changed))?.code).toBe("LINK_BAD_SIGNATURE");
  });
});
