// SPDX-License-Identifier: Apache-2.0
import { audited } from "@/server/audit/audited";
import type { AuditJournal } from "@/server/audit/journal";
import type { Asker } from "@/server/commands/previews";

export interface Change {
  /** The slug of the one cluster it concerns; empty: the console itself. */
  cluster: string;
  verb: string;
  title: string;
  /** What was asked for. Never a secret. */
  args: Record<string, unknown>;
}

/** Makes a change of the alerts between the two entries of the audit that tell of it. */
export function recorded<T>(
  journal: Pick<AuditJournal, "append">,
  by: Asker,
  { cluster, verb, title, args }: Change,
  make: () => Promise<T>,
) {
  return audited(journal, by, { cluster, ask: { verb, args }, title, about: [], accepted: [] }, make);
}
