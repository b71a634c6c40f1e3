// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import type { Run } from "@/agent/protocol/console/runs";
import type { View } from "@/agent/protocol/console/view";
import { NodeName } from "@/agent/protocol/names";
import { every } from "@/server/findings/define";
import { caseOf, type RepairAsk } from "./case";

/** The arguments of each step of a repair. */
export const RepairArgs = z.object({
  resource: z.string().min(1).max(127),
  volume: z.number().int().min(0).max(65_535),
  /** Whose data stays. */
  from: NodeName,
  /** Whose marked blocks are overwritten. */
  to: NodeName,
});

/** The steps that the console takes. */
export const REPAIR_VERBS = { disconnect: "drbd.disconnect", connect: "drbd.connect", take: "drbd.takeFromPeer" } as const;
type RepairVerb = keyof typeof REPAIR_VERBS;

/** What a run of a repair did, or is doing; null where it is another command. */
export function repairOfRun(run: Run): { step: RepairVerb; ask: RepairAsk } | null {
  const step = (["disconnect", "connect", "take"] as const).find((one) => REPAIR_VERBS[one] === run.ask.verb);
  const args = RepairArgs.safeParse(run.ask.args);
  return step && args.success ? { step, ask: args.data } : null;
}

/** Runs of this repair, the newest first. One connection serves all volumes, so disconnecting and connecting is of the resource. */
export function runsOf(view: View, ask: RepairAsk): { step: RepairVerb; run: Run }[] {
  return (
    every(view, "run")
      .flatMap(([, run]) => {
        const of = repairOfRun(run);
        if (!of || of.ask.resource !== ask.resource || of.ask.from !== ask.from || of.ask.to !== ask.to) return [];
        return of.step === "take" && of.ask.volume !== ask.volume ? [] : [{ step: of.step, run }];
      })
      // Of two of one millisecond the later is the one that was shown later.
      .reverse()
      .sort((a, b) => b.run.startedAtMs - a.run.startedAtMs)
  );
}

/** It was not refused and did not fail before it did anything. */
function mayHaveLetGo({ outcome }: Run): boolean {
  return outcome === "done" || outcome === "unsettled" || outcome === "unknown" || outcome === "interrupted";
}

/** The disconnecting that nobody has taken back; null where the two are connected, or were not disconnected by us. */
export function openDisconnect(view: View, ask: RepairAsk): Run | null {
  const runs = runsOf(view, ask);
  const last = runs.find(({ step, run }) =>
    step === "disconnect" ? run.endedAtMs !== null && mayHaveLetGo(run) : step === "connect" && run.outcome === "done",
  );
  return last?.step === "disconnect" && caseOf(view, ask)?.stage === "apart" ? last.run : null;
}

/** A run that stays in the view although it ended a while ago: what it disconnected is not connected again. */
export function isLeftOpen(view: View | null, run: Run): boolean {
  const of = repairOfRun(run);
  if (of?.step !== "disconnect" || !mayHaveLetGo(run)) return false;
  const line = view && caseOf(view, of.ask);
  // Nobody tells how it is: then it is not known to be over.
  return !line || line.stage === "apart" || line.stage === "unclear";
}
