// SPDX-License-Identifier: Apache-2.0
import type { UserRole } from "@/agent/protocol/console/api";
import type { Session } from "@/server/console";
import { type Refusal, refusal } from "./refusal";

const RANK: Readonly<Record<UserRole, number>> = { viewer: 0, operator: 1, admin: 2 };

/** Whether a role includes another: an admin may all that an operator may. */
export function includesRole(role: UserRole, needed: UserRole): boolean {
  return RANK[role] >= RANK[needed];
}

/** The check that a role is needed; null when the session has it. */
export function authorise(needed: UserRole): (session: Pick<Session, "user" | "role"> | null) => Refusal | null {
  return (session) => {
    if (session === null) return refusal("AUTH_REQUIRED", "Sign in first.");
    if (includesRole(session.role, needed)) return null;
    return refusal("AUTH_ROLE", `This needs the role ${needed}; ${session.user} is ${session.role}. Ask an admin.`);
  };
}
