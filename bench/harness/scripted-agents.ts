// SPDX-License-Identifier: Apache-2.0
import type { Readings, SourceName } from "@/agent/protocol/sources";
import { agentUrl, connectPeer, type Peer } from "@/sim/peer";
import type { BenchConsole } from "./console";

/** An agent that says what it is told to: handshake and journal are real, the node behind it is not. */
export interface ScriptedAgent {
  node: string;
  cluster: string;
  /** `atMs`: when it happened, where the agent kept it until now. */
  tell(source: SourceName, readings: Readings, atMs?: number): void;
  acknowledged(): number;
  told(): number;
  peer: Peer;
}

/** So many handshakes at once; more would only wait for each other. */
const AT_ONCE = 8;

const READ_EVERY_MS = 5_000;

/** Enrols and links agents, of clusters that the console knows; each says its pulse once a second until the end. */
export async function linkAgents(
  console_: BenchConsole,
  wanted: readonly { cluster: string; node: string }[],
  later: (end: () => unknown) => void,
): Promise<ScriptedAgent[]> {
  const agents: ScriptedAgent[] = [];
  const waiting = [...wanted];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { cluster, node } = next;
      const peer = await connectPeer({ url: agentUrl(console_.origin), ...(await console_.enrol(cluster, node)) });
      // Its beat begins at once: while the others link it must not fall silent.
      const told = new Set<SourceName>();
      const timer = setInterval(() => {
        const nowMs = Date.now();
        // Whatever it told it has read again since, and found unchanged.
        const read = Object.fromEntries([...told].map((source) => [source, { takenAtMs: nowMs, everyMs: READ_EVERY_MS }]));
        peer.send({ type: "pulse", sentAtMs: nowMs, read });
      }, 1_000);
      later(() => {
        clearInterval(timer);
        peer.terminate();
      });
      let seq = 0;
      agents.push({
        node,
        cluster,
        peer,
        told: () => seq,
        acknowledged: () => peer.frames.reduce((most, frame) => (frame.type === "ack" ? Math.max(most, frame.seq) : most), 0),
        tell(source, readings, atMs = Date.now()) {
          seq += 1;
          told.add(source);
          peer.send({ type: "fact", journalId: "bench", seq, atMs, source, readings });
        },
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return agents;
}
