// SPDX-License-Identifier: Apache-2.0
import type { Run } from "@/agent/protocol/console/runs";
import { decode } from "@/agent/protocol/decode";
import { abandon } from "./abandon";
import { commandOf } from "./catalog";
import type { End } from "./define";
import { isToldNow } from "./look";
import { endPhases } from "./progress";
import type { RunnerDeps } from "./run";
import { waitFor } from "./wait";

/** A timer cannot wait longer than 24 days. */
const MOST_MS = 14 * 86_400_000;

/** The run of a command that DRBD carries on while no console is there; null where the command is none of those. */
export function goesOn(begun: Pick<Run, "id" | "ask" | "title" | "about" | "by" | "startedAtMs">, nowMs: number): Run | null {
  const command = commandOf(begun.ask.verb);
  const args = command ? decode(command.args, begun.ask.args) : null;
  if (!command?.end || !args?.ok) return null;
  const { id, ask, title, about, by, startedAtMs } = begun;
  return {
    id,
    ask,
    title,
    about,
    by,
    startedAtMs,
    isDisruptive: command.isDisruptive,
    endedAtMs: null,
    phases: [{ says: "the console was started again; looks how it stands", startedAtMs: nowMs, endedAtMs: null }],
    outcome: null,
    says: null,
    undo: null,
    stop: command.stop?.(args.value) ?? null,
  };
}

/** Follows it to its end by the view alone, and closes its row. Sends nothing. Never rejects. */
export async function followAgain(
  deps: Pick<RunnerDeps, "viewOf" | "onView" | "audit" | "runs" | "log" | "now">,
  slug: string,
  run: Run,
): Promise<void> {
  const command = commandOf(run.ask.verb);
  const args = command ? decode(command.args, run.ask.args) : null;
  if (!command?.end || !args?.ok) return;
  try {
    const how = await waitFor(deps, slug, {
      until: (view) => isToldNow(view, command, args.value) && command.settled(view, args.value),
      withinMs: MOST_MS,
      look: () => null,
    });
    const view = deps.viewOf(slug);
    const end: End =
      how === "settled" && view
        ? command.end(view, args.value, run.startedAtMs)
        : { outcome: "unknown", says: `${run.title}: the console was started again meanwhile, and nobody told how it ended.` };
    const nowMs = deps.now();
    const phases = endPhases(run.phases, nowMs);
    await deps.audit.append("closed", { runId: run.id, cluster: slug }, { ...end, phases });
    deps.runs.show(slug, { ...run, ...end, phases, endedAtMs: nowMs });
  } catch (cause) {
    await abandon(deps, slug, run, { outcome: "unknown", says: `${run.title}: the console failed while it followed this.` }, cause);
  }
}
