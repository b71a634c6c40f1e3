// SPDX-License-Identifier: Apache-2.0
import { TOOLS_OF } from "./actuators/catalog";
import { allowedSteps } from "./allowed-steps";
import { CATALOG, eachCollector } from "./collectors/catalog";
import { readConfig } from "./config";
import type { Host } from "./host/host";
import { ownNodeName } from "./node-name";
import { readOnce } from "./once";
import { type Policy, readPolicy } from "./policy";
import type { Unread } from "./protocol/errors";
import { type Reading, SourceName } from "./protocol/sources";
import type { StepKind } from "./protocol/steps";
import { type Env, hostFor, TREE_OPTIONS } from "./tree-options";
import { DEFAULT_CONFIG, DEFAULT_POLICY, options, RunError } from "./usage";

/** What an ok reading still could not tell. */
function unreadOf(reading: Reading): readonly Unread[] {
  return reading.status === "ok" && "unread" in reading.value ? reading.value.unread : [];
}

function verdict(reading: Reading): string[] {
  switch (reading.status) {
    case "ok":
      return ["here:   yes", ...unreadOf(reading).map((part) => `but not ${part.what}: ${part.message}`)];
    case "absent":
      return ["here:   no, this node does not have it"];
    case "failed":
      return ["here:   it cannot be read", `why:    ${reading.error.message}`];
    default: {
      const never: never = reading;
      return never;
    }
  }
}

/** Which steps the agent takes here, and why no more. */
async function stepsParagraph(configFile: string | undefined, host: Host): Promise<string> {
  if (configFile === undefined && !host.isReal) return "steps: none (this is a recorded tree)";
  const { steps, why } = await policyAsConfigured(configFile);
  const facts = [`steps: ${steps.length === 0 ? "none (this agent only reads)" : steps.join(", ")}`, `why:    ${why}`];
  for (const kind of steps) {
    const missing = await missingTools(host, kind);
    if (missing.length > 0) facts.push(`but not ${kind} here: ${missing.join(", ")} not installed`);
  }
  return facts.join("\n  ");
}

async function missingTools(host: Host, kind: StepKind): Promise<string[]> {
  const missing: string[] = [];
  for (const tool of TOOLS_OF[kind]) if (!(await host.has(tool))) missing.push(tool);
  return missing;
}

async function policyAsConfigured(configFile: string | undefined): Promise<Policy> {
  if (configFile !== undefined) return allowedSteps(await readConfig(configFile));
  try {
    return await allowedSteps(await readConfig(DEFAULT_CONFIG));
  } catch (error) {
    // Before enrolment there is only the policy to speak of.
    if (error instanceof RunError) return readPolicy(DEFAULT_POLICY);
    throw error;
  }
}

/** `quarterdeck-agent explain`: what is read on this node, what cannot be and why, and which steps the agent takes. */
export async function explain(args: readonly string[], env: Env): Promise<string> {
  const chosen = options("explain", args, { ...TREE_OPTIONS, config: { type: "string" } });
  const host = hostFor(chosen, env);
  try {
    const name = (await ownNodeName(host)) ?? "(no usable name: enrol it with --node NAME)";
    const readings = await readOnce(CATALOG, host, SourceName.options);
    const paragraphs = [`node ${name}${host.isReal ? "" : `, as recorded in ${chosen.root}`}`];
    eachCollector(CATALOG, (collector) => {
      const reading: Reading | undefined = readings[collector.name];
      const facts = [`reads:  ${collector.reads}`, `pace:   every ${collector.everyMs / 1_000} s`, ...(reading ? verdict(reading) : [])];
      paragraphs.push([collector.name, ...facts.map((fact) => `  ${fact}`)].join("\n"));
    });
    paragraphs.push(await stepsParagraph(chosen.config, host));
    return `${paragraphs.join("\n\n")}\n`;
  } finally {
    host.close();
  }
}
