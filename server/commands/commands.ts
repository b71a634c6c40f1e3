// SPDX-License-Identifier: Apache-2.0
import type { CommandPreview, Confirmation, ConfirmationAnswer, Offer } from "@/agent/protocol/console/commands";
import type { Ask, Run } from "@/agent/protocol/console/runs";
import { BODIES } from "@/server/audit/bodies";
import type { AuditJournal } from "@/server/audit/journal";
import { type Refusal, refusal } from "@/server/auth/refusal";
import type { DeclaredMaintenance } from "@/server/cluster/maintenance";
import type { MaintenanceRecords } from "@/server/db/maintenance";
import type { Agents } from "@/server/hub/requests";
import type { Log } from "@/server/log";
import { maintenanceChange } from "./maintenance";
import { offersFor } from "./offers";
import { makePreview } from "./preview";
import { type Asker, createPreviews, type HeldPreview } from "./previews";
import { confirm } from "./run";
import { createRuns } from "./runs";
import type { Views } from "./wait";

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
  const runs = createRuns({ show: deps.showRuns, now });
  const declared = await deps.maintenance.load();
  for (const [slug, list] of declared) deps.declare(slug, list);
  await markInterrupted(deps.audit);

  /** A maintenance that was switched on keeps its owner and end; one that was switched off is over. */
  async function onEnded({ slug, command, args }: HeldPreview, run: Run): Promise<void> {
    const change = run.outcome === "done" ? maintenanceChange(command.verb, args, run) : null;
    if (!change) return;
    if (change.declared) await deps.maintenance.declare(slug, change.declared);
    else await deps.maintenance.end(slug, change.node);
    const others = (declared.get(slug) ?? []).filter(({ node }) => node !== change.node);
    const all = change.declared ? [...others, change.declared] : others;
    declared.set(slug, all);
    deps.declare(slug, all);
  }

  return {
    offers(slug: string, about: string, asker: Asker): Offer[] | Refusal {
      const view = deps.viewOf(slug);
      if (!view) return refusal("CLUSTER_UNKNOWN", "There is no such cluster.");
      return offersFor(view, about, asker, now());
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
    sweep: runs.sweep,
  };
}
export type Commands = Awaited<ReturnType<typeof createCommands>>;

/** Rows that a console left open when it died: how they ended nobody saw. */
async function markInterrupted(audit: AuditJournal): Promise<void> {
  for (const { runId, cluster, body } of await audit.records.unclosed()) {
    const opened = BODIES.opened.safeParse(JSON.parse(body));
    const what = opened.success ? opened.data.title : "a command";
    const says = `The console ended in the middle of it: ${what} may have been done in part. Look at what the cluster says.`;
    await audit.append("closed", { runId, cluster }, { outcome: "interrupted", says, phases: [] });
  }
}
