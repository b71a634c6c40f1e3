// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { effectRows } from "./effects";
import { effect } from "./factories";

test("members of a group that do alike are told as the group, with their names", () => {
  const rows = effectRows([effect("p_fs", { parent: "g_mail" }), effect("p_ip", { parent: "g_mail" }), effect("g_vm")]);
  expect(rows.map(({ name, members, says }) => [name, members, says])).toEqual([
    ["g_mail", ["p_fs", "p_ip"], "g_mail stops on ruby and starts on crystal."],
    ["g_vm", [], "g_vm stops on ruby and starts on crystal."],
  ]);
});

test("a member that does otherwise is told by itself, and a lone one keeps its own name", () => {
  const stays = effect("p_ip", { parent: "g_mail", after: "stopped", says: "p_ip stops on ruby." });
  const rows = effectRows([effect("p_fs", { parent: "g_mail" }), stays]);
  expect(rows.map(({ name, parent, says }) => [name, parent, says])).toEqual([
    ["p_fs", "g_mail", "p_fs stops on ruby and starts on crystal."],
    ["p_ip", "g_mail", "p_ip stops on ruby."],
  ]);
});

test("two that belong to nothing are never told as one", () => {
  expect(effectRows([effect("a"), effect("b"), effect("c")]).map(({ name }) => name)).toEqual(["a", "b", "c"]);
});
