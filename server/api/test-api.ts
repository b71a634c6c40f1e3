// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import type { UserRole } from "@/agent/protocol/console/api";
import type { View } from "@/agent/protocol/console/view";
import { timing } from "@/agent/protocol/timing";
import { createAlerts } from "@/server/alerts/alerts";
import { createAudit } from "@/server/audit/audit";
import { openAuditJournal } from "@/server/audit/journal";
import { type Auth, createAuth } from "@/server/auth/auth";
import type { StoredEvent } from "@/server/cluster/facts";
import { createCommands } from "@/server/commands/commands";
import type { Cluster } from "@/server/db/clusters";
import type { Database } from "@/server/db/open";
import type { Recording } from "@/server/db/recordings";
import { temporaryDatabase } from "@/server/db/temporary-database";
import { createRuleSwitches } from "@/server/findings/switches";
import { createRequests } from "@/server/hub/requests";
import { processNow } from "@/server/metrics/console";
import { createMetrics } from "@/server/metrics/metrics";
import { createPlanning } from "@/server/verify/planning";
import { createVerifies, type Verifies } from "@/server/verify/verifies";
import { createApi } from "./app";
import type { ApiDeps } from "./routes";

export const HOST = "console.example:3000";
export const PASSWORD = "correct horse battery";
export const NOW_MS = 1_795_182_515_980;

/** What Node's server tells Hono of a request's socket. */
export const SOCKET = { incoming: { socket: { remoteAddress: "192.0.2.7" } } };

interface Ask {
  role?: UserRole | undefined;
  /** How the role is proven. */
  by?: "cookie" | "token";
  body?: unknown;
  /** Text as it is, instead of `body` as JSON. */
  text?: string;
  headers?: Record<string, string>;
}

export interface TestApi {
  ask(method: string, path: string, how?: Ask): Promise<Response>;
  db: Database;
  auth: Auth;
  verifies: Verifies;
  views: Map<string, View>;
  added: Cluster[];
  changed: Cluster[];
  removed: string[];
  opened: Recording[];
  closed: string[];
  logged: string[];
  /** Events that were shown to whoever looks. */
  remembered: StoredEvent[];
  /** The API over the same console with other deps. */
  with(change: Partial<ApiDeps>): ReturnType<typeof createApi>;
  remove(): Promise<void>;
}

/** The API over a real database with an admin `anna`, an operator `otto` and a viewer `vera`, for tests. */
export async function testApi(): Promise<TestApi> {
  const { db, remove } = await temporaryDatabase();
  const auth = await createAuth(db, () => NOW_MS);
  const views = new Map<string, View>();
  const added: Cluster[] = [];
  const changed: Cluster[] = [];
  const removed: string[] = [];
  const opened: Recording[] = [];
  const closed: string[] = [];
  const logged: string[] = [];
  const remembered: StoredEvent[] = [];
  // No agent is linked: what is asked of one is answered so.
  const { agents } = createRequests({ lineOf: () => null, sign: () => "", factor: 1 });
  const viewOf = (slug: string) => views.get(slug) ?? null;
  const journal = await openAuditJournal(db.audit, () => NOW_MS);
  const commands = await createCommands({
    agents,
    agentIdOf: () => null,
    audit: journal,
    maintenance: db.maintenance,
    viewOf,
    onView: () => () => undefined,
    showRuns: () => undefined,
    declare: () => undefined,
    log: { info: () => undefined, warn: () => undefined, error: (message) => logged.push(message) },
    now: () => NOW_MS,
  });
  const verifies = await createVerifies({
    records: db.verifies,
    factsOf: () => null,
    runsOf: () => [],
    show: () => undefined,
    remember: () => undefined,
    log: { info: () => undefined, warn: () => undefined, error: (message) => logged.push(message) },
    now: () => NOW_MS,
    newId: () => "verify",
    timing: timing(),
  });
  const clusters = () => [...views.keys()];
  const planning = await createPlanning({
    records: db.verifyQueue,
    people: db.people,
    journal,
    commands,
    verifies,
    viewOf,
    clusters,
    log: { info: () => undefined, warn: () => undefined, error: (message) => logged.push(message) },
    now: () => NOW_MS,
  });
  const ruleSwitches = await createRuleSwitches({
    settings: db.settings,
    journal,
    clusters,
    show: () => undefined,
    log: { error: (message) => logged.push(message) },
    now: () => NOW_MS,
  });
  const alerts = await createAlerts({
    records: db.alerts,
    journal,
    clusters,
    clusterOf: (slug) => (views.has(slug) ? { slug, title: slug, environment: null, nodes: new Map() } : null),
    unwatched: ruleSwitches.unwatched,
    viewOf,
    onMoved: () => undefined,
    show: () => undefined,
    send: async () => ({ isOk: true, says: "It answered 200", tookMs: 1, isRefusal: false }),
    publicUrl: null,
    log: { info: () => undefined, warn: () => undefined, error: (message) => logged.push(message) },
    now: () => NOW_MS,
    newId: randomUUID,
    timing: timing(),
  });
  const deps: ApiDeps = {
    ruleSwitches,
    alerts,
    metrics: createMetrics({
      clusters: () => [],
      factsOf: () => null,
      viewOf,
      alerts: alerts.figures,
      feedClients: () => 0,
      process: processNow,
      now: () => NOW_MS,
      elapsed: () => 0,
    }),
    db,
    auth,
    commands,
    planning,
    journal,
    rememberEvents: (_, stored) => remembered.push(...stored),
    audit: createAudit({ records: db.audit, agents, linked: () => [] }),
    verifies,
    viewOf,
    clusters,
    screensOf: () => 0,
    now: () => NOW_MS,
    origin: () => `http://${HOST}`,
    publicUrl: null,
    onClusterAdded: (cluster) => added.push(cluster),
    onClusterChanged: (cluster) => changed.push(cluster),
    onClusterRemoved: (slug) => removed.push(slug),
    onRecordingOpened: (recording) => opened.push(recording),
    onRecordingClosed: (slug) => closed.push(slug),
    log: (message) => logged.push(message),
  };
  const app = createApi(deps);

  const names: Record<UserRole, string> = { admin: "anna", operator: "otto", viewer: "vera" };
  const proofs = new Map<string, Record<string, string>>();
  async function proofOf(role: UserRole, by: "cookie" | "token"): Promise<Record<string, string>> {
    const known = proofs.get(`${role} ${by}`);
    if (known) return known;
    await auth.users.add({ user: names[role], password: PASSWORD, role });
    const result = await auth.signIn({ user: names[role], password: PASSWORD }, { address: "::1", userAgent: null });
    if (!result.ok) throw new Error(result.code);
    const made = await auth.tokens.make({ name: `${role}'s`, role, days: null }, result.session);
    if (!made.ok) throw new Error(made.code);
    proofs.set(`${role} cookie`, { cookie: `qd_session=${result.token}`, "sec-fetch-site": "same-origin" });
    proofs.set(`${role} token`, { authorization: `Bearer ${made.token}` });
    return proofs.get(`${role} ${by}`) ?? {};
  }

  return {
    async ask(method, path, { role, by = "cookie", body, text, headers } = {}) {
      const proof = role === undefined ? {} : await proofOf(role, by);
      const content = text ?? (body === undefined ? null : JSON.stringify(body));
      return app.request(`http://${HOST}${path}`, { method, headers: { host: HOST, ...proof, ...headers }, body: content }, SOCKET);
    },
    db,
    auth,
    verifies,
    views,
    added,
    changed,
    removed,
    opened,
    closed,
    logged,
    remembered,
    with: (change) => createApi({ ...deps, ...change }),
    remove,
  };
}
