// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import type { Ask } from "@/agent/protocol/console/runs";
import type { Asker } from "@/server/commands/previews";
import type { AuditJournal } from "./journal";

/** A change of what the console itself is to do: it asks nothing of a node, and is kept like what does. */
export interface AuditedChange {
  cluster: string;
  ask: Ask;
  title: string;
  about: string[];
  /** Why, in the words of who asks. */
  reason?: string | null;
  /** Guards whose warnings are accepted with it. */
  accepted: readonly string[];
}

/** Makes a change between the two entries that tell of it: no entry, no change. `refused`: why what was made is none; null: it is. */
export async function audited<T>(
  journal: Pick<AuditJournal, "append">,
  asker: Asker,
  change: AuditedChange,
  make: () => Promise<T>,
  refused: (made: T) => string | null = () => null,
): Promise<T> {
  const of = { runId: randomUUID(), cluster: change.cluster };
  const { ask, title, about, accepted, reason = null } = change;
  const words = { by: asker.user, token: asker.token, from: asker.from, reason };
  await journal.append("opened", of, { ask, title, about, ...words, effects: [], findings: [], accepted: [...accepted], commands: [] });
  try {
    const made = await make();
    const no = refused(made);
    await journal.append("closed", of, { outcome: no === null ? "done" : "refused", says: no ?? `${title}: done.`, phases: [] });
    return made;
  } catch (cause) {
    await journal.append("closed", of, { outcome: "failed", says: "The console could not write it: nothing was changed.", phases: [] });
    throw cause;
  }
}
