// SPDX-License-Identifier: Apache-2.0
import { enroll } from "./enroll";
import { explain } from "./explain";
import { once } from "./once";
import { errorText, systemCode } from "./plain-text";
import { run } from "./serve";
import { RunError, USAGE, UsageError } from "./usage";
import { AGENT_VERSION } from "./version";

/** What a sub-command leaves to print; null when it prints as it goes. */
async function command(name: string | undefined, args: readonly string[]): Promise<string | null> {
  switch (name) {
    case "run":
      return run(args, process.env);
    case "enroll":
      return enroll(args, process.env);
    case "once":
      return once(args, process.env);
    case "explain":
      return explain(args, process.env);
    case "help":
    case "--help":
    case "-h":
      return USAGE;
    case "version":
    case "--version":
      return `${AGENT_VERSION}\n`;
    case undefined:
      throw new UsageError(`Say what to do.\n\n${USAGE}`);
    default:
      throw new UsageError(`"${name}" is not a command of this agent.\n\n${USAGE}`);
  }
}

/** Ends even when a read still hangs: nothing that is under way may hold the process. */
async function main(): Promise<void> {
  const [name, ...args] = process.argv.slice(2);
  try {
    const text = args.includes("--help") ? USAGE : await command(name, args);
    if (text !== null) await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
    process.exit(0);
  } catch (error) {
    // A system's error names what it is about: a folder that may not be written, a file that is not there.
    const isExpected = error instanceof UsageError || error instanceof RunError;
    const said = isExpected ? error.message : `${systemCode(error) === null ? "failed unexpectedly: " : ""}${errorText(error)}`;
    process.stderr.write(`quarterdeck-agent: ${said}\n`);
    process.exit(error instanceof UsageError ? 2 : 1);
  }
}

void main();
