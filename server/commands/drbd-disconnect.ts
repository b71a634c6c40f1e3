// SPDX-License-Identifier: Apache-2.0
import { caseOf, hasLetGo, isRepairTold, peerArgument } from "@/server/repair/case";
import { REPAIR_VERBS, RepairArgs } from "@/server/repair/runs";
import { nameOf } from "@/server/repair/words";
import { defineCommand } from "./define";
import { REPAIRING } from "./guards/catalog";
import { LINK_MS, repairAbout, repairTouched } from "./repair-command";

/** First step of a repair on 8.3, 8.4 and older 9: the copy that is to be overwritten lets go of the Primary. */
export const drbdDisconnect = defineCommand({
  verb: REPAIR_VERBS.disconnect,
  does: "The copy that is to be overwritten lets go of the Primary's. When it is connected again, the marked blocks are copied over.",
  args: RepairArgs,
  needs: "operator",
  isDisruptive: true,
  guards: REPAIRING,
  title: (args) => `Disconnect ${nameOf(args)} on ${args.to}`,
  typedName: ({ resource }) => resource,
  about: repairAbout,
  offer: () => null,
  touched: repairTouched,
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
  undo: () => null,
  actingNode: ({ to }) => to,
  isTold: isRepairTold,
});

function isLetGo(...[view, args]: Parameters<typeof caseOf>): boolean {
  const repair = caseOf(view, args);
  return repair !== null && hasLetGo(repair);
}
