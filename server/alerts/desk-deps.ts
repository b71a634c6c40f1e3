// SPDX-License-Identifier: Apache-2.0
import type { AuditJournal } from "@/server/audit/journal";
import type { Refusal } from "@/server/auth/refusal";
import type { AlertRecords } from "@/server/db/alerts";
import type { send } from "./send";
import type { Receiver, Route, Silence } from "./state";

export interface DeskDeps {
  records: AlertRecords;
  journal: Pick<AuditJournal, "append">;
  kept: { receivers: readonly Receiver[]; routes: readonly Route[]; silences: readonly Silence[] };
  send: typeof send;
  publicUrl: string | null;
  now: () => number;
  newId: () => string;
  /** One change at a time, and none while it is judged. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Who is told, or when, is another matter now. */
  onChanged(): void;
  /** A receiver took a test. */
  onTaken(id: string, atMs: number): void;
}

export type Done = { ok: true } | Refusal;
export type Made = { ok: true; id: string } | Refusal;
