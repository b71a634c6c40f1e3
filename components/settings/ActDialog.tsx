// SPDX-License-Identifier: Apache-2.0
"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from "react";
import { Refusal } from "@/components/ask/Refusal";
import { readForm } from "@/components/session/read-form";
import { Button } from "@/components/ui/Button";
import { Field } from "@/components/ui/Field";

export interface ActDialogProps {
  title: string;
  /** What the button that acts says. */
  verb: string;
  /** What the button that does not act says. */
  keep?: string;
  /** For what cannot be taken back: this name is to be typed first. */
  typed?: string;
  /** Does it; a refusal stays in the dialog, as its reason. Given the form's fields by name. */
  onAct: (form: (name: string) => string) => Promise<unknown>;
  onClose: () => void;
  /** What it means, and the fields it needs. */
  children: ReactNode;
}

/** One change of the settings: what it means, what it needs, and the console's answer to it. Escape is "no". */
export function ActDialog({ title, verb, keep = "Cancel", typed, onAct, onClose, children }: ActDialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Closed before it leaves the page: only then does the browser give the focus back to where it was.
    return () => element?.close();
  }, []);
  const [name, setName] = useState("");
  const act = useMutation({ mutationFn: onAct, onSuccess: onClose });
  const isConfirmed = typed === undefined || name === typed;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isConfirmed && !act.isPending) act.mutate(readForm(event.currentTarget));
  };
  return (
    <dialog
      ref={dialog}
      className="act-dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={id}>{title}</h2>
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
          <Button onClick={onClose}>{keep}</Button>
          <Button type="submit" prime disabled={!isConfirmed || act.isPending}>
            {verb}
          </Button>
        </p>
      </form>
    </dialog>
  );
}
