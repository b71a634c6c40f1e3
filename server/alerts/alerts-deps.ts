// SPDX-License-Identifier: Apache-2.0
import type { View } from "@/agent/protocol/console/view";
import type { Timing } from "@/agent/protocol/timing";
import type { AuditJournal } from "@/server/audit/journal";
import type { Alerting } from "@/server/cluster/alerting";
import type { AlertRecords } from "@/server/db/alerts";
import type { Log } from "@/server/log";
import type { send } from "./send";

/** What alerts need of the running console. */
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
