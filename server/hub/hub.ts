// SPDX-License-Identifier: Apache-2.0
import type { WebSocket } from "ws";
import { decode } from "@/agent/protocol/decode";
import { AgentFrame, type ConsoleFrame } from "@/agent/protocol/messages";
import type { Timing } from "@/agent/protocol/timing";
import type { Fleet } from "@/server/fleet/fleet";
import type { Log } from "@/server/log";
import { answerHello, type ConsoleIdentity, type KnownAgent, type Refusal } from "./handshake";
import type { Ledger } from "./ledger";

/** A socket that has not finished its handshake by now is nobody's. */
const HANDSHAKE_MS = 10_000;

export interface HubDeps {
  fleet: Fleet;
  ledger: Ledger;
  identity: ConsoleIdentity;
  timing: Timing;
  log: Log;
  /** Looks an agent up by the id it claims. */
  findAgent: (id: string) => Promise<KnownAgent | null>;
}

type Live = Extract<AgentFrame, { type: "fact" | "line" | "gap" | "telemetry" | "pulse" }>;

interface Link {
  socket: WebSocket;
  agent: KnownAgent;
}

/** How far a socket has come. `asked`: an answer of ours is on its way, nothing may come now. */
type State =
  | { at: "hello" }
  | { at: "asked" }
  | { at: "proof"; agent: KnownAgent; version: string; accept: (proof: Extract<AgentFrame, { type: "proof" }>) => Refusal | null }
  | { at: "linked"; link: Link };

/** Agents' sockets: authenticate, decode, hand on. Holds no state but the connections. */
export function createHub(deps: HubDeps) {
  const links = new Map<string, Link>();

  function say(socket: WebSocket, frame: ConsoleFrame): void {
    socket.send(JSON.stringify(frame), { binary: false });
  }

  function refuse(socket: WebSocket, refusal: Refusal): void {
    deps.log.warn(`agent refused (${refusal.code}): ${refusal.message}`);
    say(socket, { type: "refused", ...refusal });
    socket.close(4403, refusal.code);
  }

  /** A frame of a linked agent. Journal frames are committed before they are acknowledged; the rest only moves memory. */
  function take({ socket, agent }: Link, frame: Live): void {
    switch (frame.type) {
      case "fact":
      case "line":
      case "gap":
        return deps.ledger.take(agent, frame, {
          committed: (seq) => say(socket, { type: "ack", journalId: frame.journalId, seq }),
          failed: () => socket.terminate(),
        });
      case "telemetry":
      case "pulse":
        deps.fleet.happen(agent.cluster, { type: "frame", node: agent.node, frame });
    }
  }

  function link(socket: WebSocket, agent: KnownAgent, agentVersion: string): Link {
    const older = links.get(agent.id);
    if (older) refuse(older.socket, { code: "LINK_REPLACED", message: `Another agent with ${agent.node}'s key connected: is the agent started twice?` });
    const made = { socket, agent };
    links.set(agent.id, made);
    deps.ledger.happen(agent, { type: "linked", node: agent.node, agentVersion });
    say(socket, { type: "welcome", ackedJournalId: agent.journalId, ackedSeq: agent.ackedSeq });
    deps.log.info(`${agent.cluster}/${agent.node}: agent linked`);
    return made;
  }

  /** What an agent may not say: facts of another node, or of another source than the frame names. */
  function foreign(frame: AgentFrame, agent: KnownAgent): Refusal | null {
    const claimed = "node" in frame && frame.type !== "hello" ? frame.node : undefined;
    if (claimed !== undefined && claimed !== agent.node) {
      return { code: "LINK_FOREIGN_FACT", message: `${agent.node}'s agent sent a frame about ${claimed}; it may only speak of its own node.` };
    }
    if (frame.type !== "fact" && frame.type !== "telemetry") return null;
    const sources = Object.keys(frame.readings);
    if (sources.length === 1 && sources[0] === frame.source) return null;
    return { code: "LINK_FOREIGN_FACT", message: `${agent.node}'s agent sent readings other than the one source its frame names.` };
  }

  return {
    /** Takes over a fresh socket on /ws/agent. */
    add(socket: WebSocket): void {
      let state: State = { at: "hello" };
      const late = setTimeout(() => socket.terminate(), HANDSHAKE_MS * (deps.timing.pulseEveryMs / 1_000));

      async function greet(frame: AgentFrame): Promise<void> {
        if (frame.type !== "hello") return refuse(socket, { code: "LINK_BAD_FRAME", message: "A link begins with hello." });
        state = { at: "asked" };
        const agent = await deps.findAgent(frame.agentId);
        const answer = answerHello(frame, agent, deps.identity);
        if (!answer.ok) return refuse(socket, answer.refusal);
        // answerHello refuses an unknown agent, so here it is known.
        if (agent === null) return;
        state = { at: "proof", agent, version: frame.agentVersion, accept: answer.accept };
        say(socket, answer.challenge);
      }

      async function prove(frame: AgentFrame, proof: Extract<State, { at: "proof" }>): Promise<void> {
        if (frame.type !== "proof") return refuse(socket, { code: "LINK_BAD_FRAME", message: "After the challenge comes the proof." });
        const refusal = proof.accept(frame);
        if (refusal) return refuse(socket, refusal);
        clearTimeout(late);
        state = { at: "asked" };
        // Read again: the acknowledged place may have moved, and trust may have ended, since hello.
        const agent = await deps.findAgent(proof.agent.id);
        if (agent === null || agent.trustEndedAtMs !== null) {
          return refuse(socket, { code: "LINK_TRUST_ENDED", message: `The trust in ${proof.agent.node}'s agent was ended.` });
        }
        if (socket.readyState !== socket.OPEN) return;
        state = { at: "linked", link: link(socket, agent, proof.version) };
      }

      socket.on("message", (bytes, isBinary) => {
        const frame = parseFrame(isBinary ? "" : String(bytes));
        if (state.at === "linked") {
          // An unknown type is a newer agent's: skipped. A known one that does not fit is a fault, and is said.
          if (!frame.ok) {
            if (!frame.isUnknownType) refuse(socket, { code: "LINK_BAD_FRAME", message: `A frame of ${state.link.agent.node}'s agent does not fit: ${frame.error}` });
            return;
          }
          const refusal = foreign(frame.value, state.link.agent);
          if (refusal) return refuse(socket, refusal);
          if (frame.value.type === "hello" || frame.value.type === "proof") {
            return refuse(socket, { code: "LINK_BAD_FRAME", message: "The handshake is over." });
          }
          return take(state.link, frame.value);
        }
        if (!frame.ok) return refuse(socket, { code: "LINK_BAD_FRAME", message: `Not a handshake: ${frame.error}` });
        if (state.at === "asked") return refuse(socket, { code: "LINK_BAD_FRAME", message: "One word at a time: the console had not answered yet." });
        const step = state.at === "hello" ? greet(frame.value) : prove(frame.value, state);
        step.catch((cause: unknown) => {
          deps.log.error("a handshake failed", cause);
          socket.terminate();
        });
      });
      socket.on("error", () => socket.terminate());
      socket.on("close", () => {
        clearTimeout(late);
        if (state.at !== "linked" || links.get(state.link.agent.id) !== state.link) return;
        links.delete(state.link.agent.id);
        deps.ledger.happen(state.link.agent, { type: "unlinked", node: state.link.agent.node });
        deps.log.info(`${state.link.agent.cluster}/${state.link.agent.node}: agent's link closed`);
      });
    },
    /** A word to every agent, so that it notices our silence; and an end to sockets that fell silent long ago. */
    pulse(nowMs: number): void {
      for (const { socket, agent } of links.values()) {
        const lastWordAtMs = deps.fleet.factsOf(agent.cluster)?.nodes.get(agent.node)?.lastWordAtMs ?? null;
        if (lastWordAtMs !== null && nowMs - lastWordAtMs > deps.timing.lostAfterMs) socket.terminate();
        else if (socket.readyState === socket.OPEN) socket.ping();
      }
    },
    /** Ends an agent's link at once, because its trust ended. */
    end(agentId: string): void {
      const found = links.get(agentId);
      if (found) refuse(found.socket, { code: "LINK_TRUST_ENDED", message: `An admin ended the trust in ${found.agent.node}'s agent.` });
    },
    close(): void {
      for (const { socket } of links.values()) socket.close(1001, "the console stops");
    },
    count: () => links.size,
  };
}
export type Hub = ReturnType<typeof createHub>;

const KNOWN_TYPES: ReadonlySet<string> = new Set<AgentFrame["type"]>(["hello", "proof", "fact", "line", "gap", "telemetry", "pulse"]);

function parseFrame(text: string): { ok: true; value: AgentFrame } | { ok: false; error: string; isUnknownType: boolean } {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    return { ok: false, error: "not JSON text", isUnknownType: false }; // hostile or cut: nothing of it is worth quoting
  }
  const type = typeof input === "object" && input !== null && "type" in input ? input.type : null;
  if (typeof type === "string" && !KNOWN_TYPES.has(type)) return { ok: false, error: "unknown type", isUnknownType: true };
  const decoded = decode(AgentFrame, input);
  return decoded.ok ? decoded : { ...decoded, isUnknownType: false };
}

