// SPDX-License-Identifier: Apache-2.0
import type { ConsoleFrame } from "@/agent/protocol/messages";
import { type AgentFrame, PROTOCOL } from "@/agent/protocol/messages";
import type { NodeRole } from "@/agent/protocol/names";
import { handshakeBytes } from "@/agent/protocol/signing";

type Hello = Extract<AgentFrame, { type: "hello" }>;
type Proof = Extract<AgentFrame, { type: "proof" }>;
type RefusalCode = Extract<ConsoleFrame, { type: "refused" }>["code"];

/** An agent the console trusts (or did). */
export interface KnownAgent {
  id: string;
  cluster: string;
  node: string;
  role: NodeRole;
  /** Raw Ed25519 public key, base64. */
  publicKey: string;
  trustEndedAtMs: number | null;
  journalId: string | null;
  ackedSeq: number;
}

/** The console's half of the handshake's crypto. */
export interface ConsoleIdentity {
  publicKey: string;
  sign(bytes: Uint8Array): string;
  verify(publicKey: string, bytes: Uint8Array, signature: string): boolean;
  /** A fresh random nonce, base64. */
  nonce(): string;
}

export interface Refusal {
  code: RefusalCode;
  message: string;
}

/**
 * The console's side of the mutual handshake: each side proves its key over both nonces, both keys, the agent's id and
 * its node's name, so a recorded, reflected or redirected handshake proves nothing; and over the TLS connection it is made
 * on, so that whoever ends TLS in between cannot pass it on. Pure but for the injected identity.
 * `channel`: that connection's own name, base64; null where no TLS ends here.
 */
export function answerHello(
  hello: Hello,
  agent: KnownAgent | null,
  identity: ConsoleIdentity,
  channel: string | null,
): { ok: true; challenge: ConsoleFrame; accept: (proof: Proof) => Refusal | null } | { ok: false; refusal: Refusal } {
  const refuse = (code: RefusalCode, message: string) => ({ ok: false as const, refusal: { code, message } });
  if (hello.protocol !== PROTOCOL) {
    return refuse("LINK_PROTOCOL", `This console speaks protocol ${PROTOCOL}, the agent ${hello.protocol}: upgrade the older of the two.`);
  }
  const unbound = unboundBecause(hello.channel, channel);
  if (unbound !== null) return refuse(hello.channel === undefined ? "LINK_PROTOCOL" : "LINK_CHANNEL", unbound);
  if (agent === null) return refuse("LINK_UNKNOWN_AGENT", "This console does not know the agent: enrol the node again.");
  if (agent.trustEndedAtMs !== null) {
    return refuse("LINK_TRUST_ENDED", `An admin ended the trust in ${agent.node}'s agent: enrol the node again if it should come back.`);
  }
  if (agent.node !== hello.node) {
    return refuse(
      "LINK_WRONG_NODE",
      `This agent was enrolled for ${agent.node}, not for ${hello.node}: enrol the node under its own name.`,
    );
  }
  const facts = {
    agentId: agent.id,
    node: agent.node,
    agentNonce: hello.nonce,
    consoleNonce: identity.nonce(),
    agentKey: agent.publicKey,
    consoleKey: identity.publicKey,
    channel,
  };
  return {
    ok: true,
    challenge: { type: "challenge", nonce: facts.consoleNonce, signature: identity.sign(handshakeBytes({ ...facts, signer: "console" })) },
    accept: (proof) =>
      identity.verify(agent.publicKey, handshakeBytes({ ...facts, signer: "agent" }), proof.signature)
        ? null
        : {
            code: "LINK_BAD_SIGNATURE",
            message:
              channel === null
                ? `The agent on ${agent.node} did not prove its key: was its state folder replaced? Enrol it again.`
                : `The agent on ${agent.node} did not prove its key on this connection: was its state folder replaced, or does something on the way end TLS? Look for that first; else enrol it again.`,
          },
  };
}

/**
 * Why the two sides do not speak of the same connection, as a sentence; null when they may. What the agent says of its side is
 * only good for the words: it is the signatures that decide.
 */
function unboundBecause(theirs: Hello["channel"], channel: string | null): string | null {
  if (channel === null) {
    return theirs === "tls"
      ? "The agent speaks TLS, but not with this console: something on the way ends it. If that is your reverse proxy, enrol with --tls-proxy (tlsProxy in the configuration); if you know of none, somebody listens."
      : null;
  }
  switch (theirs) {
    case "tls":
      return null;
    case "proxy":
      return "The agent was told that a proxy ends TLS (tlsProxy in its configuration), but this console does it itself: take that out.";
    case undefined:
      return "The agent is too old for this console's TLS: it does not bind its handshake to the connection. Upgrade it.";
  }
}
