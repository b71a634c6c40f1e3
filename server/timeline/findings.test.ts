// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { keyOf, type View } from "@/agent/protocol/console/view";
import { resource } from "@/server/commands/guards/test-view";
import { tellEnded } from "./findings";

const T0 = 1_700_000_000_000;
const STOPPED = { sinceMs: T0 - 30_000, title: "g_mail is stopped", subject: "g_mail", node: null };

function ended(said: { level: "ok" | "held" | "busy"; word: string; why: string | null } | null) {
  const view: View = said === null ? new Map() : new Map([[keyOf.resource("g_mail"), resource("g_mail", "ruby", { said })]]);
  return tellEnded("service-stopped:g_mail", STOPPED, "over", view, T0);
}

it("what was wrong with a service is over when it is well", () => {
  expect(ended({ level: "ok", word: "started", why: null })).toMatchObject({ level: "ok", text: "Over: g_mail is stopped" });
});

it("a service that is only held or on its way now is not called well", () => {
  expect(ended({ level: "held", word: "stopped", why: "Maintenance of the cluster." })).toMatchObject({
    level: "held",
    text: "No longer told: g_mail is stopped",
    why: "g_mail is stopped now. Maintenance of the cluster. It was told for 30 s.",
  });
  expect(ended({ level: "busy", word: "starting", why: null })).toMatchObject({
    level: "busy",
    why: "g_mail is starting now. It was told for 30 s.",
  });
});

it("a service that is no longer there is over as well: it is in no trouble", () => {
  expect(ended(null)).toMatchObject({ text: "Over: g_mail is stopped" });
});
