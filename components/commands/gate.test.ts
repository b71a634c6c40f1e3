// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { guardFinding } from "@/components/factories";
import { preview } from "./factories";
import { acceptedGuards, acceptKey, NOTHING_GIVEN, whyNotYet } from "./gate";

const warning = guardFinding("busy-sessions", { message: "hv01 writes to LUN 0." });
const plain = (text: string | null) => text?.replaceAll("\u00a0", " ") ?? null;

describe("a preview can be confirmed", () => {
  test("at once where nothing is asked", () => {
    expect(whyNotYet(preview(), NOTHING_GIVEN, "operator", false)).toBeNull();
  });

  test("never while a guard refuses, whoever asks", () => {
    const refused = preview({ findings: [guardFinding("quorum", { level: "block" })] });
    expect(plain(whyNotYet(refused, NOTHING_GIVEN, "admin", false))).toContain("Refused for 1 reason.");
  });

  test("never by a viewer", () => {
    expect(whyNotYet(preview(), NOTHING_GIVEN, "viewer", false)).toContain("Only an operator");
  });

  test("only while it is new", () => {
    expect(whyNotYet(preview(), NOTHING_GIVEN, "operator", true)).toContain("Preview again");
  });

  test("when every warning is accepted by itself, two of one guard too", () => {
    const second = { ...warning, message: "hv02 writes to LUN 1." };
    const warned = preview({ findings: [warning, second] });
    const one = { ...NOTHING_GIVEN, accepted: new Set([acceptKey(warning)]) };
    const both = { ...NOTHING_GIVEN, accepted: new Set([acceptKey(warning), acceptKey(second)]) };
    expect(plain(whyNotYet(warned, NOTHING_GIVEN, "operator", false))).toBe("2 warnings above are not accepted yet.");
    expect(plain(whyNotYet(warned, one, "operator", false))).toBe("1 warning above is not accepted yet.");
    expect(whyNotYet(warned, both, "operator", false)).toBeNull();
    expect(acceptedGuards(warned, both)).toEqual(["busy-sessions"]);
  });

  test("by an admin who types the very name, where one is asked for", () => {
    const typed = preview({ typedName: "ruby", findings: [guardFinding("last-copy", { level: "type" })] });
    const with_ = (text: string) => ({ ...NOTHING_GIVEN, typed: text });
    expect(whyNotYet(typed, with_("ruby"), "operator", false)).toContain("Only an admin");
    expect(whyNotYet(typed, with_("rub"), "admin", false)).toBe("Type ruby to go on.");
    expect(whyNotYet(typed, with_("Ruby"), "admin", false)).toBe("Type ruby to go on.");
    expect(whyNotYet(typed, with_("ruby"), "admin", false)).toBeNull();
    expect(acceptedGuards(typed, with_("ruby"))).toEqual(["last-copy"]);
  });

  test("with a reason where one is needed: blanks are none", () => {
    const needs = preview({ needsReason: true });
    expect(whyNotYet(needs, { ...NOTHING_GIVEN, reason: "  " }, "operator", false)).toContain("Give a reason");
    expect(whyNotYet(needs, { ...NOTHING_GIVEN, reason: "kernel" }, "operator", false)).toBeNull();
  });
});
