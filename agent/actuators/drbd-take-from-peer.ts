// SPDX-License-Identifier: Apache-2.0
import { parseDrbdadmVersion } from "../collectors/versions/parse";
import { knowsResetBitmap, UTILS_WITH_RESET_BITMAP } from "../protocol/reset-bitmap";
import { isAtLeast } from "../protocol/version-order";
import { type ActContext, type Acted, commandLine, runTool, type StepOf } from "./define";
import { devicesOf, drbdadm, peerOf } from "./drbdadm";
import { StepFailure } from "./failure";

type TakeStep = StepOf<"drbdTakeFromPeer">;

function argsOf({ resource, peer, volume }: TakeStep): string[] {
  return ["invalidate", `${resource}:${peer}/${volume}`, "--reset-bitmap=no"];
}

export function drbdTakeFromPeerLines(step: TakeStep): string[] {
  return [commandLine("drbdadm", argsOf(step))];
}

/**
 * Overwrites the blocks here that are marked out of sync with the peer's. What does not know `--reset-bitmap` would overwrite the whole
 * device: then it is refused, whatever the console says. @throws StepFailure, ParseError
 */
export async function drbdTakeFromPeer(context: ActContext, step: TakeStep): Promise<Acted> {
  await requireResetBitmap(context);
  const device = devicesOf(context, step.kind, step.resource).find(({ volume }) => (volume ?? 0) === step.volume);
  if (device === undefined) throw new StepFailure("STEP_CHANGED", `${step.resource} has no volume ${step.volume} on this node.`);
  const peer = peerOf(device, step.peer);
  const why = objectionTo(device.role, device.disk, peer);
  if (why !== null) throw new StepFailure("STEP_CHANGED", `${step.resource}/${step.volume} ${why}: nothing is overwritten here.`);
  return drbdadm(context, argsOf(step));
}

type PeerOf = ReturnType<typeof peerOf>;

function objectionTo(role: string, disk: string, peer: PeerOf): string | null {
  if (role !== "Secondary") return `is ${role} on this node`;
  if (disk !== "UpToDate") return `is ${disk} on this node`;
  if (peer.connection !== "Connected" || peer.replication !== "Established")
    return `is ${peer.connection} and ${peer.replication}, not connected and at rest`;
  if (peer.disk !== "UpToDate") return `is ${peer.disk} on the peer`;
  // With nothing marked there is nothing to take; and a bitmap that is not known could be anything.
  if (peer.outOfSyncBytes === null || peer.outOfSyncBytes === 0) return "has nothing marked out of sync";
  return null;
}

/** @throws StepFailure STEP_ABSENT, ParseError */
async function requireResetBitmap({ host, drbd }: ActContext): Promise<void> {
  const loaded = drbd?.status === "ok" ? drbd.value.module : null;
  if (loaded === null || !knowsResetBitmap(loaded)) {
    const what = loaded === null ? "is not known" : `is ${loaded.version}`;
    throw new StepFailure("STEP_ABSENT", `The loaded DRBD ${what}: without --reset-bitmap=no the whole device would be overwritten.`);
  }
  const said = await runTool(host, "drbdadm", ["--version"], { timeoutMs: 5_000 });
  const utils = parseDrbdadmVersion(said.stdout);
  if (!isAtLeast(utils, UTILS_WITH_RESET_BITMAP))
    throw new StepFailure("STEP_ABSENT", `drbd-utils ${utils} does not know --reset-bitmap: the whole device would be overwritten.`);
}
