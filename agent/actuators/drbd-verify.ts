// SPDX-License-Identifier: Apache-2.0
import type { RunResult } from "../host/host";
import type { DrbdGeneration } from "../protocol/steps";
import { type ActContext, type Acted, commandLine, runTool, type StepOf } from "./define";
import { refusedByDrbd } from "./drbd-refusals";
import { firstWords, StepFailure, toolFailure } from "./failure";

type VerifyStep = StepOf<"drbdVerify" | "drbdVerifyStop">;

/** It only tells the kernel, which answers at once; drbdadm may wait for its lock file, and for bitmap I/O of a resync that just ended. */
const LIMIT_MS = 30_000;

/**
 * `--start=0`: without it every generation goes on where a cut run got to, and a "done" would be said of a part. `--stop=0` on a verify
 * that runs here moves its end to where it is: no connection is cut.
 * Source: drbdsetup(8) of 8.4 and 9, verify; drbd_adm_start_ov() and w_make_ov_request(). 8.x hands what stands after `--` to drbdsetup.
 */
function argsOf({ kind, resource, volume, peer, generation }: VerifyStep): string[] {
  const where = kind === "drbdVerify" ? "--start=0" : "--stop=0";
  switch (generation) {
    case "8.3":
      if (volume !== 0) throw new StepFailure("STEP_INVALID", `DRBD 8.3 knows no volumes: there is no ${resource}/${volume}.`);
      return ["--", where, "verify", resource];
    case "8.4":
      return ["--", where, "verify", `${resource}/${volume}`];
    case "9":
      return ["verify", where, peer === null ? `${resource}/${volume}` : `${resource}:${peer}/${volume}`];
    default: {
      const never: never = generation;
      return never;
    }
  }
}

/** @throws StepFailure where the generation cannot be asked for this */
export function drbdVerifyLines(step: VerifyStep): string[] {
  return [commandLine("drbdadm", argsOf(step))];
}

/** The words of 8.3 also for what came before it. */
const SPOKEN_TO: Readonly<Record<string, DrbdGeneration>> = { "8.0": "8.3", "8.2": "8.3", "8.3": "8.3", "8.4": "8.4", "9": "9" };

/** What the order stands on, as DRBD here was read a moment ago. @throws StepFailure */
function requireKnown({ drbd }: ActContext, { kind, resource, volume, peer, generation }: VerifyStep): void {
  const { value } = drbd?.status === "ok" ? drbd : { value: null };
  const device = value?.devices.find((one) => one.resource === resource && (one.volume ?? 0) === volume && !one.unconfigured);
  if (!value || !device) throw new StepFailure("STEP_CHANGED", `There is no DRBD volume ${resource}/${volume} on this node now.`);
  const loaded = value.module?.generation;
  if (loaded !== undefined && SPOKEN_TO[loaded] !== generation)
    throw new StepFailure("STEP_CHANGED", `DRBD ${loaded} is loaded here, and this was to be asked in the words of ${generation}.`);
  const peers = device.peers.filter(({ name }) => peer === null || name === null || name === peer);
  // Told to stop where none runs, DRBD would begin one.
  if (kind === "drbdVerifyStop" && !peers.some(({ replication }) => replication === "VerifyS"))
    throw new StepFailure("STEP_CHANGED", `No verify of ${resource} runs that was started here: there is nothing to stop.`);
}

/**
 * Starts or stops comparing the copies of a volume. Exit 0 says only that DRBD took the words: with a Diskless peer it takes them and
 * does nothing. What really runs is for the next reading to say. @throws StepFailure
 */
export async function drbdVerify(context: ActContext, step: VerifyStep): Promise<Acted> {
  const args = argsOf(step);
  requireKnown(context, step);
  const result = await runTool(context.host, "drbdadm", args, { timeoutMs: LIMIT_MS }, "something");
  if (result.exitCode !== 0) throw failure(step, args, result);
  return { commands: drbdVerifyLines(step), output: firstWords(result) };
}

function failure({ resource }: VerifyStep, args: readonly string[], result: RunResult): StepFailure {
  const sentence = refusedByDrbd(resource, result);
  return sentence === null ? toolFailure(commandLine("drbdadm", args), result) : new StepFailure("STEP_TOOL", sentence);
}
