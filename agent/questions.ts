// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { decodeJson } from "./protocol/decode";
import type { AgentFrame, ConsoleFrame } from "./protocol/messages";
import type { StepError } from "./protocol/steps";
import type { Stepper } from "./stepper";

/** What a console may ask over a link, and what is answered. */
export type Question = Extract<ConsoleFrame, { type: "preview" | "prepare" | "step" | "heads" }>;
export type AnswerFrame = Extract<AgentFrame, { type: "previewed" | "prepared" | "stepDone" | "heads" }>;

/** Never rejects. */
export async function answerTo(stepper: Stepper, question: Question): Promise<AnswerFrame> {
  const { id } = question;
  switch (question.type) {
    case "preview":
      return { type: "previewed", id, result: await stepper.preview(question.steps) };
    case "prepare":
      return { type: "prepared", id, result: await stepper.prepare(question.sources, question.steps) };
    case "step":
      return { type: "stepDone", id, result: await stepper.step(question.body, question.signature) };
    case "heads":
      return { type: "heads", id, heads: [...stepper.heads()] };
    default: {
      const never: never = question;
      return never;
    }
  }
}

/** A question whose words do not fit the contract: a newer console's step, or a name that no resource can have. */
const AskedAtAll = z.object({ type: z.enum(["preview", "prepare", "step"]), id: z.string().max(64) });

/** The refusal of such a question; null when the text is no question at all. */
export function misreadQuestion(text: string, why: string): { answer: AnswerFrame; error: StepError } | null {
  const asked = decodeJson(AskedAtAll, text);
  if (!asked.ok) return null;
  const { type, id } = asked.value;
  const message = `What was asked does not fit the contract of this agent: ${why}`.slice(0, 2_000);
  const error: StepError = { code: "STEP_INVALID", message, mayHaveHappened: false };
  const result = { ok: false as const, error };
  switch (type) {
    case "preview":
      return { answer: { type: "previewed", id, result }, error };
    case "prepare":
      return { answer: { type: "prepared", id, result }, error };
    case "step":
      return { answer: { type: "stepDone", id, result }, error };
    default: {
      const never: never = type;
      return never;
    }
  }
}
