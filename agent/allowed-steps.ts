// SPDX-License-Identifier: Apache-2.0
import type { Config } from "./config";
import { type Policy, readPolicy } from "./policy";
import { isLoopback } from "./protocol/loopback";
import { tlsTrust } from "./tls-trust";
import { DEFAULT_POLICY } from "./usage";

type LinkConfig = Pick<Config, "console" | "tlsProxy" | "policyFile">;

/** Over plain text off loopback whoever is on the way could ask for anything: then no step is taken. */
export function isTrustedLink({ console, tlsProxy }: LinkConfig): boolean {
  return tlsTrust(console, tlsProxy ?? false) !== "none" || isLoopback(new URL(console).hostname);
}

export function policyFileOf({ policyFile }: LinkConfig): string {
  return policyFile ?? DEFAULT_POLICY;
}

/** The steps that this agent takes as it is configured, and why no more. */
export async function allowedSteps(config: LinkConfig): Promise<Policy> {
  const policy = await readPolicy(policyFileOf(config));
  if (policy.steps.length === 0 || isTrustedLink(config)) return policy;
  return { steps: [], why: `the link to ${config.console} is plain text across the network, over which no step is taken: use https.` };
}

/** The rest of the sentence "quarterdeck-agent reads ruby …". */
export function stepsSentence({ steps }: Policy): string {
  return steps.length === 0 ? "and changes nothing." : `and takes these steps when its console asks: ${steps.join(", ")}.`;
}
