// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { Ended } from "@/server/findings/standing";
import { tellEnded } from "./findings";

const T0 = 1_700_000_000_000;
const STOPPED = { sinceMs: T0 - 30_000, title: "g_mail is stopped", subject: "g_mail", node: null, witnesses: null };
const ended = (end: Ended["end"], level: Ended["level"] = "held") => ({ is: "ended" as const, end, level, says: "Somebody said so." });

it("only what is not so any more is called over", () => {
  expect(tellEnded("service-stopped:g_mail", STOPPED, ended("over", "ok"), T0)).toMatchObject({
    level: "ok",
    text: "Over: g_mail is stopped",
    why: "It held for 30 s.",
  });
});

it.each<[Ended["end"], string]>([
  ["meant", "Left so: g_mail is stopped"],
  ["partOf", "Told as another: g_mail is stopped"],
  ["unwatched", "No longer looked for: g_mail is stopped"],
  ["untrusted", "No longer known: g_mail is stopped"],
])("what ends as %s says why, and not that it is over", (end, text) => {
  const event = tellEnded("service-stopped:g_mail", STOPPED, ended(end), T0);
  expect(event).toMatchObject({ level: "held", text, why: "Somebody said so. It was told for 30 s." });
});

it("what nobody was told of has no end that is told", () => {
  expect(tellEnded("service-stopped:g_mail", { ...STOPPED, title: null }, ended("over", "ok"), T0)).toBeNull();
});
