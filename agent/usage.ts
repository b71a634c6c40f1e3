// SPDX-License-Identifier: Apache-2.0
import { type ParseArgsConfig, parseArgs } from "node:util";
import { errorText, systemCode } from "./plain-text";
import { SourceName } from "./protocol/sources";
import { StepKind } from "./protocol/steps";

/** The command line cannot be obeyed as it stands; the message says what to write instead. Exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** It could not be done; the message is for the operator. Exit code 1. */
export class RunError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "RunError";
  }
}

export const DEFAULT_CONFIG = "/etc/quarterdeck/agent.json";
export const DEFAULT_POLICY = "/etc/quarterdeck/policy.json";
export const DEFAULT_STATE_DIR = "/var/lib/quarterdeck-agent";

export const USAGE = `quarterdeck-agent: reads this node for the Quarterdeck console. It changes nothing on it, unless a policy allows steps.

  quarterdeck-agent run     [--config FILE]
      Connect to the console and serve it, until told to stop.
  quarterdeck-agent once    [--json] [--source NAME,NAME] [--node NAME] [--root DIR] [--bin DIR]
      Read everything once and print it.
  quarterdeck-agent enroll  --console URL --token TOKEN [--node NAME] [--config FILE] [--state-dir DIR]
                            [--root DIR] [--bin DIR] [--ca FILE] [--tls-proxy] [--allow-plaintext]
      Make this node's key known to the console, with a one-time token from it. Over https the console proves
      the key that the token names, so its certificate may be self-made; --ca FILE checks that as well.
      --tls-proxy: a reverse proxy ends TLS; its certificate must be good by public authorities or by --ca.
  quarterdeck-agent explain [--root DIR] [--bin DIR] [--config FILE]
      Say what can be read here, what cannot, and why; and which steps the agent takes.

  The policy is ${DEFAULT_POLICY} ({"steps": ["standby", "prefer", "clear"]}); without it no step is taken.
  Steps: ${StepKind.options.join(", ")}.

  --root DIR   read a recorded or simulated tree instead of this node; tools then come only from --bin DIR
  CIB_file     in the environment: Pacemaker's tools answer from this file
  FILE is ${DEFAULT_CONFIG} and the state folder ${DEFAULT_STATE_DIR} unless said otherwise.
  Sources: ${SourceName.options.join(", ")}.
`;

/** Parses the arguments of one sub-command. @throws UsageError for anything it does not know */
export function options<const O extends NonNullable<ParseArgsConfig["options"]>>(command: string, args: readonly string[], known: O) {
  try {
    return parseArgs({ args: [...args], options: known, strict: true, allowPositionals: false }).values;
  } catch (error) {
    if (systemCode(error)?.startsWith("ERR_PARSE_ARGS")) throw new UsageError(`${command}: ${errorText(error)}`);
    throw error;
  }
}

/** The sources named in a comma list, in its order; all of them when there is none. @throws UsageError for an unknown one */
export function chosenSources(list: string | undefined): SourceName[] {
  if (list === undefined) return [...SourceName.options];
  return list.split(",").map((word) => {
    const name = SourceName.safeParse(word.trim());
    if (!name.success) throw new UsageError(`"${word.trim()}" is not a source. Sources: ${SourceName.options.join(", ")}.`);
    return name.data;
  });
}
