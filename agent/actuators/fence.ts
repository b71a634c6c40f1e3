// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "../collectors/define";
import { child, childrenOf } from "../collectors/pacemaker/fields";
import type { Host } from "../host/host";
import { readXml } from "../xml";
import { type ActContext, type Acted, commandLine, EXIT_USAGE, runTool, type StepOf } from "./define";
import { firstWords, StepFailure, toolFailure } from "./failure";

/** So long the fencer may try; the console waits longer than both. Units: seconds, then ms. */
const FENCE_SECONDS = 120;
const LIMIT_MS = 150_000;
const LIST_MS = 20_000;
const MAX_DEVICES = 64;
/** CRM_EX_NOSUCH: no device can reach that node. Source: stonith_admin of Pacemaker 2, as are the others. */
const NO_SUCH = 105;
/** No such device; may not (CRM_EX_INSUFFICIENT_PRIV); a usage error; no fencer (CRM_EX_DISCONNECT). */
const NEVER_BEGUN = [NO_SUCH, 4, EXIT_USAGE, 102];

/** "-F" has no long name that all versions share. */
function argsOf({ node, action }: StepOf<"fence">): string[] {
  return [action === "off" ? "-F" : "--reboot", node, "--timeout", String(FENCE_SECONDS)];
}

export function fenceLines(step: StepOf<"fence">): string[] {
  return [commandLine("stonith_admin", argsOf(step))];
}

/** Has the cluster's fencer take the node down, and waits for its word. @throws StepFailure */
export async function fence({ host }: ActContext, step: StepOf<"fence">): Promise<Acted> {
  const result = await runTool(host, "stonith_admin", argsOf(step), { timeoutMs: LIMIT_MS }, "something");
  // A fencer that gave up may have been too slow to see what its device did; one that was never reached did nothing.
  const mayHaveHappened = !NEVER_BEGUN.includes(result.exitCode);
  if (result.exitCode !== 0) throw toolFailure(commandLine("stonith_admin", argsOf(step)), result, mayHaveHappened);
  return { commands: fenceLines(step), output: firstWords(result) };
}

/** The devices that say they can fence the node. @throws StepFailure */
export async function fenceDevices(host: Host, node: string): Promise<string[]> {
  let result = await runTool(host, "stonith_admin", ["--list", node, "--output-as=xml"], { timeoutMs: LIST_MS });
  if (result.exitCode === EXIT_USAGE) result = await runTool(host, "stonith_admin", ["--list", node], { timeoutMs: LIST_MS });
  if (result.exitCode === NO_SUCH) return [];
  if (result.exitCode !== 0) throw toolFailure("stonith_admin --list", result);
  const devices = result.stdout.trimStart().startsWith("<") ? devicesInXml(result.stdout) : devicesInText(result.stdout);
  if (devices.length > MAX_DEVICES) throw new StepFailure("STEP_TOOL", `${devices.length} fencing devices are more than can be told.`);
  return devices;
}

/**
 * Shape: `<pacemaker-result><list name="Registered fence devices" count="1"><item name="device">fence</item></list>…`.
 * Source: stonith_admin-2.0.rng to 2.23.rng, item-1.1.rng. @throws ParseError
 */
export function devicesInXml(text: string): string[] {
  const root = readXml(text);
  if (root.name !== "pacemaker-result") throw new ParseError(`not stonith_admin's XML: it is <${root.name.slice(0, 40)}>`);
  return childrenOf(child(root, "list"), "item").map((item) => item.text.trim());
}

/** Shape: one device per line, then "N fence devices found" or "No devices found". Source: stonith_admin up to 2.0.2. */
export function devicesInText(text: string): string[] {
  const lines = text.split("\n").map((line) => line.replace(/^[ *]+/, "").trim());
  return lines.filter((line) => /^[A-Za-z_][A-Za-z0-9._-]*$/.test(line));
}
