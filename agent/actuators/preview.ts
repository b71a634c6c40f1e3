// SPDX-License-Identifier: Apache-2.0
import type { Host } from "../host/host";
import type { Scratch } from "../host/scratch";
import type { Step, StepPreview } from "../protocol/steps";
import { aoeDiscoverLines } from "./aoe-discover";
import { asCibStep, TOOLS_OF } from "./catalog";
import { changeCopy, queryCib } from "./cib-copy";
import { cleanupLines } from "./cleanup";
import { drbdLinkLines } from "./drbd-link";
import { drbdTakeFromPeerLines } from "./drbd-take-from-peer";
import { drbdVerifyLines } from "./drbd-verify";
import { StepFailure } from "./failure";
import { fenceDevices, fenceLines } from "./fence";
import { knowsNode, simulate } from "./simulate";

const CANNOT_SIMULATE =
  "This node's crm_simulate cannot print XML (it can since Pacemaker 2.1.0), so what the change would do cannot be told. Nothing was changed.";
/** What a preview may hold (see the contract); beyond it, it would not be the whole truth. */
const MOST = { actions: 2_000, operations: 5_000, placements: 5_000 };

/**
 * What these steps would do one after the other, each on the predicted outcome of the one before. Changes nothing.
 * @throws StepFailure, ParseError, HostError
 */
export function previewSteps(host: Host, steps: readonly Step[]): Promise<StepPreview[]> {
  return host.scratch(async (scratch) => {
    let state: State = { is: "live" };
    const previews: StepPreview[] = [];
    for (const [index, step] of steps.entries()) {
      await requireTools(host, step);
      const { preview, after } = await previewOne(host, scratch, step, state, `-${index}`);
      for (const part of ["actions", "operations", "placements"] as const)
        if (preview[part].length > MOST[part])
          throw new StepFailure("STEP_TOOL", `The simulation has ${preview[part].length} ${part}; at most ${MOST[part]} can be told.`);
      previews.push(preview);
      state = after;
    }
    return previews;
  });
}

/** @throws StepFailure STEP_ABSENT */
async function requireTools(host: Host, { kind }: Step): Promise<void> {
  for (const tool of TOOLS_OF[kind])
    if (!(await host.has(tool))) throw new StepFailure("STEP_ABSENT", `${tool} is not installed on this node.`);
}

/** On what the next step stands: the cluster as it is, what was predicted, or an outcome that could not be predicted. */
type State = { is: "live" } | { is: "predicted"; cib: string } | { is: "unknown" };

interface Previewed {
  preview: StepPreview;
  after: State;
}

/** The CIB that a step is made on. @throws StepFailure */
async function cibOf(host: Host, state: State): Promise<string> {
  switch (state.is) {
    case "live":
      return queryCib(host);
    case "predicted":
      return state.cib;
    case "unknown":
      throw new StepFailure(
        "STEP_TOOL",
        "The first of these steps moves too much to be played through, so what the next would do cannot be told.",
      );
    default: {
      const never: never = state;
      return never;
    }
  }
}

function stateAfter(cib: string | null): State {
  return cib === null ? { is: "unknown" } : { is: "predicted", cib };
}

async function previewOne(host: Host, scratch: Scratch, step: Step, state: State, label: string): Promise<Previewed> {
  const cibStep = asCibStep(step);
  if (cibStep !== null) {
    const change = await changeCopy(host, scratch, cibStep, await cibOf(host, state), label);
    const outcome = await simulate(host, scratch, change.want, { label });
    if (outcome === null) throw new StepFailure("STEP_TOOL", CANNOT_SIMULATE);
    const { after, ...simulation } = outcome;
    const { from, digest, isSame, commands } = change;
    return { preview: { commands, change: { from, digest }, isSame, ...simulation, fenceDevices: null }, after: stateAfter(after) };
  }
  if (step.kind === "fence") {
    const seen = await cibOf(host, state);
    if (!knowsNode(seen, step.node)) throw new StepFailure("STEP_TOOL", `The cluster has no node ${step.node}.`);
    const devices = await fenceDevices(host, step.node);
    const told = { ...direct(fenceLines(step)), fenceDevices: devices };
    await scratch.write(`seen${label}.xml`, seen);
    const outcome = await simulate(host, scratch, scratch.path(`seen${label}.xml`), { label, failing: step.node });
    // A node may have to be fenced where nothing can be simulated: then no outcome is told.
    if (outcome === null) return { preview: told, after: { is: "unknown" } };
    const { after, ...simulation } = outcome;
    return { preview: { ...told, ...simulation }, after: stateAfter(after) };
  }
  return { preview: direct(linesOf(step)), after: state };
}

/** The command lines of what is neither simulated nor conditional. */
function linesOf(step: Step): string[] {
  switch (step.kind) {
    case "cleanup":
      return cleanupLines(step);
    case "aoeDiscover":
      return aoeDiscoverLines();
    case "drbdDisconnect":
    case "drbdConnect":
      return drbdLinkLines(step);
    case "drbdTakeFromPeer":
      return drbdTakeFromPeerLines(step);
    case "drbdVerify":
    case "drbdVerifyStop":
      return drbdVerifyLines(step);
    default: // the others are previewed above
      return [];
  }
}

/** What can be said of a step that is no change of the configuration. */
function direct(commands: string[]): StepPreview {
  return { commands, change: null, isSame: false, actions: [], operations: [], placements: [], fenceDevices: null };
}
