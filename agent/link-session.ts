// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from "node:crypto";
import type { WebSocket } from "ws";
import type { Clock } from "./clock";
import type { Journal } from "./journal";
import { type AgentKeys, isSignedBy } from "./keys";
import { certificateHint, plainText, systemCode } from "./plain-text";
import { decodeJson } from "./protocol/decode";
import { type AgentFrame, ConsoleFrame, MAX_FRAME_BYTES, PROTOCOL } from "./protocol/messages";
import { type HandshakeFacts, handshakeBytes } from "./protocol/signing";
import { type Readings, SourceName } from "./protocol/sources";
import type { Timing } from "./protocol/timing";
import { type AnswerFrame, answerTo, misreadQuestion, type Question } from "./questions";
import type { ReadTime, ReadTimes } from "./run";
import type { Stepper } from "./stepper";
import { channelOf, type TlsTrust } from "./tls-trust";
import { AGENT_VERSION } from "./version";

/** Who we are, and whom we trust. */
export interface LinkIdentity {
  agentId: string;
  node: string;
  keys: AgentKeys;
  /** The console's raw public key, base64, pinned at enrolment. */
  consoleKey: string;
}

export interface SessionDeps {
  identity: LinkIdentity;
  journal: Journal;
  clock: Clock;
  timing: Timing;
  bootId: string | null;
  /** Why the other end is believed; for `key` both sides sign the connection itself. */
  trust: TlsTrust;
  /** The newest reading of every source. */
  current: () => Readings;
  readTimes: () => ReadTimes;
  /** What answers the console's questions; `steps` are the kinds that the hello names. */
  stepper: Stepper;
  steps: readonly string[];
}

export type RefusalCode = Extract<ConsoleFrame, { type: "refused" }>["code"];
/** Why a connection ended. `stranger`: what answers there does not hold the console's key. */
export type Ending =
  | { kind: "lost"; why: string }
  | { kind: "refused"; code: RefusalCode; message: string }
  | { kind: "stranger"; message: string }
  | { kind: "stopped" };

/** One connection, from its hello to its end. */
export interface Session {
  isLinked(): boolean;
  /** Readings changed only in counters: the newest of each source is sent when there is room. */
  telemetry(readings: Readings): void;
  /** A newer reading of the source is in the journal: telemetry that still waits is older, and would come after it. */
  overtaken(source: SourceName): void;
  /** Something in the journal became safe to send. */
  pump(): void;
  end(ending: Ending): void;
}

/** With so much still unsent in the socket nothing is added: journal frames wait, telemetry gives way to newer telemetry. */
const HIGH_WATER_BYTES = 512 * 1024;

/** Every so many pulses name all sources. */
const TELL_ALL_EVERY = 10;
/** After so many pulses the policy's file is looked at again: an admin who changed it need not start the agent anew. */
const POLICY_EVERY = 5;
/** What the hello says of the channel. */
const CHANNEL_WORD = { none: {}, key: { channel: "tls" }, authority: { channel: "proxy" } } as const satisfies Record<TlsTrust, object>;

const NOT_THE_KEY =
  "What answers at the console's address does not hold the key this agent was enrolled with: nothing was told to it. Check the address; if the console was set up anew, enrol this node again.";
const STRANGER: Record<TlsTrust, string> = {
  none: NOT_THE_KEY,
  key: "What answers at the console's address did not prove, on this very connection, the key this agent was enrolled with: it is another console, or something on the way ends TLS and passes things on. Nothing was told to it. Check the address and what stands on the way; if the console was set up anew, enrol this node again.",
  authority: NOT_THE_KEY,
};

type State =
  | { at: "opening" }
  | { at: "greeted"; nonce: string }
  | { at: "proven" }
  | { at: "linked"; sentPosition: number }
  | { at: "over" };

/** Speaks the agent's side of the link on a fresh socket. `linked` and `ended` are told once each. */
export function startSession(socket: WebSocket, deps: SessionDeps, told: { linked: () => void; ended: (ending: Ending) => void }): Session {
  const { identity, journal, clock, timing } = deps;
  let state: State = { at: "opening" };
  let pending: Readings = {};
  let isBlocked = false;
  /** Answers that stand on what was read for them: they wait until all of that is told. */
  let answers: AnswerFrame[] = [];
  /** What the console was told of read times over this connection, and in how many pulses. */
  let readTold: ReadTimes = {};
  let pulses = 0;
  /** The kinds of steps that the console was told of last. */
  let stepsTold = deps.steps;
  let ticks = 0;
  let heardMs = clock.elapsed();
  /** The TLS connection's own name, where it is what trust stands on. */
  let channel: string | null = null;
  let cancelTick: () => void = () => undefined;

  function end(ending: Ending): void {
    if (state.at === "over") return;
    state = { at: "over" };
    cancelTick();
    if (ending.kind === "stopped") socket.close(1001, "the agent stops");
    else socket.terminate();
    told.ended(ending);
  }

  function sendText(text: string): void {
    socket.send(text, { binary: false }, () => {
      if (!isBlocked || socket.bufferedAmount >= HIGH_WATER_BYTES) return;
      isBlocked = false;
      pump();
    });
    if (socket.bufferedAmount >= HIGH_WATER_BYTES) isBlocked = true;
  }
  function say(frame: AgentFrame): void {
    sendText(JSON.stringify(frame));
  }

  /** Journal frames in their order; then, when none waits, telemetry: it must not overtake a fact it builds on. */
  function pump(): void {
    if (state.at !== "linked") return;
    while (!isBlocked) {
      const next = journal.after(state.sentPosition);
      if (next === null) break;
      state.sentPosition = next.position;
      sendText(next.text);
    }
    if (isBlocked || !journal.isSettled()) return;
    const waiting = pending;
    pending = {};
    for (const [source, reading] of entriesOf(waiting)) {
      const text = JSON.stringify({ type: "telemetry", source, readings: { [source]: reading } } satisfies AgentFrame);
      if (isBlocked) pending = { ...pending, [source]: reading };
      else if (Buffer.byteLength(text) <= MAX_FRAME_BYTES) sendText(text);
    }
    giveAnswers();
  }

  /** True when the console was sent every frame there is. */
  function hasToldAll(): boolean {
    return state.at === "linked" && journal.isSettled() && journal.after(state.sentPosition) === null && Object.keys(pending).length === 0;
  }

  /** What was read for an answer, and when, goes before it: then the console has folded it. */
  function giveAnswers(): void {
    if (answers.length === 0 || isBlocked || !hasToldAll()) return;
    pulse();
    const ready = answers;
    answers = [];
    for (const answer of ready) say(answer);
  }

  async function answer(question: Question): Promise<void> {
    const given = await answerTo(deps.stepper, question);
    if (state.at !== "linked") return; // the console that asked is gone, and takes the missing answer for one
    if (given.type !== "prepared") return say(given);
    answers.push(given);
    pump();
  }

  function greet(): void {
    if (deps.trust === "key" && channel === null) {
      end({ kind: "lost", why: "the connection is not TLS 1.3" });
      return;
    }
    const nonce = randomBytes(32).toString("base64");
    const { agentId, node } = identity;
    state = { at: "greeted", nonce };
    say({
      type: "hello",
      protocol: PROTOCOL,
      agentId,
      node,
      agentVersion: AGENT_VERSION,
      bootId: deps.bootId,
      nonce,
      sources: [...SourceName.options],
      steps: [...deps.steps],
      ...CHANNEL_WORD[deps.trust],
    });
  }

  function prove(agentNonce: string, challenge: Extract<ConsoleFrame, { type: "challenge" }>): void {
    const { agentId, node, keys, consoleKey } = identity;
    const facts: Omit<HandshakeFacts, "signer"> = {
      agentId,
      node,
      agentNonce,
      consoleNonce: challenge.nonce,
      agentKey: keys.publicKey,
      consoleKey,
      channel,
    };
    if (!isSignedBy(consoleKey, handshakeBytes({ ...facts, signer: "console" }), challenge.signature)) {
      end({ kind: "stranger", message: STRANGER[deps.trust] });
      return;
    }
    state = { at: "proven" };
    say({ type: "proof", signature: keys.sign(handshakeBytes({ ...facts, signer: "agent" })) });
  }

  function welcome({ ackedJournalId, ackedSeq }: Extract<ConsoleFrame, { type: "welcome" }>): void {
    if (ackedJournalId !== null && ackedSeq > 0) journal.acknowledge(ackedJournalId, ackedSeq);
    state = { at: "linked", sentPosition: 0 };
    // Counters and progress are not journalled: whatever the console forgot of them, it learns here.
    pending = deps.current();
    told.linked();
    pulse();
    pump();
    // What was read before, and stands, is confirmed at once where nothing of an outage waits.
    if (hasToldAll()) pulse();
  }

  function hear(frame: ConsoleFrame): void {
    switch (frame.type) {
      case "refused":
        end({ kind: "refused", code: frame.code, message: plainText(frame.message) });
        break;
      case "challenge":
        if (state.at === "greeted") prove(state.nonce, frame);
        else end({ kind: "lost", why: "the console sent a challenge out of turn" });
        break;
      case "welcome":
        if (state.at === "proven") welcome(frame);
        else end({ kind: "lost", why: "the console sent a welcome out of turn" });
        break;
      case "ack":
        if (state.at === "linked") journal.acknowledge(frame.journalId, frame.seq);
        else end({ kind: "lost", why: "the console acknowledged something out of turn" });
        break;
      case "preview":
      case "prepare":
      case "step":
      case "heads":
        if (state.at === "linked") void answer(frame);
        else end({ kind: "lost", why: "the console asked something out of turn" });
        break;
      default:
        frame satisfies never;
    }
  }

  function pulse(): void {
    if (isBlocked || state.at !== "linked") return;
    // While frames of an outage still wait, the console's newest reading is an old one: to say "read just now" would freshen it.
    const read = hasToldAll() ? readSinceTold(deps.readTimes()) : {};
    say({ type: "pulse", sentAtMs: clock.now(), read });
  }

  /** What was read since the last pulse; now and then everything, so that what a worse clock translated is put right. */
  function readSinceTold(times: ReadTimes): PulseRead {
    if (pulses % TELL_ALL_EVERY === 0) readTold = {};
    pulses += 1;
    const fresh = timesWhere(times, (source, { takenElapsedMs, everyMs }) => {
      const before = readTold[source];
      return before?.takenElapsedMs !== takenElapsedMs || before.everyMs !== everyMs;
    });
    readTold = { ...readTold, ...fresh };
    return stamped(fresh, clock);
  }

  async function tellPolicy(): Promise<void> {
    const steps = await deps.stepper.kinds();
    if (state.at !== "linked" || steps.join() === stepsTold.join()) return;
    stepsTold = steps;
    say({ type: "policy", steps: [...steps] });
  }

  function tick(): void {
    if (clock.elapsed() - heardMs > timing.lostAfterMs) {
      end({ kind: "lost", why: `the console was silent for ${timing.lostAfterMs / 1_000} s` });
      return;
    }
    if (state.at === "linked") pulse();
    ticks += 1;
    if (state.at === "linked" && ticks % POLICY_EVERY === 0) void tellPolicy();
    cancelTick = clock.after(untilPulse(clock, timing.pulseEveryMs), tick);
  }

  const alive = () => {
    heardMs = clock.elapsed();
  };
  socket.on("upgrade", (answer) => {
    if (deps.trust === "key") channel = channelOf(answer.socket);
  });
  socket.on("open", greet);
  socket.on("ping", alive);
  socket.on("pong", alive);
  socket.on("message", (bytes, isBinary) => {
    alive();
    if (state.at === "over") return;
    const text = isBinary ? "" : String(bytes);
    const frame = decodeJson(ConsoleFrame, text);
    if (frame.ok) return hear(frame.value);
    const refusal = state.at === "linked" ? misreadQuestion(text, frame.error) : null;
    if (refusal !== null) {
      deps.stepper.note(refusal.error);
      return say(refusal.answer);
    }
    // A newer console may say words this agent does not know; before the welcome there are none to be skipped.
    if (state.at !== "linked") end({ kind: "lost", why: "the console answered in words that are not a handshake" });
  });
  socket.on("error", (error) =>
    end({ kind: "lost", why: plainText(error.message || systemCode(error) || "no connection", 200) + certificateHint(error) }),
  );
  socket.on("close", (code) => end({ kind: "lost", why: `the console closed the connection (${code})` }));
  cancelTick = clock.after(untilPulse(clock, timing.pulseEveryMs), tick);

  return {
    isLinked: () => state.at === "linked",
    pump,
    end,
    telemetry(readings) {
      if (state.at !== "linked") return;
      pending = { ...pending, ...readings };
      pump();
    },
    overtaken(source) {
      const { [source]: _, ...others } = pending;
      pending = others;
    },
  };
}

/** Pulses fall on the beat of the readings (run.ts), so that an idle node wakes once for both. Between a half and one and a half of a span. */
function untilPulse(clock: Clock, everyMs: number): number {
  const waitMs = everyMs - (clock.elapsed() % everyMs);
  return waitMs < everyMs / 2 ? waitMs + everyMs : waitMs;
}

/** The readings there are, with their names. */
function entriesOf(readings: Readings): [SourceName, Readings[SourceName]][] {
  const entries: [SourceName, Readings[SourceName]][] = [];
  for (const name of SourceName.options) if (readings[name]) entries.push([name, readings[name]]);
  return entries;
}

type PulseRead = Extract<AgentFrame, { type: "pulse" }>["read"];

/** Read times as the time of day is now: also those from before somebody set the clock. */
function stamped(times: ReadTimes, clock: Clock): PulseRead {
  const read: PulseRead = {};
  const zeroMs = clock.now() - clock.elapsed();
  for (const source of SourceName.options) {
    const time = times[source];
    if (time) read[source] = { takenAtMs: Math.round(zeroMs + time.takenElapsedMs), everyMs: time.everyMs };
  }
  return read;
}

/** The read times that fit. */
function timesWhere(times: ReadTimes, fits: (source: SourceName, time: ReadTime) => boolean): ReadTimes {
  const some: ReadTimes = {};
  for (const source of SourceName.options) {
    const time = times[source];
    if (time && fits(source, time)) some[source] = time;
  }
  return some;
}
