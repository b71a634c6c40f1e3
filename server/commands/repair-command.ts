// SPDX-License-Identifier: Apache-2.0
import type { View } from "@/agent/protocol/console/view";
import { keyOf } from "@/agent/protocol/console/view";
import { caseOf, isRepairTold, locksOf, type RepairAsk } from "@/server/repair/case";
import { RepairArgs } from "@/server/repair/runs";
import { NOTHING_RESYNCED, nameOf } from "@/server/repair/words";
import type { PlanItem, Touched } from "./define";
import { REPAIRING } from "./guards/catalog";

// What the steps of a repair have in common. Each is offered on the mirror's own page, at its turn, and nowhere else.

/** Connections come and go within seconds; a peer that does not answer takes its time-outs. */
export const LINK_MS = 60_000;
/** Marked blocks are few; what was written meanwhile may be more. */
const RESYNC_MS = 1_800_000;

/** What every step of a repair says of itself alike: `needs` and the rest of a command's frame. */
export const REPAIR_STEP = {
  args: RepairArgs,
  needs: "operator" as const,
  isDisruptive: true,
  guards: REPAIRING,
  typedName: ({ resource }: RepairAsk) => resource,
  about: repairAbout,
  offer: () => null,
  touched: repairTouched,
  undo: () => null,
  actingNode: ({ to }: RepairAsk) => to,
  isTold: isRepairTold,
};

function repairTouched(view: View, ask: RepairAsk): Touched {
  const repair = caseOf(view, ask);
  const others = (repair?.volumes ?? []).map(({ key }) => key).filter((key) => key !== repair?.key);
  return {
    from: null,
    to: ask.to,
    isWholeNode: false,
    resources: [],
    mirrors: [keyOf.mirror(ask.resource, ask.volume), ...others],
    source: ask.from,
  };
}

function repairAbout({ resource, volume, to }: RepairAsk): string[] {
  return [keyOf.mirror(resource, volume), keyOf.node(to)];
}

/** Connected, complete on both sides, nothing marked, and no lock of DRBD's left. */
export function isMended(view: View, ask: RepairAsk): boolean {
  const repair = caseOf(view, ask);
  if (repair === null || locksOf(view, repair).length > 0) return false;
  return repair.volumes.every(({ pair }) => isSame(pair));
}

/** The same of this volume alone. */
export function isMendedHere(view: View, ask: RepairAsk): boolean {
  const repair = caseOf(view, ask);
  return repair !== null && isSame(repair.pair);
}

type Pair = NonNullable<ReturnType<typeof caseOf>>["pair"];
function isSame({ line, said, outOfSyncBytes }: Pair): boolean {
  return line === "connected" && said.level === "ok" && outOfSyncBytes === 0;
}

/** The wait that tells whether it was worth it. */
export function untilMended(ask: RepairAsk, isDone: (view: View, ask: RepairAsk) => boolean): PlanItem {
  return {
    says: `${ask.to} holds what ${ask.from} holds of ${nameOf(ask)}`,
    until: (view) => isDone(view, ask),
    withinMs: RESYNC_MS,
    stuck: (view) => stuckOf(view, ask),
  };
}

function stuckOf(view: View, ask: RepairAsk): string | null {
  const repair = caseOf(view, ask);
  if (!repair || !isRepairTold(view, ask)) return null;
  if (repair.volumes.some(({ pair }) => pair.line === "resync" || pair.line === "verify")) return null;
  switch (repair.stage) {
    case "marked":
      return `${NOTHING_RESYNCED} ${nameOf(ask)}: ${repair.pair.said.word}. See the mirror's page for what is left.`;
    case "apart":
      return `They are not connected: ${repair.pair.said.word}. ${repair.pair.said.why ?? ""} Look at both kernel logs.`;
    case "same": {
      const locks = locksOf(view, repair);
      return locks.length === 0 ? null : `It is in sync, but DRBD's lock is still there: ${locks.join(", ")}. Clear it.`;
    }
    default:
      return null;
  }
}
