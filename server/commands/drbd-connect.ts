// SPDX-License-Identifier: Apache-2.0
import { caseOf, isRepairTold, peerArgument } from "@/server/repair/case";
import { REPAIR_VERBS, RepairArgs } from "@/server/repair/runs";
import { nameOf } from "@/server/repair/words";
import { defineCommand } from "./define";
import { REPAIRING } from "./guards/catalog";
import { isMended, repairAbout, repairTouched, untilMended } from "./repair-command";

/** The copy that let go for a repair is connected again: DRBD copies the marked blocks, and that is checked. */
export const drbdConnect = defineCommand({
  verb: REPAIR_VERBS.connect,
  does: "The two are connected again: DRBD copies the marked blocks, and what was written meanwhile, from the Primary.",
  args: RepairArgs,
  needs: "operator",
  isDisruptive: true,
  guards: REPAIRING,
  title: (args) => `Connect ${nameOf(args)} on ${args.to}`,
  typedName: ({ resource }) => resource,
  about: repairAbout,
  offer: () => null,
  touched: repairTouched,
  steps(view, args) {
    const repair = caseOf(view, args);
    if (repair?.stage === "same" && isMended(view, args)) return [];
    return [{ kind: "drbdConnect", resource: repair?.to.resource ?? args.resource, peer: repair && peerArgument(repair) }];
  },
  plan: (_, args, steps) => [...steps.map((step) => ({ step })), untilMended(args, isMended)],
  settled: isMended,
  undo: () => null,
  actingNode: ({ to }) => to,
  isTold: isRepairTold,
});
