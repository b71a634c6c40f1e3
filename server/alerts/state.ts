// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import {
  Alert,
  AlertEnd,
  AlertLabels,
  type NewSilence,
  type ReceiverSettings,
  type RouteChange,
  Severity,
  TellReason,
} from "@/agent/protocol/console/alerts";

/** Whom an alert was told to. */
const Told = z.object({
  /** The receiver's id. */
  receiver: z.string(),
  atMs: z.number(),
  /** The worst that was told. */
  severity: Severity,
  /** The receiver is told when it is over. */
  resolves: z.boolean(),
});

/** An alert as it is kept. */
export const KeptAlert = z.object({
  ...Alert.shape,
  told: z.array(Told),
  /** Since when its finding is not seen, by those who could see it; null while it is. */
  missingSinceMs: z.number().nullable(),
  /** Whose word its finding is: without it a finding that is not seen is not over. Names of nodes, keys of sources. */
  witnesses: z.object({ nodes: z.array(z.string()).readonly(), sources: z.array(z.string()).readonly() }),
});
export type KeptAlert = z.infer<typeof KeptAlert>;

/** An alert as a message tells it: as it was when the message was made, whatever becomes of it until it is sent. */
export const ToldAlert = z.object({
  id: z.string(),
  reason: TellReason,
  /** The worst so far. */
  severity: Severity,
  /** What it was told as before it got worse; null: the same. */
  wasSeverity: Severity.nullable(),
  title: z.string(),
  why: z.string(),
  todo: z.string().nullable(),
  labels: AlertLabels,
  consequences: z.array(z.string()),
  sinceMs: z.number(),
  endedAtMs: z.number().nullable(),
  endedBy: z.string().nullable(),
  end: AlertEnd.optional(),
  returns: z.number().int(),
  acknowledged: Alert.shape.acknowledged,
});
export type ToldAlert = z.infer<typeof ToldAlert>;

/** What one receiver is told of one cluster at one moment. */
export const MessageBody = z.object({
  cluster: z.object({ slug: z.string(), title: z.string(), environment: z.string().nullable() }),
  atMs: z.number(),
  alerts: z.array(ToldAlert).min(1),
});
export type MessageBody = z.infer<typeof MessageBody>;

export interface NewMessage {
  /** The receiver's id. */
  receiver: string;
  body: MessageBody;
}

export interface Route extends RouteChange {
  id: string;
  createdBy: string;
  createdAtMs: number;
}
export interface Silence extends NewSilence {
  id: string;
  createdBy: string;
  createdAtMs: number;
  endedBy: string | null;
}
export interface Receiver {
  id: string;
  name: string;
  settings: ReceiverSettings;
  secret: string | null;
  createdBy: string;
  createdAtMs: number;
  /** When it last took a message; null: never. */
  lastOkAtMs: number | null;
}

/** What decides who is told, beside what is found. */
export interface Rules {
  routes: readonly Route[];
  silences: readonly Silence[];
  receivers: readonly Receiver[];
}
