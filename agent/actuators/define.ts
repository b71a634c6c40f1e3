// SPDX-License-Identifier: Apache-2.0
import type { Clock } from "../clock";
import { type Host, HostError, type RunOptions, type RunResult } from "../host/host";
import type { Reading } from "../protocol/sources";
import type { Step, StepKind } from "../protocol/steps";
import { StepFailure } from "./failure";

/** The step of one kind. */
export type StepOf<K extends StepKind> = Extract<Step, { kind: K }>;
/** Steps that change the configuration. */
export type CibStep = StepOf<"standby" | "prefer" | "ban" | "clear" | "managed" | "maintenance">;

/** One start of a tool: an array of arguments, never a line for a shell. */
export interface ToolCall {
  tool: string;
  args: readonly string[];
  /** The same in an older version's words, tried when the tool does not know these (exit 64). */
  older?: readonly string[];
  /** Exit codes that mean: it is so already, and nothing was written. */
  alreadySo?: readonly number[];
}

/** What an actuator acts with. */
export interface ActContext {
  host: Host;
  clock: Clock;
  /** DRBD on this node as it was read right before the step; undefined where it was never read. */
  drbd?: Reading<"drbd"> | undefined;
}

/** What a direct step left: the lines that were run, and what they said. */
export interface Acted {
  commands: string[];
  output: string;
}

/** Pacemaker's word for "I do not know this option" (CRM_EX_USAGE). */
export const EXIT_USAGE = 64;

/** A command line as a person would write it. Quotes only what a shell would read otherwise. */
export function commandLine(tool: string, args: readonly string[]): string {
  return [tool, ...args].map((word) => (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}

/** Runs a tool that must be there. @throws StepFailure STEP_ABSENT, STEP_TIMEOUT, STEP_TOOL; `writes`: what was asked may have happened */
export async function runTool(
  host: Host,
  tool: string,
  args: readonly string[],
  options: RunOptions,
  writes: "nothing" | "something" = "nothing",
): Promise<RunResult> {
  let result: RunResult | null;
  try {
    result = await host.run(tool, args, options);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const code = error.code === "HOST_TIMEOUT" ? "STEP_TIMEOUT" : "STEP_TOOL";
    // A tool that was never started has done nothing.
    const mayHaveHappened = writes === "something" && (error.code === "HOST_TIMEOUT" || error.code === "HOST_TOO_LARGE");
    throw new StepFailure(code, error.message, mayHaveHappened, { cause: error });
  }
  if (result === null) throw new StepFailure("STEP_ABSENT", `${tool} is not installed on this node.`);
  return result;
}
