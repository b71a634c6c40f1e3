// SPDX-License-Identifier: Apache-2.0
import { caseOf, peerArgument } from "@/server/repair/case";
import { REPAIR_VERBS } from "@/server/repair/runs";
import { nameOf } from "@/server/repair/words";
import { defineCommand } from "./define";
import { isMended, REPAIR_STEP, untilMended } from "./repair-command";

/** The copy that let go for a repair is connected again: DRBD copies the marked blocks, and that is checked. */
export const drbdConnect = defineCommand({
  ...REPAIR_STEP,
  verb: REPAIR_VERBS.connect,
  does: "The two are connected again: DRBD copies the marked blocks, and what was written meanwhile, from the Primary.",
  title: (args) => `Connect ${nameOf(args)} on ${args.to}`,
  steps(view, args) {
    const repair = caseOf(view, args);
    if (repair?.stage === "same" && isMended(view, args)) return [];
    return [{ kind: "drbdConnect", resource: repair?.to.resource ?? args.resource, peer: repair && peerArgument(repair) }];
  },
  plan: (_, args, steps) => [...steps.map((step) => ({ step })), untilMended(args, isMended)],
  settled: isMended,
});
