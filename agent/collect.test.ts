// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { collectOne } from "./collect";
import { type Collector, defineCollector, ParseError } from "./collectors/define";
import { HostError } from "./host/host";
import { memoryHost } from "./host/memory-host";
import { manualClock } from "./manual-clock";
import { ReadingError } from "./protocol/errors";
import type { Bonding } from "./protocol/model/bonding";

const EMPTY: Bonding = { bonds: [], unread: [] };

function bonding(read: Collector<"bonding">["read"]): Collector<"bonding"> {
  return defineCollector({ name: "bonding", reads: "/proc/net/bonding/*", everyMs: 2_000, timeoutMs: 5_000, read });
}

function collect(read: Collector<"bonding">["read"]) {
  return collectOne(bonding(read), memoryHost(), null, manualClock(1_000));
}

/** What was thrown comes out as this. */
async function failure(thrown: unknown) {
  const reading = await collect(async () => {
    throw thrown;
  });
  if (reading.status !== "failed") throw new Error(`the reading is ${reading.status}`);
  return reading.error;
}

test("there, not there, unreadable: three outcomes, each with its time", async () => {
  expect(await collect(async () => EMPTY)).toEqual({ status: "ok", takenAtMs: 1_000, value: EMPTY });
  expect(await collect(async () => null)).toEqual({ status: "absent", takenAtMs: 1_000 });
  expect(await failure(new HostError("HOST_READ", "EIO"))).toMatchObject({ code: "COLLECT_READ" });
});

test.each([
  [new HostError("HOST_FORBIDDEN", "no"), "COLLECT_FORBIDDEN"],
  [new HostError("HOST_TIMEOUT", "no"), "COLLECT_TIMEOUT"],
  [new HostError("HOST_TOO_LARGE", "no"), "COLLECT_TOO_LARGE"],
  [new HostError("HOST_UNFINISHED", "no"), "COLLECT_PARSE"],
  [new HostError("HOST_READ", "no"), "COLLECT_READ"],
  [new ParseError("no"), "COLLECT_PARSE"],
  [new TypeError("a bug of ours"), "COLLECT_READ"],
  ["not even an error", "COLLECT_READ"],
])("%s becomes %s", async (thrown, code) => {
  expect((await failure(thrown)).code).toBe(code);
});

test("the message says what, why and what next", async () => {
  const { message } = await failure(new HostError("HOST_FORBIDDEN", "/proc/net/bonding/b0: this user is not permitted (EACCES)"));
  expect(message).toBe(
    "Could not read /proc/net/bonding/*: /proc/net/bonding/b0: this user is not permitted (EACCES). Run the agent as root, or give its service the capability that is missing.",
  );
});

test("a hostile message is one line of bounded plain words", async () => {
  const error = await failure(new ParseError(`a\u001b[2J\u0007\r\nb\u202ec${"x".repeat(1_000_000)}`));
  expect(error.message.length).toBeLessThanOrEqual(500);
  expect(error.message).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(ReadingError.safeParse(error).success).toBe(true);
});

test("a value that does not fit the model is a failure to read, and is named", async () => {
  const broken = { ...EMPTY, bonds: [{ name: "b0" }] };
  const reading = await collect(async () => JSON.parse(JSON.stringify(broken)));
  expect(reading).toMatchObject({ status: "failed", error: { code: "COLLECT_PARSE" } });
  expect(JSON.stringify(reading)).toContain("bonds.0.mode");
});

test("a collector that does not return is given up at its limit, and timed from its start", async () => {
  const clock = manualClock(1_000);
  const reading = collectOne(
    bonding(() => new Promise(() => undefined)),
    memoryHost(),
    null,
    clock,
  );
  await clock.advance(5_000);
  expect(await reading).toMatchObject({ status: "failed", takenAtMs: 1_000, error: { code: "COLLECT_TIMEOUT" } });
});

test("a collector that returns in time leaves no timer behind", async () => {
  const clock = manualClock();
  await collectOne(
    bonding(async () => EMPTY),
    memoryHost(),
    null,
    clock,
  );
  expect(clock.waiting()).toBe(0);
});
