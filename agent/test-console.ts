// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from "node:crypto";
import { type WebSocket, WebSocketServer } from "ws";
import { type AgentKeys, isSignedBy } from "./keys";
import { AgentFrame, type ConsoleFrame, type JournalFrame } from "./protocol/messages";
import { type HandshakeFacts, handshakeBytes, stepBytes } from "./protocol/signing";
import type { StepOrder } from "./protocol/steps";
import type { AnswerFrame, Question } from "./questions";

type WithoutId<F> = F extends Question ? Omit<F, "id"> : never;
type Hello = Extract<AgentFrame, { type: "hello" }>;

export interface ConsoleOptions {
  keys: AgentKeys;
  /** The raw public key of the agent that it trusts, base64. */
  agentKey: string;
  /** The challenge's signature, when it is not to be the right one. */
  challenge?: (hello: Hello) => Extract<ConsoleFrame, { type: "challenge" }>;
  refuse?: () => Extract<ConsoleFrame, { type: "refused" }>["code"] | null;
  /** Acknowledges journal frames as they come. */
  acks?: boolean;
  /** Pings this often; 0: never. */
  pingEveryMs?: number;
}

/** A console for tests: shakes hands, keeps every frame, knows what it acknowledged. */
export async function startTestConsole(atEnd: (clean: () => void) => void, options: ConsoleOptions) {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", path: "/ws/agent" });
  await new Promise((resolve) => server.once("listening", resolve));
  const sockets: WebSocket[] = [];
  const heard: { connection: number; frame: AgentFrame }[] = [];
  const proofs: boolean[] = [];
  const questions = new Map<string, (answer: AnswerFrame) => void>();
  let asked = 0;
  const state = { acked: null as { journalId: string; seq: number } | null, acks: options.acks ?? true };

  server.on("connection", (socket) => {
    const connection = sockets.push(socket);
    const say = (frame: ConsoleFrame) => socket.send(JSON.stringify(frame));
    const nonce = randomBytes(32).toString("base64");
    let facts: HandshakeFacts | null = null;
    const pingEveryMs = options.pingEveryMs ?? 20;
    const pings = pingEveryMs > 0 ? setInterval(() => socket.ping(), pingEveryMs) : undefined;
    socket.on("close", () => clearInterval(pings));
    socket.on("message", (data) => {
      const frame = AgentFrame.parse(JSON.parse(String(data)));
      heard.push({ connection, frame });
      if ("id" in frame) questions.get(frame.id)?.(frame);
      if (frame.type === "hello") {
        const code = options.refuse?.() ?? null;
        if (code !== null) {
          say({ type: "refused", code, message: "The test says no." });
          return socket.close();
        }
        const { agentId, node } = frame;
        facts = {
          signer: "console",
          agentId,
          node,
          agentNonce: frame.nonce,
          consoleNonce: nonce,
          agentKey: options.agentKey,
          consoleKey: options.keys.publicKey,
          channel: null,
        };
        say(options.challenge?.(frame) ?? { type: "challenge", nonce, signature: options.keys.sign(handshakeBytes(facts)) });
      } else if (frame.type === "proof" && facts !== null) {
        proofs.push(isSignedBy(options.agentKey, handshakeBytes({ ...facts, signer: "agent" }), frame.signature));
        say({ type: "welcome", ackedJournalId: state.acked?.journalId ?? null, ackedSeq: state.acked?.seq ?? 0 });
      } else if ("seq" in frame && state.acks) {
        state.acked = { journalId: frame.journalId, seq: frame.seq };
        say({ type: "ack", ...state.acked });
      }
    });
  });
  atEnd(() => {
    for (const socket of sockets) socket.terminate();
    server.close();
  });
  const of = <T extends AgentFrame["type"]>(type: T) =>
    heard.map(({ frame }) => frame).filter((frame): frame is Extract<AgentFrame, { type: T }> => frame.type === type);
  const journalled = (): JournalFrame[] => heard.map(({ frame }) => frame).filter((frame) => "seq" in frame);
  /** Asks the agent that linked last; `text` makes the frame of the question's id. */
  const askText = (text: (id: string) => string): Promise<AnswerFrame> =>
    new Promise((resolve) => {
      const id = `question-${++asked}`;
      questions.set(id, resolve);
      sockets.at(-1)?.send(text(id));
    });
  const ask = (question: WithoutId<Question>): Promise<AnswerFrame> => askText((id) => JSON.stringify({ ...question, id }));
  /** Signs an order as a console does, and has it taken. */
  const order = (value: StepOrder, sign = options.keys.sign): Promise<AnswerFrame> => {
    const body = JSON.stringify(value);
    return ask({ type: "step", body, signature: sign(stepBytes(body)) });
  };
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the server has no port");
  return { address: `http://127.0.0.1:${bound.port}`, sockets, heard, proofs, state, of, journalled, ask, askText, order };
}
