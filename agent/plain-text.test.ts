// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { expect, test } from "vitest";
import { certificateHint, errorText, plainText, systemCode } from "./plain-text";

test("words stay as they are; control and direction characters become a blank", () => {
  expect(plainText("finish: ∞ für r0")).toBe("finish: ∞ für r0");
  expect(plainText("a\u001b[31mb\u0007\r\nc\u202ed\u2028e")).toBe("a [31mb c d e");
});

test("any text becomes one line of plain words within the bound, whole characters only", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), fc.integer({ min: 2, max: 100 }), (text, most) => {
      const plain = plainText(text, most);
      expect(plain.length).toBeLessThanOrEqual(most);
      expect(plain).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});

test("an error's code is found where there is one", () => {
  const error = Object.assign(new Error("connect refused"), { code: "ECONNREFUSED" });
  expect([systemCode(error), systemCode(new Error("x")), systemCode("ENOENT"), systemCode(null)]).toEqual([
    "ECONNREFUSED",
    null,
    null,
    null,
  ]);
  expect([errorText(error), errorText("thrown text")]).toEqual(["connect refused", "thrown text"]);
});

test("a certificate nobody vouches for comes with what to do; other errors do not", () => {
  const coded = (code: string) => Object.assign(new Error("tls"), { code });
  expect(certificateHint(coded("DEPTH_ZERO_SELF_SIGNED_CERT"))).toContain("--ca FILE");
  expect(certificateHint(coded("ECONNREFUSED"))).toBe("");
});

test("a character of two halves is never cut in the middle", () => {
  for (let most = 2; most < 12; most++) expect(plainText("😀".repeat(20), most)).toMatch(/^(😀)*…$/u);
});
