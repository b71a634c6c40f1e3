// SPDX-License-Identifier: Apache-2.0
import { expect, onTestFinished, test, vi } from "vitest";
import type { AgentFrame } from "./protocol/messages";
import type { ReadTimes } from "./run";
import { absent, append, clock, linkDesk, PATIENCE } from "./test-link";

const { consoleWith, linkTo } = linkDesk(onTestFinished);

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
