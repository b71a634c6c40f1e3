// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { HostError } from "@/agent/host/host";
import { ParseError } from "./define";
import { excerpt, finishedLines, intOrNull } from "./text";
import { collectErrorCode, unread } from "./unread";

test.each([
  ["0", 0],
  ["-1", -1],
  ["007", 7],
  ["9007199254740991", 9_007_199_254_740_991],
  ["9007199254740993", null],
  ["", null],
  [" 1", null],
  ["1.5", null],
  ["1e3", null],
  ["0x10", null],
  [null, null],
  [undefined, null],
])("%j as an integer: %j", (text, value) => {
  expect(intOrNull(text)).toBe(value);
});

test("an unfinished text has no lines to give", () => {
  expect(() => finishedLines("file", "one\ntw")).toThrow(ParseError);
  expect(() => finishedLines("file", "")).toThrow(ParseError);
  expect(finishedLines("file", "one \r\n\ttwo\n")).toEqual(["one", "\ttwo"]);
});

test("an excerpt is short and on one line", () => {
  expect(excerpt(`a\nb${"x".repeat(5_000)}`).length).toBeLessThan(80);
  expect(excerpt("a\nb")).not.toContain("\n");
});

test.each([
  [new HostError("HOST_FORBIDDEN", "no"), "COLLECT_FORBIDDEN"],
  [new HostError("HOST_TIMEOUT", "no"), "COLLECT_TIMEOUT"],
  [new HostError("HOST_TOO_LARGE", "no"), "COLLECT_TOO_LARGE"],
  [new HostError("HOST_UNFINISHED", "no"), "COLLECT_PARSE"],
  [new HostError("HOST_READ", "no"), "COLLECT_READ"],
  [new ParseError("no"), "COLLECT_PARSE"],
  [new TypeError("a bug"), null],
])("%s becomes %s", (error, code) => {
  expect(collectErrorCode(error)).toBe(code);
});

test("a bug is not an unread part", () => {
  expect(() => unread("part", new TypeError("a bug"))).toThrow(TypeError);
  expect(unread("part", new ParseError("no"))).toEqual({ what: "part", code: "COLLECT_PARSE", message: "no" });
});
