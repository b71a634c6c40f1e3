// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ParseError } from "@/agent/collectors/define";
import { cutsOf, goldenCases } from "@/agent/collectors/golden";
import { MdArray } from "@/agent/protocol/model/md";
import { parseMdstat } from "./parse";

const Arrays = z.array(MdArray);
const cases = goldenCases(path.join(import.meta.dirname, "fixtures"));
const textOf = (name: string) => cases.find((one) => one.name === name)?.text ?? "";
const legs = textOf("linux-6.1-raid1-aoe-legs");

/** The value, or null where the parser refused; anything else thrown fails the test. */
function parseOrRefuse(text: string): MdArray[] | null {
  try {
    return Arrays.parse(parseMdstat(text));
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

describe.each(cases)("$name", ({ text, golden }) => {
  test("becomes its golden value", () => {
    expect(Arrays.parse(parseMdstat(text))).toEqual(golden);
  });

  test("cut anywhere it is refused: its last line is always the same", () => {
    for (const cut of cutsOf(text)) expect(parseOrRefuse(cut), cut.slice(-40)).toBeNull();
  });

  test("with Windows line ends it says the same", () => {
    expect(parseMdstat(text.replaceAll("\n", "\r\n"))).toEqual(golden);
  });
});

describe("damaged texts are refused", () => {
  test.each([
    ["an empty text", ""],
    ["an array shown twice", legs.replace("md0 :", "md0 : active raid1 sda[0]\n\nmd0 :")],
    ["a member that is none", legs.replace("etherd/e10.6[0]", "etherd/e10.6")],
    ["a detail of no array", legs.replace(/md0 .*\n/, "")],
    ["a first line that is none", legs.replace("md0 :", "md0")],
    ["half a progress line", textOf("linux-6.1-raid1-recovery").replace(/\(94003200.*K\/sec/, "(940032")],
    ["a size beyond numbers", legs.replace("419298304", "4192983041234567890123")],
    ["quoted lines", legs.replaceAll(/^/gm, "> ")],
    ["a line without end", `${"x".repeat(10_000)}\n${legs}`],
  ])("%s", (_, text) => {
    expect(() => parseMdstat(text)).toThrow(ParseError);
  });
});

test("a state that no kernel of today prints is kept as read", () => {
  expect(parseMdstat(legs.replace("active", "entangled"))).toMatchObject([{ name: "md0", state: "entangled" }]);
});

test("percent comes from done and total, not from the printed one", () => {
  expect(parseMdstat(textOf("linux-6.1-raid1-recovery").replace("22.4%", "99.9%"))).toMatchObject([{ action: { percent: 22.4 } }]);
});

test("a negative speed, as after a clock step, is not said", () => {
  expect(parseMdstat(textOf("linux-6.1-raid1-recovery").replace("112448K", "-4K"))).toMatchObject([{ action: { rateBytesPerSec: null } }]);
});

test("lines that we do not know change nothing", () => {
  expect(parseMdstat(legs.replace("      bitmap", "      flux: 88\n      bitmap"))).toEqual(parseMdstat(legs));
});

describe("hostile text", () => {
  test("any text gives a value that fits the contract, or a ParseError", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        parseOrRefuse(`${text}\nunused devices: <none>\n`);
      }),
    );
  });

  test("known words in any order give a value that fits the contract, or a ParseError", () => {
    const words = [...new Set(cases.flatMap(({ text }) => text.split(/[ \n]+/)))].filter((word) => word !== "");
    const line = fc.tuple(fc.boolean(), fc.array(fc.constantFrom(...words), { maxLength: 9 }));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const body = lines.map(([isDetail, parts]) => `${isDetail ? "      " : "md0 : active "}${parts.join(" ")}\n`).join("\n");
        parseOrRefuse(`Personalities : [raid1]\n${body}unused devices: <none>\n`);
      }),
      { numRuns: 500 },
    );
  });
});
