// SPDX-License-Identifier: Apache-2.0
import type { ReceiverSettings } from "@/agent/protocol/console/alerts";
import { Choice } from "@/components/ui/Choice";
import { Field } from "@/components/ui/Field";

type Mail = Extract<ReceiverSettings, { kind: "mail" }>;

const SECURITY: readonly (readonly [Mail["security"], string])[] = [
  ["starttls", "STARTTLS, or no mail"],
  ["tls", "TLS from the first byte"],
  ["none", "none: a server of this machine"],
];

/** A mail server, and who gets the mails. */
export function MailFields({ before }: { before: Mail | null }) {
  return (
    <>
      <Field
        label="Mail server"
        name="host"
        required
        maxLength={254}
        autoComplete="off"
        defaultValue={before?.host ?? ""}
        hint="mail.example"
      />
      <Field label="Port" name="port" type="number" required min={1} max={65_535} defaultValue={before?.port ?? 587} />
      <Choice label="Encryption" name="security" defaultValue={before?.security ?? "starttls"}>
        {SECURITY.map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </Choice>
      <Field
        label="From"
        name="from"
        type="email"
        required
        autoComplete="off"
        defaultValue={before?.from ?? ""}
        hint="quarterdeck@example.org"
      />
      <Field
        label="To, of several with commas between"
        name="to"
        required
        autoComplete="off"
        defaultValue={before?.to.join(", ") ?? ""}
        hint="oncall@example.org"
      />
      <Field label="User (may be left empty)" name="user" maxLength={100} autoComplete="off" defaultValue={before?.user ?? ""} />
    </>
  );
}

export function mailFrom(form: (name: string) => string): Mail {
  const security = SECURITY.find(([value]) => value === form("security"))?.[0] ?? "starttls";
  const to = form("to")
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
  return {
    kind: "mail",
    host: form("host").trim(),
    port: Number(form("port")),
    security,
    user: form("user") || null,
    from: form("from").trim(),
    to,
  };
}
