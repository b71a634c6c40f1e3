// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { VerifyScheduleChange, VerifySummary } from "./verify";

/** When a schedule may begin runs. */
export const VerifyWindow = z.object({ opensAtMs: z.number(), closesAtMs: z.number() });
export type VerifyWindow = z.infer<typeof VerifyWindow>;

/** Body of `POST /api/v1/verify/schedules/windows` (viewer): what these three come to, before anything is saved. */
export const VerifyWindowsAsk = VerifyScheduleChange.pick({ cron: true, zone: true, windowMinutes: true });
export type VerifyWindowsAsk = z.infer<typeof VerifyWindowsAsk>;
export const VerifyWindows = z.object({
  atMs: z.number(),
  /** "Sundays 02:00 to 06:00, Europe/Berlin" */
  says: z.string(),
  /** The next three, the first one first. */
  windows: z.array(VerifyWindow),
  /** What a person might not expect of them, a sentence each: "On 29 Mar the clock leaps: the window is 3 h." */
  notes: z.array(z.string()),
});
export type VerifyWindows = z.infer<typeof VerifyWindows>;

/** `GET /api/v1/verify/warnings` (viewer): the guards that may warn of a verify, which a schedule may accept. */
export const VerifyWarnings = z.object({
  warnings: z.array(
    z.object({
      guard: z.string(),
      number: z.string(),
      /** What accepting it means: "Another verify or resync runs on this node." */
      says: z.string(),
    }),
  ),
});
export type VerifyWarnings = z.infer<typeof VerifyWarnings>;

/** `GET /api/v1/verify/calendar?from=&to=` (viewer; epoch ms): runs that began between the two, and windows that open between them. */
export const VerifyCalendar = z.object({
  atMs: z.number(),
  runs: z.array(VerifySummary),
  due: z.array(
    VerifyWindow.extend({
      schedule: z.string(),
      cluster: z.string(),
      /** "store/0"; empty: every mirror of the cluster. */
      mirrors: z.array(z.string()),
    }),
  ),
});
export type VerifyCalendar = z.infer<typeof VerifyCalendar>;
