// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { manualClock } from "../manual-clock";
import { createLanes } from "./lanes";

const never = () => new Promise<string>(() => undefined);

/** An act that ends when it is told to. */
function held() {
  let end: (value: string) => void = () => undefined;
  const promise = new Promise<string>((resolve) => {
    end = resolve;
  });
  return { act: () => promise, end: (value: string) => end(value) };
}

test("a read that does not return is given up at its limit", async () => {
  const clock = manualClock();
  const read = createLanes(clock, 3).run("/proc/drbd", 2_000, never);
  const outcome = expect(read).rejects.toMatchObject({ code: "HOST_TIMEOUT" });
  await clock.advance(2_000);
  await outcome;
});

test("a hanging corner fails at once until it returns, and other corners go on", async () => {
  const clock = manualClock();
  const lanes = createLanes(clock, 3);
  const first = held();
  const hanging = expect(lanes.run("/sys/class/net/p1/speed", 100, first.act)).rejects.toMatchObject({ code: "HOST_TIMEOUT" });
  await clock.advance(100);
  await hanging;
  await expect(lanes.run("/sys/class/net/p2/speed", 100, async () => "1000")).rejects.toThrow("still not returned");
  await expect(lanes.run("/proc/drbd", 100, async () => "text")).resolves.toBe("text");

  first.end("late");
  await clock.advance(0);
  await expect(lanes.run("/sys/class/net/p2/speed", 100, async () => "1000")).resolves.toBe("1000");
});

test("acts of one corner never overlap", async () => {
  const lanes = createLanes(manualClock(), 3);
  let now = 0;
  let most = 0;
  const act = async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now--;
  };
  await Promise.all(Array.from({ length: 20 }, (_, index) => lanes.run(`/proc/net/bonding/b${index}`, 1_000, act)));
  expect(most).toBe(1);
});

test("waiting counts: a read behind a hanging one ends at its own limit and is never begun", async () => {
  const clock = manualClock();
  const lanes = createLanes(clock, 3);
  const first = held();
  let begun = false;
  const one = expect(lanes.run("/proc/drbd", 500, first.act)).rejects.toThrow("0.5 s");
  const two = expect(
    lanes.run("/proc/drbd", 200, async () => {
      begun = true;
    }),
  ).rejects.toThrow("0.2 s");
  await clock.advance(500);
  await Promise.all([one, two]);
  first.end("late");
  await clock.advance(0);
  expect(begun).toBe(false);
});

test("one thread stays free: with as many corners hanging as allowed, nothing more is begun", async () => {
  const clock = manualClock();
  const lanes = createLanes(clock, 2);
  const hanging = ["/proc/drbd", "/proc/mdstat"].map((path) =>
    expect(lanes.run(path, 100, never)).rejects.toMatchObject({ code: "HOST_TIMEOUT" }),
  );
  await clock.advance(100);
  await Promise.all(hanging);
  await expect(lanes.run("/proc/uptime", 100, async () => "1")).rejects.toThrow("2 other reads");
});

test("a failing act fails its own read only", async () => {
  const lanes = createLanes(manualClock(), 3);
  const failing = lanes.run("/proc/drbd", 100, async () => {
    throw new Error("no");
  });
  const next = lanes.run("/proc/drbd", 100, async () => "text");
  await expect(failing).rejects.toThrow("no");
  await expect(next).resolves.toBe("text");
});

test("the same file of all processes is one corner: many stuck processes hold one place, and other corners go on", async () => {
  const clock = manualClock();
  const lanes = createLanes(clock, 2);
  let begun = 0;
  const stuck = [1, 22, 333].map((pid) =>
    expect(
      lanes.run(`/proc/${pid}/cmdline`, 100, () => {
        begun++;
        return never();
      }),
    ).rejects.toMatchObject({ code: "HOST_TIMEOUT" }),
  );
  await clock.advance(100);
  await Promise.all(stuck);
  expect(begun).toBe(1);
  await expect(lanes.run("/proc/22/comm", 100, async () => "vblade\n")).resolves.toBe("vblade\n");
});

test("no more corners act at once than may hang; the next begins when one has ended", async () => {
  const clock = manualClock();
  const lanes = createLanes(clock, 2);
  const acts = [held(), held(), held()];
  const begun: string[] = [];
  const reads = acts.map(({ act }, index) =>
    lanes.run(`/proc/file${index}`, 1_000, () => {
      begun.push(`file${index}`);
      return act();
    }),
  );
  await clock.advance(0);
  expect(begun).toEqual(["file0", "file1"]);
  acts[1]?.end("one");
  await clock.advance(0);
  expect(begun).toEqual(["file0", "file1", "file2"]);
  for (const { end } of acts) end("text");
  await expect(Promise.all(reads)).resolves.toEqual(["text", "one", "text"]);
});

test("a read whose limit passes while it waits for a place is never begun, and gives the place on", async () => {
  const clock = manualClock();
  const lanes = createLanes(clock, 1);
  const first = held();
  const slow = lanes.run("/proc/drbd", 1_000, first.act);
  let begun = false;
  const late = expect(
    lanes.run("/proc/mdstat", 100, async () => {
      begun = true;
    }),
  ).rejects.toMatchObject({ code: "HOST_TIMEOUT" });
  await clock.advance(100);
  await late;
  first.end("text");
  await expect(slow).resolves.toBe("text");
  await expect(lanes.run("/proc/uptime", 100, async () => "1")).resolves.toBe("1");
  expect(begun).toBe(false);
});
