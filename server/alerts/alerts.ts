// SPDX-License-Identifier: Apache-2.0
import type { AlertList, SentList } from "@/agent/protocol/console/alerts";
import type { View } from "@/agent/protocol/console/view";
import type { Timing } from "@/agent/protocol/timing";
import type { AuditJournal } from "@/server/audit/journal";
import { type Refusal, refusal } from "@/server/auth/refusal";
import type { Alerting } from "@/server/cluster/alerting";
import type { Asker } from "@/server/commands/previews";
import type { AlertRecords } from "@/server/db/alerts";
import type { Log } from "@/server/log";
import { recorded } from "./audit";
import { createDesk } from "./desk";
import { drop, type Judged, judge } from "./judge";
import { alertList, sentList } from "./lists";
import { pacesOf } from "./paces";
import { createPost } from "./post";
import type { send } from "./send";
import type { KeptAlert } from "./state";

export interface AlertsDeps {
  records: AlertRecords;
  journal: Pick<AuditJournal, "append">;
  /** Clusters that live: nobody is told of a recording. */
  clusters(): readonly string[];
  /** Its nodes are those whose agents are trusted. */
  clusterOf(slug: string): { slug: string; title: string; environment: string | null; nodes: ReadonlyMap<string, unknown> } | null;
  /** Why a rule is not looked for in a cluster; null while it is. */
  unwatched(slug: string, rule: string): string | null;
  viewOf(slug: string): View | null;
  /** Tells of every cluster whose view moved. */
  onMoved(listener: (slug: string) => void): void;
  show(slug: string, alerting: Alerting): void;
  /** The way out. */
  send: typeof send;
  publicUrl: string | null;
  log: Log;
  now: () => number;
  newId: () => string;
  timing: Timing;
}

/** So long alerts that are over, messages and silences are listed. */
export const LISTED_MS = 7 * 86_400_000;
const SENT_LISTED = 200;
/** What is over, and what was sent, is kept for so long. */
const KEPT_MS = 90 * 86_400_000;

/**
 * What is found becomes alerts, and alerts become messages: looked at once a second, written together, sent one after another to each
 * receiver. What is to be told is in the database before anybody is told.
 */
export async function createAlerts(deps: AlertsDeps) {
  const { records, log, now, newId } = deps;
  const paces = pacesOf(deps.timing);
  const kept = await records.load(now() - LISTED_MS);
  for (const what of kept.unread) log.warn(`kept by another version and not read: ${what}`);
  const alerts = new Map<string, KeptAlert[]>();
  for (const alert of kept.alerts) alerts.set(alert.cluster, [...(alerts.get(alert.cluster) ?? []), alert]);
  const moved = new Set<string>();
  const shown = new Map<string, string>();
  let turn: Promise<unknown> = Promise.resolve();
  let isOver = false;

  /** One at a time: what is judged is what was kept before. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  const desk = createDesk({ ...deps, kept, inTurn, onChanged: () => touchAll(), onTaken: (id, atMs) => out.taken(id, atMs) });
  const out = createPost({ ...deps, messages: kept.messages, receivers: desk.receivers.all });
  deps.onMoved((slug) => moved.add(slug));
  touchAll();

  function touchAll(): void {
    for (const slug of deps.clusters()) moved.add(slug);
  }

  const isOpen = ({ endedAtMs }: KeptAlert) => endedAtMs === null;
  const openOf = (slug: string) => (alerts.get(slug) ?? []).filter(isOpen);

  async function lookAt(slug: string): Promise<void> {
    const nowMs = now();
    const cluster = deps.clusterOf(slug);
    const view = deps.viewOf(slug);
    const isThere = cluster !== null && view !== null && deps.clusters().includes(slug);
    const known = alerts.get(slug) ?? [];
    const about = {
      cluster: cluster ?? { slug, title: slug, environment: null },
      agents: new Set(cluster?.nodes.keys()),
      unwatched: (rule: string) => deps.unwatched(slug, rule),
      known,
      rules: desk.rules(),
      paces,
      nowMs,
      newId,
    };
    const judged = isThere ? judge({ ...about, view }) : drop(about);
    await keep(slug, judged);
  }

  /** In memory only what is in the database: what could not be written is judged again. */
  async function keep(slug: string, { alerts: after, changed, messages }: Judged): Promise<void> {
    const nowMs = now();
    if (changed.length > 0 || messages.length > 0)
      out.add(
        await records.commit(
          changed,
          messages.map((message) => ({ ...message, id: newId(), atMs: nowMs })),
        ),
      );
    const fresh = new Set(after.map(({ id }) => id));
    const over = (alerts.get(slug) ?? []).filter((alert) => !fresh.has(alert.id) && (alert.endedAtMs ?? 0) > nowMs - LISTED_MS);
    alerts.set(slug, [...over, ...after]);
  }

  /** What pages say of alerts; told only where it moved. */
  function publish(): void {
    const failing = out.failing();
    for (const slug of deps.clusters()) {
      const of = new Map(openOf(slug).map(({ finding, id, acknowledged, held }) => [finding, { id, acknowledged, held }]));
      const unsent = failing.flatMap(({ clusters, ...one }) =>
        clusters.includes(slug) ? [{ ...one, name: desk.nameOf(one.receiver) }] : [],
      );
      const text = JSON.stringify([[...of], unsent]);
      if (shown.get(slug) === text || (!shown.has(slug) && of.size === 0 && unsent.length === 0)) continue;
      shown.set(slug, text);
      deps.show(slug, { of, unsent });
    }
  }

  async function lookAtAll(): Promise<void> {
    const due = new Set([...moved, ...[...alerts.keys()].filter((slug) => openOf(slug).length > 0)]);
    moved.clear();
    for (const slug of due) {
      try {
        await lookAt(slug);
      } catch (cause) {
        moved.add(slug);
        log.error(`${slug}: alerts could not be written; they are judged again`, cause);
      }
    }
    publish();
  }

  function find(id: string): KeptAlert | undefined {
    return [...alerts.values()].flat().find((alert) => alert.id === id);
  }

  async function change(id: string, by: Asker, says: (alert: KeptAlert) => { verb: string; title: string; after: KeptAlert } | Refusal) {
    return inTurn(async (): Promise<{ ok: true } | Refusal> => {
      const alert = find(id);
      if (!alert || !isOpen(alert)) return refusal("ALERT_UNKNOWN", "There is no such alert, or it is over.");
      const told = says(alert);
      if ("code" in told) return told;
      const { verb, title, after } = told;
      await recorded(deps.journal, by, { cluster: alert.cluster, verb, title, args: { finding: alert.finding } }, () =>
        records.commit([after], []),
      );
      alerts.set(
        alert.cluster,
        (alerts.get(alert.cluster) ?? []).map((one) => (one.id === id ? after : one)),
      );
      publish();
      return { ok: true };
    });
  }

  return {
    desk,
    /** To be called once a pulse. */
    async tick(): Promise<void> {
      if (isOver) return;
      await inTurn(lookAtAll);
      out.pump();
    },
    list: (): AlertList => ({ atMs: now(), alerts: alertList([...alerts.values()].flat(), desk.nameOf) }),
    acknowledge: (id: string, note: string, by: Asker) =>
      change(id, by, (alert) => ({
        verb: "alert.acknowledge",
        title: `Acknowledge "${alert.title}"`,
        after: { ...alert, acknowledged: { by: by.user, atMs: now(), note } },
      })),
    takeBack: (id: string, by: Asker) =>
      change(id, by, (alert) =>
        alert.acknowledged === null
          ? refusal("ALERT_UNKNOWN", "Nobody has acknowledged it.")
          : {
              verb: "alert.unacknowledge",
              title: `Take back the acknowledgement of "${alert.title}"`,
              after: { ...alert, acknowledged: null },
            },
      ),
    /** What was sent, and what waits: from the database, which has all of it. */
    sent: async (): Promise<SentList> => ({ atMs: now(), sent: sentList(await records.sent(SENT_LISTED), desk.nameOf) }),
    receivers: () => desk.receivers.list(out.states()),
    /** Removes what is over for long. */
    async forget(): Promise<void> {
      const beforeMs = now() - KEPT_MS;
      desk.silences.forget(now() - LISTED_MS);
      await records.forget(beforeMs);
    },
    /** Nothing is judged any more; resolves when what is being written is, and what is being sent was given its time. */
    async end(): Promise<void> {
      isOver = true;
      await turn;
      await out.end();
    },
  };
}
export type Alerts = Awaited<ReturnType<typeof createAlerts>>;
