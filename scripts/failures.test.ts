// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { failuresIn } from "./failures.mjs";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "quarterdeck-failures-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function report(testResults: unknown): string {
  const file = path.join(folder, "vitest.json");
  writeFileSync(file, JSON.stringify({ testResults }));
  return file;
}

it("says each test that failed with the first words of why, and nothing of those that passed", () => {
  const assertionResults = [
    { fullName: "a move ends", status: "failed", failureMessages: ["expected 'unsettled' to be 'done'"] },
    { fullName: "a ban ends", status: "passed", failureMessages: [] },
  ];
  expect(failuresIn(report([{ name: "moves.test.ts", status: "failed", message: "", assertionResults }]))).toEqual([
    "a move ends\nexpected 'unsettled' to be 'done'",
  ]);
});

it("says a file that could not even begin", () => {
  const file = report([{ name: "moves.test.ts", status: "failed", message: "the lab does not stand", assertionResults: [] }]);
  expect(failuresIn(file)).toEqual(["moves.test.ts: the lab does not stand"]);
});

it("says nothing where there is no report, as after a program that was killed", () => {
  expect(failuresIn(path.join(folder, "none.json"))).toEqual([]);
});
