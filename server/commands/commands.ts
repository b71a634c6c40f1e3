// SPDX-License-Identifier: Apache-2.0
import type { CommandPreview, Confirmation, ConfirmationAnswer, Offer } from "@/agent/protocol/console/commands";
import type { RepairPlan } from "@/agent/protocol/console/repair";
import type { Ask, Run } from "@/agent/protocol/console/runs";
import { keyOf } from "@/agent/protocol/console/view";
import { decodeJson } from "@/agent/protocol/decode";
import { BODIES } from "@/server/audit/bodies";
import type { AuditJournal } from "@/server/audit/journal";
import { type Refusal, refusal } from "@/server/auth/refusal";
import type { DeclaredMaintenance } from "@/server/cluster/maintenance";
import type { MaintenanceRecords } from "@/server/db/maintenance";
import type { Agents } from "@/server/hub/requests";
import type { Log } from "@/server/log";
import { leftOpenBefore } from "@/server/repair/left-open";
import { planSays, repairsOf } from "@/server/repair/plan";
import { isLeftOpen } from "@/server/repair/runs";
import { commandFor } from "./catalog";
import { followAgain, goesOn } from "./follow-again";
import { isCurrent } from "./look";
import { maintenanceChange } from "./maintenance";
import { offerOf, offersFor } from "./offers";
import { makePreview } from "./preview";
import { type Asker, createPreviews, type HeldPreview } from "./previews";
import { confirm } from "./run";
import { createRuns } from "./runs";
import type { Views } from "./wait";

/** By then the cluster's own word of a maintenance that was switched on is in the view. */
const SEEN_BY_NOW_MS = 60_000;

export interface CommandsDeps extends Views {
  agents: Agents;
  agentIdOf: (slug: string, node: string) => string | null;
  audit: AuditJournal;
  maintenance: MaintenanceRecords;
  /** Shows these runs in a cluster's view. */
  showRuns: (slug: string, runs: readonly Run[]) => void;
  declare: (slug: string, declared: readonly DeclaredMaintenance[]) => void;
  log: Log;
  now: () => number;
}

/** What can be asked of clusters: offered, previewed, confirmed, followed. */
export async function createCommands(deps: CommandsDeps) {
  const { now } = deps;
  const previews = createPreviews(now);
  const runs = createRuns({ show: deps.showRuns, now, isLeftOpen: (slug, run) => isLeftOpen(deps.viewOf(slug), run) });
  const declared = await deps.maintenance.load();
  for (const [slug, list] of declared) deps.declare(slug, list);
  let sweptAtMs = now();
  for (const { slug, run } of await leftOpenBefore(deps.audit.records, now())) runs.show(slug, run);
  /** What goes on by itself while no console is there, and is looked for as soon as clusters are heard again. */
  let wentOn = await markInterrupted(deps.audit, now);
  for (const { slug, run } of wentOn) runs.show(slug, run);
  wentOn = wentOn.filter(({ run }) => run.outcome === null);

  /** A maintenance that was switched on keeps its owner and end; one that was switched off is over. */
  async function onEnded({ slug, command, args }: HeldPreview, run: Run): Promise<void> {
    const change = run.outcome === "done" ? maintenanceChange(command.verb, args, run) : null;
    if (!change) return;
    if (change.declared) await deps.maintenance.declare(slug, change.declared);
    else await deps.maintenance.end(slug, change.node);
    const others = (declared.get(slug) ?? []).filter(({ node }) => node !== change.node);
    put(slug, change.declared ? [...others, change.declared] : others);
  }

  /** Somebody ended it with another tool: its owner and end say nothing of the next one. */
  function isOverElsewhere(slug: string, { node, startedAtMs }: DeclaredMaintenance): boolean {
    const view = deps.viewOf(slug);
    return view !== null && isCurrent(view) && now() - startedAtMs > SEEN_BY_NOW_MS && !view.has(keyOf.maintenance(node));
  }
  async function forget(slug: string, node: string | null): Promise<void> {
    put(
      slug,
      (declared.get(slug) ?? []).filter((one) => one.node !== node),
    );
    await deps.maintenance
      .end(slug, node)
      .catch((cause: unknown) => deps.log.error(`${slug}: a maintenance could not be forgotten`, cause));
  }
  function put(slug: string, all: DeclaredMaintenance[]): void {
    declared.set(slug, all);
    deps.declare(slug, all);
  }

  return {
    offers(slug: string, about: string, asker: Asker): Offer[] | Refusal {
      const view = deps.viewOf(slug);
      if (!view) return refusal("CLUSTER_UNKNOWN", "There is no such cluster.");
      return offersFor(view, about, asker, now());
    },
    /** What a verify left to be done on a mirror, step by step; the step that is next with what opens its dialog. */
    repairs(slug: string, resource: string, volume: number, asker: Asker): RepairPlan | Refusal {
      const view = deps.viewOf(slug);
      if (!view) return refusal("CLUSTER_UNKNOWN", "There is no such cluster.");
      const mirror = view.get(keyOf.mirror(resource, volume));
      if (mirror?.kind !== "mirror") return refusal("MIRROR_UNKNOWN", `There is no mirror ${resource}/${volume} here.`);
      const repairs = repairsOf(view, mirror, (verb, ask) => offerOf(commandFor(verb), { ...ask }, view, asker, now()));
      return { atMs: now(), resource, volume, says: planSays(mirror, repairs), repairs };
    },
    async preview(slug: string, ask: Ask, asker: Asker): Promise<CommandPreview | Refusal> {
      const held = await makePreview(deps, slug, ask, asker);
      if ("code" in held) return held;
      previews.hold(held);
      return held.shown;
    },
    confirm: (slug: string, confirmation: Confirmation, asker: Asker): Promise<ConfirmationAnswer | Refusal> =>
      confirm({ ...deps, previews, runs, onEnded }, slug, confirmation, asker),
    runOf: runs.of,
    /** Takes out runs that were shown long enough, and notices maintenance that is over time. To be called every few seconds. */
    sweep(): void {
      for (const one of wentOn.filter(({ slug }) => deps.viewOf(slug) !== null)) {
        wentOn = wentOn.filter((other) => other !== one);
        void followAgain({ ...deps, runs }, one.slug, one.run);
      }
      runs.sweep();
      const sinceMs = sweptAtMs;
      sweptAtMs = now();
      for (const [slug, list] of declared) {
        for (const one of list) if (isOverElsewhere(slug, one)) void forget(slug, one.node);
        if (list.some(({ endsAtMs }) => endsAtMs > sinceMs && endsAtMs <= sweptAtMs)) deps.declare(slug, list);
      }
    },
  };
}
export type Commands = Awaited<ReturnType<typeof createCommands>>;

/** Rows that a console left open when it died: how they ended nobody saw. @returns what is to be shown of them */
async function markInterrupted(audit: AuditJournal, now: () => number): Promise<{ slug: string; run: Run }[]> {
  const shown: { slug: string; run: Run }[] = [];
  for (const { runId, cluster, body, atMs } of await audit.records.unclosed()) {
    const opened = decodeJson(BODIES.opened, body);
    const begun = opened.ok ? goesOn({ ...opened.value, id: runId, startedAtMs: atMs }, now()) : null;
    if (begun !== null) {
      shown.push({ slug: cluster, run: begun });
      continue;
    }
    const title = opened.ok ? opened.value.title : "a command";
    const says = `The console ended in the middle of it: ${title} may have been done in part. Look at what the cluster says.`;
    await audit.append("closed", { runId, cluster }, { outcome: "interrupted", says, phases: [] });
    if (!opened.ok) continue;
    const { ask, about, by } = opened.value;
    const ended = { startedAtMs: atMs, endedAtMs: now(), phases: [], outcome: "interrupted" as const, says, undo: null };
    shown.push({ slug: cluster, run: { id: runId, ask, title, about, by, isDisruptive: true, ...ended } });
  }
  return shown;
}
