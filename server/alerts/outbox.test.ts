// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { type Answer, attempted, dueOf, failingOf, GIVE_UP_MS, type Message } from "./outbox";
import { DOWN, message, REFUSED, T0, TAKEN } from "./test-factories";

function triesOf(answer: Answer, until: (message: Message) => boolean): Message[] {
  const all: Message[] = [];
  for (let at = message(1); all.length < 1_000 && !until(at); all.push(at)) at = attempted(at, answer, at.nextAtMs);
  return all;
}

describe("a message", () => {
  it("that was taken is sent, with the attempt that did it", () => {
    expect(attempted(message(1), TAKEN, T0 + 5)).toMatchObject({ state: "sent", endedAtMs: T0 + 5, tried: 1, attempts: [{ isOk: true }] });
  });

  it("is tried again after longer and longer pauses, and under the same id", () => {
    const tries = triesOf(DOWN, ({ tried }) => tried === 8);
    const pauses = tries.map(({ nextAtMs }, at) => (nextAtMs - (tries[at - 1]?.nextAtMs ?? T0)) / 1_000);
    expect(pauses).toEqual([10, 30, 60, 120, 300, 600, 900, 900]);
    expect(new Set(tries.map(({ id }) => id)).size).toBe(1);
  });

  it("to a receiver that cannot be had is given up after a day; the newest twenty attempts are kept", () => {
    const last = triesOf(DOWN, ({ state }) => state !== "waiting").at(-1);
    expect(last).toMatchObject({ state: "givenUp" });
    expect((last?.endedAtMs ?? 0) - T0).toBeGreaterThanOrEqual(GIVE_UP_MS);
    expect(last?.tried).toBeGreaterThan(90);
    expect(last?.attempts).toHaveLength(20);
  });

  it("that the receiver refuses for what it is does not hold up the others: given up at the third no", () => {
    expect(triesOf(REFUSED, ({ state }) => state !== "waiting")).toHaveLength(3);
  });
});

describe("the order", () => {
  it("is kept for each receiver, and one that waits for its next try holds only its own", () => {
    const all = [message(2), message(1, { nextAtMs: T0 + 10_000, tried: 1 }), message(3, { receiver: "mail" })];
    expect(dueOf(all, new Set(), T0).map(({ seq }) => seq)).toEqual([3]);
    expect(dueOf(all, new Set(), T0 + 10_000).map(({ seq }) => seq)).toEqual([1, 3]);
    expect(dueOf(all, new Set(["noc"]), T0 + 10_000).map(({ seq }) => seq)).toEqual([3]);
  });
});

describe("a receiver fails", () => {
  const never = new Map<string, number | null>();

  it("from the second vain attempt on, with its own words", () => {
    expect(failingOf([message(1, { tried: 1 })], never)).toEqual([]);
    const failing = failingOf([attempted(attempted(message(1), DOWN, T0), DOWN, T0 + 10_000), message(2)], never);
    expect(failing).toEqual([{ receiver: "noc", clusters: ["test"], sinceMs: T0, waiting: 2, givenUp: 0, says: DOWN.says }]);
  });

  it("and goes on failing when it was given up, until it takes something again", () => {
    const lost = message(1, {
      state: "givenUp",
      endedAtMs: T0 + 10,
      tried: 9,
      attempts: [{ atMs: T0 + 10, isOk: false, says: "no", tookMs: 1 }],
    });
    expect(failingOf([lost], never)).toMatchObject([{ givenUp: 1, waiting: 0, says: "no" }]);
    expect(failingOf([lost], new Map([["noc", T0 + 11]]))).toEqual([]);
  });
});
