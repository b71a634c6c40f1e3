// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Journal, type JournalOptions, type NewFrame, openJournal } from "./journal";
import type { JournalDisk } from "./journal-disk";
import { readJournalText } from "./journal-records";
import { manualClock } from "./manual-clock";
import { AgentFrame, type JournalFrame } from "./protocol/messages";
import type { Reading } from "./protocol/sources";

/** A disk in memory: what was made durable stays, and it can be made to fail or hang. */
function memoryDisk(bytes: Buffer | null = null) {
  const state = { bytes, aside: [] as Buffer[], mode: "well" as "well" | "fails" | "hangs", writes: 0, replaced: 0 };
  async function write(act: () => void): Promise<void> {
    if (state.mode === "fails") throw new Error("ENOSPC");
    if (state.mode === "hangs") await new Promise(() => undefined);
    state.writes++;
    act();
  }
  const disk: JournalDisk = {
    load: async () => (state.bytes === null ? null : { bytes: state.bytes, writtenAtMs: 5_000 }),
    append: (text) => write(() => (state.bytes = Buffer.concat([state.bytes ?? Buffer.alloc(0), Buffer.from(text)]))),
    replace: (text) =>
      write(() => {
        state.replaced++;
        state.bytes = Buffer.from(text);
      }),
    async setAside() {
      if (state.bytes) state.aside.push(state.bytes);
      state.bytes = null;
      return `journal.damaged-${state.aside.length}`;
    },
    close: async () => undefined,
  };
  return { disk, state };
}

let ids = 0;
async function open(disk: JournalDisk, part: Partial<JournalOptions> = {}) {
  const log: string[] = [];
  const clock = manualClock();
  const journal = await openJournal({ disk, clock, log: (sentence) => log.push(sentence), newId: () => `journal-${++ids}`, ...part });
  return { journal, log, clock };
}

const ok = (takenAtMs: number, what = "x"): Reading<"bonding"> => ({
  status: "ok",
  takenAtMs,
  value: { bonds: [], unread: [{ what, code: "COLLECT_READ", message: "no" }] },
});
const fact = (atMs: number, what?: string): NewFrame => ({ type: "fact", atMs, source: "bonding", readings: { bonding: ok(atMs, what) } });
const line = (kmsgSeq: number): NewFrame => ({
  type: "line",
  atMs: kmsgSeq,
  line: { kmsgSeq, atMs: kmsgSeq, priority: 3, topic: "drbd", text: `line ${kmsgSeq}` },
});

/** What a link would send now, in order. */
function sendable(journal: Journal): JournalFrame[] {
  const frames: JournalFrame[] = [];
  for (let entry = journal.after(0); entry !== null; entry = journal.after(entry.position)) {
    const frame = AgentFrame.parse(JSON.parse(entry.text));
    if (!("seq" in frame)) throw new Error("not a journal frame");
    frames.push(frame);
  }
  return frames;
}
const seqs = (journal: Journal) => sendable(journal).map(({ seq }) => seq);

test("a frame may be sent only when the disk has it", async () => {
  const { disk, state } = memoryDisk();
  const { journal } = await open(disk);
  journal.append(fact(1), null);
  expect(journal.after(0)).toBeNull();
  expect(journal.isSettled()).toBe(false);
  await journal.settled();
  expect(seqs(journal)).toEqual([1]);
  expect(readJournalText(state.bytes ?? Buffer.alloc(0)).frames).toHaveLength(1);
});

test("frames of one moment go to the disk in one write", async () => {
  const { disk, state } = memoryDisk();
  const { journal } = await open(disk);
  const before = state.writes;
  for (let seq = 1; seq <= 100; seq++) journal.append(line(seq), "boot");
  await journal.settled();
  expect(state.writes - before).toBe(1);
  expect(seqs(journal)).toHaveLength(100);
});

test("what is not acknowledged is sent again by the next run, under its own numbers, which go on", async () => {
  const { disk } = memoryDisk();
  const first = await open(disk);
  for (let at = 1; at <= 3; at++) first.journal.append(fact(at), null);
  await first.journal.settled();
  const before = sendable(first.journal);

  const second = await open(disk);
  expect(sendable(second.journal)).toEqual(before);
  second.journal.append(fact(4), null);
  await second.journal.settled();
  expect(sendable(second.journal).at(-1)).toMatchObject({ seq: 4, journalId: before[0]?.journalId });
});

test("acknowledged frames are gone, in this run and in the next; another journal's acknowledgement drops nothing", async () => {
  const { disk } = memoryDisk();
  const { journal } = await open(disk);
  for (let at = 1; at <= 4; at++) journal.append(fact(at), null);
  await journal.settled();
  journal.acknowledge("another", 4);
  expect(seqs(journal)).toEqual([1, 2, 3, 4]);
  journal.acknowledge(sendable(journal)[0]?.journalId ?? "", 2);
  expect(seqs(journal)).toEqual([3, 4]);
  await journal.close();
  expect(seqs((await open(disk)).journal)).toEqual([3, 4]);
});

test("what was told last is known after an acknowledgement, a compaction and a kill", async () => {
  const { disk, state } = memoryDisk();
  const { journal } = await open(disk);
  const absent: Reading<"aoe"> = { status: "absent", takenAtMs: 9 };
  for (let at = 1; at <= 2_000; at++) {
    journal.append(fact(at, "x".repeat(150)), null);
    journal.append(line(at), "boot-1");
    if (at % 100 === 0) {
      await journal.settled();
      journal.acknowledge(sendable(journal)[0]?.journalId ?? "", at * 2);
    }
  }
  journal.append({ type: "fact", atMs: 9, source: "aoe", readings: { aoe: absent } }, null);
  await journal.settled();
  expect(state.replaced).toBeGreaterThan(1);
  expect(state.bytes?.length).toBeLessThan(600_000);

  const { journal: next } = await open(disk);
  expect(next.lastFact("bonding")).toEqual(ok(2_000, "x".repeat(150)));
  expect(next.lastFact("aoe")).toEqual(absent);
  expect(next.lastFact("drbd")).toBeNull();
  expect([next.hasLine("boot-1", 2_000), next.hasLine("boot-1", 2_001), next.hasLine("boot-2", 1)]).toEqual([true, false, false]);
});

test("a full journal drops its oldest frames for one gap that says what was lost, and its numbers have no hole", async () => {
  const { disk } = memoryDisk();
  const { journal, log } = await open(disk, { maxFrames: 100 });
  for (let at = 1; at <= 1_000; at++) journal.append(fact(at), null);
  await journal.settled();
  for (const one of [journal, (await open(disk, { maxFrames: 100 })).journal]) {
    const frames = sendable(one);
    const [gap] = frames;
    expect(frames.length).toBeLessThanOrEqual(100);
    expect(gap).toMatchObject({ type: "gap", fromMs: 1, count: gap?.seq, toMs: gap?.seq });
    expect(frames.map(({ seq }) => seq)).toEqual(frames.map((_, index) => (gap?.seq ?? 0) + index));
    expect(frames.at(-1)).toMatchObject({ type: "fact", seq: 1_000 });
  }
  expect(log.filter((sentence) => sentence.includes("full"))).toHaveLength(1);
});

test("bytes bound it too, and the newest frame always stays", async () => {
  const { disk } = memoryDisk();
  const { journal } = await open(disk, { maxBytes: 10_000 });
  for (let at = 1; at <= 50; at++) journal.append(fact(at, "x".repeat(180)), null);
  const parts = Array.from({ length: 100 }, (_, index) => ({
    what: "y".repeat(150) + index,
    code: "COLLECT_READ" as const,
    message: "no",
  }));
  const value = { bonds: [], unread: parts };
  journal.append({ type: "fact", atMs: 51, source: "bonding", readings: { bonding: { status: "ok", takenAtMs: 51, value } } }, null);
  await journal.settled();
  expect(sendable(journal).map(({ type, seq }) => [type, seq])).toEqual([
    ["gap", 50],
    ["fact", 51],
  ]);
});

test("a damaged file is kept aside; what can be read of it is sent, and a gap in a new journal says the rest", async () => {
  const { disk, state } = memoryDisk();
  const first = await open(disk);
  for (let at = 1; at <= 5; at++) first.journal.append(fact(at), null);
  await first.journal.settled();
  const oldId = sendable(first.journal)[0]?.journalId;
  const damaged = Buffer.from(state.bytes ?? "");
  const third = damaged.indexOf('"seq":3');
  damaged[third - 40] = (damaged[third - 40] ?? 0) ^ 1;
  state.bytes = damaged;

  const { journal, log } = await open(disk);
  expect(state.aside).toEqual([damaged]);
  expect(log[0]).toContain("journal.damaged-1");
  const frames = sendable(journal);
  expect(frames.map(({ type, seq }) => [type, seq])).toEqual([
    ["fact", 1],
    ["fact", 2],
    ["fact", 4],
    ["fact", 5],
    ["gap", 1],
  ]);
  expect(frames.at(-1)?.journalId).not.toBe(oldId);
  expect(frames.at(-1)).toMatchObject({ fromMs: 2, toMs: 5_000, count: 1 });
  expect(journal.lastFact("bonding")).toBeNull();
  expect(sendable((await open(disk)).journal)).toEqual(frames);
});

test("cut at every byte: no throw, nothing invented, nothing lost but the torn record", async () => {
  const { disk, state } = memoryDisk();
  const { journal } = await open(disk);
  for (let at = 1; at <= 3; at++) journal.append(fact(at), null);
  journal.append(line(7), "boot");
  await journal.settled();
  journal.acknowledge(sendable(journal)[0]?.journalId ?? "", 1);
  journal.append(fact(8), null);
  await journal.settled();
  const whole = state.bytes ?? Buffer.alloc(0);
  const all = readJournalText(whole).seen.map(({ frame }) => frame);
  const headerEnd = whole.indexOf("\n") + 1;

  for (let cut = 0; cut <= whole.length; cut++) {
    const cutDisk = memoryDisk(whole.subarray(0, cut));
    const { journal: next, log } = await open(cutDisk.disk);
    const finished = whole.subarray(0, cut).toString().split("\n").slice(1, -1);
    const durable = readJournalText(whole.subarray(0, cut)).frames.map(({ frame }) => frame);
    const frames = sendable(next);
    if (cut < headerEnd) {
      // Even the head is not whole: nothing is known but that something was lost.
      expect(frames.map(({ type }) => type)).toEqual(["gap"]);
      expect(cutDisk.state.aside).toHaveLength(1);
      continue;
    }
    expect(log).toEqual([]);
    expect(frames).toEqual(durable);
    expect(all).toEqual(expect.arrayContaining(frames));
    const kept = finished.filter((text) => text.includes('"kind":"frame"')).length;
    const acked = finished.some((text) => text.includes('"kind":"acked"')) ? 1 : 0;
    expect(frames).toHaveLength(kept - acked);
    // The numbers go on after the last durable one: the torn frame was never sent, so its number is free.
    next.append(fact(99), null);
    await next.settled();
    expect(sendable(next).at(-1)?.seq).toBe(kept + 1);
  }
});

test("any single changed byte: no throw, and every frame sent is one that was journalled, or a gap", async () => {
  const { disk, state } = memoryDisk();
  const { journal } = await open(disk);
  for (let at = 1; at <= 3; at++) journal.append(fact(at), null);
  await journal.settled();
  const whole = state.bytes ?? Buffer.alloc(0);
  const known = sendable(journal);
  for (let place = 0; place < whole.length; place++) {
    const bytes = Buffer.from(whole);
    bytes[place] = (bytes[place] ?? 0) ^ 0x15;
    const frames = sendable((await open(memoryDisk(bytes).disk)).journal);
    for (const frame of frames) if (frame.type !== "gap") expect(known).toContainEqual(frame);
    const isTornTail = place === whole.length - 1;
    expect(frames.some(({ type }) => type === "gap")).toBe(!isTornTail);
  }
});

test("whatever happens in whatever order, kills included: each sent frame arrives once, in order, or lies in a gap", async () => {
  const act = fc.oneof(
    fc.record({ do: fc.constant("append" as const), size: fc.nat(300) }),
    fc.record({ do: fc.constant("settle" as const) }),
    fc.record({ do: fc.constant("ack" as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({ do: fc.constant("kill" as const) }),
    fc.record({ do: fc.constant("stop" as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 20, maxLength: 80 }), async (acts) => {
      const { disk } = memoryDisk();
      const bounds = { maxFrames: 12, maxBytes: 6_000 };
      let { journal } = await open(disk, bounds);
      let at = 0;
      /** What the console committed: highest number, and which moments it knows or knows to be lost. */
      let committed = 0;
      let covered = 0;
      let durable = 0;
      const sendAll = () => {
        for (const frame of sendable(journal)) {
          if (frame.seq <= committed) continue;
          expect(frame.seq).toBeGreaterThan(committed);
          if (frame.type === "gap") expect(frame.seq - committed).toBeLessThanOrEqual(frame.count);
          else expect(frame.seq).toBe(committed + 1);
          committed = frame.seq;
          covered = Math.max(covered, frame.type === "gap" ? frame.toMs : frame.atMs);
        }
      };
      for (const one of acts) {
        if (one.do === "append") journal.append(fact(++at, "x".repeat(Math.min(200, one.size))), null);
        else if (one.do === "settle") await journal.settled();
        else if (one.do === "ack") {
          await journal.settled();
          sendAll();
          const first = sendable(journal)[0];
          if (first) journal.acknowledge(first.journalId, Math.floor(one.share * committed));
        } else {
          if (one.do === "stop") await journal.close();
          else await journal.settled();
          ({ journal } = await open(disk, bounds));
        }
        if (one.do !== "append") durable = at;
      }
      await journal.settled();
      durable = at;
      sendAll();
      expect(covered).toBe(durable);
    }),
    { numRuns: 150 },
  );
});

test("a disk that is full: frames still go out, under a journal no later run takes up, and it is said once", async () => {
  const { disk, state } = memoryDisk();
  const { journal, log, clock } = await open(disk);
  journal.append(fact(1), null);
  await journal.settled();
  const firstId = sendable(journal)[0]?.journalId;
  state.mode = "fails";
  journal.append(fact(2), null);
  journal.append(fact(3), null);
  await journal.settled();
  const frames = sendable(journal);
  expect(frames.map(({ seq, atMs }) => [seq, atMs])).toEqual([
    [1, 1],
    [1, 2],
    [2, 3],
  ]);
  expect(frames[1]?.journalId).not.toBe(firstId);
  expect(log).toHaveLength(1);

  // Killed now: the next run knows only the first frame, and no number of it ever meant another.
  const killed = await open(memoryDisk(state.bytes).disk);
  expect(sendable(killed.journal)).toEqual(frames.slice(0, 1));

  state.mode = "well";
  await clock.advance(5_000);
  journal.append(fact(4), null);
  await journal.settled();
  expect(log.at(-1)).toContain("again");
  expect(sendable((await open(disk)).journal).map(({ atMs }) => atMs)).toEqual([1, 2, 3, 4]);
});

test("a disk that hangs does not hold the facts back for longer than its limit", async () => {
  const { disk, state } = memoryDisk();
  const { journal, log, clock } = await open(disk);
  state.mode = "hangs";
  journal.append(fact(1), null);
  await clock.advance(4_999);
  expect(sendable(journal)).toEqual([]);
  await clock.advance(1);
  expect(sendable(journal)).toHaveLength(1);
  journal.append(fact(2), null);
  expect(sendable(journal)).toHaveLength(2);
  expect(log).toHaveLength(1);
});

test("a journal that cannot even be read costs durability, not the agent", async () => {
  const { disk } = memoryDisk();
  const { journal, log } = await open({ ...disk, load: () => Promise.reject(new Error("EIO")) });
  journal.append(fact(1), null);
  expect(sendable(journal)).toHaveLength(1);
  expect(log).toHaveLength(1);
});

test("after a torn tail and a disk that takes no new file, earlier frames keep the numbers they were sent under", async () => {
  const { disk, state } = memoryDisk();
  const first = await open(disk);
  first.journal.append(fact(1, "a"), null);
  first.journal.append(fact(2, "b"), null);
  await first.journal.settled();
  const sent = sendable(first.journal);
  state.bytes = Buffer.concat([state.bytes ?? Buffer.alloc(0), Buffer.from('{"torn')]);
  state.mode = "fails";
  const second = await open(disk);
  expect(sendable(second.journal)).toEqual(sent);
  second.journal.append(fact(3, "c"), null);
  await second.journal.settled();
  const [, , third] = sendable(second.journal);
  expect(third?.journalId).not.toBe(sent[0]?.journalId);
});

test("last facts larger than the slack do not make every acknowledgement write the whole file anew", async () => {
  const { disk, state } = memoryDisk();
  const { journal } = await open(disk);
  const large = (atMs: number): NewFrame => {
    const parts = Array.from({ length: 300 }, (_, at) => ({ what: `${at}`, code: "COLLECT_READ" as const, message: "x".repeat(2_000) }));
    const reading: Reading<"bonding"> = { status: "ok", takenAtMs: atMs, value: { bonds: [], unread: parts } };
    return { type: "fact", atMs, source: "bonding", readings: { bonding: reading } };
  };
  const tell = async (frame: NewFrame) => {
    journal.append(frame, "boot");
    await journal.settled();
    const last = sendable(journal).at(-1);
    journal.acknowledge(last?.journalId ?? "", last?.seq ?? 0);
    await journal.settled();
  };
  await tell(large(1));
  const replaced = state.replaced;
  for (let seq = 2; seq < 10; seq++) await tell(line(seq));
  expect(state.replaced).toBe(replaced);
});
