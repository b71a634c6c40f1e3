// SPDX-License-Identifier: Apache-2.0
"use client";
import type { OwnPassword } from "@/agent/protocol/console/people";
import { AskError } from "@/components/ask/ask";
import { Field } from "@/components/ui/Field";
import { ActDialog } from "./ActDialog";

/** One's own new password, typed twice. */
export function OwnPasswordDialog({ onPassword, onClose }: { onPassword: (words: OwnPassword) => Promise<unknown>; onClose: () => void }) {
  const change = async (form: (name: string) => string) => {
    if (form("password") !== form("again")) throw new AskError("PASSWORD_MISMATCH", "The two new passwords are not the same.");
    await onPassword({ current: form("current"), password: form("password") });
  };
  const shared = { type: "password", required: true, maxLength: 200 };
  return (
    <ActDialog title="Change your password" verb="Change it" onAct={change} onClose={onClose}>
      <Field label="Password as it is now" name="current" autoComplete="current-password" {...shared} />
      <Field label="New password" name="password" autoComplete="new-password" minLength={12} {...shared} hint="At least 12 characters." />
      <Field label="New password again" name="again" autoComplete="new-password" {...shared} />
    </ActDialog>
  );
}
