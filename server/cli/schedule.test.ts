// SPDX-License-Identifier: Apache-2.0
import { expect, it, onTestFinished } from "vitest";
import type { VerifySchedule } from "@/agent/protocol/console/verify";
import { schedule } from "./schedule";
import { consoleThat } from "./test-answers";

const MADE: VerifySchedule = {
  id: "s1",
  cluster: "san-a",
  mirrors: [],
  cron: "0 2 * * SUN",
  zone: "Europe/Berlin",
  windowMinutes: 240,
  isStoppedAtEnd: true,
  accept: ["nodes-are-quiet"],
  isPaused: false,
  owner: "anna",
  createdAtMs: 0,
  next: { opensAtMs: Date.parse("2026-12-06T01:00Z"), closesAtMs: Date.parse("2026-12-06T05:00Z") },
  last: null,
};

const tell = () => undefined;

it("a schedule is added as it was said, and shown with its next opening", async () => {
  const { asked, address } = await consoleThat(onTestFinished, () => MADE);
  const chosen = { cluster: "san-a", cron: "0 2 * * SUN", zone: "Europe/Berlin", stop: true, accept: "nodes-are-quiet" };
  const { text, exitCode } = await schedule.run(address, ["add"], chosen, tell);
  const { id: _, owner, createdAtMs, next, last, ...wanted } = MADE;
  expect(asked).toMatchObject([{ method: "POST", url: "/api/v1/verify/schedules" }]);
  expect(JSON.parse(asked[0]?.body ?? "")).toEqual(wanted);
  expect([text, exitCode]).toEqual([
    's1  san-a: every mirror  "0 2 * * SUN" Europe/Berlin, 240 min, stopped at the end, for anna\n  next: 2026-12-06T01:00:00.000Z\n',
    0,
  ]);
});

it("what is missing is asked for before anything is sent", async () => {
  const { asked, address } = await consoleThat(onTestFinished, () => MADE);
  await expect(schedule.run(address, ["add", "store/0"], { cron: "0 2 * * SUN" }, tell)).rejects.toThrow("Say --cluster SLUG.");
  await expect(schedule.run(address, ["remove"], {}, tell)).rejects.toThrow("Say which, by its id.");
  await expect(schedule.run(address, ["drop"], {}, tell)).rejects.toThrow("schedule knows list, add and remove, not drop.");
  expect(asked).toEqual([]);
});

it("one is removed by its id", async () => {
  const { asked, address } = await consoleThat(onTestFinished, () => null);
  expect((await schedule.run(address, ["remove", "s1"], {}, tell)).text).toBe("Removed s1.\n");
  expect(asked).toMatchObject([{ method: "DELETE", url: "/api/v1/verify/schedules/s1" }]);
});
