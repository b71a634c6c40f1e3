// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { ClusterSlug } from "../names";
import { Setup, UserRole } from "./api";

// People, their sessions in browsers, and the API tokens of their programs. Times are epoch ms.

/** `GET /api/v1/users` (admin) */
export const UserList = z.object({
  users: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      role: UserRole,
      createdAtMs: z.number(),
      /** Since when the user may not sign in; null while they may. */
      disabledAtMs: z.number().nullable(),
      /** The last time they signed in; null when that is not known. */
      lastSignInAtMs: z.number().nullable(),
    }),
  ),
});
export type UserList = z.infer<typeof UserList>;
/** `POST /api/v1/users` (admin). Answers the list. */
export const NewUser = z.object({ user: Setup.shape.user, password: Setup.shape.password, role: UserRole });
export type NewUser = z.infer<typeof NewUser>;
/**
 * `PUT /api/v1/users/{id}` (admin): another role, another password (which ends the user's sessions), not to sign in any
 * more (which also revokes their tokens), or several of these. `DELETE` removes the user. Never the last admin.
 */
export const UserChange = z.object({
  role: UserRole.optional(),
  password: Setup.shape.password.optional(),
  disabled: z.boolean().optional(),
});
export type UserChange = z.infer<typeof UserChange>;

/** `PUT /api/v1/password`: one's own, with the one in force. Ends one's other sessions. */
export const OwnPassword = z.object({ current: z.string().min(1).max(200), password: Setup.shape.password });
export type OwnPassword = z.infer<typeof OwnPassword>;

/** `GET /api/v1/sessions`: one's own; an admin's answer has everybody's. `DELETE /api/v1/sessions/{id}` ends one. */
export const SessionList = z.object({
  sessions: z.array(
    z.object({
      id: z.string(),
      user: z.string(),
      role: UserRole,
      createdAtMs: z.number(),
      expiresAtMs: z.number(),
      /** Kept to a precision of five minutes. */
      lastSeenAtMs: z.number(),
      /** What the browser said of itself; null when it said nothing. */
      userAgent: z.string().nullable(),
      /** Where it signed in from; null when not known. */
      address: z.string().nullable(),
      /** The session that asks. */
      isThis: z.boolean(),
    }),
  ),
});
export type SessionList = z.infer<typeof SessionList>;

/** `GET /api/v1/tokens`: one's own API tokens, for `Authorization: Bearer`; an admin's answer has everybody's. Their texts are not kept. */
export const ApiTokenList = z.object({
  tokens: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      /** Whom it belongs to: it ends with them, or with their role. */
      owner: z.string(),
      role: UserRole,
      createdAtMs: z.number(),
      expiresAtMs: z.number().nullable(),
      revokedAtMs: z.number().nullable(),
      /** Kept to a precision of five minutes; null when never used. */
      lastUsedAtMs: z.number().nullable(),
    }),
  ),
});
export type ApiTokenList = z.infer<typeof ApiTokenList>;
/** `POST /api/v1/tokens`: of at most one's own role. Null days: no end. `owner`: another user's name (admin); else one's own. */
export const NewApiToken = z.object({
  name: z.string().trim().min(1).max(60),
  role: UserRole,
  days: z.number().int().min(1).max(3_650).nullable(),
  owner: z.string().optional(),
});
export type NewApiToken = z.infer<typeof NewApiToken>;
/** The only time the token's text is shown. `DELETE /api/v1/tokens/{id}` revokes one's own; an admin anybody's. */
export const ApiTokenMade = z.object({ id: z.string(), token: z.string(), expiresAtMs: z.number().nullable() });
export type ApiTokenMade = z.infer<typeof ApiTokenMade>;

/** `GET /api/v1/wall-keys` (admin): keys of wall displays. Their texts are not kept. `DELETE /api/v1/wall-keys/{id}` revokes one; its screens go dark at once. */
export const WallKeyList = z.object({
  keys: z.array(
    z.object({
      id: z.string(),
      /** Where the screen hangs. */
      name: z.string(),
      /** The clusters it shows; null: all, also those to come. */
      clusters: z.array(z.string()).nullable(),
      createdBy: z.string(),
      createdAtMs: z.number(),
      expiresAtMs: z.number().nullable(),
      revokedAtMs: z.number().nullable(),
      /** When a screen last connected with it; null: never. */
      lastUsedAtMs: z.number().nullable(),
      /** Screens that are connected now. */
      screens: z.number().int(),
    }),
  ),
});
export type WallKeyList = z.infer<typeof WallKeyList>;
/** `POST /api/v1/wall-keys` (admin). Null days: no end. */
export const NewWallKey = z.object({
  name: z.string().trim().min(1).max(60),
  clusters: z.array(ClusterSlug).min(1).max(1_000).nullable(),
  days: z.number().int().min(1).max(3_650).nullable(),
});
export type NewWallKey = z.infer<typeof NewWallKey>;
/** The only time the key is shown, as the address that the screen opens. */
export const WallKeyMade = z.object({ id: z.string(), url: z.string(), expiresAtMs: z.number().nullable() });
export type WallKeyMade = z.infer<typeof WallKeyMade>;
