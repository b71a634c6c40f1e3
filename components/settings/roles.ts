// SPDX-License-Identifier: Apache-2.0
import type { UserRole } from "@/agent/protocol/console/api";

/** What each role may, least first. */
export const ROLES: Readonly<Record<UserRole, string>> = {
  viewer: "sees everything, changes nothing",
  operator: "as a viewer, and may act on the clusters (this version has no acts yet)",
  admin: "may everything, these settings too",
};

const ORDER: readonly UserRole[] = ["viewer", "operator", "admin"];

/** A role and those below it, least first. */
export function rolesUpTo(role: UserRole): readonly UserRole[] {
  return ORDER.slice(0, ORDER.indexOf(role) + 1);
}

/** The role that a form's field names; the least when it names none. */
export function roleOf(text: string): UserRole {
  return ORDER.find((role) => role === text) ?? "viewer";
}
