// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { Entity } from "@/agent/protocol/console/view";
import { cluster, NOW_MS, node, said, source } from "@/components/factories";
import { aoe, PORTAL_GROUP, session, target } from "@/components/network-factories";
import { liveFixture } from "@/components/with-live";
import { NodeView } from "./NodeView";

afterEach(cleanup);

const IQN = "iqn.2014-03.com.example.san-a:o1";
const text = (element: HTMLElement) => (element.textContent ?? "").replaceAll("\u00a0", " ");
const wayOf = (disk: string) =>
  within(screen.getByRole("list", { name: `Way of ${disk} down to its disk` }))
    .getAllByRole("listitem")
    .map(text);
const part = (name: RegExp) => screen.getByRole("region", { name });

function show(name: string, entities: readonly Entity[], role: "member" | "client" = "member") {
  const shown = node(name, { role });
  const live = liveFixture([cluster(), shown, ...entities]);
  render(live.wrap(<NodeView picture={live.picture} node={shown} kernel={undefined} />));
}

test("a target: where it listens, its LUNs on their mirrors, who is logged in by both ends", () => {
  show("ruby", [source("ruby", "iscsi"), target("ruby", IQN)]);
  const targets = part(/^iSCSI targets/);
  expect(text(targets)).toContain("10.20.5.10:3260");
  expect(text(targets)).toContain("group 1 enabled, lets anybody in");
  expect(within(targets).getByRole("link", { name: "store" }).getAttribute("href")).toBe("/c/san-a/drbd/store");
  expect(within(targets).getByRole("link", { name: "hv01" })).toBeDefined();
  expect(text(targets)).toContain("hv01 logged in");
  // The initiator's part of the same source holds nothing here.
  expect(screen.queryByRole("region", { name: /^iSCSI sessions/ })).toBeNull();
});

test("a target without a portal listens nowhere, and says what that means", () => {
  const why = "It listens nowhere: nobody can log in, although its resource may be called Started.";
  show("ruby", [
    source("ruby", "iscsi"),
    target("ruby", IQN, {
      target: { iqn: IQN, portalGroups: [{ ...PORTAL_GROUP, portals: [] }] },
      said: said("bad", "no portal", why),
      initiators: [],
    }),
  ]);
  expect(text(part(/^iSCSI targets/))).toContain("nowhere");
  expect(text(part(/^iSCSI targets/))).toContain(why);
  expect(text(part(/^iSCSI targets/))).toContain("nobody");
});

test("a session: both ends, what iscsiadm claims, and the way down to the backing disk as one line", () => {
  show("hv01", [source("hv01", "iscsi"), session("hv01", "session1", { toolSays: "iscsiadm says LOGGED_IN" })], "client");
  const sessions = part(/^iSCSI sessions/);
  expect(text(sessions)).toContain("logged in to ruby");
  expect(text(sessions)).toContain("iscsiadm says LOGGED_IN");
  expect(text(sessions)).toContain("1 way up, gives up after 120 s");
  expect(wayOf("sda")).toEqual(["sda", "session1 to 10.20.5.10:3260", "LUN 0", "/dev/drbd0", "/dev/vg0/store"]);
});

test("an AoE device: its way from the MAC down to the backing disk", () => {
  const talk = { mac: "52:54:00:00:01:00", node: "jade", export: "export:jade/e0.1/e1p1", said: said("ok", "jade") };
  const path = ["vblade on e1p1", "/dev/drbd0", "archive, Primary UpToDate", "/dev/vg0/archive"];
  show("hv05", [source("hv05", "aoe"), aoe("hv05", "e0.1", { talksTo: [{ ...talk, path }] })], "client");
  expect(wayOf("e0.1")).toEqual(["e0.1", "52:54:00:00:01:00 of jade", ...path]);
});

test.each([
  ["absent", source("ruby", "iscsi", { status: "absent", okAtMs: null }), null],
  [
    "failed",
    source("ruby", "iscsi", { status: "failed", okAtMs: null, error: { code: "COLLECT_FORBIDDEN", message: "not permitted" } }),
    "could not read: not permitted",
  ],
  [
    "partly unread",
    source("ruby", "iscsi", { unread: [{ what: "iSCSI targets", code: "COLLECT_FORBIDDEN", message: "not permitted" }] }),
    "no iSCSI targets here",
  ],
])("%s: said in its place", (_, of, expected) => {
  show("ruby", [of]);
  if (expected === null) expect(screen.queryByRole("region", { name: /^iSCSI/ })).toBeNull();
  else expect(text(part(/^iSCSI targets/))).toContain(expected);
});

test("old: the values stand where they were, and since when", () => {
  const late = { freshness: "stale" as const, takenAtMs: NOW_MS - 20_000, okAtMs: NOW_MS - 20_000 };
  show("ruby", [source("ruby", "iscsi", late), target("ruby", IQN)]);
  expect(
    within(part(/^iSCSI targets/))
      .getByText(IQN)
      .closest(".stale"),
  ).not.toBeNull();
  expect(text(part(/^iSCSI targets/))).toContain("not read since");
});
