// SPDX-License-Identifier: Apache-2.0

/** What both sides of a link sign, so that a recorded handshake, another node's or the other side's is worth nothing. */
export interface HandshakeFacts {
  signer: "console" | "agent";
  agentId: string;
  node: string;
  agentNonce: string;
  consoleNonce: string;
  agentKey: string;
  consoleKey: string;
  /** The TLS connection it is made on (see CHANNEL_LABEL), so that one who ends TLS in between cannot pass it on; null: no TLS. */
  channel: string | null;
}

/**
 * A TLS connection's own name, base64: CHANNEL_BYTES of its exporter (RFC 5705) under this label with an empty context.
 * Only its two ends can compute it. In TLS 1.3 it differs for any two connections (RFC 9266), so only that version counts.
 */
export const CHANNEL_LABEL = "EXPORTER-quarterdeck-channel";
export const CHANNEL_BYTES = 32;
export const CHANNEL_TLS = "TLSv1.3";

/** One labelled line per fact, so that no two different sets of facts give the same bytes. */
function bytesOf(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}

/** The exact bytes that are signed. Without TLS they are those of the first version of the protocol. */
export function handshakeBytes(facts: HandshakeFacts): Uint8Array {
  const lines = [
    `signer ${facts.signer}`,
    `agent ${facts.agentId}`,
    `node ${facts.node}`,
    `agent-nonce ${facts.agentNonce}`,
    `console-nonce ${facts.consoleNonce}`,
    `agent-key ${facts.agentKey}`,
    `console-key ${facts.consoleKey}`,
  ];
  if (facts.channel === null) return bytesOf(["quarterdeck link 1", ...lines]);
  return bytesOf(["quarterdeck link 2", ...lines, `channel ${facts.channel}`]);
}

/** What a console signs for a node that is about to enrol: that it is the token's console, on this very connection. */
export interface EnrollProofFacts {
  agentNonce: string;
  consoleKey: string;
  channel: string;
}

/** The exact bytes of that. */
export function enrollProofBytes({ agentNonce, consoleKey, channel }: EnrollProofFacts): Uint8Array {
  return bytesOf(["quarterdeck enrol 1", `agent-nonce ${agentNonce}`, `console-key ${consoleKey}`, `channel ${channel}`]);
}

/** The exact bytes a console signs for a step: a line that says what they are, and the order's text as it travels. */
export function stepBytes(body: string): Uint8Array {
  return new TextEncoder().encode(`quarterdeck step 1\n${body}`);
}
