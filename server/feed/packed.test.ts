// SPDX-License-Identifier: Apache-2.0
import { inflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { packed } from "./packed";

const textOf = (length: number) => "store on crystal: Outdated, ".repeat(Math.ceil(length / 28)).slice(0, length);

test("a long patch is packed, and unpacks to the same text", () => {
  const text = `${textOf(2_000)}é`;
  const words = packed(text);
  expect(words.length).toBeLessThan(200);
  expect(Buffer.isBuffer(words) && String(inflateRawSync(words))).toBe(text);
});

test("what is too short to gain by it, or so long that it would hold up everything else, goes as text", () => {
  expect(packed(textOf(255))).toBe(textOf(255));
  expect(packed(textOf(128 * 1024 + 1))).toBe(textOf(128 * 1024 + 1));
});
