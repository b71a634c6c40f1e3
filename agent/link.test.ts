// SPDX-License-Identifier: Apache-2.0
import { expect, onTestFinished, test, vi } from "vitest";
import type { Journal } from "./journal";
import type { StepKind } from "./protocol/steps";
import { timing } from "./protocol/timing";
import type { ReadTimes } from "./run";
import type { Stepper } from "./stepper";
import { append, linkDesk, PATIENCE, READS_ONLY } from "./test-link";

const { consoleWith, linkTo } = linkDesk(onTestFinished);

test("the handshake proves both sides, and the console learns who it is", async () => {
  const console = await consoleWith();
  const { link, log } = await linkTo(console.address);
  await vi.waitFor(() => expect(link.isLinked()).toBe(true), PATIENCE);
  expect(console.of("hello")[0]).toMatchObject({ protocol: 1, agentId: "agent-1", node: "ruby", bootId: "boot-1" });
  expect(console.proofs).toEqual([true]);
  expect(log).toEqual([`Linked to ${console.address} as ruby.`]);
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
