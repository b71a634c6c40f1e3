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
}

/** The exact bytes that are signed: one labelled line per fact, so that no two different sets of facts give the same bytes. */
export function handshakeBytes(facts: HandshakeFacts): Uint8Array {
  const lines = [
    "quarterdeck link 1",
    `signer ${facts.signer}`,
    `agent ${facts.agentId}`,
    `node ${facts.node}`,
    `agent-nonce ${facts.agentNonce}`,
    `console-nonce ${facts.consoleNonce}`,
    `agent-key ${facts.agentKey}`,
    `console-key ${facts.consoleKey}`,
  ];
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}
