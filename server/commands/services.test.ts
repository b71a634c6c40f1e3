// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { resource, said, viewOf } from "./guards/test-view";
import { homeOf, runsOn } from "./services";

const at = (node: string, state: ReturnType<typeof said>, role = "Started") =>
  viewOf(resource("vm", null, { places: [{ node, role, said: state }] }));

it("a service runs where it is started and well, or held there by hand", () => {
  expect(runsOn(at("crystal", said("ok", "started")), "vm", "crystal")).toBe(true);
  expect(runsOn(at("crystal", said("held", "started")), "vm", "crystal")).toBe(true);
  expect(homeOf(at("crystal", said("ok", "started")), "vm")).toBe("crystal");
});

it("what is only remembered of a node, or said without quorum, runs nowhere for certain: a move there is not so already", () => {
  for (const state of [said("unknown", "was on crystal"), said("old", "started"), said("bad", "failed")])
    expect(runsOn(at("crystal", state), "vm", "crystal")).toBe(false);
  expect(runsOn(at("crystal", said("busy", "starting"), "Starting"), "vm", "crystal")).toBe(false);
});
