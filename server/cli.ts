// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import { parseArgs } from "node:util";
import { alerts } from "./cli/alerts";
import { audit } from "./cli/audit";
import { CliError } from "./cli/cli-error";
import type { ConsoleAddress } from "./cli/console-client";
import type { Said, Word } from "./cli/define";
import { availability, fencings } from "./cli/history";
import { closeRecording, listRecordings, openRecording } from "./cli/import";
import { safe, status } from "./cli/look";
import { OPERATING } from "./cli/operate";
import { schedule } from "./cli/schedule";
import { processEnv } from "./env";

const WORDS: readonly Word[] = [status, safe, availability, fencings, ...OPERATING, alerts, schedule, audit];

const USAGE = `quarterdeck: speaks to a running Quarterdeck console.

${WORDS.map(({ name, usage, does }) => `  quarterdeck ${name} ${usage}\n      ${does}`).join("\n")}
      What acts is only previewed (exit 3) unless --yes; --accept GUARD[,GUARD] takes warnings, --type NAME and --reason TEXT
      what else is asked. Exit 0: done, or so already; 1: refused; 4: failed; 5: unsettled; 6: unknown; 7: interrupted.
  --cluster SLUG the cluster, where the name alone does not tell
  --json         everything as JSON

  quarterdeck import PATH [--as TITLE] [--at TIME] [--node NAME]
      Open a recording beside the clusters, marked as recorded: for training and bug reports.
      PATH is a CIB, crm_mon's XML, a /proc/drbd, a file of /proc/net/bonding, a recorded tree (with proc/ or sys/),
      or a folder with one such tree per node, named by it.
  quarterdeck import --list
  quarterdeck import --remove SLUG

  --console URL  the console's address   (else QUARTERDECK_URL, else http://localhost:3000)
  --token TOKEN  an API token of an operator or admin   (else QUARTERDECK_TOKEN)
  --ca FILE      the console's certificate, or its authority's, in PEM
  --at TIME      when it was recorded, like 2026-11-20T11:32:10Z   (else what it says itself, else its files' dates)
  --node NAME    the node it was recorded on, where only one was and it does not say
  --run-tools    run the recorded tools beside each tree (NAME.bin): they are programs, so only from somebody you trust
  --agent FILE   the agent program that reads it   (else quarterdeck-agent.mjs beside this program)
`;

const OPTIONS = {
  console: { type: "string" },
  token: { type: "string" },
  ca: { type: "string" },
  as: { type: "string" },
  at: { type: "string" },
  node: { type: "string" },
  agent: { type: "string" },
  "run-tools": { type: "boolean" },
  remove: { type: "string" },
  list: { type: "boolean" },
  cluster: { type: "string" },
  json: { type: "boolean" },
  yes: { type: "boolean", short: "y" },
  accept: { type: "string" },
  type: { type: "string" },
  reason: { type: "string" },
  hours: { type: "string" },
  until: { type: "string" },
  note: { type: "string" },
  off: { type: "boolean" },
  cron: { type: "string" },
  zone: { type: "string" },
  minutes: { type: "string" },
  stop: { type: "boolean" },
  agents: { type: "boolean" },
  format: { type: "string" },
  by: { type: "string" },
  verb: { type: "string" },
  outcome: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

type Env = ReturnType<typeof processEnv>;
type Chosen = ReturnType<typeof optionsOf>["values"];

function optionsOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true });
  } catch (cause) {
    throw new CliError(`${cause instanceof Error ? cause.message : String(cause)}\n\n${USAGE}`, 2, { cause });
  }
}

function addressOf(chosen: Chosen, env: Env): ConsoleAddress {
  const said = chosen.console ?? env.QUARTERDECK_URL ?? "http://localhost:3000";
  const origin = URL.canParse(said) ? new URL(said) : null;
  if (origin?.protocol !== "http:" && origin?.protocol !== "https:")
    throw new CliError(`"${said}" is not a console's address (http://…).`, 2);
  const token = chosen.token ?? env.QUARTERDECK_TOKEN;
  if (!token) throw new CliError("Say --token TOKEN, or set QUARTERDECK_TOKEN: an API token of an operator or admin of the console.", 2);
  return { origin, token, ca: chosen.ca ?? null };
}

async function importCommand(chosen: Chosen, places: readonly string[], env: Env): Promise<string> {
  const address = addressOf(chosen, env);
  if (chosen.list) return listRecordings(address);
  if (chosen.remove !== undefined) return closeRecording(address, chosen.remove);
  const [place, ...more] = places;
  if (place === undefined || more.length > 0) throw new CliError(`Name one file or folder to open.\n\n${USAGE}`, 2);
  const agent = path.resolve(chosen.agent ?? path.join(import.meta.dirname, "quarterdeck-agent.mjs"));
  return openRecording(address, {
    place,
    title: chosen.as ?? null,
    at: chosen.at ?? null,
    node: chosen.node ?? null,
    mayRunTools: chosen["run-tools"] ?? false,
    agent,
    env,
  });
}

async function main(): Promise<Said> {
  const { values, positionals } = optionsOf(process.argv.slice(2));
  const [command, ...rest] = positionals;
  if (values.help || command === "help") return { text: USAGE, exitCode: 0 };
  if (command === "import") return { text: await importCommand(values, rest, processEnv()), exitCode: 0 };
  const word = WORDS.find(({ name }) => name === command);
  if (word) return word.run(addressOf(values, processEnv()), rest, values, (line) => process.stdout.write(`${line}\n`));
  throw new CliError(command === undefined ? `Say what to do.\n\n${USAGE}` : `"${command}" is not a command.\n\n${USAGE}`, 2);
}

main().then(
  ({ text, exitCode }) => {
    process.stdout.write(text);
    process.exitCode = exitCode;
  },
  (cause: unknown) => {
    const isExpected = cause instanceof CliError;
    process.stderr.write(`quarterdeck: ${isExpected ? cause.message : `failed unexpectedly: ${String(cause)}`}\n`);
    process.exitCode = isExpected ? cause.exitCode : 1;
  },
);
