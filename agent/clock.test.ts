// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { systemClock } from "./clock";

const after = (ms: number) => new Promise<number>((resolve) => systemClock.after(ms, () => resolve(systemClock.elapsed())));

test("waits that end within the same hundredth of a second end in one go, none early by more than a timer's grain", async () => {
  const fromMs = systemClock.elapsed();
  const gridMs = Math.ceil((fromMs + 150) / 10) * 10;
  const order: string[] = [];
  const ends = [gridMs - 8, gridMs - 4, gridMs].map((endMs) => after(endMs - systemClock.elapsed()));
  void ends[0]?.then(() => order.push("first"));
  void ends[2]?.then(() => order.push("last"));
  const [first = 0, second = 0, last = 0] = await Promise.all(ends);
  expect(Math.min(first, second, last)).toBeGreaterThanOrEqual(gridMs - 2);
  expect(order).toEqual(["first", "last"]);
});

test("a cancelled wait acts no more, and takes no other with it", async () => {
  const acted: string[] = [];
  const same = () => acted.push("same");
  const cancel = systemClock.after(120, same);
  systemClock.after(120, same);
  cancel();
  cancel();
  await after(130);
  expect(acted).toEqual(["same"]);
});

test("one that is cancelled by another of the same moment does not act", async () => {
  const acted: string[] = [];
  const gridMs = Math.ceil((systemClock.elapsed() + 150) / 10) * 10;
  let cancelSecond: () => void = () => undefined;
  systemClock.after(gridMs - systemClock.elapsed(), () => {
    acted.push("first");
    cancelSecond();
  });
  cancelSecond = systemClock.after(gridMs - systemClock.elapsed(), () => acted.push("second"));
  await after(200);
  expect(acted).toEqual(["first"]);
});
