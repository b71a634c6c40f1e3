// SPDX-License-Identifier: Apache-2.0
import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { SourceName } from "@/agent/protocol/sources";
import { timing as timingOf } from "@/agent/protocol/timing";
import { createAlerts } from "@/server/alerts/alerts";
import { send } from "@/server/alerts/send";
import { createApi } from "@/server/api/app";
import { createAudit } from "@/server/audit/audit";
import { openAuditJournal } from "@/server/audit/journal";
import { type Auth, createAuth } from "@/server/auth/auth";
import { verifyAgent } from "@/server/auth/console-key";
import type { NodeFacts } from "@/server/cluster/facts";
import { recordedFacts } from "@/server/cluster/recorded";
import { createCommands } from "@/server/commands/commands";
import type { Console } from "@/server/console";
import type { Agent } from "@/server/db/agents";
import { type Database, openDatabase } from "@/server/db/open";
import type { Recording } from "@/server/db/recordings";
import type { Env } from "@/server/env";
import { createFeed, wallSessionId } from "@/server/feed/feed";
import { createRuleSwitches } from "@/server/findings/switches";
import { createFleet, EVENTS_IN_VIEW, type Fleet } from "@/server/fleet/fleet";
import { createSettler } from "@/server/fleet/settler";
import { createChronicle } from "@/server/history/chronicle";
import { createHub } from "@/server/hub/hub";
import { createLedger, type Ledger } from "@/server/hub/ledger";
import type { Log } from "@/server/log";
import { processNow } from "@/server/metrics/console";
import { createMetrics } from "@/server/metrics/metrics";
import { createFollowAudit } from "@/server/timeline/follow-audit";
import { openTls, type Tls } from "@/server/tls/open";
import { createPlanning } from "@/server/verify/planning";
import { createVerifies } from "@/server/verify/verifies";
import { consoleAddress } from "@/server/web/address";
import type { Pages } from "@/server/web/pages";
import { createPort, type Port } from "@/server/web/port";
import { createUpgrade } from "@/server/web/upgrade";

export interface StartDeps {
  env: Env;
  log: Log;
  migrationsDir: string;
  now: () => number;
  /** Next's pages; null serves the API and the sockets alone. Opened once `publish` has run. */
  pages: ((console: Console) => Promise<Pages>) | null;
  /** Names the build of the pages; a page made by another one can tell. */
  build: string;
}

/** Everything that runs while the console does. */
export interface Running {
  origin: string;
  /** Null over plain HTTP. */
  tls: Pick<Tls, "certificate" | "certFile" | "isSelfMade"> | null;
  console: Console;
  auth: Auth;
  /** The first admin's one-time code; null when there is an admin. */
  setupCode: string | null;
  stop(): Promise<void>;
}

/** Clusters and their facts as they were left, so that a restarted console shows old data as old instead of nothing. */
async function recall(db: Database, fleet: Fleet, log: Log): Promise<void> {
  const { clusters, unread } = await db.facts.loadFacts();
  const kept = await db.recordings.load();
  for (const recording of kept.recordings) holdRecording(fleet, recording);
  for (const what of [...unread, ...kept.unread]) log.warn(`kept by another version and not read: ${what}`);
  const standing = await db.events.loadFindings();
  for (const facts of clusters) {
    fleet.hold(facts, await db.events.recentEvents(facts.slug, EVENTS_IN_VIEW), standing.get(facts.slug) ?? new Map());
  }
}

/** Puts a recording beside the clusters. */
function holdRecording(fleet: Fleet, { slug, title, nodes, ...recorded }: Recording): void {
  fleet.hold(recordedFacts(slug, { title, nodes }, recorded), [], new Map());
}

/** The clusters that live: all but recordings. */
function livingIn(fleet: Fleet): string[] {
  return fleet.slugs().filter((slug) => !fleet.factsOf(slug)?.recorded);
}

function newNode({ id, node, role, agentVersion, label }: Agent): NodeFacts {
  return {
    agentId: id,
    node,
    role,
    agentVersion,
    label,
    connected: false,
    lastWordAtMs: null,
    connectedChangedAtMs: null,
    clockOffsetMs: 0,
    sources: {},
    kernelLines: [],
  };
}

/**
 * Opens the database, recalls what was known, and serves pages, REST and sockets on one port.
 * @throws with a sentence when it cannot; then nothing is left open
 */
export async function startConsole(deps: StartDeps): Promise<Running> {
  const db = await openDatabase(deps.env.dataDir, deps.migrationsDir);
  let port: Port | null = null;
  try {
    const tls = await openTls(deps.env, deps.now, deps.log);
    port = createPort(tls?.certificate);
    return await serve(deps, db, port, tls);
  } catch (cause) {
    await port?.close();
    await db.close();
    throw cause;
  }
}

async function serve({ env, log, now, pages, build }: StartDeps, db: Database, port: Port, tls: Tls | null): Promise<Running> {
  const timing = timingOf(env.timingFactor);
  const auth = await createAuth(db, now);
  const report = (what: string) => (cause: unknown) => log.error(what, cause);
  const writes = new Set<Promise<void>>();
  /** A write that nobody waits for but the end of the console. */
  const write = (work: Promise<void>, what: string) => {
    const tracked = work.catch(report(what)).finally(() => writes.delete(tracked));
    writes.add(tracked);
  };

  const fleet: Fleet = createFleet({
    timing,
    now,
    onMoved: () => settler.moved(),
    onFault: (slug, cause) => log.error(`${slug}: its view could not be made`, cause),
    onFindings: (slug, standing, told) => {
      const saved = db.events.saveFindings(slug, standing, told).then((stored) => fleet.remember(slug, stored));
      write(saved, `${slug}: findings could not be written`);
    },
  });
  const settler = createSettler({ settle: fleet.settle, elapsed: () => performance.now(), soon: setImmediate }, SETTLE_EVERY_MS);
  await recall(db, fleet, log);

  const verifies = await createVerifies({
    records: db.verifies,
    factsOf: fleet.factsOf,
    runsOf: fleet.runsOf,
    show: fleet.showVerifies,
    remember: fleet.remember,
    log,
    now,
    newId: randomUUID,
    timing,
  });
  const chronicle = await createChronicle({
    records: db.history,
    clusters: () => livingIn(fleet),
    factsOf: fleet.factsOf,
    runsOf: fleet.runsOf,
    declaredOf: fleet.declaredOf,
    log,
    now,
    newId: randomUUID,
    timing,
  });
  const { commitFrames, loadNode } = db.facts;
  const ledger = createLedger({ fleet, log, commitFrames, addEvents: db.events.addEvents, reloadNode: loadNode, verifies, chronicle });
  const hub = createHub({
    fleet,
    ledger,
    timing,
    log,
    identity: {
      publicKey: auth.consoleKey.publicKey,
      sign: auth.consoleKey.sign,
      verify: verifyAgent,
      nonce: () => randomBytes(32).toString("base64"),
    },
    findAgent: db.agents.agentById,
    onVersion: (id, version) => write(db.agents.setAgentVersion(id, version), "an agent's version could not be written"),
  });
  const feed = createFeed(fleet, now, build);

  auth.agents.onEnrolled((agent) => fleet.putNode(agent.cluster, newNode(agent)));
  auth.agents.onLabelled(({ cluster, node, label }) => fleet.label(cluster, node, label));
  auth.agents.onTrustEnded((agent) => {
    hub.end(agent.id);
    if (fleet.factsOf(agent.cluster)?.nodes.get(agent.node)?.agentId === agent.id) fleet.removeNode(agent.cluster, agent.node);
  });
  auth.onWallsEnded((ids) => {
    const over = new Set(ids.map(wallSessionId));
    feed.close((id) => over.has(id), "sessionEnded");
  });
  auth.onSessionEnded(({ sessionIds, reason }) => feed.close((id) => sessionIds.has(id), reason));

  const handle: Console = {
    sessionOf: auth.sessionOf,
    snapshot: feed.snapshot,
    hasCluster: fleet.has,
    needsSetup: auth.needsSetup,
    timingFactor: env.timingFactor,
    wallOf: auth.walls.keyOf,
    build,
  };
  fleet.onDrop(verifies.drop);
  fleet.onDrop(chronicle.drop);
  const followed = createFollowAudit({
    audit: db.audit,
    followed: db.followed,
    has: (slug) => fleet.factsOf(slug) !== null && !fleet.factsOf(slug)?.recorded,
    remember: fleet.remember,
    onFault: report("commands could not be told on the timeline"),
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
    livingIn(fleet).flatMap((cluster) =>
      [...(fleet.factsOf(cluster)?.nodes.values() ?? [])].flatMap(({ node, connected }) => (connected ? [{ cluster, node }] : [])),
    );
  const audit = createAudit({ records: db.audit, agents: hub.agents, linked });
  const metrics = createMetrics({
    clusters: () => livingIn(fleet),
    factsOf: fleet.factsOf,
    viewOf: fleet.viewOf,
    feedClients: feed.count,
    process: processNow,
    now,
    elapsed: () => performance.now(),
  });
  const planning = await createPlanning({
    records: db.verifyQueue,
    people: db.people,
    journal,
    commands,
    verifies,
    viewOf: fleet.viewOf,
    clusters: () => livingIn(fleet),
    log,
    now,
  });
  const ruleSwitches = await createRuleSwitches({
    settings: db.settings,
    journal,
    clusters: () => livingIn(fleet),
    show: fleet.switchRules,
    log,
    now,
  });
  const alerts = await createAlerts({
    records: db.alerts,
    journal,
    clusters: () => livingIn(fleet),
    clusterOf: fleet.factsOf,
    viewOf: fleet.viewOf,
    onMoved: (listener) => fleet.onChange(({ slug }) => listener(slug)),
    show: fleet.showAlerts,
    send,
    publicUrl: env.publicUrl,
    log,
    now,
    newId: randomUUID,
    timing,
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
    clusters: () => livingIn(fleet),
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
  const rest = getRequestListener(api.fetch);
  let shown: Pages | null = null;

  port.server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    if (tls !== null && tls.hsts !== null) response.setHeader("Strict-Transport-Security", tls.hsts);
    if (path === "/healthz" || path === "/metrics" || path.startsWith("/api/"))
      void rest(request, response).catch(report("a request failed"));
    else if (shown) shown.handle(request, response);
    // Agents and programs are served while the pages are still being opened.
    // A browser that asks too early asks again by itself: a wall has nobody to do it.
    else response.writeHead(pages ? 503 : 404, pages ? { "Retry-After": "1", Refresh: "2" } : {}).end();
  });
  const upgradePage = (request: IncomingMessage, socket: Duplex, head: Buffer): boolean => {
    if (!shown?.upgrade) return false;
    shown.upgrade(request, socket, head);
    return true;
  };
  port.server.on(
    "upgrade",
    createUpgrade({ hub, feed, sessionOf: auth.sessionOf, publicUrl: env.publicUrl, upgradePage, wallOf: auth.walls.keyOf }),
  );

  const setupCode = await auth.newSetupCode();
  const origin = await port.open(env);
  const certificate = tls?.watch(port.renew);
  const timers = [
    setInterval(fleet.settle, Math.min(timing.lookEveryMs, SETTLE_EVERY_MS)),
    setInterval(() => hub.pulse(now()), timing.pulseEveryMs),
    setInterval(feed.pulse, timing.feedPulseEveryMs),
    setInterval(commands.sweep, SWEEP_RUNS_EVERY_MS),
    setInterval(verifies.tick, timing.pulseEveryMs),
    setInterval(chronicle.tick, timing.pulseEveryMs),
    setInterval(() => void alerts.tick().catch(report("alerts could not be looked at")), timing.pulseEveryMs),
    setInterval(() => void planning.tick(), timing.pulseEveryMs * PULSES_PER_QUEUE_LOOK),
    setInterval(() => void keepAges(db, fleet, ledger).catch(report("ages could not be written")), KEEP_AGES_EVERY_MS),
    setInterval(() => write(prune(db, now, log), "what is old could not be removed"), PRUNE_EVERY_MS),
    setInterval(() => write(alerts.forget(), "old alerts could not be removed"), PRUNE_EVERY_MS),
    setInterval(() => void auth.sweep().catch(report("sessions could not be swept")), SWEEP_EVERY_MS),
  ];
  write(prune(db, now, log), "what is old could not be removed");
  const stopTimers = () => {
    certificate?.stop();
    for (const timer of timers) clearInterval(timer);
  };
  try {
    shown = pages ? await pages(handle) : null;
  } catch (cause) {
    stopTimers();
    throw cause;
  }

  return {
    origin,
    tls,
    console: handle,
    auth,
    setupCode,
    async stop() {
      stopTimers();
      feed.close(() => true, "consoleStops");
      hub.close();
      await port.close();
      await planning.end();
      await alerts.end();
      await followed.drained();
      await ledger.drained();
      await verifies.drained();
      await chronicle.end();
      await keepAges(db, fleet, ledger).catch(report("the last ages could not be written"));
      while (writes.size > 0) await Promise.all(writes);
      await shown?.close();
      await db.close();
    },
  };
}

/** Ages and counters move without a frame that would be written: as they are now they are what a restart shows as old. */
async function keepAges(db: Database, fleet: Fleet, ledger: Ledger): Promise<void> {
  const nodes = livingIn(fleet).flatMap((slug) => [...(fleet.factsOf(slug)?.nodes.values() ?? [])]);
  // A node that is ahead of the database keeps what is written: what came after is sent again.
  const written = nodes.filter(({ agentId }) => ledger.isWritten(agentId));
  const kept = written.flatMap(({ agentId, sources }) =>
    SourceName.options.flatMap((source) => {
      const facts = sources[source];
      return facts ? [{ agentId, source, facts }] : [];
    }),
  );
  for (let from = 0; from < kept.length; from += FACTS_PER_WRITE) await db.facts.saveFacts(kept.slice(from, from + FACTS_PER_WRITE));
}

/** Removes what has been kept long enough; what is left of a long list is removed an hour later, and so on. */
async function prune(db: Database, now: () => number, log: Log): Promise<void> {
  const { events, enrollments, tokens } = await db.prune(now());
  if (events + enrollments + tokens > 0)
    log.info(`removed what was kept long enough: ${events} events, ${enrollments} enrolments, ${tokens} API tokens`);
}

const PRUNE_EVERY_MS = 600_000;
/** So old at the most are the ages that a killed console shows after its restart. */
const KEEP_AGES_EVERY_MS = 60_000;
/** A statement has room for this many. */
const FACTS_PER_WRITE = 1_000;
/** Changes of one burst reach browsers together, this often at the most. */
const SETTLE_EVERY_MS = 50;
/** Whose turn it is to be verified is looked at every few pulses: a window of minutes loses nothing. */
const PULSES_PER_QUEUE_LOOK = 3;
/** Runs that ended are shown for ten minutes, give or take this. */
const SWEEP_RUNS_EVERY_MS = 10_000;
/** A session's sockets close within a second of its end. */
const SWEEP_EVERY_MS = 500;
