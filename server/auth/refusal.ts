// SPDX-License-Identifier: Apache-2.0

/**
 * An expected no. `code` decides, `message` is for the person: what, where, what next.
 *
 * - `AUTH_REQUIRED`, `AUTH_ROLE`, `AUTH_ORIGIN`  nobody is signed in; the role is not enough; the request is from another site
 * - `AUTH_BAD_PASSWORD`                          wrong name or password: which of them is not said
 * - `AUTH_DISABLED`                              the right password of a user who may not sign in
 * - `AUTH_TOO_MANY`                              too many attempts; `retryAfterMs` says when to try again
 * - `COMMAND_REFUSED`, `COMMAND_NO_PREVIEW`      nobody here may act; the acting agent could not simulate it
 * - `COMMAND_*`, `SETUP_*`, `USER_*`, `SESSION_*`, `TOKEN_*`, `WALL_*`, `CLUSTER_*`, `AGENT_*`, `RECORDING_*`, `ENROLL_*`  what they are named after
 * - `NOTE_*`                                     people's notes on the timeline
 * - `QUEUE_*`, `SCHEDULE_*`                      verifies that wait for their turn, and what asks for them
 * - `ALERT_*`, `RECEIVER_*`, `ROUTE_*`, `SILENCE_*`  what people are told, by which way, and what they are not told
 */
export interface Refusal {
  ok: false;
  code:
    | "AUTH_REQUIRED"
    | "AUTH_ROLE"
    | "AUTH_ORIGIN"
    | "AUTH_BAD_PASSWORD"
    | "AUTH_DISABLED"
    | "AUTH_TOO_MANY"
    | "AUTH_NOT_A_SESSION"
    | "SETUP_DONE"
    | "SETUP_BAD_CODE"
    | "USER_NAME_TAKEN"
    | "USER_UNKNOWN"
    | "USER_LAST_ADMIN"
    | "USER_BAD_PASSWORD"
    | "SESSION_UNKNOWN"
    | "TOKEN_UNKNOWN"
    | "TOKEN_ROLE"
    | "TOKEN_OWNER"
    | "TOKEN_BY_TOKEN"
    | "WALL_UNKNOWN"
    | "CLUSTER_NAME_TAKEN"
    | "CLUSTER_UNKNOWN"
    | "RULE_UNKNOWN"
    | "CLUSTER_HAS_AGENTS"
    | "AGENT_UNKNOWN"
    | "ENROLL_UNKNOWN"
    | "RECORDING_UNKNOWN"
    | "RECORDING_TOO_MANY"
    | "ENROLL_BAD_TOKEN"
    | "ENROLL_OTHER_CONSOLE"
    | "ENROLL_TOKEN_USED"
    | "ENROLL_TOKEN_EXPIRED"
    | "ENROLL_WRONG_NODE"
    | "ENROLL_BAD_KEY"
    | "ENROLL_CHANNEL"
    | "COMMAND_UNKNOWN"
    | "COMMAND_BAD_ARGS"
    | "COMMAND_REFUSED"
    | "COMMAND_NO_PREVIEW"
    | "COMMAND_NO_SUCH_PREVIEW"
    | "RUN_UNKNOWN"
    | "VERIFY_UNKNOWN"
    | "NOTE_UNKNOWN"
    | "NOTE_OWNER"
    | "NOTE_SUBJECT"
    | "NOTE_TIME"
    | "INCIDENT_UNKNOWN"
    | "NODE_UNKNOWN"
    | "MIRROR_UNKNOWN"
    | "QUEUE_UNKNOWN"
    | "QUEUE_TWICE"
    | "QUEUE_FULL"
    | "SCHEDULE_UNKNOWN"
    | "SCHEDULE_OWNER"
    | "SCHEDULE_TIMES"
    | "SCHEDULE_TOO_MANY"
    | "ALERT_UNKNOWN"
    | "RECEIVER_UNKNOWN"
    | "RECEIVER_NAME_TAKEN"
    | "RECEIVER_SECRET"
    | "RECEIVER_MISFIT"
    | "ROUTE_UNKNOWN"
    | "SILENCE_UNKNOWN"
    | "SILENCE_END";
  message: string;
  retryAfterMs?: number;
}

export function refusal(code: Refusal["code"], message: string): Refusal {
  return { ok: false, code, message };
}
