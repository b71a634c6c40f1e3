// SPDX-License-Identifier: Apache-2.0
import { child, childrenOf } from "../collectors/pacemaker/fields";
import type { Host, RunOptions, RunResult } from "../host/host";
import type { Scratch } from "../host/scratch";
import { COPY_TOOL, readCib } from "./cib-copy";
import { EXIT_USAGE, runTool } from "./define";
import { StepFailure, toolFailure } from "./failure";
import { parseSimulation, type Simulation } from "./parse-simulation";

/** What Pacemaker's scheduler would do with this CIB, and the CIB as it would then be; null where it was only planned. */
export interface Outcome extends Simulation {
  after: string | null;
}

/**
 * crm_simulate takes time with the square of what it plays through: 50 operations half a second, 200 ten (2.1.5, one core).
 * What takes longer than this is only planned, which takes a fraction of a second for any size.
 */
const PLAYED = { ...COPY_TOOL, timeoutMs: 10_000 };

/**
 * Simulates a CIB file of the scratch folder to its end; null when this version's crm_simulate cannot print it as XML (before 2.1.0).
 * `failing`: as if this node fell silent now.
 * @throws StepFailure, ParseError
 */
export async function simulate(
  host: Host,
  scratch: Scratch,
  file: string,
  { label = "", failing = null }: { label?: string; failing?: string | null } = {},
): Promise<Outcome | null> {
  const afterFile = `after${label}.xml`;
  const event = failing === null ? [] : ["--node-fail", failing];
  const run = (how: "-S" | "-R", limits: RunOptions, saving: readonly string[]) =>
    runTool(host, "crm_simulate", ["--xml-file", file, how, ...event, "--output-as=xml", ...saving], limits);
  let result: RunResult;
  let isPlayed = true;
  try {
    result = await run("-S", PLAYED, ["--save-output", scratch.path(afterFile)]);
  } catch (error) {
    if (!(error instanceof StepFailure) || error.code !== "STEP_TIMEOUT") throw error;
    isPlayed = false;
    result = await run("-R", COPY_TOOL, []);
  }
  if (result.exitCode === EXIT_USAGE) return null;
  if (result.exitCode !== 0) throw toolFailure("crm_simulate", result);
  if (!isPlayed) return { ...parseSimulation(result.stdout, "planned"), after: null };
  const simulation = parseSimulation(result.stdout);
  const after = await scratch.read(afterFile);
  if (after === null) throw new StepFailure("STEP_TOOL", "crm_simulate did not save the outcome it simulated.");
  return { ...simulation, after };
}

/** True when the CIB knows a node of this name: crm_simulate ends in a crash when asked to fail another. */
export function knowsNode(text: string, node: string): boolean {
  const { cib } = readCib(text);
  const configuration = child(cib, "configuration");
  const nodes = configuration === null ? null : child(configuration, "nodes");
  const named = [...childrenOf(nodes, "node"), ...childrenOf(child(cib, "status"), "node_state")];
  return named.some(({ attributes }) => attributes.uname === node);
}
