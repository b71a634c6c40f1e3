// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";

/** When something was first seen to be so, by the console's clock, and whose word that is. */
export const Moment = z.object({
  atMs: z.number(),
  /** It may have happened up to this much earlier: a polled source's pace, a printed time's resolution. Null: nobody can say. */
  withinMs: z.number().nullable(),
  /** Whose word it is, as a phrase: "Pacemaker as crystal sees it". */
  by: z.string(),
});
export type Moment = z.infer<typeof Moment>;

/** One order to fence, as the cluster's fence history prints it. Words as printed, null where it prints none. */
export const FencingAttempt = z.object({
  action: z.string(),
  status: z.string(),
  /** The node whose fencer had it done. */
  delegate: z.string().nullable(),
  /** The program that asked, and on which node. */
  client: z.string().nullable(),
  origin: z.string().nullable(),
  completed: z.string().nullable(),
  exitReason: z.string().nullable(),
});
export type FencingAttempt = z.infer<typeof FencingAttempt>;

/**
 * Why a node was fenced. console: a person from this console. program: something other than the cluster's controller.
 * stopFailed: a stop that failed there. lost: it did not answer any more.
 */
export const FencingReason = z.object({ kind: z.enum(["console", "program", "stopFailed", "lost"]), says: z.string() });
export type FencingReason = z.infer<typeof FencingReason>;

/** A service that was on the node, and where it was seen in order again; null: not seen. */
export const FailedOver = z.object({
  id: z.string(),
  isPromotable: z.boolean(),
  to: z.string().nullable(),
  at: Moment.nullable(),
});
export type FailedOver = z.infer<typeof FailedOver>;

/** A copy of a mirror as one node last said it before the node was lost. Kernel words as read. */
export const CopyThen = z.object({
  mirror: z.string(),
  node: z.string(),
  role: z.string(),
  disk: z.string(),
  peer: z.string().nullable(),
  peerDisk: z.string().nullable(),
  connection: z.string().nullable(),
  /** Null: not said. */
  outOfSyncBytes: z.number().nullable(),
  readAtMs: z.number(),
});
export type CopyThen = z.infer<typeof CopyThen>;

/** A way of a client to its disk that did not work: an iSCSI session or an AoE device, in the driver's own word. */
export const ClientStall = z.object({
  client: z.string(),
  what: z.string(),
  word: z.string(),
  from: Moment,
  /** Null: it was not seen to work again. */
  until: Moment.nullable(),
});
export type ClientStall = z.infer<typeof ClientStall>;

/**
 * Why services left a node that is there. command: ordered from this console. standby, order: a person's will that came another
 * way. failure: an operation failed there. quorum: the side lost it. unknown: not seen.
 */
export const MoveCause = z.object({
  kind: z.enum(["command", "standby", "order", "failure", "quorum", "unknown"]),
  says: z.string(),
  /** When it came to be; null: not seen. */
  at: Moment.nullable(),
});
export type MoveCause = z.infer<typeof MoveCause>;

/** A node that was lost or fenced, from the first sign to its return: followed as it happens, and kept. Null moments: not seen. */
export const Incident = z.object({
  /**
   * Set where the node itself was there all the time and services went elsewhere: why, from when they were not in order there, and
   * when all of them had stopped there, promoted ones at least been demoted (null: not seen). What tells of a loss is then empty.
   */
  moved: z.object({ cause: MoveCause, left: Moment, stopped: Moment.nullable() }).optional(),
  /** Set where it was over before this console ever looked: when the cluster's own history was read, and by whose word. */
  fromHistory: Moment.optional(),
  id: z.string(),
  cluster: z.string(),
  node: z.string(),
  openedAtMs: z.number(),
  /** Null while it is followed. */
  endedAtMs: z.number().nullable(),
  /** Oldest first; empty: it was lost, and nobody fenced it. */
  attempts: z.array(FencingAttempt),
  reason: FencingReason.nullable(),
  /** The fencing devices that the cluster has; which of them did it crm_mon does not print. */
  devices: z.array(z.object({ id: z.string(), agent: z.string() })),
  /** The last word of the node's own agent before. */
  lastWord: Moment.nullable(),
  detected: Moment.nullable(),
  asked: Moment.nullable(),
  done: Moment.nullable(),
  back: Moment.nullable(),
  services: z.array(FailedOver),
  /** Newest first. */
  lastLines: z.array(z.object({ atMs: z.number(), text: z.string() })),
  /** Null: it was read. Else why there are no lines, as a sentence. */
  linesUnread: z.string().nullable(),
  /** Null: no node's DRBD was ever read. */
  copies: z.array(CopyThen).nullable(),
  /** Clients whose facts were followed. */
  clients: z.array(z.string()),
  stalls: z.array(ClientStall),
});
export type Incident = z.infer<typeof Incident>;

/** A stretch of a failover. `tookMs` null: not measured, `says` tells why. */
export const FailoverPhase = z.object({
  phase: z.enum(["detect", "fence", "stop", "promote", "start", "clientStall"]),
  tookMs: z.number().nullable(),
  /** Both its ends together may be off by this much; null: nobody can say. */
  withinMs: z.number().nullable(),
  /** From what to what, by whose word; or why it was not measured. A sentence. */
  says: z.string(),
});
export type FailoverPhase = z.infer<typeof FailoverPhase>;

export const IncidentCard = Incident.extend({
  /** Who fenced whom, and why, as one sentence. */
  says: z.string(),
  failover: z.array(FailoverPhase),
  /** Which copies were not in sync then, and that as a sentence. */
  unsynced: z.array(CopyThen),
  syncSays: z.string(),
});
export type IncidentCard = z.infer<typeof IncidentCard>;

export const IncidentPage = z.object({
  incidents: z.array(IncidentCard),
  /** What `before` asks for to have the next page; null: there is none. */
  next: z.string().nullable(),
});
export type IncidentPage = z.infer<typeof IncidentPage>;

/** planned: down, and a command or a maintenance of a person stood over it. unknown: the console knew nothing. */
export const ServiceState = z.enum(["up", "planned", "unplanned", "unknown"]);
export type ServiceState = z.infer<typeof ServiceState>;

/** How long a service was in each state within a window that ends now. The four make up the window. */
export const AvailabilityWindow = z.object({
  windowMs: z.number(),
  upMs: z.number(),
  plannedMs: z.number(),
  unplannedMs: z.number(),
  unknownMs: z.number(),
  plannedStops: z.number().int(),
  unplannedStops: z.number().int(),
  /** Of the time that is known, the part without an unplanned stop, 0–1; null: nothing is known. */
  withoutUnplanned: z.number().nullable(),
  /** Of the time that is known, the part in which it was up, 0–1; null: nothing is known. */
  up: z.number().nullable(),
});
export type AvailabilityWindow = z.infer<typeof AvailabilityWindow>;

/** A stretch of time in which a service was in one state. */
export const ServiceSpan = z.object({
  service: z.string(),
  state: ServiceState,
  fromMs: z.number(),
  /** Null: it lasts. */
  toMs: z.number().nullable(),
  /** As a phrase: "stopped by order (target-role)"; null for up. */
  why: z.string().nullable(),
});
export type ServiceSpan = z.infer<typeof ServiceSpan>;

export const ServiceAvailability = z.object({
  id: z.string(),
  /** Since when it is watched. */
  sinceMs: z.number(),
  now: ServiceState,
  day: AvailabilityWindow,
  week: AvailabilityWindow,
  month: AvailabilityWindow,
  quarter: AvailabilityWindow,
  /** The newest stretches in which it was not up, newest first. */
  stops: z.array(ServiceSpan),
});
export type ServiceAvailability = z.infer<typeof ServiceAvailability>;

export const Availability = z.object({
  atMs: z.number(),
  services: z.array(ServiceAvailability),
  /** How many services there are, where only the least available were asked for. */
  count: z.number().int().optional(),
});
export type Availability = z.infer<typeof Availability>;
