// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { HostError } from "@/agent/host/host";
import { Unread } from "@/agent/protocol/errors";
import { ParseError } from "./define";
import { unread, unreadPart } from "./unread";

test("names and messages of an unread part are plain words within the contract's bounds", () => {
  const hostile = `e0\u001b[2J\u0007\n${"x".repeat(5_000)}`;
  for (const part of [unread(hostile, new HostError("HOST_READ", hostile)), unreadPart(hostile, "COLLECT_PARSE", hostile)]) {
    expect(Unread.parse(part)).toEqual(part);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be left
    expect(`${part.what}${part.message}`).not.toMatch(/[\u0000-\u001f]/);
  }
});

test("what is no failure to read is thrown on, not told as one", () => {
  expect(() => unread("x", new TypeError("a bug"))).toThrow(TypeError);
  expect(unread("x", new ParseError("odd"))).toEqual({ what: "x", code: "COLLECT_PARSE", message: "odd" });
});
