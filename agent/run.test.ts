// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { Catalog } from "./collectors/catalog";
import { type Collector, defineCollector, ParseError } from "./collectors/define";
import { HostError } from "./host/host";
import { memoryHost } from "./host/memory-host";
import { manualClock } from "./manual-clock";
import type { Bonding } from "./protocol/model/bonding";
import type { KernelLine } from "./protocol/model/kernel-log";
import type { Reading, SourceName } from "./protocol/sources";
import { type WatchDeps, watch } from "./run";

const EMPTY: Bonding = { bonds: [], unread: [] };
const failing = (code: string): Bonding => ({ bonds: [], unread: [{ what: code, code: "COLLECT_READ", message: "no" }] });

function bonding(part: Partial<Collector<"bonding">>): Collector<"bonding"> {
  return defineCollector({ name: "bonding", reads: "bonds", everyMs: 2_000, timeoutMs: 5_000, read: async () => EMPTY, ...part });
}

function start(catalog: Catalog, lastTold: WatchDeps["lastTold"] = () => null) {
  const clock = manualClock();
  const told: { source: SourceName; reading: Reading; change: string; atMs: number }[] = [];
  const lines: KernelLine[] = [];
  const watching = watch({
    catalog,
    host: memoryHost(),
    clock,
    lastTold,
    onReading: (source, reading, change) => told.push({ source, reading, change, atMs: clock.elapsed() }),
    onLine: (line) => lines.push(line),
  });
  return { clock, told, lines, watching };
}

/** A bell to be rung by hand. */
function belled(part: Partial<Collector<"bonding">> = {}) {
  let ring: () => void = () => undefined;
  const collector = bonding({
    ...part,
    doorbells: () => ({
      ring: (bell) => {
        ring = bell;
      },
    }),
  });
  return { collector, ring: () => ring() };
}

test("every source is read at once, then at its own pace", async () => {
  const { clock, told } = start({
    bonding: bonding({}),
    aoe: defineCollector({ name: "aoe", reads: "aoe", everyMs: 5_000, timeoutMs: 1_000, read: async () => null }),
  });
  await clock.advance(10_000);
  expect(told.filter(({ source }) => source === "bonding").map(({ atMs }) => atMs)).toEqual([0, 2_000, 4_000, 6_000, 8_000, 10_000]);
  expect(told.filter(({ source }) => source === "aoe").map(({ atMs }) => atMs)).toEqual([0, 5_000, 10_000]);
});

test("the value may ask for another pace, and the pace in force is told", async () => {
  const { clock, told, watching } = start({ bonding: bonding({ paceMs: () => 500 }) });
  await clock.advance(1_000);
  expect(told.map(({ atMs }) => atMs)).toEqual([0, 500, 1_000]);
  expect(watching.readTimes()).toEqual({ bonding: { takenElapsedMs: clock.elapsed(), everyMs: 500 } });
});

test("a value that lacks something is read once more soon; that is no pace, and is not told as one", async () => {
  let reads = 0;
  const { clock, told, watching } = start({ bonding: bonding({ againMs: () => (reads++ === 0 ? 100 : null) }) });
  await clock.advance(2_000);
  expect(told.map(({ atMs }) => atMs)).toEqual([0, 100, 2_000]);
  expect(watching.readTimes()).toEqual({ bonding: { takenElapsedMs: 2_000, everyMs: 2_000 } });
});

test("what is not on this node is looked for at the pace of what is absent, and that pace is told", async () => {
  let isHere = false;
  const { clock, told, watching } = start({
    bonding: bonding({ absentEveryMs: 15_000, read: async () => (isHere ? EMPTY : null) }),
  });
  await clock.advance(15_000);
  expect(told.map(({ atMs }) => atMs)).toEqual([0, 15_000]);
  expect(watching.readTimes()).toEqual({ bonding: { takenElapsedMs: 15_000, everyMs: 15_000 } });
  isHere = true;
  await clock.advance(17_000);
  expect(told.map(({ atMs }) => atMs)).toEqual([0, 15_000, 30_000, 32_000]);
});

test("what could not be read is tried again soon, however seldom it is read", async () => {
  let fails = true;
  const { clock, told } = start({
    bonding: bonding({
      everyMs: 60_000,
      read: async () => {
        if (fails) throw new HostError("HOST_TIMEOUT", "busy");
        return EMPTY;
      },
    }),
  });
  await clock.advance(10_000);
  fails = false;
  await clock.advance(80_000);
  expect(told.map(({ atMs }) => atMs)).toEqual([0, 10_000, 20_000, 80_000]);
});

test("a slow read does not drift: the next one begins a pace after its beginning", async () => {
  const clockHolder: { after?: (ms: number) => Promise<void> } = {};
  const { clock, told } = start({
    bonding: bonding({
      read: async () => {
        await clockHolder.after?.(700);
        return EMPTY;
      },
    }),
  });
  clockHolder.after = (ms) => new Promise((resolve) => clock.after(ms, resolve));
  await clock.advance(5_000);
  expect(told.map(({ atMs }) => atMs)).toEqual([0, 2_700, 4_700]);
});

test("the first ring reads at once, the following ones at most one read per 100 ms", async () => {
  const { collector, ring } = belled();
  const { clock, told } = start({ bonding: collector });
  await clock.advance(1_000);
  ring();
  await clock.advance(10);
  expect(told.map(({ atMs }) => atMs)).toEqual([0, 1_000]);
  for (let count = 0; count < 1_000; count++) ring();
  await clock.advance(50);
  ring();
  await clock.advance(500);
  expect(told.map(({ atMs }) => atMs)).toEqual([0, 1_000, 1_100]);
});

test("a kernel line in the words that a source waits for reads it at once; another line does not", async () => {
  let print: (text: string) => void = () => undefined;
  const kernelLog = defineCollector<"kernelLog">({
    name: "kernelLog",
    reads: "kmsg",
    everyMs: 60_000,
    timeoutMs: 5_000,
    read: async () => ({ lines: [] }),
    stream: (_host, emit) => {
      print = (text) => emit({ kmsgSeq: 1, priority: 6, atMs: 0, topic: "bond", text });
    },
  });
  const { clock, told, lines } = start({ bonding: bonding({ everyMs: 10_000, kernelBell: /^idmz1: / }), kernelLog });
  const reads = () => told.filter(({ source }) => source === "bonding").map(({ atMs }) => atMs);
  await clock.advance(1_000);
  print("idmz2: link status definitely down");
  await clock.advance(10);
  expect(reads()).toEqual([0]);
  print("idmz1: link status definitely down");
  await clock.advance(10);
  expect(reads()).toEqual([0, 1_010]);
  expect(lines).toHaveLength(2);
});

test("a ring just after a read at the source's own pace reads at once", async () => {
  const { collector, ring } = belled();
  const { clock, told } = start({ bonding: collector });
  await clock.advance(2_020);
  ring();
  await clock.advance(10);
  expect(told.map(({ atMs }) => atMs)).toEqual([0, 2_000, 2_020]);
  ring();
  await clock.advance(200);
  expect(told.map(({ atMs }) => atMs)).toEqual([0, 2_000, 2_020, 2_120]);
});

test("a ring during a read causes one more read after it", async () => {
  let end: () => void = () => undefined;
  const { collector, ring } = belled({
    read: () =>
      new Promise((resolve) => {
        end = () => resolve(EMPTY);
      }),
  });
  const { clock, told } = start({ bonding: collector });
  await clock.advance(300);
  ring();
  ring();
  end();
  await clock.advance(0);
  end();
  await clock.advance(0);
  expect(told.map(({ atMs }) => atMs)).toEqual([300, 300]);
});

test("a change is told apart: steady, telemetry, same", async () => {
  const values = [failing("a"), failing("a"), failing("b"), { ...failing("b"), bonds: [] }];
  const { clock, told } = start({
    bonding: bonding({ read: async () => values.shift() ?? null, steady: () => "nothing of it is steady" }),
  });
  await clock.advance(8_000);
  expect(told.map(({ change }) => change)).toEqual(["steady", "same", "telemetry", "same", "steady"]);
  const plain = start({ bonding: bonding({ read: async () => (plain.told.length === 0 ? failing("a") : failing("b")) }) });
  await plain.clock.advance(2_000);
  expect(plain.told.map(({ change }) => change)).toEqual(["steady", "steady"]);
});

test("becoming failed, staying failed, failing otherwise, and coming back", async () => {
  const outcomes: (() => Bonding | null)[] = [
    () => EMPTY,
    () => {
      throw new ParseError("process 17");
    },
    () => {
      throw new ParseError("process 18");
    },
    () => {
      throw new Error("other");
    },
    () => null,
    () => null,
    () => EMPTY,
  ];
  const { clock, told } = start({ bonding: bonding({ read: async () => outcomes.shift()?.() ?? null }) });
  await clock.advance(12_000);
  expect(told.map(({ reading, change }) => `${reading.status} ${change}`)).toEqual([
    "ok steady",
    "failed steady",
    "failed telemetry",
    "failed steady",
    "absent steady",
    "absent same",
    "ok steady",
  ]);
});

test("the first reading is compared with what an earlier run told last", async () => {
  const earlier: Reading<"bonding"> = { status: "ok", takenAtMs: 1, value: EMPTY };
  const { clock, told } = start({ bonding: bonding({}) }, (source) => JSON.parse(JSON.stringify(source === "bonding" ? earlier : null)));
  await clock.advance(0);
  expect(told.map(({ change }) => change)).toEqual(["same"]);
});

test("a failed reading keeps the last good value for the collector", async () => {
  const given: (Bonding | null)[] = [];
  const { clock } = start({
    bonding: bonding({
      read: async (_host, previous) => {
        given.push(previous);
        if (given.length === 2) throw new Error("no");
        return EMPTY;
      },
    }),
  });
  await clock.advance(6_000);
  expect(given).toEqual([null, EMPTY, EMPTY, EMPTY]);
});

test("a hanging source delays no other and is not started a second time before it has returned", async () => {
  let starts = 0;
  let end: () => void = () => undefined;
  const { clock, told } = start({
    aoe: defineCollector({ name: "aoe", reads: "aoe", everyMs: 2_000, timeoutMs: 1_000, read: async () => null }),
    bonding: bonding({
      read: () => {
        starts++;
        return new Promise((resolve) => {
          end = () => resolve(EMPTY);
        });
      },
    }),
  });
  await clock.advance(20_000);
  expect(starts).toBe(1);
  expect(told.filter(({ source }) => source === "aoe").map(({ atMs }) => atMs)).toHaveLength(11);
  const bonds = told.filter(({ source }) => source === "bonding");
  expect(bonds.length).toBeGreaterThan(5);
  expect(new Set(bonds.map(({ reading }) => (reading.status === "failed" ? reading.error.code : reading.status)))).toEqual(
    new Set(["COLLECT_TIMEOUT"]),
  );
  expect(bonds.map(({ change }) => change).slice(1)).not.toContain("steady");

  end();
  await clock.advance(2_000);
  end();
  await clock.advance(2_000);
  expect(told.findLast(({ source }) => source === "bonding")).toMatchObject({ change: "steady", reading: { status: "ok" } });
  expect(starts).toBeGreaterThan(1);
});

test("after a stop nothing is read, told or rung", async () => {
  const { collector, ring } = belled();
  const { clock, told, watching } = start({ bonding: collector });
  await clock.advance(0);
  watching.stop();
  ring();
  await clock.advance(60_000);
  expect(told).toHaveLength(1);
  expect(clock.waiting()).toBe(0);
});

test("what a stream has lost is told at once", () => {
  const lost: number[] = [];
  const kernelLog = defineCollector({
    name: "kernelLog",
    reads: "/dev/kmsg",
    everyMs: 5_000,
    timeoutMs: 1_000,
    read: async () => ({ lines: [] }),
    stream: (_host, _emit, _signal, tell) => tell?.({ fromMs: 1, toMs: 2, count: 3 }),
  });
  const watching = watch({
    catalog: { kernelLog },
    host: memoryHost(),
    clock: manualClock(),
    lastTold: () => null,
    onReading: () => undefined,
    onLine: () => undefined,
    onLost: ({ count }) => lost.push(count),
  });
  watching.stop();
  expect(lost).toEqual([3]);
});

test("a line of the stream comes at once", async () => {
  const line: KernelLine = { kmsgSeq: 1, atMs: 5, priority: 3, topic: "drbd", text: "drbd r0: Split-Brain detected" };
  const { lines } = start({
    kernelLog: defineCollector({
      name: "kernelLog",
      reads: "/dev/kmsg",
      everyMs: 5_000,
      timeoutMs: 1_000,
      read: async () => ({ lines: [] }),
      stream: (_host, emit) => emit(line),
    }),
  });
  expect(lines).toEqual([line]);
});

/** A source whose reads end when the test says so. */
function held() {
  const ends: ((value: Bonding) => void)[] = [];
  const collector = bonding({ everyMs: 60_000, timeoutMs: 60_000, read: () => new Promise((resolve) => ends.push(resolve)) });
  return { collector, started: () => ends.length, end: (nth: number) => ends[nth]?.(failing(`read ${nth}`)) };
}

test("asked to read again, an idle source is read at once, and the answer comes when that reading was told", async () => {
  const { collector, started, end } = held();
  const { clock, told, watching } = start({ bonding: collector });
  end(0);
  await clock.advance(1_000);
  let isDone = false;
  const again = watching.reread(["bonding", "zfs"]).then(() => {
    isDone = true;
  });
  await clock.advance(0);
  expect([started(), isDone]).toEqual([2, false]);
  end(1);
  await again;
  expect(told.map(({ atMs }) => atMs)).toEqual([0, 1_000]);
  expect(watching.readTimes().bonding?.takenElapsedMs).toBe(1_000);
});

test("a read that is under way is not the one that was asked for: another follows at once", async () => {
  const { collector, started, end } = held();
  const { clock, told, watching } = start({ bonding: collector });
  let done = 0;
  const both = [watching.reread(["bonding"]), watching.reread(["bonding"])].map((one) => one.then(() => done++));
  end(0);
  await clock.advance(0);
  expect([started(), done, told.length]).toEqual([2, 0, 1]);
  end(1);
  await Promise.all(both);
  expect([started(), told.length]).toEqual([2, 2]);
});

test("after a read that was asked for, the source keeps its pace", async () => {
  const { clock, told, watching } = start({ bonding: bonding({}) });
  await clock.advance(1_000);
  await watching.reread(["bonding"]);
  await clock.advance(4_000);
  expect(told.map(({ atMs }) => atMs)).toEqual([0, 1_000, 3_000, 5_000]);
});

test("a source that fails keeps nobody waiting, and neither does a stop, which is no reading", async () => {
  const { clock, told, watching } = start({
    bonding: bonding({
      read: async () => {
        throw new ParseError("no");
      },
    }),
  });
  await clock.advance(0);
  await watching.reread(["bonding"]);
  expect(told.map(({ reading }) => reading.status)).toEqual(["failed", "failed"]);
  const { collector } = held();
  const hanging = start({ bonding: collector });
  const again = hanging.watching.reread(["bonding"]);
  hanging.watching.stop();
  await expect(again).rejects.toThrow("this agent is stopping");
  await expect(hanging.watching.reread(["bonding"])).rejects.toThrow("this agent is stopping");
});
