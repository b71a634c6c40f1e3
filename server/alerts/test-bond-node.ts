// SPDX-License-Identifier: Apache-2.0
import type { AgentFrame } from "@/agent/protocol/messages";
import { type Readings, SourceName } from "@/agent/protocol/sources";
import { bond, ok, port } from "@/server/cluster/factories";

// A node with a bond and nothing else, for tests: it says all of it as an agent does when it links, goes on pulsing, and comes back to
// a console that was started again.

export interface BondNode {
  /** The second port's link, from now on. */
  link(state: "up" | "down"): void;
  stop(): Promise<void>;
}

/** The node's link to its console. */
interface Line {
  send(frame: AgentFrame): void;
  closed: Promise<unknown>;
  terminate(): void;
}

/** `connect` fails while there is no console. `factor`: of the console's timing. */
export function bondNode(connect: () => Promise<Line>, first: "up" | "down", factor: number): BondNode {
  let peer: Line | null = null;
  let seq = 0;
  let state = first;
  let isOver = false;
  const say = (source: SourceName, readings: Readings) => {
    seq += 1;
    peer?.send({ type: "fact", journalId: "j1", seq, atMs: Date.now(), source, readings });
  };
  const tell = () => {
    const bonds = [bond("bond0", [port("eth0"), port("eth1", { link: state })])];
    say("bonding", { bonding: ok({ bonds, unread: [] }, Date.now()) });
  };
  const tellAll = () => {
    tell();
    for (const source of SourceName.options)
      if (source !== "bonding") say(source, { [source]: { status: "absent", takenAtMs: Date.now() } });
  };
  const pulse = () => peer?.send({ type: "pulse", sentAtMs: Date.now(), read: { bonding: { takenAtMs: Date.now(), everyMs: 2_000 } } });
  const pulses = setInterval(pulse, 1_000 * factor);
  const live = async () => {
    while (!isOver) {
      // A console that is not there yet refuses; it is asked again.
      peer = await connect().catch(() => null);
      if (peer === null) await new Promise((resolve) => setTimeout(resolve, 100));
      else tellAll();
      await peer?.closed;
    }
  };
  const living = live();
  return {
    link(next) {
      state = next;
      tell();
    },
    async stop() {
      isOver = true;
      clearInterval(pulses);
      peer?.terminate();
      await living;
    },
  };
}
