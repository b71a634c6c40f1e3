// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from "node:crypto";
import { expect, onTestFinished, test, vi } from "vitest";
import { WebSocketServer } from "ws";
import { type Journal, openJournal } from "./journal";
import { createJournalDisk } from "./journal-disk";
import { newKeys } from "./keys";
import { type LinkDeps, startLink } from "./link";
import { hurriedClock } from "./manual-clock";
import type { AgentFrame, ConsoleFrame } from "./protocol/messages";
import { handshakeBytes } from "./protocol/signing";
import type { Readings } from "./protocol/sources";
import type { StepKind } from "./protocol/steps";
import { timing } from "./protocol/timing";
import type { ReadTimes } from "./run";
import type { Stepper } from "./stepper";
import { type ConsoleOptions, startTestConsole } from "./test-console";
import { emptyFolder } from "./test-folder";

const PATIENCE = { timeout: 60_000 };
/** Waits of half a second take 25 ms; silence is noticed after three seconds, so that a slow machine is not taken for silent. */
const clock = hurriedClock(20);
const patient = timing(6);
const consoleKeys = newKeys();
const agentKeys = newKeys();

/** Of an agent whose policy allows nothing. */
const NOT_ALLOWED = { ok: false as const, error: { code: "STEP_POLICY" as const, message: "no", mayHaveHappened: false } };
const READS_ONLY: Stepper = {
  kinds: async () => [],
  preview: async () => NOT_ALLOWED,
  prepare: async () => ({ ok: true, ready: null }),
  step: async () => NOT_ALLOWED,
  heads: () => [],
  note: () => undefined,
};

const consoleWith = (part: Partial<ConsoleOptions> = {}) =>
  startTestConsole(onTestFinished, { keys: consoleKeys, agentKey: agentKeys.publicKey, ...part });

async function linkTo(address: string, part: Partial<LinkDeps> = {}) {
  const log: string[] = [];
  const current: Readings = {};
  let pump: () => void = () => undefined;
  const disk = createJournalDisk(emptyFolder(onTestFinished));
  const journal = await openJournal({ disk, clock, log: (sentence) => log.push(sentence), onSafe: () => pump() });
  const link = startLink({
    console: address,
    allowPlainText: false,
    tlsProxy: false,
    ca: null,
    identity: { agentId: "agent-1", node: "ruby", keys: agentKeys, consoleKey: consoleKeys.publicKey },
    journal,
    clock,
    timing: patient,
    bootId: async () => "boot-1",
    current: () => current,
    readTimes: () => ({ bonding: { takenElapsedMs: 5, everyMs: 2_000 } }),
    stepper: READS_ONLY,
    log: (sentence) => log.push(sentence),
    ...part,
  });
  pump = link.pump;
  onTestFinished(async () => {
    await link.stop();
    await journal.close();
  });
  return { link, journal, log, current };
}

function append(journal: Journal, ...times: number[]): void {
  for (const atMs of times)
    journal.append({ type: "fact", atMs, source: "aoe", readings: { aoe: { status: "absent", takenAtMs: atMs } } }, null);
}
const absent = (takenAtMs: number): Readings => ({ aoe: { status: "absent", takenAtMs } });

test("the handshake proves both sides, and the console learns who it is", async () => {
  const console = await consoleWith();
  const { link, log } = await linkTo(console.address);
  await vi.waitFor(() => expect(link.isLinked()).toBe(true), PATIENCE);
  expect(console.of("hello")[0]).toMatchObject({ protocol: 1, agentId: "agent-1", node: "ruby", bootId: "boot-1" });
  expect(console.proofs).toEqual([true]);
  expect(log).toEqual([`Linked to ${console.address} as ruby.`]);
});

test("what waits in the journal goes first, in order, then the newest of every source, then what happens", async () => {
  const console = await consoleWith();
  const { link, journal, current } = await linkTo(console.address, {});
  Object.assign(current, absent(7));
  append(journal, 1, 2, 3);
  await vi.waitFor(() => expect(console.of("telemetry")).toHaveLength(1), PATIENCE);
  append(journal, 4);
  await vi.waitFor(() => expect(console.journalled()).toHaveLength(4), PATIENCE);
  link.telemetry(absent(9));
  await vi.waitFor(() => expect(console.of("telemetry")).toHaveLength(2), PATIENCE);
  expect(console.journalled().map(({ seq, atMs }) => [seq, atMs])).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
  ]);
  expect(console.of("telemetry")[0]).toMatchObject({ source: "aoe", readings: { aoe: { takenAtMs: 7 } } });
  await vi.waitFor(() => expect(journal.size()).toBe(0), PATIENCE);
});

test("telemetry does not overtake a fact that is not on the disk yet", async () => {
  const console = await consoleWith();
  const { link, journal } = await linkTo(console.address);
  await vi.waitFor(() => expect(link.isLinked()).toBe(true), PATIENCE);
  append(journal, 1);
  link.telemetry(absent(2));
  await vi.waitFor(() => expect(console.of("telemetry")).toHaveLength(1), PATIENCE);
  const order = console.heard.map(({ frame }) => frame.type).filter((type) => type === "fact" || type === "telemetry");
  expect(order).toEqual(["fact", "telemetry"]);
});

test("telemetry that waited for the disk does not come after a newer fact of its source", async () => {
  const console = await consoleWith();
  const { link, journal } = await linkTo(console.address);
  await vi.waitFor(() => expect(link.isLinked()).toBe(true), PATIENCE);
  const before = console.of("telemetry").length;
  append(journal, 1);
  link.telemetry(absent(2));
  link.overtaken("aoe");
  append(journal, 3);
  link.telemetry({ md: { status: "absent", takenAtMs: 4 } });
  await vi.waitFor(() => expect(console.of("telemetry").length).toBeGreaterThan(before), PATIENCE);
  expect(console.of("telemetry").slice(before)).toEqual([expect.objectContaining({ source: "md" })]);
  expect(console.journalled().map(({ atMs }) => atMs)).toEqual([1, 3]);
});

test("a pulse tells which sources were read since the last one, and every tenth when each was read", async () => {
  const console = await consoleWith();
  const times: ReadTimes = { bonding: { takenElapsedMs: 5, everyMs: 2_000 }, host: { takenElapsedMs: 6, everyMs: 5_000 } };
  await linkTo(console.address, { readTimes: () => ({ ...times }) });
  await vi.waitFor(() => expect(console.of("pulse").length).toBeGreaterThan(2), PATIENCE);
  times.bonding = { takenElapsedMs: 7, everyMs: 2_000 };
  await vi.waitFor(() => expect(console.of("pulse").length).toBeGreaterThan(10), PATIENCE);
  const read = console.of("pulse").map((pulse) => pulse.read);
  const [first] = read;
  expect(first).toMatchObject({ bonding: { everyMs: 2_000 }, host: { everyMs: 5_000 } });
  expect((first?.host?.takenAtMs ?? 0) - (first?.bonding?.takenAtMs ?? 0)).toBe(1);
  expect(Object.keys(read[10] ?? {})).toEqual(["bonding", "host"]);
  expect(read.slice(1, 10).flatMap((one) => Object.keys(one))).toEqual(["bonding"]);
});

test("a clock that is set moves no age: a source read before is as old after", async () => {
  const console = await consoleWith();
  let setByMs = 0;
  const own = { ...clock, now: () => clock.now() + setByMs };
  const takenElapsedMs = clock.elapsed();
  await linkTo(console.address, { clock: own, readTimes: () => ({ bonding: { takenElapsedMs, everyMs: 2_000 } }) });
  const ageOf = (pulse: Extract<AgentFrame, { type: "pulse" }> | undefined) =>
    pulse ? pulse.sentAtMs - (pulse.read.bonding?.takenAtMs ?? 0) : 0;
  await vi.waitFor(() => expect(console.of("pulse").length).toBeGreaterThan(0), PATIENCE);
  setByMs = 3_600_000;
  await vi.waitFor(() => expect(console.of("pulse").length).toBeGreaterThan(10), PATIENCE);
  const [before, ...later] = console.of("pulse").filter(({ read }) => read.bonding !== undefined);
  expect(ageOf(later.at(-1))).toBeLessThan(ageOf(before) + 3_600_000);
  expect(later.at(-1)?.sentAtMs).toBeGreaterThan((before?.sentAtMs ?? 0) + 3_000_000);
});

test("over a new connection the first pulse names every source again", async () => {
  const console = await consoleWith();
  await linkTo(console.address);
  await vi.waitFor(() => expect(console.of("pulse").length).toBeGreaterThan(1), PATIENCE);
  console.sockets[0]?.terminate();
  const first = () => console.heard.find(({ connection, frame }) => connection === 2 && frame.type === "pulse")?.frame;
  await vi.waitFor(() => expect(first()).toMatchObject({ read: { bonding: { everyMs: 2_000 } } }), PATIENCE);
});

test("a pulse does not tell of a reading that has not been sent", async () => {
  const console = await consoleWith();
  const { current } = await linkTo(console.address, {});
  Object.assign(current, absent(7));
  await vi.waitFor(() => expect(console.of("pulse").length).toBeGreaterThan(1), PATIENCE);
  const frames = console.heard.map(({ frame }) => frame);
  const telling = frames.findIndex((frame) => frame.type === "pulse" && Object.keys(frame.read).length > 0);
  expect(frames.slice(0, telling).some(({ type }) => type === "telemetry")).toBe(true);
});

test("after a broken link everything not acknowledged is sent again, and nothing else", async () => {
  const console = await consoleWith({ acks: false });
  const { link, journal } = await linkTo(console.address);
  append(journal, 1, 2, 3);
  await vi.waitFor(() => expect(console.journalled()).toHaveLength(3), PATIENCE);
  const first = console.journalled()[0];
  console.state.acked = { journalId: first?.journalId ?? "", seq: 2 };
  console.sockets[0]?.terminate();
  append(journal, 4);
  await vi.waitFor(
    () => expect(console.heard.filter(({ connection, frame }) => connection === 2 && "seq" in frame)).toHaveLength(2),
    PATIENCE,
  );
  const again = console.heard.flatMap(({ connection, frame }) => (connection === 2 && "seq" in frame ? [frame.seq] : []));
  expect(again).toEqual([3, 4]);
  expect(link.isLinked()).toBe(true);
});

test("an acknowledgement of another journal drops nothing", async () => {
  const console = await consoleWith({ acks: false });
  console.state.acked = { journalId: "of-an-earlier-life", seq: 1_000 };
  const { journal } = await linkTo(console.address);
  append(journal, 1, 2);
  await vi.waitFor(() => expect(console.journalled().map(({ seq }) => seq)).toEqual([1, 2]), PATIENCE);
  expect(journal.size()).toBe(2);
});

test("a console with another key learns nothing but the hello", async () => {
  const stranger = newKeys();
  const console = await consoleWith({
    challenge: (hello) => {
      const nonce = randomBytes(32).toString("base64");
      const facts = {
        agentId: hello.agentId,
        node: hello.node,
        agentNonce: hello.nonce,
        consoleNonce: nonce,
        agentKey: agentKeys.publicKey,
        channel: null,
      };
      return {
        type: "challenge",
        nonce,
        signature: stranger.sign(handshakeBytes({ ...facts, signer: "console", consoleKey: consoleKeys.publicKey })),
      };
    },
  });
  const { journal, log, link } = await linkTo(console.address);
  append(journal, 1);
  await vi.waitFor(() => expect(log.join()).toContain("does not hold the key"), PATIENCE);
  await vi.waitFor(() => expect(console.sockets[0]?.readyState).toBe(3), PATIENCE);
  expect(console.heard.map(({ frame }) => frame.type)).toEqual(["hello"]);
  expect(link.isLinked()).toBe(false);
});

test.each(["replayed", "reflected"] as const)("a %s challenge is not believed", async (kind) => {
  let recorded: Extract<ConsoleFrame, { type: "challenge" }> | null = null;
  const console = await consoleWith({
    challenge: (hello) => {
      const { agentId, node } = hello;
      const consoleNonce = randomBytes(32).toString("base64");
      const facts = {
        agentId,
        node,
        agentNonce: hello.nonce,
        consoleNonce,
        agentKey: agentKeys.publicKey,
        consoleKey: consoleKeys.publicKey,
        channel: null,
      };
      // Reflected: signed for the other side's use, as if our own proof were sent back to us.
      const signer = kind === "reflected" ? "agent" : "console";
      recorded ??= { type: "challenge", nonce: consoleNonce, signature: consoleKeys.sign(handshakeBytes({ ...facts, signer })) };
      return recorded;
    },
  });
  const { log, link } = await linkTo(console.address);
  if (kind === "replayed") {
    await vi.waitFor(() => expect(link.isLinked()).toBe(true), PATIENCE);
    console.sockets[0]?.terminate();
  }
  await vi.waitFor(() => expect(log.join()).toContain("does not hold the key"), PATIENCE);
  expect(link.isLinked()).toBe(false);
  expect(console.of("proof")).toHaveLength(kind === "replayed" ? 1 : 0);
});

test.each(["LINK_TRUST_ENDED", "LINK_UNKNOWN_AGENT", "LINK_BAD_SIGNATURE", "LINK_WRONG_NODE", "LINK_PROTOCOL"] as const)(
  "%s: said once, and tried again only once a minute",
  async (code) => {
    let refusals = 0;
    const console = await consoleWith({
      refuse: () => {
        refusals++;
        return refusals <= 2 ? code : null;
      },
    });
    const hurried = hurriedClock(200);
    const startedMs = hurried.elapsed();
    const { link, log } = await linkTo(console.address, { clock: hurried, timing: timing(1_200) });
    await vi.waitFor(() => expect(link.isLinked()).toBe(true), PATIENCE);
    expect(hurried.elapsed() - startedMs).toBeGreaterThanOrEqual(2 * 60_000);
    expect(log).toEqual([`The console refused this agent (${code}): The test says no.`, expect.stringContaining("Linked")]);
  },
);

test("a refusal that mends itself is tried again soon", async () => {
  let refusals = 0;
  const console = await consoleWith({ refuse: () => (refusals++ === 0 ? "LINK_REPLACED" : null) });
  const { link } = await linkTo(console.address);
  await vi.waitFor(() => expect(link.isLinked()).toBe(true), PATIENCE);
  expect(refusals).toBe(2);
});

test("a console that falls silent is left, and found again", async () => {
  const console = await consoleWith({ pingEveryMs: 0 });
  const { log } = await linkTo(console.address, { timing: timing() });
  await vi.waitFor(() => expect(console.sockets.length).toBeGreaterThanOrEqual(2), PATIENCE);
  expect(log.join()).toContain("was silent for 10 s");
});

test("a console that is not there is waited for, and the log hears of it once", async () => {
  const { log } = await linkTo("http://127.0.0.1:1");
  await vi.waitFor(() => expect(log).toHaveLength(1), PATIENCE);
  expect(log[0]).toMatch(/^No link to http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED.*Trying on\.$/);
});

test.each(["not json", '{"type":"welcome","ackedSeq":0,"ackedJournalId":null}', "x".repeat(2 * 1024 * 1024)])(
  "a console that answers the hello with nonsense (%#) gets nothing",
  async (text) => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await new Promise((resolve) => server.once("listening", resolve));
    const heard: string[] = [];
    server.on("connection", (socket) => {
      socket.on("error", () => undefined);
      socket.on("message", (data) => {
        heard.push(String(data));
        socket.send(text);
      });
    });
    onTestFinished(() => {
      for (const socket of server.clients) socket.terminate();
      server.close();
    });
    const bound = server.address();
    if (bound === null || typeof bound === "string") throw new Error("the server has no port");
    const { log, link } = await linkTo(`http://127.0.0.1:${bound.port}`);
    await vi.waitFor(() => expect(heard.length).toBeGreaterThanOrEqual(2), PATIENCE);
    expect(link.isLinked()).toBe(false);
    expect(heard.every((frame) => frame.includes('"hello"'))).toBe(true);
    expect(log.join()).toContain("No link");
  },
);

test("without TLS no other machine is talked to", async () => {
  const { log } = await linkTo("http://192.0.2.1:8443");
  await vi.waitFor(() => expect(log).toHaveLength(1), PATIENCE);
  expect(log[0]).toContain("--allow-plaintext");
});

test("a console that does not read: journal frames wait and all arrive, telemetry gives way to newer telemetry", async () => {
  const console = await consoleWith();
  const { link, journal } = await linkTo(console.address);
  await vi.waitFor(() => expect(link.isLinked()).toBe(true), PATIENCE);
  console.sockets[0]?.pause();
  const value = {
    bonds: [],
    unread: Array.from({ length: 1_000 }, () => ({ what: "w".repeat(100), code: "COLLECT_READ" as const, message: "m" })),
  };
  for (let atMs = 1; atMs <= 40; atMs++) {
    journal.append({ type: "fact", atMs, source: "bonding", readings: { bonding: { status: "ok", takenAtMs: atMs, value } } }, null);
  }
  await journal.settled();
  for (let atMs = 1; atMs <= 1_000; atMs++) link.telemetry(absent(atMs));
  console.sockets[0]?.resume();
  await vi.waitFor(() => expect(console.journalled()).toHaveLength(40), PATIENCE);
  await vi.waitFor(() => expect(console.of("telemetry").at(-1)).toMatchObject({ readings: { aoe: { takenAtMs: 1_000 } } }), PATIENCE);
  expect(console.of("telemetry").length).toBeLessThan(1_000);
});

test("stopping says goodbye and stays away", async () => {
  const console = await consoleWith();
  const { link } = await linkTo(console.address);
  await vi.waitFor(() => expect(link.isLinked()).toBe(true), PATIENCE);
  const closed = new Promise((resolve) => console.sockets[0]?.once("close", resolve));
  await link.stop();
  expect(await closed).toBe(1001);
  expect(link.isLinked()).toBe(false);
});

test("an answer to a preparation waits until what was read for it is on the disk and sent, and a pulse told when", async () => {
  const console = await consoleWith();
  const times: ReadTimes = {};
  let journal: Journal | null = null;
  const prepare: Stepper["prepare"] = async () => {
    if (journal) append(journal, 11, 12);
    times.aoe = { takenElapsedMs: 12, everyMs: 2_000 };
    return { ok: true, ready: null };
  };
  const linked = await linkTo(console.address, { stepper: { ...READS_ONLY, prepare }, readTimes: () => ({ ...times }) });
  journal = linked.journal;
  await vi.waitFor(() => expect(linked.link.isLinked()).toBe(true), PATIENCE);
  const answer = await console.ask({ type: "prepare", sources: ["aoe"], steps: null });
  expect(answer).toMatchObject({ type: "prepared", result: { ok: true, ready: null } });
  const frames = console.heard.map(({ frame }) => frame);
  const answerAt = frames.findIndex(({ type }) => type === "prepared");
  expect(frames.slice(0, answerAt).filter(({ type }) => type === "fact")).toHaveLength(2);
  const pulse = frames[answerAt - 1];
  expect(pulse?.type === "pulse" ? Object.keys(pulse.read) : pulse).toContain("aoe");
});

test("a question before the welcome ends the link: nobody has proven who asks", async () => {
  const console = await consoleWith({
    challenge: () => ({ type: "challenge", nonce: "AAAA", signature: "AAAA" }),
  });
  let asked = 0;
  const stepper: Stepper = {
    ...READS_ONLY,
    preview: async () => {
      asked += 1;
      return NOT_ALLOWED;
    },
  };
  const { log } = await linkTo(console.address, { stepper });
  await vi.waitFor(() => expect(console.of("hello").length).toBeGreaterThan(0), PATIENCE);
  void console.ask({ type: "preview", steps: [{ kind: "aoeDiscover" }] });
  await vi.waitFor(() => expect(log.length).toBeGreaterThan(0), PATIENCE);
  expect(asked).toBe(0);
  expect(console.of("previewed")).toEqual([]);
});

test("a policy that changes is told to the console over the same link, once each time", async () => {
  const console = await consoleWith();
  let kinds: readonly StepKind[] = ["standby"];
  const { link } = await linkTo(console.address, { stepper: { ...READS_ONLY, kinds: async () => kinds } });
  await vi.waitFor(() => expect(link.isLinked()).toBe(true), PATIENCE);
  expect(console.of("hello")[0]?.steps).toEqual(["standby"]);
  kinds = ["standby", "prefer"];
  await vi.waitFor(() => expect(console.of("policy")).toHaveLength(1), PATIENCE);
  kinds = [];
  await vi.waitFor(() => expect(console.of("policy")).toHaveLength(2), PATIENCE);
  expect(console.of("policy").map(({ steps }) => steps)).toEqual([["standby", "prefer"], []]);
  expect(console.sockets).toHaveLength(1);
});
