// SPDX-License-Identifier: Apache-2.0
import type { DrbdDevice, DrbdPeer } from "../protocol/model/drbd";
import type { StepKind } from "../protocol/steps";
import { type ActContext, type Acted, commandLine, runTool } from "./define";
import { firstWords, StepFailure, toolFailure } from "./failure";

/** drbdsetup waits for the kernel, and the kernel for the peer's word: a cluster-wide change of DRBD 9 gives up by itself before. */
const LIMIT_MS = 30_000;
/**
 * Refused before anything was changed: not in the configuration (1), syntax and usage (2, 3), the kernel's own "Failure" (10), "State
 * change failed" (11, and 17 for a cluster-wide one). Source: drbdadm and drbdsetup of drbd-utils 8.9 to 9.22.
 */
const NEVER_BEGUN: readonly number[] = [1, 2, 3, 10, 11, 17];

/** Runs drbdadm for a step that changes something. @throws StepFailure */
export async function drbdadm({ host }: ActContext, args: readonly string[]): Promise<Acted> {
  const line = commandLine("drbdadm", args);
  const result = await runTool(host, "drbdadm", args, { timeoutMs: LIMIT_MS }, "something");
  if (result.exitCode !== 0) throw toolFailure(line, result, !NEVER_BEGUN.includes(result.exitCode));
  return { commands: [line], output: firstWords(result) };
}

/** The devices of a resource on this node as they were just read. @throws StepFailure where they are not known */
export function devicesOf({ drbd }: ActContext, kind: StepKind, resource: string): readonly [DrbdDevice, ...DrbdDevice[]] {
  if (drbd?.status !== "ok") throw new StepFailure("STEP_CHANGED", `DRBD could not be read just now, so ${kind} is not done.`);
  const [first, ...rest] = drbd.value.devices.filter((device) => device.resource === resource && !device.unconfigured);
  if (first === undefined) throw new StepFailure("STEP_CHANGED", `There is no DRBD resource ${resource} on this node now.`);
  return [first, ...rest];
}

/** The peer that is meant: by its name, or the only one. @throws StepFailure where it cannot be told */
export function peerOf(device: DrbdDevice, name: string | null): DrbdPeer {
  const found = name === null ? device.peers : device.peers.filter((peer) => peer.name === name);
  const [peer, ...others] = found;
  if (peer === undefined || others.length > 0) {
    const who = name === null ? "exactly one peer" : `a peer ${name}`;
    throw new StepFailure("STEP_CHANGED", `DRBD does not say that ${device.resource ?? "it"} has ${who} now.`);
  }
  return peer;
}
