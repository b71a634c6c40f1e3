// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import { parseArgs } from "node:util";
import { controlOf } from "./control-client";
import { runFleet } from "./run/run-fleet";

const USAGE = `sim: a simulated fleet of storage clusters, with real agents on it.

  sim run --console URL --agent FILE [--admin-token TOKEN] [--dir DIR] [--calm] [--speed N] [--timing-factor F]
      Simulate until told to stop. The token may also stand in QUARTERDECK_TOKEN.
      --calm   everything in sync and nothing amiss
      --speed  transfers and waits run N times faster
  sim list      what can be broken
  sim status    what is broken, and how the nodes are
  sim fault NAME ARGUMENTS      break something
  sim repair NAME ARGUMENTS     put it right again

  --dir DIR  the simulation's folder; without it $DATA_DIR/sim, else the demo's
`;

/** Looks for the parent this often: a simulation whose parent was killed must not stay. */
const PARENT_EVERY_MS = 1_000;

class Usage extends Error {}

function positive(value: string | undefined, otherwise: number, name: string): number {
  const number = value === undefined ? otherwise : Number(value);
  if (!Number.isFinite(number) || number <= 0) throw new Usage(`${name} is a number above 0.`);
  return number;
}

function defaultDir(): string {
  return process.env.DATA_DIR ? path.join(process.env.DATA_DIR, "sim") : path.join("data", "demo", "sim");
}

async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      dir: { type: "string" },
      console: { type: "string" },
      agent: { type: "string" },
      "admin-token": { type: "string" },
      calm: { type: "boolean" },
      speed: { type: "string" },
      "timing-factor": { type: "string" },
    },
  });
  const adminToken = values["admin-token"] ?? process.env.QUARTERDECK_TOKEN;
  if (values.console === undefined || values.agent === undefined || !adminToken)
    throw new Usage("run needs --console, --agent and a token.");
  const parent = process.ppid;
  const fleet = await runFleet({
    dir: values.dir ?? defaultDir(),
    console: values.console,
    agent: path.resolve(values.agent),
    adminToken,
    pace: positive(values.speed, 1, "--speed"),
    isCalm: values.calm ?? false,
    timingFactor: positive(values["timing-factor"] ?? process.env.QUARTERDECK_TIMING_FACTOR, 1, "--timing-factor"),
  });

  let isStopping = false;
  const stop = (code: number) => {
    if (isStopping) return;
    isStopping = true;
    void fleet.stop().finally(() => process.exit(code));
  };
  process.on("SIGTERM", () => stop(0));
  process.on("SIGINT", () => stop(0));
  process.on("disconnect", () => stop(0));
  setInterval(() => {
    if (process.ppid !== parent) stop(0);
  }, PARENT_EVERY_MS);

  fleet.ready.then(
    () => {
      if (isStopping) return;
      const message = { type: "ready", nodes: fleet.nodes.length, control: fleet.controlUrl };
      // Who started it as a child hears it there; nobody has to read it twice.
      if (process.send) process.send(message);
      else process.stdout.write(`${JSON.stringify(message)}\n`);
    },
    (error: unknown) => {
      if (!isStopping) process.stderr.write(`sim: ${error instanceof Error ? error.message : String(error)}\n`);
      stop(1);
    },
  );
}

async function speak(command: string, args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { dir: { type: "string" } } });
  const control = controlOf(values.dir ?? defaultDir());
  const [name, ...rest] = positionals;
  if (command === "fault" || command === "repair") {
    if (name === undefined) throw new Usage(`${command} needs a name: see sim list.`);
    await control[command](name, ...rest);
    return;
  }
  const state = await control.state();
  const lines =
    command === "list"
      ? state.faults.map((fault) => `${[fault.name, ...fault.args].join(" ").padEnd(28)} ${fault.title}`)
      : [
          ...state.nodes.map((node) => {
            const words = [node.power, node.isAgentRunning ? "agent runs" : "no agent", ...(node.isLineCut ? ["line cut"] : [])];
            return `${`${node.cluster}/${node.node}`.padEnd(20)} ${words.join(", ")}`;
          }),
          ...state.active.map((fault) => `broken: ${[fault.name, ...fault.args].join(" ")}`),
          `control page: ${control.url}`,
        ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

async function main(): Promise<void> {
  const [command, ...args] = process.argv.slice(2);
  switch (command) {
    case "run":
      return run(args);
    case "fault":
    case "repair":
    case "list":
    case "status":
      return speak(command, args);
    default:
      throw new Usage(command === undefined ? "Say what to do." : `There is no command ${command}.`);
  }
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`sim: ${message}\n${error instanceof Usage ? `\n${USAGE}` : ""}`);
  process.exit(error instanceof Usage ? 2 : 1);
});
