// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { expect, test } from "vitest";
import { createLineSplitter, MAX_LINE_BYTES } from "./lines";

function split(...chunks: (string | Buffer)[]): string[] {
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  return lines;
}

test("a line comes when its newline does", () => {
  expect(split("a")).toEqual([]);
  expect(split("a", "b\nc")).toEqual(["ab"]);
});

test("carriage returns before a newline are not part of the line", () => {
  expect(split("a\r\nb\rc\n")).toEqual(["a", "b\rc"]);
});

test("a line longer than the limit is cut, and the next line is whole", () => {
  const [long, next] = split("x".repeat(5_000), "x".repeat(MAX_LINE_BYTES), "\nnext\n");
  expect(long).toBe("x".repeat(MAX_LINE_BYTES));
  expect(next).toBe("next");
});

test("bytes that are not UTF-8 become replacement characters", () => {
  expect(split(Buffer.from([0x61, 0xff, 0x0a]))).toEqual(["a\uFFFD"]);
});

test("wherever the chunks end, the lines are the same", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\n\r]/g, ""))),
      fc.array(fc.nat(40)),
      (lines, cuts) => {
        let rest = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        const chunks: Buffer[] = [];
        for (const cut of cuts) {
          chunks.push(rest.subarray(0, cut));
          rest = rest.subarray(cut);
        }
        expect(split(...chunks, rest)).toEqual(lines);
      },
    ),
  );
});

test("what came before a reset does not join what comes after", () => {
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => lines.push(line));
  splitter.push(Buffer.from("half"));
  splitter.reset();
  splitter.push(Buffer.from("whole\n"));
  expect(lines).toEqual(["whole"]);
});
