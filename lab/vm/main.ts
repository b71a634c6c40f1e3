// SPDX-License-Identifier: Apache-2.0
// `npm run lab:vm`, and `npm run vm -- WORD …` for the one that runs.
import { z } from "zod";
import { askDesk } from "../desk";
import { ACTS } from "./acts";
import { labIn } from "./lab";
import { deskSocket, layoutOf } from "./layout";
import { standUp } from "./stand";

const acts = Object.entries(ACTS).filter(([, { about }]) => about !== "");
const USAGE = `vm: three virtual machines with stock kernels: DRBD, bonds, AoE and LIO under Pacemaker (needs root)

  npm run lab:vm                       start them, with the agents and the console; Ctrl-C ends them and removes everything

While they run, npm run vm -- …
${[["on MACHINE COMMAND …", "run a command in a machine"], ...acts.map(([word, { args, about }]) => [[word, ...args].join(" "), about])]
  .map(([words = "", about = ""]) => `  ${words.padEnd(24)} ${about}`)
  .join("\n")}

The folder is $LAB_DIR, else data/vm. The console's port is $PORT, else 3000. The guests' image is kept in
\${XDG_CACHE_HOME:-~/.cache}/quarterdeck/vm.
`;

const dir = process.env.LAB_DIR ?? "data/vm";
const Name = z.enum(["alice", "bob", "carol"]);
const say = (text: string) => process.stdout.write(`${text}\n`);

async function stand(): Promise<void> {
  const startedMs = performance.now();
  const ended = new Promise<void>((resolve) => {
    // Not once: a second Ctrl-C would end the process while it clears up.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve());
  });
  const lab = await standUp({ dir, port: Number(process.env.PORT ?? 3000), hasPages: true, say, ended });
  const { origin, password } = lab.access;
  say(`
Open ${origin.replace("127.0.0.1", "localhost")} (its certificate is self-made: the browser warns)
Sign in as admin, operator or viewer with the password ${password}
Machines: ${layoutOf(dir, "")
    .machines.map(({ name }) => name)
    .join(", ")}; up after ${Math.round((performance.now() - startedMs) / 1_000)} s. Look inside: npm run vm -- on alice drbdadm status
Try: npm run vm -- cut p1 (one leaf of the bond of bonds); npm run vm -- on alice killall vblade (one of two AoE targets);
     npm run vm -- kill bob; all there is: npm run vm -- help
Ctrl-C ends everything.`);
  await ended;
  say("The lab ends.");
  await lab.stop();
}

async function main(): Promise<void> {
  const [verb = "help", ...rest] = process.argv.slice(2);
  if (verb === "stand") return stand();
  if (verb === "on" && rest.length > 1) {
    const { exitCode, stdout, stderr } = await labIn(dir).run(Name.parse(rest[0]), rest.slice(1).join(" "));
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    process.exitCode = exitCode;
  } else if (verb in ACTS) {
    const answer = await askDesk(deskSocket(dir), verb, ...rest);
    if (answer !== "") say(answer);
  } else {
    process.stderr.write(USAGE);
    process.exitCode = verb === "help" ? 0 : 2;
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
