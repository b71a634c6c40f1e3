// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "../collectors/define";
import { HostError, type RunResult } from "../host/host";
import { errorText, plainText } from "../plain-text";
import type { StepError, StepErrorCode } from "../protocol/steps";

/** A step that is not done, or whose preview cannot be made; caught at one place and told to the console. */
export class StepFailure extends Error {
  constructor(
    readonly code: StepErrorCode,
    message: string,
    /** False when nothing was written for certain. */
    readonly mayHaveHappened = false,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = "StepFailure";
  }
}

/** A tool's first words: it may dump a whole CIB, with its passwords. */
const FIRST_WORDS = 300;

/** What a tool said, as one short line; nothing of a document. */
export function firstWords({ stdout, stderr }: Pick<RunResult, "stdout" | "stderr">): string {
  const said = [stderr, stdout].map((text) => text.trim()).find((text) => text !== "") ?? "";
  const words = said.slice(0, FIRST_WORDS * 4).split("<", 1)[0] ?? "";
  return plainText(words, FIRST_WORDS);
}

/** A tool that ended with an exit code that was not meant. */
export function toolFailure(tool: string, result: RunResult, mayHaveHappened = false): StepFailure {
  const words = firstWords(result);
  return new StepFailure("STEP_TOOL", `${tool} ended with exit ${result.exitCode}${words === "" ? "" : `: ${words}`}`, mayHaveHappened);
}

/** Whatever went wrong, in the words of the contract. */
export function stepErrorOf(error: unknown): StepError {
  if (error instanceof StepFailure)
    return { code: error.code, message: plainText(error.message, 2_000), mayHaveHappened: error.mayHaveHappened };
  if (error instanceof HostError) {
    const code = error.code === "HOST_TIMEOUT" ? "STEP_TIMEOUT" : "STEP_TOOL";
    return { code, message: plainText(error.message, 2_000), mayHaveHappened: false };
  }
  if (error instanceof ParseError)
    return { code: "STEP_TOOL", message: `A tool answered in words this agent does not know: ${errorText(error)}`, mayHaveHappened: false };
  return { code: "STEP_TOOL", message: `This agent failed unexpectedly: ${errorText(error)}`, mayHaveHappened: false };
}
