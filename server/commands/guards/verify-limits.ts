// SPDX-License-Identifier: Apache-2.0
import { keyOf } from "@/agent/protocol/console/view";
import { joinWords } from "@/server/cluster/words";
import { every, mirrorName } from "@/server/findings/define";
import { defineGuard, type Found } from "../define";
import { type Mirror, nodeOf } from "../look";
import { isDrbdHeard, pairOf, runningVerifies, sideOf } from "../verify-pair";
import { faultsOf } from "./known-bad-drbd";
import { endsOf } from "./verify-ends";

/** A verify is not a repair. */
export const verifyRepairsNothing = defineGuard({
  name: "verify-repairs-nothing",
  number: "1.9",
  check: ({ touched }) => [
    {
      level: "inform",
      message: "Differences are marked and recorded, not repaired: that is decided afterwards.",
      about: [...touched.mirrors],
    },
  ],
});

/** A mirror under this one that is itself not whole gives it blocks that differ for a reason of its own. */
export const lowerMirrorIsWhole = defineGuard({
  name: "lower-mirror-is-whole",
  number: "1.15",
  check(context) {
    const { view } = context;
    const pair = pairOf(context);
    if (pair === null) return [];
    const below = new Map<string, Mirror>();
    for (const node of endsOf(pair)) {
      const volume = pair.mirror.volume;
      const disk = sideOf(view, pair.mirror, node)?.settings?.volumes.find((one) => one.volume === volume)?.backingDevice ?? "";
      const minor = /^\/dev\/drbd(\d+)$/.exec(disk)?.[1];
      if (minor === undefined) continue;
      for (const [, side] of every(view, "drbd")) {
        const mirror = view.get(side.mirror);
        if (side.from.node === node && side.device.minor === Number(minor) && mirror?.kind === "mirror") below.set(side.mirror, mirror);
      }
    }
    const unwell = [...below].filter(([, { said }]) => said.level !== "ok");
    return unwell.map(([key, mirror]): Found => {
      const message = `${mirrorName(pair.mirror)} is stacked on ${mirrorName(mirror)}, which is not whole (${mirror.said.word}): see to that one first, and verify it first.`;
      return { level: "warn", message, about: [key] };
    });
  },
});

/** Releases that are known to take harm from a verify. */
export const drbdIsKnownToBearIt = defineGuard({
  name: "drbd-is-known-to-bear-it",
  number: "1.16",
  check(context) {
    const { view } = context;
    const pair = pairOf(context);
    if (pair === null) return [];
    const { copies } = pair.mirror;
    const applies = { diskless: copies.some(({ disk }) => disk === "Diskless"), "three copies": copies.length > 2 };
    return endsOf(pair).flatMap((node): Found[] => {
      const version = nodeOf(view, node)?.drbdVersion ?? null;
      const faults = version === null ? [] : faultsOf(version).filter(({ only }) => only === null || applies[only]);
      return faults.map(({ says }) => ({
        level: "warn",
        message: `DRBD ${version} on ${node} is known for this: ${says} A newer release first is better.`,
        about: [keyOf.node(node)],
      }));
    });
  },
});

/** A stop sector can be moved while it runs since 8.3.14. Source: drbdsetup(8), --stop; agreed protocol 97. */
function canBeStopped(version: string | null): boolean | null {
  const [major, minor, patch] = (version ?? "").split(/[.\-~+]/).map(Number);
  if (major === undefined || minor === undefined || Number.isNaN(major) || Number.isNaN(minor)) return null;
  if (major !== 8) return major > 8;
  if (minor !== 3) return minor > 3;
  return patch === undefined || Number.isNaN(patch) ? null : patch >= 14;
}

const NO_STOP =
  "can only be ended by cutting the connection, which is not offered here: DRBD learnt to stop one in 8.3.14. By hand: drbdadm disconnect, then connect, on the Secondary.";

/** What is begun can be stopped. */
export const verifyCanBeStopped = defineGuard({
  name: "verify-can-be-stopped",
  number: "1.10",
  check(context) {
    const { view, verb, touched } = context;
    const isStop = verb === "drbd.verifyStop";
    const mirror = view.get(touched.mirrors[0] ?? "");
    const nodes =
      mirror?.kind !== "mirror"
        ? []
        : isStop
          ? runningVerifies(view, mirror).flatMap(({ starter, peer }) => (peer === null ? [starter] : [starter, peer]))
          : mirror.copies.map(({ node }) => node);
    const without = [...new Set(nodes)].filter((node) => canBeStopped(nodeOf(view, node)?.drbdVersion ?? null) === false);
    if (without.length === 0) return [];
    const versions = joinWords(without.map((node) => `${nodeOf(view, node)?.drbdVersion ?? "?"} on ${node}`));
    const message = `With DRBD ${versions} a verify that runs ${NO_STOP}`;
    return [{ level: isStop ? "block" : "warn", message, about: [...touched.mirrors] }];
  },
});

/** A stop needs something that runs, and the word of the node that started it. */
export const verifyRuns = defineGuard({
  name: "verify-runs",
  number: "1.2",
  check({ view, touched }): Found[] {
    const mirror = view.get(touched.mirrors[0] ?? "");
    if (mirror?.kind !== "mirror") return [{ level: "block", message: "There is no such mirror in this cluster.", about: [] }];
    if (runningVerifies(view, mirror).length > 0) return [];
    const isSeen = mirror.pairs.some(({ line }) => line === "verify");
    const silent = mirror.copies.map(({ node }) => node).filter((node) => !isDrbdHeard(view, node));
    const message =
      isSeen && silent.length > 0
        ? `The verify of ${mirrorName(mirror)} was started on ${joinWords(silent)}, which is not heard: only that node can stop it. Look at its agent.`
        : `No verify of ${mirrorName(mirror)} runs now: there is nothing to stop.`;
    return [{ level: "block", message, about: [keyOf.mirror(mirror.resource, mirror.volume)] }];
  },
});

/** What is stopped counts as aborted. */
export const stoppedVerifyProvesNothing = defineGuard({
  name: "stopped-verify-proves-nothing",
  number: "1.11",
  check: ({ touched }) => [
    {
      level: "inform",
      message:
        "It is recorded as aborted, never as clean, although the kernel logs that it is done. The next one begins at the first sector.",
      about: [...touched.mirrors],
    },
  ],
});
