// SPDX-License-Identifier: Apache-2.0
"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { Refusal } from "@/components/ask/Refusal";
import { readForm } from "@/components/session/read-form";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field } from "@/components/ui/Field";

interface ActDialogProps {
  title: string;
  /** What the button that acts says. */
  verb: string;
  /** What the button that does not act says. */
  keep?: string;
  /** For what cannot be taken back: this name is to be typed first. */
  typed?: string;
  /** Does it; a refusal stays in the dialog, as its reason. Given the form's fields by name. */
  onAct: (form: (name: string) => string) => Promise<unknown>;
  /** What it means, and the fields it needs. */
  children: ReactNode;
}

/** One change of the settings: what it means, what it needs, and the console's answer to it. Escape is "no". */
export function ActDialog({ onClose, ...act }: ActDialogProps & { onClose: () => void }) {
  return (
    <Dialog label={act.title} className="act-dialog" asks onClose={onClose}>
      {(close) => <ActForm {...act} close={close} />}
    </Dialog>
  );
}

function ActForm({ title, verb, keep = "Cancel", typed, onAct, children, close }: ActDialogProps & { close: () => void }) {
  const [name, setName] = useState("");
  // A turn later the page shows what was changed: the focus goes back to what is still there.
  const act = useMutation({ mutationFn: onAct, onSuccess: () => setTimeout(close) });
  const isConfirmed = typed === undefined || name === typed;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isConfirmed && !act.isPending) act.mutate(readForm(event.currentTarget));
  };
  return (
    <>
      <h2>{title}</h2>
      <form onSubmit={submit} aria-label={title} method="post">
        {children}
        {typed !== undefined && (
          <Field
            label={`Type ${typed} to confirm`}
            name="typed"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
        <Refusal error={act.error} />
        <p className="dialog-acts">
          <Button onClick={close}>{keep}</Button>
          <Button type="submit" prime disabled={!isConfirmed || act.isPending}>
            {verb}
          </Button>
        </p>
      </form>
    </>
  );
}
