// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ParseError } from "@/agent/collectors/define";
import { cutsOf, goldenCases } from "@/agent/collectors/golden";
import { Mount, Swap } from "@/agent/protocol/model/mounts";
import { chooseMounts, MAX_MOUNTS } from "./choose";
import { parseMountinfo, parseMounts, parseSwaps } from "./parse";

const Mounts = z.array(Mount);
const Swaps = z.array(Swap);
const kinds = [
  { folder: "mountinfo", parse: (text: string) => Mounts.parse(chooseMounts(parseMountinfo(text)).mounts) },
  { folder: "mounts", parse: (text: string) => Mounts.parse(chooseMounts(parseMounts(text)).mounts) },
  { folder: "swaps", parse: (text: string) => Swaps.parse(parseSwaps(text)) },
];
const cases = kinds.flatMap(({ folder, parse }) =>
  goldenCases(path.join(import.meta.dirname, "fixtures", folder)).map((one) => ({ ...one, name: `${folder}/${one.name}`, parse })),
);
const storage = cases.find(({ name }) => name === "mountinfo/linux-6.1-storage")?.text ?? "";

/** The value, or null where the parser refused; anything else thrown fails the test. */
function orRefused<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}

describe.each(cases)("$name", ({ text, golden, parse }) => {
  test("becomes its golden value", () => {
    expect(parse(text)).toEqual(golden);
  });

  test("cut anywhere it is refused, or holds whole lines of the whole only", () => {
    const whole: unknown[] = parse(text);
    for (const cut of cutsOf(text)) {
      const value = orRefused(() => parse(cut));
      if (value === null) continue;
      expect(cut.endsWith("\n"), `a value from an unfinished line: ${cut.slice(-40)}`).toBe(true);
      for (const one of value) expect(whole).toContainEqual(one);
    }
  });

  test("quoted it is refused", () => {
    expect(orRefused(() => parse(text.replaceAll(/^/gm, "> ")))).toBeNull();
  });
});

describe("a file system that stopped writes itself", () => {
  const of = (own: string, ofSuper: string) => parseMountinfo(`5 1 8:1 / /a ${own} - ext4 /dev/sda1 ${ofSuper}\n`)[0];
  test.each([
    ["mounted to be read", "ro", "ro", true, false],
    ["a read-only bind of a writable one", "ro", "rw", true, false],
    ["after an error, until Linux 6.14", "rw", "ro,errors=remount-ro", true, true],
    ["after an error, since Linux 6.15", "rw", "rw,emergency_ro", true, true],
    ["shut down", "rw", "rw,shutdown", true, true],
    ["all is well", "rw", "rw,errors=remount-ro", false, false],
  ])("%s", (_, own, ofSuper, isReadOnly, wentReadOnly) => {
    expect(of(own, ofSuper)).toMatchObject({ isReadOnly, wentReadOnly });
  });

  test("/proc/mounts does not tell why", () => {
    expect(parseMounts("/dev/sda1 /a ext4 ro 0 0\n")).toMatchObject([{ isReadOnly: true, wentReadOnly: null }]);
  });
});

describe("what is told", () => {
  test("of two mounts at one place the last: it hides the first", () => {
    const text = "5 1 8:1 / /a rw - ext4 /dev/sda1 rw\n6 1 8:2 / /a rw - xfs /dev/sda2 rw\n";
    expect(chooseMounts(parseMountinfo(text)).mounts).toMatchObject([{ mountPoint: "/a", device: "/dev/sda2" }]);
  });

  test("a bound part is told where nothing else shows that the device is in use", () => {
    const bind = "6 1 8:2 /x /a rw - ext4 /dev/sda2 rw\n7 1 8:2 /y /b rw - ext4 /dev/sda2 rw\n";
    expect(chooseMounts(parseMountinfo(bind)).mounts.map(({ mountPoint }) => mountPoint)).toEqual(["/a"]);
  });

  test("no more than the bound, and how many more there are", () => {
    const text = Array.from({ length: 300 }, (_, n) => `${n} 1 8:${n} / /m${n} rw - ext4 /dev/sd${n} rw\n`).join("");
    const { mounts, more } = chooseMounts(parseMountinfo(text));
    expect([mounts.length, more]).toEqual([MAX_MOUNTS, 300 - MAX_MOUNTS]);
  });
});

describe("damaged texts are refused", () => {
  test.each([
    ["an empty text", ""],
    ["no dash", storage.replace(" - ext4", " ext4")],
    ["no device number", storage.replace("8:1 /", "sda /")],
    ["a line without end", `${"x".repeat(10_000)}\n`],
  ])("%s", (_, text) => {
    expect(() => parseMountinfo(text)).toThrow(ParseError);
  });

  test("a swap size that is no number", () => {
    expect(() => parseSwaps("Filename Type Size Used Priority\n/dev/sda2 partition many 0 -2\n")).toThrow(ParseError);
  });
});

test("any text gives values that fit the contract, or a ParseError", () => {
  const words = [...new Set(cases.flatMap(({ text }) => text.split(/[ \n\t]+/)))].filter((word) => word !== "");
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc
      .array(fc.array(fc.constantFrom(...words, "-"), { maxLength: 12 }), { maxLength: 6 })
      .map((lines) => lines.map((line) => line.join(" ")).join("\n")),
  );
  fc.assert(
    fc.property(text, (any) => {
      for (const { parse } of kinds) orRefused(() => parse(`${any}\n`));
    }),
    { numRuns: 500 },
  );
});
