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
  /** Keys of what it is about in its cluster's view. */
  about?: readonly string[];
  /** Why, in the words of who asks. */
  reason?: string | null;
}

/** Makes a change of the alerts between the two entries of the audit that tell of it. */
export function recorded<T>(
  journal: Pick<AuditJournal, "append">,
  by: Asker,
  { cluster, verb, title, args, about = [], reason = null }: Change,
  make: () => Promise<T>,
) {
  return audited(journal, by, { cluster, ask: { verb, args }, title, about: [...about], accepted: [], reason }, make);
}
