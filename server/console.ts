// SPDX-License-Identifier: Apache-2.0

import type { UserRole } from "@/agent/protocol/console/api";
import type { Scope, Snapshot } from "@/agent/protocol/console/feed";

/** Who is asking: a signed-in person or an API token. */
export interface Session {
  id: string;
  userId: string;
  /** The person, also where a program of theirs asks. */
  user: string;
  role: UserRole;
  expiresAtMs: number;
  /** The name of the API token that it came by; missing: a browser. */
  token?: string;
}

/**
 * What the pages may ask of the running console. `main.ts` puts one on globalThis; `door.ts` reads it.
 * (A module imported by both our server and a Next page exists twice, so nothing else may be shared.)
 */
export interface Console {
  /** The session of a cookie header; null when there is none, it expired or its user is gone. */
  sessionOf(cookieHeader: string | null): Promise<Session | null>;
  snapshot(scope: Scope): Snapshot;
  hasCluster(slug: string): boolean;
  /** True until the first admin exists. */
  needsSetup(): Promise<boolean>;
  /** The factor of the timing constants, for the browser's own count of silence. */
  timingFactor: number;
  /** The wall key of this text; null when it is none, or over. */
  wallOf(text: string): Promise<{ id: string; name: string; clusters: string[] | null } | null>;
  /** Names the build of the pages that are served. */
  build: string;
}

export const CONSOLE_KEY = Symbol.for("quarterdeck.console");
