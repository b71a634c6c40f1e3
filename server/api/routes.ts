// SPDX-License-Identifier: Apache-2.0
import type { Duplex } from "node:stream";
import type { Context } from "hono";
import type { UserRole } from "@/agent/protocol/console/api";
import type { View } from "@/agent/protocol/console/view";
import type { Alerts } from "@/server/alerts/alerts";
import type { Audit } from "@/server/audit/audit";
import type { AuditJournal } from "@/server/audit/journal";
import type { Auth } from "@/server/auth/auth";
import type { StoredEvent } from "@/server/cluster/facts";
import type { Commands } from "@/server/commands/commands";
import type { Session } from "@/server/console";
import type { Cluster } from "@/server/db/clusters";
import type { Database } from "@/server/db/open";
import type { Recording } from "@/server/db/recordings";
import type { RuleSwitches } from "@/server/findings/switches";
import type { MetricsText } from "@/server/metrics/metrics";
import type { Planning } from "@/server/verify/planning";
import type { Verifies } from "@/server/verify/verifies";

/** What the API needs of the running console. */
export interface ApiDeps {
  db: Database;
  auth: Auth;
  /** The view of a cluster; null when there is none of this name. */
  viewOf(slug: string): View | null;
  /** What can be asked of clusters, and how it goes. */
  commands: Commands;
  audit: Audit;
  /** Where a change that asks nothing of a node is written down. */
  journal: Pick<AuditJournal, "append">;
  /** Shows committed events to everybody who looks. */
  rememberEvents(slug: string, stored: readonly StoredEvent[]): void;
  /** What Prometheus reads. */
  metrics: MetricsText;
  /** Verifies under way, and what is known of each mirror's. */
  verifies: Pick<Verifies, "trend" | "queue">;
  /** Verifies to come. */
  planning: Planning;
  /** Which rules for findings are switched off. */
  ruleSwitches: RuleSwitches;
  /** What people are told. */
  alerts: Alerts;
  /** Slugs of all clusters. */
  clusters(): string[];
  /** How many walls hang on a key now. */
  screensOf(keyId: string): number;
  /** Epoch ms. */
  now(): number;
  /** How this console is reached by the one who asks: `https://console.example:3000`. */
  origin(request: Request): string;
  /** The address people use, where it was set. */
  publicUrl: string | null;
  /** A cluster was added to the database. */
  onClusterAdded(cluster: Cluster): void;
  /** A cluster has another title or environment. */
  onClusterChanged(cluster: Cluster): void;
  /** A cluster is gone from the database. */
  onClusterRemoved(slug: string): void;
  /** A recording was added to the database. */
  onRecordingOpened(recording: Recording): void;
  /** A recording is gone from the database. */
  onRecordingClosed(slug: string): void;
  /** Tells the console's log what a person is not told. */
  log(message: string, error: unknown): void;
}

/** What Hono knows of a request under Node; a test has no socket. */
export interface ApiEnv {
  Bindings: { incoming?: { socket: Duplex & { remoteAddress?: string | undefined } } };
}
export type ApiContext = Context<ApiEnv>;

interface Path {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: `/${string}`;
  /** The largest body it takes; without it 64 KiB. */
  maxBodyBytes?: number;
}
/** One line of the table of everything the API answers. A path that is not in it does not exist. */
export type Route = Path &
  (
    | { needs: "nobody"; handle(c: ApiContext, deps: ApiDeps): Promise<Response> }
    | { needs: UserRole; handle(c: ApiContext, deps: ApiDeps, session: Session): Promise<Response> }
    /** For programs alone: a cookie is nobody, and one of this machine need not say who it is. */
    | { needs: "program"; handle(c: ApiContext, deps: ApiDeps): Promise<Response> }
  );
