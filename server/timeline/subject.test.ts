// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { keyOf } from "@/agent/protocol/console/keys";
import { subjectOf, subjectOfAll } from "./subject";

it("a key is told by the bare name of its thing, and its node where it has one", () => {
  expect(subjectOf(keyOf.cluster)).toEqual({ subject: "cluster", node: null });
  expect(subjectOf(keyOf.node("ruby"))).toEqual({ subject: "ruby", node: "ruby" });
  expect(subjectOf(keyOf.source("ruby", "drbd"))).toEqual({ subject: "ruby", node: "ruby" });
  expect(subjectOf(keyOf.mirror("store", 0))).toEqual({ subject: "store", node: null });
  expect(subjectOf(keyOf.mirror("store", 1))).toEqual({ subject: "store/1", node: null });
  expect(subjectOf(keyOf.drbd("store", 0, "ruby"))).toEqual({ subject: "store", node: "ruby" });
  expect(subjectOf(keyOf.bond("ruby", "idmz"))).toEqual({ subject: "idmz", node: "ruby" });
  expect(subjectOf(keyOf.target("ruby", "iqn.2026-01.example:store"))).toEqual({ subject: "iqn.2026-01.example:store", node: "ruby" });
  expect(subjectOf(keyOf.mount("ruby", "/srv/mail"))).toEqual({ subject: "/srv/mail", node: "ruby" });
  expect(subjectOf(keyOf.resource("g_mail"))).toEqual({ subject: "g_mail", node: null });
  expect(subjectOf(keyOf.maintenance(null))).toEqual({ subject: "cluster", node: null });
  expect(subjectOf(keyOf.maintenance("ruby"))).toEqual({ subject: "ruby", node: "ruby" });
});

it("of several things the first gives the name, and the first that has one the node", () => {
  expect(subjectOfAll([keyOf.mirror("store", 0), keyOf.node("ruby")])).toEqual({ subject: "store", node: "ruby" });
  expect(subjectOfAll([])).toEqual({ subject: "cluster", node: null });
});
