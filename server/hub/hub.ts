// SPDX-License-Identifier: Apache-2.0
import type { WebSocket } from "ws";
import { decode } from "@/agent/protocol/decode";
import { AgentFrame, type ConsoleFrame } from "@/agent/protocol/messages";
import { stepBytes } from "@/agent/protocol/signing";
import type { Timing } from "@/agent/protocol/timing";
import type { Fleet } from "@/server/fleet/fleet";
import type { Log } from "@/server/log";
import { answerHello, type ConsoleIdentity, type KnownAgent, type Refusal } from "./handshake";
import type { Ledger } from "./ledger";
import { type AnswerFrame, createRequests } from "./requests";

/** A socket that has not finished its handshake by now is nobody's. */
const HANDSHAKE_MS = 10_000;
/** A handshake's frames are a line long: until it is done nobody is owed more. */
const MAX_HANDSHAKE_CHARACTERS = 4_096;
/** Frames of one agent that may wait for the database; with more, its socket is not read until they are written. */
const MAX_WAITING_FRAMES = 1_000;

export interface HubDeps {
  fleet: Fleet;
  ledger: Ledger;
  identity: ConsoleIdentity;
  timing: Timing;
  log: Log;
  /** Looks an agent up by the id it claims. */
  findAgent: (id: string) => Promise<KnownAgent | null>;
  /** An agent says that it is of another version than was known. */
  onVersion: (agentId: string, agentVersion: string) => void;
}

type Live = Extract<AgentFrame, { type: "fact" | "line" | "gap" | "telemetry" | "pulse" | "policy" }> | AnswerFrame;
type Hello = Extract<AgentFrame, { type: "hello" }>;
type Proof = Extract<AgentFrame, { type: "proof" }>;

/** How far a socket has come. `asked`: an answer of ours is on its way, nothing may come now. `over`: whatever still comes is not heard. */
type State =
  | { at: "hello" }
  | { at: "asked" }
  | { at: "proof"; agent: KnownAgent; hello: Hello; accept: (proof: Proof) => Refusal | null }
  | { at: "linked"; agent: KnownAgent }
  | { at: "over" };

interface Line {
  socket: WebSocket;
  /** The TLS connection's own name, base64; null: no TLS ends here. */
  channel: string | null;
  state: State;
}

/** Agents' sockets: authenticate, decode, hand on. Holds no state but the connections. */
export function createHub(deps: HubDeps) {
  const lines = new Set<Line>();
  const links = new Map<string, Line>();
  /** Trust ended while this console ran: a handshake that was under way must not end in a link. */
  const ended = new Set<string>();

  function say({ socket }: Line, frame: ConsoleFrame): void {
    socket.send(JSON.stringify(frame), { binary: false });
  }

  const requests = createRequests({
    factor: deps.timing.pulseEveryMs / 1_000,
    sign: (body) => deps.identity.sign(stepBytes(body)),
    lineOf(cluster, node) {
      for (const [agentId, line] of links) {
        const { state } = line;
        if (state.at !== "linked" || state.agent.cluster !== cluster || state.agent.node !== node) continue;
        return { owner: line, agentId, send: (frame) => say(line, frame) };
      }
      return null;
    },
  });

  /** Nothing that still comes on this line is heard. Its node is silent from now on, unless a newer line carries it. */
  function leave(line: Line): void {
    const { state } = line;
    line.state = { at: "over" };
    requests.lose(line);
    if (state.at !== "linked" || links.get(state.agent.id) !== line) return;
    links.delete(state.agent.id);
    deps.ledger.happen(state.agent, { type: "unlinked", node: state.agent.node });
    deps.log.info(`${state.agent.cluster}/${state.agent.node}: agent's link closed`);
  }

  function refuse(line: Line, refusal: Refusal): void {
    deps.log.warn(`agent refused (${refusal.code}): ${refusal.message}`);
    say(line, { type: "refused", ...refusal });
    line.socket.close(4403, refusal.code);
    leave(line);
  }

  function cut(line: Line): void {
    line.socket.terminate();
    leave(line);
  }

  /** A frame of a linked agent. Journal frames are committed before they are acknowledged; the rest only moves memory. */
  function take(line: Line, agent: KnownAgent, frame: Live): void {
    switch (frame.type) {
      case "fact":
      case "line":
      case "gap":
        deps.ledger.take(agent, frame, {
          committed: (journalId, seq) => {
            say(line, { type: "ack", journalId, seq });
            if (line.socket.isPaused) line.socket.resume();
          },
          failed: () => cut(line),
        });
        if (deps.ledger.waiting(agent.id) > MAX_WAITING_FRAMES) line.socket.pause();
        break;
      case "telemetry":
        deps.ledger.telemetry(agent, frame);
        break;
      case "pulse":
        deps.fleet.happen(agent.cluster, { type: "frame", node: agent.node, frame });
        break;
      case "policy":
        deps.ledger.happen(agent, { type: "allowed", node: agent.node, steps: frame.steps });
        break;
      case "previewed":
      case "prepared":
      case "stepDone":
      case "heads":
        // What was read for it came before, over the same connection, and is folded.
        requests.hear(line, frame);
        break;
      default:
        frame satisfies never;
    }
  }

  function link(line: Line, agent: KnownAgent, { agentVersion, sources, steps }: Hello): void {
    line.state = { at: "linked", agent };
    const older = links.get(agent.id);
    links.set(agent.id, line);
    if (older) {
      const message = `Another agent with ${agent.node}'s key connected: is the agent started twice?`;
      refuse(older, { code: "LINK_REPLACED", message });
    }
    if (deps.fleet.factsOf(agent.cluster)?.nodes.get(agent.node)?.agentVersion !== agentVersion) deps.onVersion(agent.id, agentVersion);
    deps.ledger.happen(agent, {
      type: "linked",
      node: agent.node,
      agentVersion,
      ...(sources ? { reads: sources } : {}),
      steps: steps ?? [],
    });
    say(line, { type: "welcome", ackedJournalId: agent.journalId, ackedSeq: agent.ackedSeq });
    deps.log.info(`${agent.cluster}/${agent.node}: agent linked`);
  }

  async function greet(line: Line, frame: AgentFrame): Promise<void> {
    if (frame.type !== "hello") return refuse(line, badFrame("A link begins with hello."));
    line.state = { at: "asked" };
    const agent = await deps.findAgent(frame.agentId);
    if (isOver(line)) return;
    const answer = answerHello(frame, agent, deps.identity, line.channel);
    if (!answer.ok) return refuse(line, answer.refusal);
    // answerHello refuses an unknown agent, so here it is known.
    if (agent === null) return;
    line.state = { at: "proof", agent, hello: frame, accept: answer.accept };
    say(line, answer.challenge);
  }

  async function prove(line: Line, frame: AgentFrame, proof: Extract<State, { at: "proof" }>): Promise<void> {
    if (frame.type !== "proof") return refuse(line, badFrame("After the challenge comes the proof."));
    const refusal = proof.accept(frame);
    if (refusal) return refuse(line, refusal);
    line.state = { at: "asked" };
    // Read again: the acknowledged place may have moved, and trust may have ended, since hello.
    const agent = await deps.findAgent(proof.agent.id);
    if (isOver(line)) return;
    if (agent === null || agent.trustEndedAtMs !== null || ended.has(agent.id)) {
      return refuse(line, { code: "LINK_TRUST_ENDED", message: `The trust in ${proof.agent.node}'s agent was ended.` });
    }
    link(line, agent, proof.hello);
  }

  /** A message on a line whose handshake is done. */
  function hear(line: Line, agent: KnownAgent, frame: Parsed): void {
    // An unknown type is a newer agent's: skipped. A known one that does not fit is a fault, and is said.
    if (!frame.ok && frame.isUnknownType) return;
    const live = frame.ok ? liveFrame(frame.value, agent) : badFrame(`A frame of ${agent.node}'s agent does not fit: ${frame.error}`);
    if ("code" in live) {
      refuse(line, live);
      return;
    }
    try {
      take(line, agent, live);
    } catch (cause) {
      // A fault of ours in what one agent said must not take the other nodes with it: this one looks silent, which it now is.
      deps.log.error(`${agent.cluster}/${agent.node}: a ${live.type} could not be taken in`, cause);
      cut(line);
    }
  }

  function shakeHands(line: Line, frame: Parsed): void {
    const { state } = line;
    const step = async () => {
      if (!frame.ok) refuse(line, badFrame(`Not a handshake: ${frame.error}`));
      else if (state.at === "hello") await greet(line, frame.value);
      else if (state.at === "proof") await prove(line, frame.value, state);
      else refuse(line, badFrame("One word at a time: the console had not answered yet."));
    };
    step().catch((cause: unknown) => {
      deps.log.error("a handshake failed", cause);
      cut(line);
    });
  }

  function onMessage(line: Line, text: string): void {
    const { state } = line;
    if (state.at === "over") return;
    if (state.at === "linked") hear(line, state.agent, parseFrame(text));
    else if (text.length > MAX_HANDSHAKE_CHARACTERS) refuse(line, badFrame("A handshake's frames are short."));
    else shakeHands(line, parseFrame(text));
  }

  return {
    /** What can be asked of the agents. */
    agents: requests.agents,
    /** Sockets whose handshake is not done. */
    strangers: () => lines.size - links.size,
    /** Takes over a fresh socket on /ws/agent. */
    add(socket: WebSocket, channel: string | null): void {
      const line: Line = { socket, channel, state: { at: "hello" } };
      lines.add(line);
      const late = setTimeout(
        () => {
          if (line.state.at !== "linked") cut(line);
        },
        HANDSHAKE_MS * (deps.timing.pulseEveryMs / 1_000),
      );
      socket.on("message", (bytes, isBinary) => onMessage(line, isBinary ? "" : String(bytes)));
      socket.on("error", (cause) => {
        // Too large, not text, or broken off: ws closes the socket itself and says why to the other side.
        deps.log.warn(`an agent's socket failed: ${cause.message}`);
        leave(line);
      });
      socket.on("close", () => {
        clearTimeout(late);
        lines.delete(line);
        leave(line);
      });
    },
    /** A word to every agent, so that it notices our silence; and an end to sockets that fell silent long ago. */
    pulse(nowMs: number): void {
      for (const line of [...links.values()]) {
        const { socket, state } = line;
        // One that is not read because its frames wait for the database is not silent: we are deaf to it.
        if (state.at !== "linked" || socket.isPaused) continue;
        const lastWordAtMs = deps.fleet.factsOf(state.agent.cluster)?.nodes.get(state.agent.node)?.lastWordAtMs ?? null;
        if (lastWordAtMs !== null && nowMs - lastWordAtMs > deps.timing.lostAfterMs) cut(line);
        else if (socket.readyState === socket.OPEN) socket.ping();
      }
    },
    /** Ends an agent's link at once, because its trust ended. */
    end(agentId: string): void {
      ended.add(agentId);
      const line = links.get(agentId);
      if (line?.state.at !== "linked") return;
      refuse(line, { code: "LINK_TRUST_ENDED", message: `An admin ended the trust in ${line.state.agent.node}'s agent.` });
    },
    /** The console stops. Its agents did not fall silent: nothing is told of them. */
    close(): void {
      for (const line of lines) {
        line.state = { at: "over" };
        line.socket.close(1001, "the console stops");
      }
      links.clear();
    },
    count: () => links.size,
  };
}
export type Hub = ReturnType<typeof createHub>;

const KNOWN_TYPES: ReadonlySet<string> = new Set<AgentFrame["type"]>([
  "hello",
  "proof",
  "fact",
  "line",
  "gap",
  "telemetry",
  "pulse",
  "policy",
  "previewed",
  "prepared",
  "stepDone",
  "heads",
]);

type Parsed = { ok: true; value: AgentFrame } | { ok: false; error: string; isUnknownType: boolean };

function isOver({ state }: Line): boolean {
  return state.at === "over";
}

function badFrame(message: string): Refusal {
  return { code: "LINK_BAD_FRAME", message };
}

/** What a linked agent may say: facts of its own node, of the source that the frame names. */
function liveFrame(frame: AgentFrame, agent: KnownAgent): Live | Refusal {
  if (frame.type === "hello" || frame.type === "proof") return badFrame("The handshake is over.");
  const claimed = "node" in frame ? frame.node : undefined;
  if (claimed !== undefined && claimed !== agent.node) {
    const message = `${agent.node}'s agent sent a frame about ${claimed}; it may only speak of its own node.`;
    return { code: "LINK_FOREIGN_FACT", message };
  }
  if (frame.type !== "fact" && frame.type !== "telemetry") return frame;
  const sources = Object.keys(frame.readings);
  if (sources.length === 1 && sources[0] === frame.source) return frame;
  return { code: "LINK_FOREIGN_FACT", message: `${agent.node}'s agent sent readings other than the one source its frame names.` };
}

function parseFrame(text: string): Parsed {
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
