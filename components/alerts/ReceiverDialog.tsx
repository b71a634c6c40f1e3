// SPDX-License-Identifier: Apache-2.0
"use client";
import { useState } from "react";
import type { ReceiverChange, ReceiverList, ReceiverSettings } from "@/agent/protocol/console/alerts";
import { ActDialog } from "@/components/settings/ActDialog";
import { Choice } from "@/components/ui/Choice";
import { Field } from "@/components/ui/Field";
import { MailFields, mailFrom } from "./MailFields";
import { KINDS } from "./words";

type Receiver = ReceiverList["receivers"][number];
type Kind = ReceiverSettings["kind"];
type Form = (name: string) => string;

interface ReceiverDialogProps {
  /** The one to change; null: a new one. */
  receiver: Receiver | null;
  onSave: (wanted: ReceiverChange) => Promise<unknown>;
  onClose: () => void;
}

const SECRETS: Readonly<Record<Kind, string>> = {
  webhook: "Key of the signature",
  alertmanager: "Password",
  mail: "Password",
};

/** Where a receiver is, and how it knows that it is us. */
export function ReceiverDialog({ receiver, onSave, onClose }: ReceiverDialogProps) {
  const [kind, setKind] = useState<Kind>(receiver?.settings.kind ?? "webhook");
  const [secret, setSecret] = useState<"keep" | "new" | "none">(receiver?.hasSecret ? "keep" : receiver ? "none" : "new");
  const before = receiver?.settings.kind === kind ? receiver.settings : null;
  const save = (form: Form) => {
    const typed = form("secret");
    const told = secret === "keep" ? {} : { secret: secret === "none" || typed === "" ? null : typed };
    return onSave({ name: form("name"), settings: settingsFrom(kind, form), ...told });
  };
  return (
    <ActDialog
      title={receiver ? `Change ${receiver.name}` : "Add a receiver"}
      verb={receiver ? "Save it" : "Add it"}
      onAct={save}
      onClose={onClose}
    >
      <Field
        label="Name"
        name="name"
        required
        maxLength={60}
        autoComplete="off"
        defaultValue={receiver?.name ?? ""}
        hint="NOC chat, on-call mail"
      />
      <Choice label="Kind" value={kind} onChange={(event) => setKind(kindOf(event.target.value))}>
        {Object.entries(KINDS).map(([key, word]) => (
          <option key={key} value={key}>
            {word}
          </option>
        ))}
      </Choice>
      {kind === "mail" ? (
        <MailFields before={before?.kind === "mail" ? before : null} />
      ) : (
        <Field
          label="Address"
          name="url"
          type="url"
          required
          maxLength={500}
          autoComplete="off"
          defaultValue={before && before.kind !== "mail" ? before.url : ""}
          hint={
            kind === "webhook"
              ? "https://chat.example/hooks/quarterdeck: takes JSON by POST"
              : "http://alertmanager.example:9093, without /api"
          }
        />
      )}
      {kind === "alertmanager" && (
        <Field
          label="User (may be left empty)"
          name="user"
          maxLength={100}
          autoComplete="off"
          defaultValue={before?.kind === "alertmanager" ? (before.user ?? "") : ""}
        />
      )}
      {receiver && (
        <Choice
          label={SECRETS[kind]}
          value={secret}
          onChange={(event) => setSecret(event.target.value === "keep" ? "keep" : event.target.value === "new" ? "new" : "none")}
        >
          {receiver.hasSecret && <option value="keep">as it is</option>}
          <option value="new">a new one</option>
          <option value="none">none</option>
        </Choice>
      )}
      {secret === "new" && (
        <Field
          label={receiver ? `New ${SECRETS[kind].toLowerCase()}` : `${SECRETS[kind]} (may be left empty)`}
          name="secret"
          type="password"
          minLength={8}
          maxLength={500}
          required={receiver !== null}
          autoComplete="new-password"
          hint={
            kind === "webhook" ? "At least 8 characters; the receiver checks each message with it. Not shown again." : "Not shown again."
          }
        />
      )}
    </ActDialog>
  );
}

function kindOf(chosen: string): Kind {
  return chosen === "mail" || chosen === "alertmanager" ? chosen : "webhook";
}

function settingsFrom(kind: Kind, form: Form): ReceiverSettings {
  switch (kind) {
    case "webhook":
      return { kind, url: form("url") };
    case "alertmanager":
      return { kind, url: form("url"), user: form("user") || null };
    case "mail":
      return mailFrom(form);
  }
}
