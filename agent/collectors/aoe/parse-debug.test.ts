// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ParseError } from "@/agent/collectors/define";
import { cutsOf, goldenCases } from "@/agent/collectors/golden";
import { AoeTarget } from "@/agent/protocol/model/aoe";
import { type AoeDebug, parseAoeDebug } from "./parse-debug";

const cases = goldenCases(path.join(import.meta.dirname, "fixtures"));
const twoTargets = cases.find((one) => one.name === "linux-6.1-two-targets")?.text ?? "";
const Shape = z.object({ rttAvgUs: z.number().int().nullable(), targets: z.array(AoeTarget) });

function parseOrRefuse(text: string): AoeDebug | null {
  try {
    return Shape.parse(parseAoeDebug("e0.0", text));
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

describe.each(cases)("$name", ({ text, golden }) => {
  test("becomes its golden value", () => {
    expect(Shape.parse(parseAoeDebug("e0.0", text))).toEqual(golden);
  });

  test("cut anywhere it is refused, or gives whole targets of the whole text and no others", () => {
    const whole = parseAoeDebug("e0.0", text);
    for (const cut of cutsOf(text)) {
      const value = parseOrRefuse(cut);
      if (value === null) continue;
      expect(cut.endsWith("\n"), `a value from an unfinished line: ${cut.slice(-40)}`).toBe(true);
      expect(value).toEqual({ rttAvgUs: whole.rttAvgUs, targets: whole.targets.slice(0, value.targets.length) });
    }
  });

  test("indented and with Windows line ends it says the same", () => {
    expect(parseAoeDebug("e0.0", text.replaceAll(/^(?=.)/gm, "  ").replaceAll("\n", "\r\n"))).toEqual(golden);
  });
});

test("the pointer of ffree never counts as a number or a target, whatever it looks like", () => {
  for (const pointer of ["(null)", "0", "525400000100:1:2:3", "ffff888012345678", "(____ptrval____)"]) {
    expect(parseAoeDebug("e0.0", twoTargets.replaceAll(/ffree: \S+/g, `ffree: ${pointer}`))).toEqual(parseAoeDebug("e0.0", twoTargets));
  }
});

test("a detail that a later driver adds changes nothing", () => {
  expect(parseAoeDebug("e0.0", twoTargets.replaceAll("\ttaint", "\tzeal:7\n\ttaint"))).toEqual(parseAoeDebug("e0.0", twoTargets));
});

describe("damaged texts are refused", () => {
  test.each([
    ["an empty text", ""],
    ["no rttavg line", twoTargets.replace(/^rttavg.*\n/, "")],
    ["a target without interfaces", twoTargets.replace(/\tlan0\n/, "")],
    ["a remark behind an interface", twoTargets.replace("\tlan0\n", "\tlan0 <-- this one\n")],
    ["a counter behind an interface", twoTargets.replace("\tlan0\n", "\tlan0:1\n")],
    ["a target that is announced only", `${twoTargets}falloc: 3\nffree: 0\n`],
    ["more targets than any driver has", twoTargets + "falloc: 1\nffree: 0\n001122334455:0:1:1\n\ttaint:0\n\teth0\n".repeat(300)],
  ])("%s", (_, text) => {
    expect(() => parseAoeDebug("e0.0", text)).toThrow(ParseError);
  });
});

test("hostile text gives a value that fits the contract, or a ParseError", () => {
  const word = fc.oneof(
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.constantFrom(...twoTargets.split("\n")),
    fc.constant("525400000100:9999999999999999999:1:1"),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), (lines) => {
      parseOrRefuse(`rttavg: 1 rttdev: 2\n${lines.join("\n")}\n`);
    }),
    { numRuns: 500 },
  );
});
