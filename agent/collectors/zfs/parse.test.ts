// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ParseError } from "@/agent/collectors/define";
import { cutsOf, goldenCases } from "@/agent/collectors/golden";
import { ZfsPool } from "@/agent/protocol/model/zfs";
import { parseZpoolList, parseZpoolStatus } from "./parse";

const Pools = z.array(ZfsPool);
const cases = goldenCases(path.join(import.meta.dirname, "fixtures/status"));
const mirror = cases.find(({ name }) => name === "openzfs-2.1-mirror-online")?.text ?? "";

/** The value, or null where the parser refused; anything else thrown fails the test. */
function parseOrRefuse(text: string): ZfsPool[] | null {
  try {
    return Pools.parse(parseZpoolStatus(text));
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

describe.each(cases)("$name", ({ text, golden }) => {
  test("becomes its golden value", () => {
    expect(Pools.parse(parseZpoolStatus(text))).toEqual(golden);
  });

  test("cut anywhere it is refused, or holds whole pools of the whole only", () => {
    const whole = parseZpoolStatus(text);
    for (const cut of cutsOf(text)) {
      const value = parseOrRefuse(cut);
      if (value === null) continue;
      expect(cut.endsWith("\n"), `a value from an unfinished line: ${cut.slice(-40)}`).toBe(true);
      for (const pool of value) {
        // Only of a pool that could not be opened, which is told as that, may devices be missing: nothing ends its text.
        const told = whole.map((one) => (one.errors === null ? { ...one, vdevs: one.vdevs.slice(0, pool.vdevs.length) } : one));
        expect(told).toContainEqual(pool);
      }
    }
  });

  test("quoted it is refused", () => {
    expect(parseOrRefuse(text.replaceAll(/^/gm, "> "))).toBeNull();
  });
});

describe("damaged texts are refused", () => {
  test.each([
    ["an empty text", ""],
    ["a device of no pool", mirror.replace(/^ {2}pool: tank\n/, "")],
    ["no state", mirror.replace(/^ state.*\n/m, "")],
    ["no errors line", mirror.replace(/^errors.*\n/m, "")],
    ["words that are not its own", "The ZFS modules are not loaded.\n"],
  ])("%s", (_, text) => {
    expect(() => parseZpoolStatus(text)).toThrow(ParseError);
  });
});

test("sizes are exact, and not said where the tool does not say", () => {
  const [list] = goldenCases(path.join(import.meta.dirname, "fixtures/list"));
  expect(Object.fromEntries(parseZpoolList(list?.text ?? ""))).toEqual(list?.golden);
  expect(() => parseZpoolList("tank\t3985729650688")).toThrow(ParseError);
  expect(() => parseZpoolList("tank 3985729650688\n")).toThrow(ParseError);
});

test("any text gives a value that fits the contract, or a ParseError", () => {
  const words = [...new Set(cases.flatMap(({ text }) => text.split(/(\s+)/)))];
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc
      .array(fc.constantFrom(...words, "\n", "\t", "errors: x\n"), { maxLength: 60 })
      .map((parts) => `  pool: a\n state: b\n${parts.join("")}`),
  );
  fc.assert(
    fc.property(text, (any) => {
      parseOrRefuse(`${any}\nerrors: none\n`);
    }),
    { numRuns: 500 },
  );
});
