// SPDX-License-Identifier: Apache-2.0
import { caseOf } from "@/server/repair/case";
import { REPAIR_VERBS } from "@/server/repair/runs";
import { nameOf } from "@/server/repair/words";
import { defineCommand } from "./define";
import { isMendedHere, REPAIR_STEP, untilMended } from "./repair-command";

/** The repair since DRBD 9.0.29: marked blocks, and no others, are taken from the Primary while both stay connected. */
export const drbdTakeFromPeer = defineCommand({
  ...REPAIR_STEP,
  verb: REPAIR_VERBS.take,
  does: "The blocks that a verify marked, and no others, are overwritten with the Primary's. Both stay connected.",
  title: (args) => `Take the marked blocks of ${nameOf(args)} on ${args.to} from ${args.from}`,
  steps(view, args) {
    const repair = caseOf(view, args);
    if (repair?.stage === "same") return [];
    const { resource, peerName } = repair?.to ?? { resource: args.resource, peerName: null };
    return [{ kind: "drbdTakeFromPeer", resource, volume: args.volume, peer: peerName ?? args.from }];
  },
  plan: (_, args, steps) => [...steps.map((step) => ({ step })), untilMended(args, isMendedHere)],
  settled: isMendedHere,
});
