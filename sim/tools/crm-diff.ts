// SPDX-License-Identifier: Apache-2.0
import { diffOf } from "@/sim/cib/diff";
import { done, EXIT, optionsOf, readTheCib, type Tool, ToolEnd } from "./tool";

/** `crm_diff --original FILE --new FILE`: exit code 1 when they differ. */
export const crmDiff: Tool = (call) => {
  const options = optionsOf("crm_diff", ["original= o", "new= n", "cib c"], call.args);
  const [original, wanted] = [options.get("original"), options.get("new")];
  if (original === undefined || wanted === undefined) throw new ToolEnd(EXIT.usage, "crm_diff: say --original and --new");
  const patch = diffOf(readTheCib(call, original), readTheCib(call, wanted));
  return patch === null ? done() : { code: 1, stdout: patch, stderr: "" };
};
