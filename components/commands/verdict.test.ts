// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { safety } from "@/components/factories";
import { answerOf, sayTakeDown } from "./verdict";

describe("may a node be taken down", () => {
  test("the answer's own word leads, with its own shape", () => {
    expect(answerOf(safety("ruby", { says: "Yes. g_mail moves to crystal." }))).toEqual({
      shape: "ok",
      word: "Yes.",
      rest: "g_mail moves to crystal.",
    });
    expect(answerOf(safety("ruby", { answer: "no", says: "Not yet. crystal is 61 % synced." })).word).toBe("Not yet.");
    expect(answerOf(safety("ruby", { answer: "no", says: "Nobody else holds store." }))).toEqual({
      shape: "stop",
      word: "No.",
      rest: "Nobody else holds store.",
    });
  });

  test("what is not known never reads as a yes", () => {
    const { shape, word } = answerOf(safety("ruby", { answer: "unknown", says: "Yes, as far as was heard." }));
    expect([shape, word]).toEqual(["unknown", "Cannot tell."]);
    expect(answerOf(safety("ruby", { answer: "unknown", says: "Cannot tell: no word from crystal." }))).toEqual({
      shape: "unknown",
      word: "Cannot tell:",
      rest: "no word from crystal.",
    });
  });

  test("a cluster's answers are one phrase: who must stay, then what cannot be told", () => {
    const yes = safety("ruby");
    const no = safety("crystal", { answer: "no", says: "No." });
    const unknown = safety("amber", { answer: "unknown", says: "Cannot tell." });
    expect(sayTakeDown([])).toBe("");
    expect(sayTakeDown([yes])).toBe("it may be taken down");
    expect(sayTakeDown([yes, safety("crystal")])).toBe("any one may be taken down");
    expect(sayTakeDown([yes, no, unknown])).toBe("crystal must stay up; cannot tell for amber");
  });
});
