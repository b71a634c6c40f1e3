// SPDX-License-Identifier: Apache-2.0
import type { MirrorPair } from "@/agent/protocol/console/view";
import { asSentence, formatPercent } from "@/server/cluster/words";
import { defineRule, every, mirrorName } from "./define";

/** A resync that does not go on: it is paused, or the kernel says that nothing was synced for a while, or it moves nothing. */
export function isStuck({ line, progress, said }: MirrorPair): boolean {
  if (line !== "resync") return false;
  return said.level === "risk" || (progress?.kind === "resync" && progress.rateBytesPerSec === 0);
}

export const resyncStuck = defineRule({
  name: "resync-stuck",
  doc: {
    area: "mirrors",
    title: "A resync does not go on",
    means: "The copy that is behind stays behind: no redundancy until it goes on.",
    levels: ["risk", "busy"],
    fires: "The kernel says that the resync is stalled, or it is paused by somebody or by another mirror; or its rate is 0, for 11 s.",
    not: "A slow one that moves, and the first seconds of one that starts.",
    todo: "Paused by hand: drbdadm resume-sync. Else look at the line and the disks of both nodes.",
    needs: [13, 14],
  },
  find(view) {
    return every(view, "mirror").flatMap(([key, mirror]) =>
      mirror.pairs.filter(isStuck).map((pair) => {
        const name = mirrorName(mirror);
        const at = pair.progress ? ` at ${formatPercent(pair.progress.percent)}` : "";
        const isTold = pair.said.level === "risk";
        return {
          id: `resync-stuck:${name}:${pair.a}+${pair.b}`,
          level: "risk" as const,
          title: `${name}: ${isTold ? pair.said.word : `${pair.said.word} moves nothing`}${at}`,
          why: asSentence(pair.said.why ?? "Its rate is 0"),
          todo: pair.said.word.includes("paused")
            ? `drbdadm resume-sync ${mirror.resource} where it was paused by hand; one that waits for another mirror goes on by itself.`
            : `Look at the line between ${pair.a} and ${pair.b}, and at the disks of both.`,
          about: [key],
          joins: !isTold,
        };
      }),
    );
  },
});
