// SPDX-License-Identifier: Apache-2.0
import { open } from "node:fs/promises";
import { z } from "zod";
import { isNotThere } from "./host/host-failure";
import { errorText } from "./plain-text";
import { decodeJson } from "./protocol/decode";
import { StepKind } from "./protocol/steps";

/** The file in which a node's admin says which kinds of steps this agent will ever take. */
const PolicyFile = z.object({ steps: z.array(z.string().max(40)).max(64) });

/** What is allowed here, and in a sentence why no more is. */
export interface Policy {
  steps: readonly StepKind[];
  why: string;
}

/** Bits by which others than the owner may write. */
const WRITABLE_BY_OTHERS = 0o022;
const MAX_BYTES = 64 * 1024;

/** Reads the policy; whatever is wrong with it allows nothing. Never throws. */
export async function readPolicy(file: string): Promise<Policy> {
  const none = (why: string): Policy => ({ steps: [], why });
  try {
    const handle = await open(file, "r");
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) return none(`${file} is not a file, so no step is allowed.`);
      if ((stats.mode & WRITABLE_BY_OTHERS) !== 0)
        return none(`${file} may be written by others than its owner, so it allows nothing: chmod go-w ${file}.`);
      const own = process.getuid?.();
      if (own !== undefined && stats.uid !== own && stats.uid !== 0)
        return none(`${file} belongs to another user than root or the agent's, so it allows nothing: chown root ${file}.`);
      if (stats.size > MAX_BYTES) return none(`${file} is too large to be a policy, so no step is allowed.`);
      return parsePolicy(file, await handle.readFile("utf8"));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isNotThere(error)) return none(`${file} is not there, so no step is allowed: this agent only reads.`);
    return none(`${file} cannot be read, so no step is allowed: ${errorText(error)}.`);
  }
}

function parsePolicy(file: string, text: string): Policy {
  const read = decodeJson(PolicyFile, text);
  if (!read.ok) return { steps: [], why: `${file} is not a policy ({"steps": [ … ]}), so no step is allowed: ${read.error}.` };
  const steps = StepKind.options.filter((kind) => read.value.steps.includes(kind));
  const unknown = read.value.steps.filter((name) => !StepKind.safeParse(name).success);
  const beside = unknown.length === 0 ? "" : ` Words that name no step: ${unknown.join(", ")}.`;
  return { steps, why: `${file} allows ${steps.length === 0 ? "none" : steps.join(", ")}.${beside}` };
}
