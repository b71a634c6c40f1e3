// SPDX-License-Identifier: Apache-2.0
import { caseOf, hasLetGo, peerArgument } from "@/server/repair/case";
import { REPAIR_VERBS } from "@/server/repair/runs";
import { nameOf } from "@/server/repair/words";
import { defineCommand } from "./define";
import { LINK_MS, REPAIR_STEP } from "./repair-command";

/** First step of a repair on 8.3, 8.4 and older 9: the copy that is to be overwritten lets go of the Primary. */
export const drbdDisconnect = defineCommand({
  ...REPAIR_STEP,
  verb: REPAIR_VERBS.disconnect,
  does: "The copy that is to be overwritten lets go of the Primary's. When it is connected again, the marked blocks are copied over.",
  title: (args) => `Disconnect ${nameOf(args)} on ${args.to}`,
  steps(view, args) {
    const repair = caseOf(view, args);
    if (repair && hasLetGo(repair)) return [];
    return [{ kind: "drbdDisconnect", resource: repair?.to.resource ?? args.resource, peer: repair && peerArgument(repair) }];
  },
  plan: (_, args, steps) => [
    ...steps.map((step) => ({ step })),
    {
      says: `${args.to} has let go of ${args.from}`,
      until: (view) => isLetGo(view, args),
      withinMs: LINK_MS,
    },
  ],
  settled: isLetGo,
});

function isLetGo(...[view, args]: Parameters<typeof caseOf>): boolean {
  const repair = caseOf(view, args);
  return repair !== null && hasLetGo(repair);
}
