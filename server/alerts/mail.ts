// SPDX-License-Identifier: Apache-2.0
import { isIP } from "node:net";
import { createTransport } from "nodemailer";
import type { ReceiverSettings } from "@/agent/protocol/console/alerts";
import { addressOf } from "./address";
import { wording } from "./http";
import type { Answer } from "./outbox";
import type { Sending } from "./send";
import { oneLine, pageOf, subjectOf, textOf } from "./words";

type MailSettings = Extract<ReceiverSettings, { kind: "mail" }>;

/** Who has not answered by then has not taken it; a mail server may well think for a while about a whole mail. */
const CONNECT_MS = 10_000;
const LIMIT_MS = 30_000;

/**
 * Sends one mail of plain text; never throws. Where TLS is asked for there is no mail without it. Its Message-ID is that of the message,
 * so that one sent twice is one mail, and mails about the same alert stand together.
 */
export async function sendMail(settings: MailSettings, secret: string | null, message: Sending, publicUrl: string | null): Promise<Answer> {
  const fromMs = performance.now();
  const told = (isOk: boolean, says: string, isRefusal = false): Answer => ({ isOk, says, isRefusal, tookMs: performance.now() - fromMs });
  const { host, port, security, user, from, to } = settings;
  try {
    const address = await addressOf(host);
    const transport = createTransport({
      host: address,
      port,
      secure: security === "tls",
      requireTLS: security === "starttls",
      ignoreTLS: security === "none",
      // The certificate is that of the name, whichever address it was found at.
      tls: { minVersion: "TLSv1.2", ...(isIP(host) === 0 ? { servername: host } : {}) },
      ...(user === null ? {} : { auth: { user, pass: secret ?? "" } }),
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: LIMIT_MS,
      // A mail is what is given here: nothing of it is read from a file or an address.
      disableFileAccess: true,
      disableUrlAccess: true,
      logger: false,
    });
    const domain = from.slice(from.lastIndexOf("@") + 1);
    const idOf = (id: string) => `<${id}@${domain}>`;
    const { body } = message;
    const sent = await transport.sendMail({
      from: { name: "Quarterdeck", address: from },
      to: [...to],
      subject: subjectOf(body),
      text: textOf(body, pageOf(publicUrl, body)),
      messageId: idOf(message.id),
      references: body.alerts.map(({ id }) => idOf(id)),
      headers: { "Auto-Submitted": "auto-generated", "X-Quarterdeck-Delivery": message.id },
    });
    const rejected = sent.rejected.map(String);
    const says = `It answered ${oneLine(sent.response)}`;
    return rejected.length === 0 ? told(true, says) : told(false, `It does not take mail for ${rejected.join(", ")}.`, true);
  } catch (cause) {
    return told(false, mailWording(cause), isRefusal(cause));
  }
}

/** nodemailer's own words name what failed; the server's answer, where there is one, says why. */
function mailWording(cause: unknown): string {
  if (cause instanceof Error && "response" in cause && typeof cause.response === "string") return `It answered ${oneLine(cause.response)}`;
  return wording(cause);
}

/** A 5xx about this mail, not about who sends it. Source: RFC 5321, 4.2.1. */
function isRefusal(cause: unknown): boolean {
  if (!(cause instanceof Error && "responseCode" in cause && "code" in cause)) return false;
  return typeof cause.responseCode === "number" && cause.responseCode >= 500 && (cause.code === "EENVELOPE" || cause.code === "EMESSAGE");
}
