// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { keyOf, type View } from "@/agent/protocol/console/view";
import { DrbdName, type Step } from "@/agent/protocol/steps";
import { mirrorName } from "@/server/findings/define";
import { defineCommand } from "./define";
import { VolumeNumber } from "./drbd-verify";
import { STOPPING_VERIFY } from "./guards/catalog";
import { nodeOf } from "./look";
import { generationOf, isVerifyTold, mirrorFor, runningVerifies, sideOf } from "./verify-pair";

/** DRBD looks at its new end after each block. */
const STOPPED_MS = 120_000;

const Args = z.object({ resource: DrbdName, volume: VolumeNumber });
type Args = z.infer<typeof Args>;

/** Ends a running verify where it is, without a cut of the connection. */
export const drbdVerifyStop = defineCommand({
  verb: "drbd.verifyStop",
  does: "The comparison ends where it is. What it found stays marked; of the rest nothing is proven. The connection stays.",
  args: Args,
  needs: "operator",
  isDisruptive: false,
  guards: STOPPING_VERIFY,
  title: (args) => `Stop the verify of ${nameOf(args)}`,
  typedName: nameOf,
  about: ({ resource, volume }) => [keyOf.mirror(resource, volume)],
  offer(view, key) {
    const mirror = view.get(key);
    if (mirror?.kind !== "mirror" || !mirror.pairs.some(({ line }) => line === "verify")) return null;
    const { resource, volume } = mirror;
    return { args: { resource, volume }, title: `Stop the verify of ${mirrorName(mirror)}`, fields: [], refusal: null };
  },
  touched: (view, args) => ({
    from: null,
    to: null,
    isWholeNode: false,
    resources: [],
    mirrors: mirrorFor(view, args) ? [keyOf.mirror(args.resource, args.volume)] : [],
  }),
  steps: stepsOf,
  plan: (view, args, steps) => [
    ...steps.map((step) => ({ step })),
    {
      says: `${starterOf(view, args) ?? "DRBD"} compares ${nameOf(args)} no more`,
      until: (now: View) => starterOf(now, args) === null,
      withinMs: STOPPED_MS,
    },
  ],
  settled: (view, args) => starterOf(view, args) === null,
  undo: () => null,
  actingNode: (args, view) => starterOf(view, args),
  isTold: isVerifyTold,
});

function nameOf({ resource, volume }: Args): string {
  return volume === 0 ? resource : `${resource}/${volume}`;
}

/** Only the node that started it can end it. */
function starterOf(view: View, args: Args): string | null {
  const mirror = mirrorFor(view, args);
  return mirror ? (runningVerifies(view, mirror)[0]?.starter ?? null) : null;
}

/** One step for each peer it is compared with: a stop that named none would begin with those that rest. */
function stepsOf(view: View, args: Args): Step[] {
  const starter = starterOf(view, args);
  const mirror = mirrorFor(view, args);
  const side = mirror && starter !== null ? sideOf(view, mirror, starter) : null;
  const generation = starter === null ? null : generationOf(nodeOf(view, starter)?.drbdVersion ?? null);
  const resource = side?.device.resource ?? null;
  // Nothing runs: the guards say so.
  if (!mirror || resource === null || generation === null) return [{ kind: "drbdVerifyStop", ...args, peer: null, generation: "9" }];
  const peers = runningVerifies(view, mirror).flatMap((one) => (one.starter === starter ? [one.peer] : []));
  const volume = side?.device.volume ?? args.volume;
  return generation === "9"
    ? peers.slice(0, MOST_STEPS).map((peer) => ({ kind: "drbdVerifyStop", resource, volume, peer, generation }))
    : [{ kind: "drbdVerifyStop", resource, volume, peer: null, generation }];
}
/** As many as the contract previews. */
const MOST_STEPS = 4;
