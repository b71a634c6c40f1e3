// SPDX-License-Identifier: Apache-2.0
import type { Context } from "hono";
import type { z } from "zod";
import { decodeJson } from "@/agent/protocol/decode";
import type { ErrorBody } from "@/agent/protocol/errors";
import type { Refusal } from "@/server/auth/refusal";

/** The HTTP status of each refusal. */
const STATUS = {
  AUTH_REQUIRED: 401,
  AUTH_BAD_PASSWORD: 401,
  AUTH_ROLE: 403,
  AUTH_ORIGIN: 403,
  AUTH_DISABLED: 403,
  AUTH_TOO_MANY: 429,
  AUTH_NOT_A_SESSION: 400,
  SETUP_DONE: 409,
  SETUP_BAD_CODE: 403,
  USER_NAME_TAKEN: 409,
  USER_UNKNOWN: 404,
  USER_LAST_ADMIN: 409,
  USER_BAD_PASSWORD: 409,
  SESSION_UNKNOWN: 404,
  TOKEN_UNKNOWN: 404,
  TOKEN_ROLE: 409,
  TOKEN_OWNER: 409,
  TOKEN_BY_TOKEN: 409,
  WALL_UNKNOWN: 404,
  CLUSTER_NAME_TAKEN: 409,
  CLUSTER_UNKNOWN: 404,
  RULE_UNKNOWN: 404,
  CLUSTER_HAS_AGENTS: 409,
  AGENT_UNKNOWN: 404,
  ENROLL_UNKNOWN: 404,
  RECORDING_UNKNOWN: 404,
  RECORDING_TOO_MANY: 409,
  ENROLL_BAD_TOKEN: 403,
  ENROLL_OTHER_CONSOLE: 403,
  ENROLL_TOKEN_USED: 403,
  ENROLL_TOKEN_EXPIRED: 403,
  ENROLL_WRONG_NODE: 403,
  ENROLL_BAD_KEY: 400,
  ENROLL_CHANNEL: 409,
  COMMAND_UNKNOWN: 404,
  COMMAND_BAD_ARGS: 400,
  COMMAND_REFUSED: 409,
  COMMAND_NO_PREVIEW: 409,
  COMMAND_NO_SUCH_PREVIEW: 409,
  RUN_UNKNOWN: 404,
  VERIFY_UNKNOWN: 404,
  NOTE_UNKNOWN: 404,
  NOTE_OWNER: 403,
  NOTE_SUBJECT: 404,
  NOTE_TIME: 400,
  INCIDENT_UNKNOWN: 404,
  NODE_UNKNOWN: 404,
  MIRROR_UNKNOWN: 404,
  QUEUE_UNKNOWN: 404,
  QUEUE_TWICE: 409,
  QUEUE_FULL: 409,
  SCHEDULE_UNKNOWN: 404,
  SCHEDULE_OWNER: 403,
  SCHEDULE_TIMES: 400,
  SCHEDULE_TOO_MANY: 409,
  ALERT_UNKNOWN: 404,
  RECEIVER_UNKNOWN: 404,
  RECEIVER_NAME_TAKEN: 409,
  RECEIVER_SECRET: 409,
  RECEIVER_MISFIT: 409,
  ROUTE_UNKNOWN: 404,
  SILENCE_UNKNOWN: 404,
  SILENCE_END: 400,
} as const satisfies Record<Refusal["code"], number>;

/** A refusal, or one of the API's own: `API_BAD_REQUEST`, `API_NOT_FOUND`, `API_TOO_LARGE`, `API_FAILED`, `HEALTH_DATABASE`. */
export function failed(c: Context, status: 400 | 404 | 413 | 500 | 503, code: string, message: string): Response {
  return c.json({ error: { code, message } } satisfies ErrorBody, status);
}

export function refused(c: Context, { code, message, retryAfterMs }: Refusal): Response {
  if (retryAfterMs !== undefined) c.header("Retry-After", String(Math.ceil(retryAfterMs / 1_000)));
  return c.json({ error: { code, message } } satisfies ErrorBody, STATUS[code]);
}

/** "Done", or why not. */
export function done(c: Context, result: { ok: true } | Refusal): Response {
  return result.ok ? c.body(null, 204) : refused(c, result);
}

/** The body of a request, or the answer to one that does not fit. */
export async function bodyOf<S extends z.ZodType>(
  c: Context,
  schema: S,
): Promise<{ ok: true; value: z.infer<S> } | { ok: false; answer: Response }> {
  const decoded = decodeJson(schema, await c.req.text());
  if (decoded.ok) return decoded;
  return { ok: false, answer: failed(c, 400, "API_BAD_REQUEST", `The request does not fit: ${decoded.error}`) };
}
