// SPDX-License-Identifier: Apache-2.0
import type { Verdict } from "@/agent/protocol/console/runs";
import type { Shape } from "@/components/ui/Icon";

type Answer = Verdict["answer"];

const SHAPES: Record<Answer, Shape> = { yes: "ok", no: "stop", unknown: "unknown" };
const WORDS: Record<Answer, string> = { yes: "Yes.", no: "No.", unknown: "Cannot tell." };
const BEGINS: Record<Answer, RegExp> = {
  yes: /^(Yes)[.,:;]?\s*/,
  no: /^(No|Not yet)[.,:;]?\s+/,
  unknown: /^(Cannot (?:tell|judge|say)|Unknown)[.,:;]?\s*/,
};

/** The answer's own word and the rest of its sentence. What is not a yes never begins with one, whatever the sentence does. */
export function answerOf({ answer, says }: Pick<Verdict, "answer" | "says">): { shape: Shape; word: string; rest: string } {
  const [begin, word] = BEGINS[answer].exec(says) ?? [];
  if (begin === undefined || word === undefined) return { shape: SHAPES[answer], word: WORDS[answer], rest: says };
  const rest = says.slice(begin.length);
  // What cannot be told is followed by why, in the same sentence: "Cannot tell: no word from crystal."
  const isOne = answer === "unknown" && begin.includes(":") && rest !== "";
  return { shape: SHAPES[answer], word: `${word}${isOne ? ":" : "."}`, rest };
}

/** A cluster's answers in a phrase: "any one may be taken down", "ruby must stay up", "cannot tell for crystal". Empty: none is known. */
export function sayTakeDown(verdicts: readonly Pick<Verdict, "node" | "answer">[]): string {
  if (verdicts.length === 0) return "";
  const of = (answer: Answer) => verdicts.flatMap((one) => (one.answer === answer ? [one.node] : []));
  const [no, unknown] = [of("no"), of("unknown")];
  const said = [
    no.length > 0 ? `${no.join(", ")} must stay up` : "",
    unknown.length > 0 ? `cannot tell for ${unknown.join(", ")}` : "",
  ].filter(Boolean);
  if (said.length > 0) return said.join("; ");
  return verdicts.length === 1 ? "it may be taken down" : "any one may be taken down";
}
