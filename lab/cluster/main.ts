// SPDX-License-Identifier: Apache-2.0
// `npm run lab:cluster`, and `npm run lab -- WORD …` for the one that runs.
import { askDesk } from "../desk";
import { ACTS } from "./acts";
import { layoutIn, nodeIn } from "./layout";
import { inNode } from "./node";
import { deskSocket } from "./node-files";
import { standUp } from "./stand";

const acts = Object.entries(ACTS).filter(([, { about }]) => about !== "");
const USAGE = `lab: a real Corosync and Pacemaker cluster in namespaces of this machine (needs root)

  npm run lab:cluster                  start it, with the agents and the console; Ctrl-C ends it and removes everything

While it runs, npm run lab -- …
${[["on NODE COMMAND …", "run a command inside a node"], ...acts.map(([word, { args, about }]) => [[word, ...args].join(" "), about])]
  .map(([words = "", about = ""]) => `  ${words.padEnd(24)} ${about}`)
  .join("\n")}

The folder is $LAB_DIR, else data/lab. The console's port is $PORT, else 3000.
`;

const dir = process.env.LAB_DIR ?? "data/lab";
const say = (text: string) => process.stdout.write(`${text}\n`);

async function stand(): Promise<void> {
  const port = Number(process.env.PORT ?? 3000);
  const lab = await standUp({ dir, port, hasPages: true, say });
  const { origin, password } = lab.access;
  say(`
Open ${origin.replace("127.0.0.1", "localhost")} (its certificate is self-made: the browser warns)
Sign in as admin, operator or viewer with the password ${password}
Nodes: ${lab.layout.nodes.map(({ name }) => name).join(", ")}. Look inside: npm run lab -- on ruby crm_mon -1
Break something: npm run lab -- kill crystal; all there is: npm run lab -- help
Ctrl-C ends everything.`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  say("The lab ends.");
  await lab.stop();
}

async function main(): Promise<void> {
  const [verb = "help", ...rest] = process.argv.slice(2);
  if (verb === "stand") return stand();
  const [name, command, ...args] = rest;
  if (verb === "on" && name !== undefined && command !== undefined) {
    const child = inNode(nodeIn(layoutIn(dir), name), command, args, { stdio: "inherit" });
    process.exitCode = await new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? 1)));
  } else if (verb in ACTS) {
    const answer = await askDesk(deskSocket(layoutIn(dir)), verb, ...rest);
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
