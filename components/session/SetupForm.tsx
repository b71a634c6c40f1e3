// SPDX-License-Identifier: Apache-2.0
"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Setup } from "@/agent/protocol/console/api";
import { AskProvider } from "@/components/ask/AskProvider";
import { answers } from "@/components/ask/answers";
import { type Ask, AskError, ask as askConsole } from "@/components/ask/ask";
import { Refusal } from "@/components/ask/Refusal";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { readForm } from "./read-form";

export interface SetupFormProps {
  /** How the console is asked. */
  ask?: Ask;
  onDone?: () => void;
}

export function SetupForm({ ask = askConsole, onDone = () => location.assign("/") }: SetupFormProps) {
  return (
    <AskProvider>
      <Form ask={ask} onDone={onDone} />
    </AskProvider>
  );
}

function Form({ ask, onDone }: Required<SetupFormProps>) {
  const [mismatch, setMismatch] = useState<AskError | null>(null);
  const setup = useMutation({
    mutationFn: (body: Setup) => ask("POST", "/api/v1/setup", answers.session, body),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = readForm(event.currentTarget);
    if (form("password") !== form("again")) {
      setMismatch(new AskError("SETUP_MISMATCH", "The two passwords are not the same."));
      return;
    }
    setMismatch(null);
    setup.mutate({ code: form("code").trim(), user: form("user"), password: form("password") });
  };
  return (
    <form onSubmit={submit} aria-label="First admin" method="post">
      <Field
        label="One-time code"
        name="code"
        autoComplete="one-time-code"
        autoFocus
        required
        maxLength={64}
        hint="The console printed it when it was started."
      />
      <Field
        label="User"
        name="user"
        autoComplete="username"
        required
        pattern="[a-z][a-z0-9._\-]{0,31}"
        maxLength={32}
        autoCapitalize="none"
        spellCheck={false}
        hint="Small letters, digits, dot, dash and underscore; a letter first."
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={12}
        maxLength={200}
        hint="At least 12 characters."
      />
      <Field label="Password again" name="again" type="password" autoComplete="new-password" required maxLength={200} />
      <Refusal error={mismatch ?? setup.error} />
      <Button type="submit" prime disabled={setup.isPending || setup.isSuccess}>
        {setup.isPending ? "Making the account" : "Make the first admin"}
      </Button>
    </form>
  );
}
