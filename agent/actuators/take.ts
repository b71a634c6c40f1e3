// SPDX-License-Identifier: Apache-2.0
import type { Host } from "../host/host";
import type { Scratch } from "../host/scratch";
import type { Step, StepOrder } from "../protocol/steps";
import { aoeDiscover } from "./aoe-discover";
import { asCibStep } from "./catalog";
import { COPY_TOOL, changeCopy, queryCib } from "./cib-copy";
import { cleanup } from "./cleanup";
import { type ActContext, type Acted, type CibStep, runTool } from "./define";
import { drbdLink } from "./drbd-link";
import { drbdTakeFromPeer } from "./drbd-take-from-peer";
import { drbdVerify } from "./drbd-verify";
import { firstWords, StepFailure, toolFailure } from "./failure";
import { fence } from "./fence";
import { withoutUpdates } from "./parse-diff";

type ExpectedChange = StepOrder["expect"]["change"];

/** Takes the step. @throws StepFailure, ParseError, HostError */
export function takeStep(context: ActContext, step: Step, expected: ExpectedChange): Promise<Acted> {
  const cibStep = asCibStep(step);
  if (cibStep !== null) return context.host.scratch((scratch) => writeChange(context.host, scratch, cibStep, expected));
  return takeDirectly(context, step);
}

async function takeDirectly(context: ActContext, step: Step): Promise<Acted> {
  switch (step.kind) {
    case "cleanup":
      return cleanup(context, step);
    case "fence":
      return fence(context, step);
    case "aoeDiscover":
      return aoeDiscover(context);
    case "drbdDisconnect":
    case "drbdConnect":
      return drbdLink(context, step);
    case "drbdTakeFromPeer":
      return drbdTakeFromPeer(context, step);
    case "drbdVerify":
    case "drbdVerifyStop":
      return drbdVerify(context, step);
    default:
      throw new StepFailure("STEP_INVALID", `${step.kind} changes the configuration, and only as a patch.`);
  }
}

/** "Update was older than existing configuration". Source: CRM_EX_OLD, Pacemaker 2. */
const EXIT_OLD = 103;
/** cibadmin had no answer in time: CRM_EX_TIMEOUT of Pacemaker 2, and ETIME, ETIMEDOUT before. */
const EXIT_TIMEOUT = [124, 62, 110];
/** cibadmin lost the cluster after it was there a moment ago: CRM_EX_DISCONNECT, CRM_EX_SOFTWARE; ENOTCONN before Pacemaker 2. */
const EXIT_LOST = [102, 70, 107];
const CHANGED = "The cluster's configuration changed since the preview: nothing was written. Look at it again.";

/** The same change once more on a fresh copy; if it is the one that was previewed, it is written as a patch that fits only this epoch. */
async function writeChange(host: Host, scratch: Scratch, step: CibStep, expected: ExpectedChange): Promise<Acted> {
  if (expected === null)
    throw new StepFailure("STEP_INVALID", `${step.kind} changes the configuration: the order must say what was previewed.`);
  const { from, digest, isSame, diff, commands } = await changeCopy(host, scratch, step, await queryCib(host));
  if (from.adminEpoch !== expected.from.adminEpoch || from.epoch !== expected.from.epoch || digest !== expected.digest)
    throw new StepFailure("STEP_CHANGED", CHANGED);
  if (isSame) return { commands, output: "The configuration says so already: nothing was written." };
  await scratch.write("patch.xml", withoutUpdates(diff));
  const result = await runTool(host, "cibadmin", ["--patch", "--xml-file", scratch.path("patch.xml")], COPY_TOOL, "something");
  if (result.exitCode === EXIT_OLD) throw new StepFailure("STEP_CHANGED", CHANGED);
  if (EXIT_TIMEOUT.includes(result.exitCode))
    throw new StepFailure("STEP_TIMEOUT", "The cluster did not say in time whether it took the change: it may have.", true);
  if (result.exitCode !== 0) throw toolFailure("cibadmin --patch", result, EXIT_LOST.includes(result.exitCode));
  return { commands, output: firstWords(result) };
}
