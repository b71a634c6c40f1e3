// SPDX-License-Identifier: Apache-2.0
import { type ActContext, type Acted, commandLine, EXIT_USAGE, runTool, type StepOf } from "./define";
import { firstWords, toolFailure } from "./failure";

/** Pacemaker waits for every node's controller to answer. */
const LIMIT_MS = 60_000;
/** No such resource or node; may not; a usage error; no cluster here. Source: CRM_EX_* of Pacemaker 2. */
const NEVER_BEGUN = [105, 4, EXIT_USAGE, 102];

function argsOf({ resource, node }: StepOf<"cleanup">): string[] {
  return ["--cleanup", "--resource", resource, ...(node === null ? [] : ["--node", node])];
}

export function cleanupLines(step: StepOf<"cleanup">): string[] {
  return [commandLine("crm_resource", argsOf(step))];
}

/** Forgets the failures of a resource, on one node or on all, and has it probed again. @throws StepFailure */
export async function cleanup({ host }: ActContext, step: StepOf<"cleanup">): Promise<Acted> {
  const result = await runTool(host, "crm_resource", argsOf(step), { timeoutMs: LIMIT_MS }, "something");
  // It asks every node's controller, then waits: where it gave up, some of them have done it.
  if (result.exitCode !== 0) throw toolFailure("crm_resource --cleanup", result, !NEVER_BEGUN.includes(result.exitCode));
  return { commands: cleanupLines(step), output: firstWords(result) };
}
