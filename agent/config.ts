// SPDX-License-Identifier: Apache-2.0
import { mkdir, open, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { isNotThere } from "./host/host-failure";
import { errorText } from "./plain-text";
import { decodeJson } from "./protocol/decode";
import { NodeName } from "./protocol/names";
import { RunError } from "./usage";

/** What `enroll` writes and `run` reads. */
export const Config = z.object({
  /** The console's address: `https://console.example:8443`. */
  console: z.url({ protocol: /^https?$/ }),
  agentId: z.string().min(1).max(64),
  node: NodeName,
  /** The console's raw Ed25519 public key, base64, pinned at enrolment. */
  consoleKey: z.string().min(1).max(200),
  stateDir: z.string().startsWith("/"),
  root: z.string().startsWith("/").optional(),
  bin: z.string().startsWith("/").optional(),
  cibFile: z.string().startsWith("/").optional(),
  /** Multiplies every timing constant; the console must run with the same factor. */
  timingFactor: z.number().positive().max(60).optional(),
  /** What may wait for the console on this node's disk; beyond it the oldest gives way, and the console is told how much. */
  journalMaxBytes: z
    .number()
    .int()
    .min(64 * 1024)
    .max(1024 * 1024 * 1024)
    .optional(),
  /** Talk to a console on another machine without TLS. */
  allowPlainText: z.boolean().optional(),
  /** A reverse proxy ends TLS before the console: its certificate is checked, because the console cannot sign the connection. */
  tlsProxy: z.boolean().optional(),
  /** A file with the certificates (PEM) that the console's own is checked against, on top of its key; behind a proxy, in place of public authorities. */
  caFile: z.string().startsWith("/").optional(),
  /** The file that says which steps this agent may take; default /etc/quarterdeck/policy.json. Without the file it takes none. */
  policyFile: z.string().startsWith("/").optional(),
});
export type Config = z.infer<typeof Config>;

/** @throws RunError when it cannot be read or does not fit */
export async function readConfig(file: string): Promise<Config> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (isNotThere(error))
      throw new RunError(`${file} is not there: enrol this node first (quarterdeck-agent enroll --help).`, { cause: error });
    throw new RunError(`${file} cannot be read: ${errorText(error)}`, { cause: error });
  }
  const config = decodeJson(Config, text);
  if (!config.ok) throw new RunError(`${file} is not a configuration of this agent: ${config.error}`);
  return config.value;
}

/** Writes it whole or not at all, readable by its owner only. */
export async function writeConfig(file: string, config: Config): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o755 });
  const fresh = `${file}.${process.pid}.new`;
  const handle = await open(fresh, "w", 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(config, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(fresh, file);
}
