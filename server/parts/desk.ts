// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import type { Timing } from "@/agent/protocol/timing";
import { createAlerts } from "@/server/alerts/alerts";
import { send } from "@/server/alerts/send";
import { createApi } from "@/server/api/app";
import { createAudit } from "@/server/audit/audit";
import { openAuditJournal } from "@/server/audit/journal";
import type { Auth } from "@/server/auth/auth";
import { createCommands } from "@/server/commands/commands";
import type { Database } from "@/server/db/open";
import type { Env } from "@/server/env";
import { createRuleSwitches } from "@/server/findings/switches";
import type { Log } from "@/server/log";
import { processNow } from "@/server/metrics/console";
import { createMetrics } from "@/server/metrics/metrics";
import { createFollowAudit } from "@/server/timeline/follow-audit";
import { createPlanning } from "@/server/verify/planning";
import { consoleAddress } from "@/server/web/address";
import type { Inflow } from "./inflow";
import { holdRecording, livingIn } from "./keeping";

export interface DeskDeps {
  inflow: Inflow;
  db: Database;
  auth: Auth;
  env: Env;
  timing: Timing;
  log: Log;
  now: () => number;
}

export type Desk = Awaited<ReturnType<typeof createDesk>>;

/** What people and programs ask for, and what leaves the console by itself: audit, commands, plans, alerts, metrics, REST. */
export async function createDesk({ inflow: { fleet, hub, feed, verifies }, db, auth, env, timing, log, now }: DeskDeps) {
  const clusters = () => livingIn(fleet);
  const followed = createFollowAudit({
    audit: db.audit,
    followed: db.followed,
    has: (slug) => fleet.factsOf(slug) !== null && !fleet.factsOf(slug)?.recorded,
    clusters: () => clusters().flatMap((slug) => fleet.factsOf(slug) ?? []),
    remember: fleet.remember,
    onFault: (cause) => log.error("commands could not be told on the timeline", cause),
  });
  const journal = await openAuditJournal(db.audit, now, followed.follow);
  followed.follow();
  const commands = await createCommands({
    agents: hub.agents,
    agentIdOf: (slug, node) => fleet.factsOf(slug)?.nodes.get(node)?.agentId ?? null,
    audit: journal,
    maintenance: db.maintenance,
    viewOf: fleet.viewOf,
    onView: (slug, listener) => fleet.onChange((change) => change.slug === slug && listener()),
    showRuns: fleet.showRuns,
    declare: fleet.declare,
    log,
    now,
  });
  const linked = () =>
    clusters().flatMap((cluster) =>
      [...(fleet.factsOf(cluster)?.nodes.values() ?? [])].flatMap(({ node, connected }) => (connected ? [{ cluster, node }] : [])),
    );
  const audit = createAudit({ records: db.audit, agents: hub.agents, linked });
  const planning = await createPlanning({
    records: db.verifyQueue,
    people: db.people,
    journal,
    commands,
    verifies,
    viewOf: fleet.viewOf,
    clusters,
    log,
    now,
  });
  const ruleSwitches = await createRuleSwitches({ settings: db.settings, journal, clusters, show: fleet.switchRules, log, now });
  const alerts = await createAlerts({
    records: db.alerts,
    journal,
    clusters,
    clusterOf: fleet.factsOf,
    unwatched: ruleSwitches.unwatched,
    viewOf: fleet.judgedOf,
    onMoved: (listener) => fleet.onChange(({ slug }) => listener(slug)),
    show: fleet.showAlerts,
    send,
    publicUrl: env.publicUrl,
    log,
    now,
    newId: randomUUID,
    timing,
  });
  const metrics = createMetrics({
    clusters,
    factsOf: fleet.factsOf,
    viewOf: fleet.viewOf,
    alerts: alerts.figures,
    feedClients: feed.count,
    process: processNow,
    now,
    elapsed: () => performance.now(),
  });
  const api = createApi({
    ruleSwitches,
    metrics,
    alerts,
    db,
    auth,
    commands,
    audit,
    journal,
    rememberEvents: fleet.remember,
    verifies,
    planning,
    viewOf: fleet.viewOf,
    clusters,
    screensOf: feed.screensOf,
    now,
    origin: (request) => consoleAddress(request.url, env),
    publicUrl: env.publicUrl,
    log: log.error,
    onRecordingOpened: (recording) => holdRecording(fleet, recording),
    onRecordingClosed: fleet.drop,
    onClusterAdded: (cluster) => fleet.hold({ ...cluster, nodes: new Map() }, [], new Map()),
    onClusterChanged: ({ slug, title, environment }) => fleet.rename(slug, { title, environment }),
    onClusterRemoved: fleet.drop,
  });
  return { followed, commands, planning, alerts, api };
}
