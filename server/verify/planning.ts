// SPDX-License-Identifier: Apache-2.0
import type { VerifyCalendar } from "@/agent/protocol/console/verify-plan";
import type { AuditJournal } from "@/server/audit/journal";
import type { VerifyQueueRecords } from "@/server/db/verify-queue";
import { openBook } from "./book";
import { createKeeper } from "./keeper";
import type { KeeperDeps, RecordKeeping } from "./keeper-deps";
import type { Planned } from "./memory";
import { plansOf } from "./plans";
import { createQueue } from "./queue";
import { createSchedules } from "./schedules";
import type { Verifies } from "./verifies";
import { windowsFrom } from "./windows";

export interface PlanningDeps extends Omit<KeeperDeps, "book" | "onMoved" | "verifies"> {
  records: VerifyQueueRecords;
  journal: Pick<AuditJournal, "append">;
  verifies: RecordKeeping & Pick<Verifies, "planBy" | "replanned">;
}

const NOTHING: ReadonlyMap<string, Planned> = new Map();
/** Windows that one answer of the calendar holds. */
const MOST_WINDOWS = 2_000;

/** Verifies to come: the queue, the schedules, and what keeps both. */
export async function createPlanning(deps: PlanningDeps) {
  const book = await openBook(deps.records);
  for (const what of book.unread) deps.log.warn(`kept by another version and not read: ${what}`);
  /** What is shown of each cluster, and the same as text: what says the same is not shown again. */
  const shown = new Map<string, { plans: ReadonlyMap<string, Planned>; text: string }>();
  let isPublishing = false;

  /** Shows what moved, once for all that moves together. */
  function onMoved(): void {
    if (isPublishing) return;
    isPublishing = true;
    setImmediate(() => {
      isPublishing = false;
      publish();
    });
  }
  function publish(): void {
    for (const slug of deps.clusters()) {
      const view = deps.viewOf(slug);
      if (!view) continue;
      const own = book.schedules().filter(({ wanted }) => wanted.cluster === slug);
      const plans = plansOf(view, own, (resource, volume) => queue.of(slug, resource, volume));
      const text = JSON.stringify([...plans]);
      if (shown.get(slug)?.text === text || (plans.size === 0 && !shown.has(slug))) continue;
      shown.set(slug, { plans, text });
      deps.verifies.replanned(slug);
    }
  }

  const common = { ...deps, book, onMoved };
  const keeper = createKeeper(common);
  const schedules = createSchedules({ ...common, leave: keeper.leave });
  const queue = createQueue({ ...common, keeper });

  deps.verifies.planBy({ of: (slug) => shown.get(slug)?.plans ?? NOTHING, queue: queue.list });

  let isOver = false;
  return {
    schedules,
    queue,
    /** To be called every few seconds. */
    async tick(): Promise<void> {
      if (isOver) return;
      await keeper.tick();
      publish();
    },
    /** Nothing is begun any more; resolves when what was under way is written. */
    async end(): Promise<void> {
      isOver = true;
      await keeper.end();
    },
    /** Windows still to open between two moments, by their opening; none of a schedule that is paused. What opened is told by its runs. */
    due(fromMs: number, toMs: number): VerifyCalendar["due"] {
      const found: VerifyCalendar["due"] = [];
      for (const { id, wanted, handledMs } of book.schedules()) {
        if (wanted.isPaused) continue;
        const sinceMs = Math.max(fromMs, handledMs + 1);
        for (const window of windowsFrom(wanted, sinceMs)) {
          if (window.opensAtMs >= toMs || found.length >= MOST_WINDOWS) break;
          if (window.opensAtMs >= sinceMs) found.push({ ...window, schedule: id, cluster: wanted.cluster, mirrors: wanted.mirrors });
        }
      }
      return found.sort((a, b) => a.opensAtMs - b.opensAtMs);
    },
  };
}
export type Planning = Awaited<ReturnType<typeof createPlanning>>;
