// SPDX-License-Identifier: Apache-2.0
import type { AgentList } from "@/agent/protocol/console/api";
import type { ApiTokenList, SessionList, UserList } from "@/agent/protocol/console/people";
import { NOW_MS } from "@/components/factories";

type Agent = AgentList["agents"][number];
type User = UserList["users"][number];
type Session = SessionList["sessions"][number];
type Token = ApiTokenList["tokens"][number];

export const agent = (node: string, part: Partial<Agent> = {}): Agent => ({
  id: `id-${node}`,
  cluster: "san-a",
  node,
  role: "member",
  link: "live",
  lastWordAtMs: NOW_MS - 400,
  ageMs: 400,
  agentVersion: "0.1.0",
  enrolledAtMs: NOW_MS - 3_600_000,
  trustEndedAtMs: null,
  enrolledBy: "anna",
  label: null,
  ...part,
});

export const user = (name: string, part: Partial<User> = {}): User => ({
  id: `id-${name}`,
  name,
  role: "viewer",
  createdAtMs: NOW_MS - 86_400_000,
  disabledAtMs: null,
  lastSignInAtMs: NOW_MS - 3_600_000,
  ...part,
});

export const session = (name: string, part: Partial<Session> = {}): Session => ({
  id: `session-${name}`,
  user: name,
  role: "viewer",
  createdAtMs: NOW_MS - 3_600_000,
  expiresAtMs: NOW_MS + 3_600_000,
  lastSeenAtMs: NOW_MS - 60_000,
  userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
  address: "192.0.2.7",
  isThis: false,
  ...part,
});

export const token = (name: string, part: Partial<Token> = {}): Token => ({
  id: `token-${name}`,
  name,
  owner: "anna",
  role: "viewer",
  createdAtMs: NOW_MS - 86_400_000,
  expiresAtMs: null,
  revokedAtMs: null,
  lastUsedAtMs: null,
  ...part,
});
