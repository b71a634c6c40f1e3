// SPDX-License-Identifier: Apache-2.0
"use client";
import { useMutation } from "@tanstack/react-query";
import type { FormEvent } from "react";
import type { SignIn } from "@/agent/protocol/console/api";
import { AskProvider } from "@/components/ask/AskProvider";
import { answers } from "@/components/ask/answers";
import { type Ask, ask as askConsole } from "@/components/ask/ask";
import { Refusal } from "@/components/ask/Refusal";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";
import { readForm } from "./read-form";

export interface SignInFormProps {
  /** How the console is asked. */
  ask?: Ask;
  onDone?: () => void;
}

export function SignInForm({ ask = askConsole, onDone = () => location.assign("/") }: SignInFormProps) {
  return (
    <AskProvider>
      <Form ask={ask} onDone={onDone} />
    </AskProvider>
  );
}

function Form({ ask, onDone }: Required<SignInFormProps>) {
  const signIn = useMutation({
    mutationFn: (body: SignIn) => ask("POST", "/api/v1/session", answers.session, body),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = readForm(event.currentTarget);
    signIn.mutate({ user: form("user"), password: form("password") });
  };
  return (
    <form onSubmit={submit} aria-label="Sign in" method="post">
      <Field label="User" name="user" autoComplete="username" autoFocus required maxLength={64} autoCapitalize="none" spellCheck={false} />
      <Field label="Password" name="password" type="password" autoComplete="current-password" required maxLength={200} />
      <Refusal error={signIn.error} />
      <Button type="submit" prime disabled={signIn.isPending || signIn.isSuccess}>
        {signIn.isPending ? "Signing in" : "Sign in"}
      </Button>
    </form>
  );
}
