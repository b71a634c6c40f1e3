// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { timesComeTo, timesSay } from "./describe";

const at = (text: string) => Date.parse(text);
const times = (cron: string, windowMinutes = 240, zone = "Europe/Berlin") => ({ cron, zone, windowMinutes });

describe("what a schedule comes to", () => {
  it.each([
    ["0 2 * * SUN", "Sundays 02:00 to 06:00, Europe/Berlin"],
    ["30 22 * * *", "Every day 22:30 to 02:30 the next day, Europe/Berlin"],
    ["0 2 * * 1,4", "Mondays and Thursdays 02:00 to 06:00, Europe/Berlin"],
    ["0 2 * * MON-FRI", "Mondays to Fridays 02:00 to 06:00, Europe/Berlin"],
    ["0 2 1 * *", "On day 1 of each month 02:00 to 06:00, Europe/Berlin"],
    ["0 2 * * SUN#1", "The first Sunday of each month 02:00 to 06:00, Europe/Berlin"],
    ["0 */6 * * *", '"0 */6 * * *", open for 4 h, Europe/Berlin'],
    ["0 2 * 1,7 SUN", '"0 2 * 1,7 SUN", open for 4 h, Europe/Berlin'],
  ])("%s is said as %s", (cron, says) => {
    expect(timesSay(times(cron))).toBe(says);
  });

  it("is shown as the next three windows", () => {
    expect(timesComeTo(times("0 2 * * SUN"), at("2026-12-06T02:00Z")).windows.map(({ opensAtMs }) => opensAtMs)).toEqual([
      at("2026-12-13T01:00Z"),
      at("2026-12-20T01:00Z"),
      at("2026-12-27T01:00Z"),
    ]);
  });

  it("names the nights whose clock makes a window another", () => {
    expect(timesComeTo(times("30 2 * * *", 210), at("2026-12-06T02:00Z")).notes).toEqual([
      "On Sun 28 Mar the clock leaps ahead: the window is 3 h long. It opens at 03:00.",
      "On Sun 31 Oct the clock goes back: the window is 4 h 30 min long.",
    ]);
    expect(timesComeTo(times("0 12 * * *", 60), at("2026-12-06T02:00Z")).notes).toEqual([]);
  });
});
