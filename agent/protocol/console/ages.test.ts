// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { expect, test } from "vitest";
import { AGES, type Age, formatAges, parseAges } from "./ages";

const age = fc.oneof(fc.constantFrom<Age>("never", "asTold"), fc.nat({ max: 80 }), fc.nat({ max: 10 ** 11 }));

test("ages come back from their text as they went in, and the text fits its pattern", () => {
  fc.assert(
    fc.property(fc.array(age), (ages) => {
      const text = formatAges(ages);
      expect(AGES.test(text)).toBe(true);
      expect(parseAges(text)).toEqual(ages);
    }),
  );
});

test("an age below six seconds costs one sign, and so does one that was told before", () => {
  expect(formatAges([0, 9, 10, 35, 36, 61, "asTold", "never"])).toBe("09azAZ-!");
  expect(formatAges([62])).toBe("(62)");
});

test("what is no text of ages does not fit the pattern", () => {
  for (const text of [" ", "(", "()", "(1", "1)", "+", "é", "(1a)", "(-1)"]) expect(AGES.test(text)).toBe(false);
});
