// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";

// Alerts: whom they go to, when, and what became of each. Times are epoch ms.

/** How urgent an alert is. `critical`: what a finding calls bad; `warning`: at risk, differing, old or not judged. */
export const Severity = z.enum(["critical", "warning"]);
export type Severity = z.infer<typeof Severity>;

/** By what alerts are told apart. An alert may have several nodes and resources; each other label once or never. */
export const AlertLabel = z.enum(["cluster", "environment", "severity", "rule", "finding", "node", "resource"]);
export type AlertLabel = z.infer<typeof AlertLabel>;
export const AlertLabels = z.record(AlertLabel, z.array(z.string()));
export type AlertLabels = z.infer<typeof AlertLabels>;

/** One of the values is the alert's; with `isNot` none of them is. No patterns: what is named is matched, and nothing else. */
export const Matcher = z.object({
  label: AlertLabel,
  isNot: z.boolean(),
  values: z.array(z.string().trim().min(1).max(200)).min(1).max(50),
});
export type Matcher = z.infer<typeof Matcher>;

const Url = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((text) => {
    const { username, password, hash } = new URL(text);
    return username === "" && password === "" && hash === "";
  }, "an address without a name, a password or a #");
const Host = z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9.:-]{0,252}[A-Za-z0-9])?$/, "not a host name or an address");
/** One address as mail servers take it; the name beside it is ours. */
const MailAddress = z.string().regex(/^[^\s<>,;:"()[\]\\@]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/, "not a mail address");

/** Where and how a receiver is reached; its secret is apart. */
export const ReceiverSettings = z.discriminatedUnion("kind", [
  /** Our own JSON (docs/alerts.md). The secret is the key of its signature. */
  z.object({ kind: z.literal("webhook"), url: Url }),
  /** Prometheus Alertmanager, API v2; `url` without `/api/v2/alerts`. With a user the secret is their password. */
  z.object({ kind: z.literal("alertmanager"), url: Url, user: z.string().min(1).max(100).nullable() }),
  /** A mail server. `none`: plain text, for a server of the console's own machine. With a user the secret is their password. */
  z.object({
    kind: z.literal("mail"),
    host: Host,
    port: z.number().int().min(1).max(65_535),
    security: z.enum(["starttls", "tls", "none"]),
    user: z.string().min(1).max(100).nullable(),
    from: MailAddress,
    to: z.array(MailAddress).min(1).max(20),
  }),
]);
export type ReceiverSettings = z.infer<typeof ReceiverSettings>;

/**
 * `POST /api/v1/alerts/receivers` and `PUT …/{id}` (admin). `secret`: missing keeps the one that is kept, null takes it away. It is never
 * shown again, and must be given anew where the address changes: else who may change it could have it sent anywhere.
 */
export const ReceiverChange = z.object({
  name: z.string().trim().min(1).max(60),
  settings: ReceiverSettings,
  secret: z.string().min(8).max(500).nullable().optional(),
});
export type ReceiverChange = z.infer<typeof ReceiverChange>;

/** `GET /api/v1/alerts/receivers` (admin). */
export const ReceiverList = z.object({
  atMs: z.number(),
  receivers: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      settings: ReceiverSettings,
      hasSecret: z.boolean(),
      createdBy: z.string(),
      createdAtMs: z.number(),
      /** When it last took a message; null: never. */
      lastOkAtMs: z.number().nullable(),
      /** Messages that wait for it. */
      waiting: z.number().int(),
      /** Since when it takes none; null: nothing is known against it. */
      failingSinceMs: z.number().nullable(),
      /** Why, in words; null while nothing failed. */
      says: z.string().nullable(),
      /** When the oldest waiting message is tried next; null when none waits. */
      nextTryAtMs: z.number().nullable(),
      /** Messages given up since it last took one. */
      givenUp: z.number().int(),
    }),
  ),
});
export type ReceiverList = z.infer<typeof ReceiverList>;

/** What a receiver answered: `POST /api/v1/alerts/receivers/{id}/test` (admin) sends a real message and waits for it. */
export const ReceiverAnswer = z.object({ isOk: z.boolean(), says: z.string(), tookMs: z.number() });
export type ReceiverAnswer = z.infer<typeof ReceiverAnswer>;

/** `POST /api/v1/alerts/routes` and `PUT …/{id}` (admin): alerts that fit every matcher (none: all) go to a receiver. */
export const RouteChange = z.object({
  receiver: z.string(),
  matchers: z.array(Matcher).max(20),
  /** What is over sooner nobody is told of. */
  waitSeconds: z.number().int().min(0).max(3_600),
  /** Told again this often while nobody has acknowledged it; null: once. */
  repeatHours: z.number().int().min(1).max(168).nullable(),
  /** Says when it is over. */
  sendsResolved: z.boolean(),
  isOn: z.boolean(),
});
export type RouteChange = z.infer<typeof RouteChange>;
export const RouteList = z.object({
  routes: z.array(z.object({ id: z.string(), ...RouteChange.shape, createdBy: z.string(), createdAtMs: z.number() })),
});
export type RouteList = z.infer<typeof RouteList>;

/** `POST /api/v1/alerts/silences` (operator): nobody is told of what fits every matcher, until an end, for a reason. `DELETE …/{id}` ends it now. */
export const NewSilence = z.object({
  matchers: z.array(Matcher).min(1).max(20),
  reason: z.string().trim().min(3).max(200),
  endsAtMs: z.number().int().positive(),
});
export type NewSilence = z.infer<typeof NewSilence>;
/** `GET /api/v1/alerts/silences`: those in force, and those that ended in the last week. */
export const SilenceList = z.object({
  atMs: z.number(),
  silences: z.array(
    z.object({ id: z.string(), ...NewSilence.shape, createdBy: z.string(), createdAtMs: z.number(), endedBy: z.string().nullable() }),
  ),
});
export type SilenceList = z.infer<typeof SilenceList>;

/** `PUT /api/v1/alerts/{id}/acknowledgement` (operator): somebody is at it, until it is over. `DELETE` takes it back. */
export const Acknowledging = z.object({ note: z.string().trim().max(200) });
export type Acknowledging = z.infer<typeof Acknowledging>;
export const Acknowledgement = z.object({ by: z.string(), atMs: z.number(), note: z.string() });
export type Acknowledgement = z.infer<typeof Acknowledgement>;

/** Why nobody is told of an alert now. */
export const AlertHeld = z.object({ by: z.enum(["silence", "maintenance"]), says: z.string(), untilMs: z.number().nullable() });
export type AlertHeld = z.infer<typeof AlertHeld>;

/**
 * How an alert ended. `over`: whoever could say so was heard, and it is not so any more. All else says nothing of that: `partOf`: it is
 * told inside another alert; `unwatched`: its rule is not looked for; `untrusted`: the agent that told of it is trusted no more;
 * `removed`: its cluster is; `meant`: somebody ordered it to be so.
 */
export const AlertEnd = z.enum(["over", "partOf", "unwatched", "untrusted", "removed", "meant"]);
export type AlertEnd = z.infer<typeof AlertEnd>;

/** An alert: one root cause with what follows from it, from when it was seen until it was over. */
export const Alert = z.object({
  id: z.string(),
  cluster: z.string(),
  /** The finding's id: `node-gone:crystal`. */
  finding: z.string(),
  severity: Severity,
  title: z.string(),
  why: z.string(),
  todo: z.string().nullable(),
  labels: AlertLabels,
  /** Titles of what follows from it. */
  consequences: z.array(z.string()),
  /** Since when the finding holds. */
  sinceMs: z.number(),
  /** When the alert began. */
  openedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
  /** How it ended, as a sentence; null while it lasts. */
  endedBy: z.string().nullable(),
  /** How it ended; missing while it lasts, and of one that ended before this was kept. */
  end: AlertEnd.optional(),
  /** How often it had come back within an hour of its end. */
  returns: z.number().int(),
  acknowledged: Acknowledgement.nullable(),
  held: AlertHeld.nullable(),
  /** Whom it is told to, and since when; with `reach` the receiver has not taken that: it waits, or was given up. */
  told: z.array(z.object({ receiver: z.string(), atMs: z.number(), reach: z.enum(["waits", "givenUp"]).optional() })),
});
export type Alert = z.infer<typeof Alert>;
/** `GET /api/v1/alerts`: all that last, and those of the last week, the newest first. */
export const AlertList = z.object({ atMs: z.number(), alerts: z.array(Alert) });
export type AlertList = z.infer<typeof AlertList>;

/** What became of a message. `waiting`: it is tried, or tried again. */
export const MessageState = z.enum(["waiting", "sent", "givenUp"]);
export type MessageState = z.infer<typeof MessageState>;
export const MessageAttempt = z.object({ atMs: z.number(), ...ReceiverAnswer.shape });
export type MessageAttempt = z.infer<typeof MessageAttempt>;
/** Why an alert is told: it is new, got worse, stands still, is over (`resolved`), or is told no more whether it is or not (`ended`). */
export const TellReason = z.enum(["new", "worse", "still", "resolved", "ended", "test"]);
export type TellReason = z.infer<typeof TellReason>;
/** `GET /api/v1/alerts/sent`: what was sent or is to be, the newest first. */
export const SentList = z.object({
  atMs: z.number(),
  sent: z.array(
    z.object({
      id: z.string(),
      receiver: z.string(),
      cluster: z.string(),
      alerts: z.array(z.object({ title: z.string(), reason: TellReason })),
      state: MessageState,
      createdAtMs: z.number(),
      /** When it was sent or given up. */
      endedAtMs: z.number().nullable(),
      nextTryAtMs: z.number().nullable(),
      /** The newest 20, oldest first. */
      attempts: z.array(MessageAttempt),
      /** Attempts in all. */
      tried: z.number().int(),
    }),
  ),
});
export type SentList = z.infer<typeof SentList>;
