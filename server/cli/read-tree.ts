// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { z } from "zod";
import type { RecordedNode } from "@/agent/protocol/console/recorded";
import { decodeJson } from "@/agent/protocol/decode";
import { Readings, SourceName } from "@/agent/protocol/sources";
import { CliError } from "./cli-error";
import type { RecordedTree } from "./recorded-files";

const LIMIT_MS = 120_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** What the agent calls a node whose name only the cluster will tell. */
const TO_BE_NAMED = "to-be-named";

const Once = z.object({ node: z.string(), readings: Readings });

/**
 * What the agent reads in a recorded tree: the agent program itself, run once.
 * What is absent there is left out: a recording without it says nothing of the node.
 * @throws CliError when the agent fails, or says what this program does not understand
 */
export async function readTree(
  agent: string,
  tree: RecordedTree,
  env: Readonly<Record<string, string | undefined>>,
): Promise<RecordedNode> {
  const options = ["once", "--json", "--root", tree.root, "--node", tree.node ?? TO_BE_NAMED];
  if (tree.bin !== null) options.push("--bin", tree.bin);
  if (tree.sources !== null) options.push("--source", tree.sources.join(","));
  const said = await run(agent, options, environment(tree, env));
  const once = decodeJson(Once, said);
  if (!once.ok)
    throw new CliError(`The agent (${agent}) said what this program does not understand. Are both of one version? ${once.error}`);
  const readings: Readings = {};
  for (const name of SourceName.options) {
    const reading = once.value.readings[name];
    if (reading && reading.status !== "absent") Object.assign(readings, { [name]: reading });
  }
  const pacemaker = readings.pacemaker?.status === "ok" ? readings.pacemaker.value : null;
  const speaker = pacemaker?.dc ?? pacemaker?.nodes.find(({ online }) => online)?.name ?? pacemaker?.nodes[0]?.name;
  return { node: tree.node ?? speaker ?? TO_BE_NAMED, role: isClient(readings) ? "client" : "member", readings };
}

/** It uses storage of others, and has no part in a cluster of its own. */
function isClient({ pacemaker, drbd, aoe, iscsi }: Readings): boolean {
  const usesAoe = aoe?.status === "ok" && aoe.value.devices.length > 0;
  const usesIscsi = iscsi?.status === "ok" && (iscsi.value.sessions?.length ?? 0) > 0 && !iscsi.value.targets?.length;
  return !pacemaker && !drbd && (usesAoe || usesIscsi);
}

/** Nothing of the opener's own environment (tokens!) reaches what a recording may run. */
function environment(tree: RecordedTree, env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const own = { PATH: env.PATH, ...(tree.cibFile === null ? {} : { CIB_file: tree.cibFile }) };
  return Object.assign(Object.create(null), own);
}

function run(agent: string, options: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [agent, ...options], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: LIMIT_MS,
      killSignal: "SIGKILL",
    });
    const out: Buffer[] = [];
    let bytes = 0;
    let complaint = "";
    child.stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_OUTPUT_BYTES) child.kill("SIGKILL");
      else out.push(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      if (complaint.length < 2_000) complaint += chunk.toString("utf8");
    });
    child.on("error", (cause) => reject(new CliError(`${agent} could not be started: ${cause.message}`, 1, { cause })));
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString("utf8"));
      else reject(new CliError(`The agent did not read ${options[3]}: ${complaint.trim() || `it ended with ${code ?? "a signal"}`}`));
    });
  });
}
