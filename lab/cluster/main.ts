// SPDX-License-Identifier: Apache-2.0
// `npm run lab -- up [N] | down | on NODE COMMAND …`
import { clusterDown, clusterUp } from "./cluster";
import { labIn } from "./lab";
import { inNode } from "./node";

const USAGE = `lab: a real Corosync and Pacemaker cluster in namespaces of this machine (needs root)

  lab up [N]              start N nodes (default 3)
  lab on NODE COMMAND …   run a command inside a node
  lab down                end it, with everything it wrote

The folder is $LAB_DIR, else data/lab.
`;

async function main(): Promise<void> {
  const dir = process.env.LAB_DIR ?? "data/lab";
  const [verb, ...rest] = process.argv.slice(2);
  if (verb === "up") {
    const { nodes } = await clusterUp(dir, Number(rest[0] ?? 3));
    console.log(`Up: ${nodes.map(({ name }) => name).join(", ")}. Look: npm run lab -- on ruby crm_mon -1`);
  } else if (verb === "down") await clusterDown(dir);
  else if (verb === "on" && rest[0] !== undefined && rest[1] !== undefined) {
    const node = labIn(dir).nodes.find(({ name }) => name === rest[0]);
    if (!node) throw new Error(`The lab has no node ${rest[0]}.`);
    const child = inNode(node, rest[1], rest.slice(2), { stdio: "inherit" });
    process.exitCode = await new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? 1)));
  } else {
    process.stderr.write(USAGE);
    process.exitCode = 2;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
