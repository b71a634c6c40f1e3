// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { UserRole } from "@/agent/protocol/console/api";
import type { NewApiToken } from "@/agent/protocol/console/people";
import { Choice } from "@/components/ui/Choice";
import { Field } from "@/components/ui/Field";
import { ActDialog } from "./ActDialog";
import { daysOf, LastsChoice } from "./lasts";
import { RoleChoice } from "./RoleChoice";
import { roleOf } from "./roles";

interface NewTokenDialogProps {
  me: string;
  owners: readonly { name: string; role: UserRole }[];
  onMake: (wanted: NewApiToken) => Promise<unknown>;
  onClose: () => void;
}

/** What a new token is for, whose it is, what it may and how long. */
export function NewTokenDialog({ me, owners, onMake, onClose }: NewTokenDialogProps) {
  const [owner, setOwner] = useState(me);
  const most = owners.find(({ name }) => name === owner)?.role ?? "viewer";
  const make = (form: (name: string) => string) => {
    const days = daysOf(form("days"));
    return onMake({ name: form("name"), role: roleOf(form("role")), days, ...(owner === me ? {} : { owner }) });
  };
  return (
    <ActDialog title="Make a token" verb="Make the token" onAct={make} onClose={onClose}>
      <Field label="What for" name="name" required maxLength={60} autoComplete="off" hint="The program that will use it: backup-check" />
      {owners.length > 1 && (
        <Choice
          label="Owner"
          name="owner"
          value={owner}
          onChange={(event) => setOwner(event.target.value)}
          hint="For a program of its own: add a user for it first."
        >
          {owners.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Choice>
      )}
      {/* Another owner may have less: what was chosen for the last one is not carried over. */}
      <RoleChoice key={most} most={most} />
      <LastsChoice first="90" />
    </ActDialog>
  );
}
