// SPDX-License-Identifier: Apache-2.0
import { caseOf, isRepairTold } from "@/server/repair/case";
import { REPAIR_VERBS, RepairArgs } from "@/server/repair/runs";
import { nameOf } from "@/server/repair/words";
import { defineCommand } from "./define";
import { REPAIRING } from "./guards/catalog";
import { isMendedHere, repairAbout, repairTouched, untilMended } from "./repair-command";

/** The repair since DRBD 9.0.29: marked blocks, and no others, are taken from the Primary while both stay connected. */
export const drbdTakeFromPeer = defineCommand({
  verb: REPAIR_VERBS.take,
  does: "The blocks that a verify marked, and no others, are overwritten with the Primary's. Both stay connected.",
  args: RepairArgs,
  needs: "operator",
  isDisruptive: true,
  guards: REPAIRING,
  title: (args) => `Take the marked blocks of ${nameOf(args)} on ${args.to} from ${args.from}`,
  typedName: ({ resource }) => resource,
  about: repairAbout,
  offer: () => null,
  touched: repairTouched,
  steps(view, args) {
    const repair = caseOf(view, args);
    if (repair?.stage === "same") return [];
    const { resource, peerName } = repair?.to ?? { resource: args.resource, peerName: null };
    return [{ kind: "drbdTakeFromPeer", resource, volume: args.volume, peer: peerName ?? args.from }];
  },
  plan: (_, args, steps) => [...steps.map((step) => ({ step })), untilMended(args, isMendedHere)],
  settled: isMendedHere,
  undo: () => null,
  actingNode: ({ to }) => to,
  isTold: isRepairTold,
});
