// SPDX-License-Identifier: Apache-2.0
"use client";
import type { NewUser, UserChange, UserList } from "@/agent/protocol/console/people";
import { Field } from "@/components/ui/Field";
import { ActDialog } from "./ActDialog";
import { RoleChoice } from "./RoleChoice";
import { roleOf } from "./roles";

type User = UserList["users"][number];

/** What is about to be done, and to whom. */
export type UserAct = { what: "add" } | { what: "role" | "password" | "disable" | "enable" | "remove"; user: User };

interface UserDialogProps {
  /** Who looks. */
  me: string;
  doing: UserAct;
  onAdd: (user: NewUser) => Promise<unknown>;
  onChange: (id: string, change: UserChange) => Promise<unknown>;
  onRemove: (id: string) => Promise<unknown>;
  onClose: () => void;
}

const PASSWORD = { label: "Password", name: "password", type: "password", autoComplete: "new-password", minLength: 12, maxLength: 200 };

/** The question before each change of a user. */
export function UserDialog({ me, doing, onAdd, onChange, onRemove, onClose }: UserDialogProps) {
  if (doing.what === "add")
    return (
      <ActDialog
        title="Add a user"
        verb="Add the user"
        onAct={(form) => onAdd({ user: form("user"), password: form("password"), role: roleOf(form("role")) })}
        onClose={onClose}
      >
        <Field
          label="Name"
          name="user"
          required
          pattern="[a-z][a-z0-9._\-]{0,31}"
          maxLength={32}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          hint="Small letters, digits, dot, dash and underscore; a letter first."
        />
        <RoleChoice />
        <Field {...PASSWORD} required hint="At least 12 characters. They can change it under Sessions." />
      </ActDialog>
    );
  const { user } = doing;
  const { id, name } = user;
  const isMe = name === me;
  const you = isMe && <p className="risk">This is you.</p>;
  switch (doing.what) {
    case "role":
      return (
        <ActDialog
          title={`Role of ${name}`}
          verb="Change the role"
          onAct={(form) => onChange(id, { role: roleOf(form("role")) })}
          onClose={onClose}
        >
          {you}
          <RoleChoice first={user.role} />
          <p className="d2">Open pages are loaded again with the new role. API tokens of {name} that may do more are revoked for good.</p>
        </ActDialog>
      );
    case "password":
      return (
        <ActDialog
          title={`New password for ${name}`}
          verb="Set the password"
          onAct={(form) => onChange(id, { password: form("password") })}
          onClose={onClose}
        >
          <Field {...PASSWORD} required hint="At least 12 characters." />
          <p className="d2">Every session of {isMe ? "yours ends, also this one" : `${name} ends`}. API tokens stay.</p>
        </ActDialog>
      );
    case "disable":
      return (
        <ActDialog title={`Disable ${name}`} verb={`Disable ${name}`} onAct={() => onChange(id, { disabled: true })} onClose={onClose}>
          {you}
          <p className="d2">
            {name} cannot sign in until enabled again. Every session ends now, and every API token is revoked for good. The name stays in
            what was recorded.
          </p>
        </ActDialog>
      );
    case "enable":
      return (
        <ActDialog title={`Enable ${name}`} verb={`Enable ${name}`} onAct={() => onChange(id, { disabled: false })} onClose={onClose}>
          <p className="d2">
            {name} can sign in again as {user.role}, with the password as it was. API tokens stay revoked.
          </p>
        </ActDialog>
      );
    case "remove":
      return (
        <ActDialog
          title={`Remove ${name}`}
          verb={`Remove ${name}`}
          keep="Keep the user"
          typed={name}
          onAct={() => onRemove(id)}
          onClose={onClose}
        >
          {you}
          <p className="d2">
            The account, its sessions and its API tokens are gone at once. To keep {name} out and the account, disable it instead.
          </p>
        </ActDialog>
      );
  }
}
