// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import { Choice } from "@/components/ui/Choice";
import { ROLES, roleOf, rolesUpTo } from "./roles";

/** A role to choose, up to one, with what the chosen one may. */
export function RoleChoice({ label = "Role", most = "admin", first = "viewer" }: { label?: string; most?: UserRole; first?: UserRole }) {
  const [role, setRole] = useState(first);
  return (
    <Choice label={label} name="role" value={role} onChange={(event) => setRole(roleOf(event.target.value))} hint={ROLES[role]}>
      {rolesUpTo(most).map((one) => (
        <option key={one} value={one}>
          {one}
        </option>
      ))}
    </Choice>
  );
}
