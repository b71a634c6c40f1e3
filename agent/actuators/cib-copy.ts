// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "../collectors/define";
import { whole } from "../collectors/pacemaker/fields";
import { refusalOf } from "../collectors/pacemaker/refusals";
import type { Host } from "../host/host";
import type { Scratch } from "../host/scratch";
import type { ConfigVersion } from "../protocol/steps";
import { readXml, type XmlElement } from "../xml";
import { cibCalls } from "./catalog";
import { type CibStep, commandLine, EXIT_USAGE, runTool, type ToolCall } from "./define";
import { StepFailure, toolFailure } from "./failure";
import { diffDigest, NO_CHANGE } from "./parse-diff";

/** Bounds of every tool that works on a copy. A CIB of 800 kB takes the slowest of them a second. */
export const COPY_TOOL = { timeoutMs: 20_000, maxBytes: 16 * 1024 * 1024 } as const;

/** A step's change, made on a copy. `names` are the scratch files. */
export interface CopyChange {
  from: ConfigVersion;
  digest: string;
  /** True when the configuration says so already. */
  isSame: boolean;
  /** crm_diff's text; empty when nothing changes. */
  diff: string;
  /** The file with the changed configuration. */
  want: string;
  /** What was run, for people. */
  commands: string[];
}

/** The configuration and status as Pacemaker on this node has them now. @throws StepFailure */
export async function queryCib(host: Host): Promise<string> {
  const result = await runTool(host, "cibadmin", ["-Q"], COPY_TOOL);
  if (result.exitCode === 0) return result.stdout;
  const refusal = refusalOf("cibadmin", result.exitCode);
  if (refusal === null) throw toolFailure("cibadmin -Q", result);
  throw new StepFailure(refusal.code === "HOST_FORBIDDEN" ? "STEP_TOOL" : "STEP_ABSENT", refusal.message);
}

/** Reads a CIB's text as the tree and the version it has. @throws ParseError */
export function readCib(text: string): { cib: XmlElement; version: ConfigVersion } {
  const cib = readXml(text);
  const [adminEpoch, epoch] = [whole(cib, "admin_epoch"), whole(cib, "epoch")];
  if (cib.name !== "cib" || adminEpoch === null || epoch === null) throw new ParseError("what cibadmin prints is not a CIB with an epoch");
  return { cib, version: { adminEpoch, epoch } };
}

/** Makes the step's change on a copy of this CIB; the cluster is not asked and not touched. @throws StepFailure, ParseError */
export async function changeCopy(host: Host, scratch: Scratch, step: CibStep, seen: string, label = ""): Promise<CopyChange> {
  const { cib, version } = readCib(seen);
  const [seenFile, wantFile] = [`seen${label}.xml`, `want${label}.xml`];
  await scratch.write(seenFile, seen);
  await scratch.write(wantFile, seen);
  const want = scratch.path(wantFile);
  const commands: string[] = [];
  for (const call of cibCalls(step, cib)) commands.push(`CIB_file=want.xml ${await callOnCopy(host, call, want)}`);
  const diff = await diffOf(host, scratch.path(seenFile), want);
  const digest = diff === "" ? NO_CHANGE : diffDigest(diff);
  const isSame = digest === NO_CHANGE;
  if (!isSame)
    commands.push(
      "crm_diff --original seen.xml --new want.xml > patch.xml",
      commandLine("cibadmin", ["--patch", "--xml-file", "patch.xml"]),
    );
  return { from: version, digest, isSame, diff, want, commands };
}

/** One tool on the copy; the answer is its command line. */
async function callOnCopy(host: Host, { tool, args, older, alreadySo = [] }: ToolCall, want: string): Promise<string> {
  let used = args;
  let result = await runTool(host, tool, used, { ...COPY_TOOL, cibFile: want });
  if (result.exitCode === EXIT_USAGE && older !== undefined) {
    used = older;
    result = await runTool(host, tool, used, { ...COPY_TOOL, cibFile: want });
  }
  if (result.exitCode !== 0 && !alreadySo.includes(result.exitCode)) throw toolFailure(commandLine(tool, used), result);
  return commandLine(tool, used);
}

/** Exit codes of crm_diff: nothing differs, and something does. */
const SAME = 0;
const DIFFERS = 1;

async function diffOf(host: Host, seen: string, want: string): Promise<string> {
  const result = await runTool(host, "crm_diff", ["--original", seen, "--new", want], COPY_TOOL);
  if (result.exitCode === SAME) return "";
  if (result.exitCode !== DIFFERS) throw toolFailure("crm_diff", result);
  return result.stdout;
}
