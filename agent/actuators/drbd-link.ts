// SPDX-License-Identifier: Apache-2.0
import { type ActContext, type Acted, commandLine, type StepOf } from "./define";
import { devicesOf, drbdadm, peerOf } from "./drbdadm";
import { StepFailure } from "./failure";

type LinkStep = StepOf<"drbdDisconnect" | "drbdConnect">;

function argsOf({ kind, resource, peer }: LinkStep): string[] {
  // Never --force, which tells the peer nothing, and never --discard-my-data.
  return [kind === "drbdConnect" ? "connect" : "disconnect", peer === null ? resource : `${resource}:${peer}`];
}

export function drbdLinkLines(step: LinkStep): string[] {
  return [commandLine("drbdadm", argsOf(step))];
}

/** Lets go of a peer, or looks for it again. A Primary never lets go by this: the side that is to be overwritten does. @throws StepFailure */
export function drbdLink(context: ActContext, step: LinkStep): Promise<Acted> {
  const devices = devicesOf(context, step.kind, step.resource);
  const primary = devices.find(({ role }) => role === "Primary");
  if (primary) throw new StepFailure("STEP_CHANGED", `This node is Primary for ${step.resource}: it does not let go of its peer.`);
  // On 8.x the name of the peer is not said, and there is only one; while StandAlone DRBD 8.4 may not tell of it at all.
  if (step.kind === "drbdDisconnect") for (const device of devices) peerOf(device, step.peer);
  return drbdadm(context, argsOf(step));
}
