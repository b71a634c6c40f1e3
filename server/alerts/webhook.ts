// SPDX-License-Identifier: Apache-2.0
import { createHmac } from "node:crypto";
import type { MessageBody, ToldAlert } from "./state";
import { pageOf, subjectOf, textOf } from "./words";

/** What a webhook is sent: version 1. Additive changes only; docs/alerts.md describes every field. */
export function webhookBody(id: string, message: MessageBody, publicUrl: string | null): string {
  const page = pageOf(publicUrl, message);
  return JSON.stringify({
    version: 1,
    delivery: id,
    sentBy: "quarterdeck",
    atMs: message.atMs,
    cluster: message.cluster,
    url: page,
    subject: subjectOf(message),
    text: textOf(message, page),
    alerts: message.alerts.map(alertOf),
  });
}

function alertOf(alert: ToldAlert) {
  const { id, reason, severity, title, why, todo, labels, consequences, sinceMs, endedAtMs, endedBy, returns, acknowledged } = alert;
  // Null while it lasts: of an end that is not said how, `ended` says no more than that.
  const end = alert.end ?? null;
  const status = reason === "resolved" || reason === "ended" ? reason : "firing";
  return { id, status, reason, severity, title, why, todo, labels, consequences, sinceMs, endedAtMs, endedBy, end, returns, acknowledged };
}

/**
 * The headers of a signed message. `X-Quarterdeck-Signature` is `v1=` and the HMAC-SHA256, in hex, of the timestamp, a full stop and
 * the body as sent. The timestamp (epoch seconds) is of this attempt, so that an old message cannot be played again.
 */
export function webhookHeaders(id: string, body: string, secret: string | null, nowMs: number): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1_000));
  return {
    "content-type": "application/json",
    "user-agent": "quarterdeck",
    "x-quarterdeck-delivery": id,
    "x-quarterdeck-timestamp": timestamp,
    ...(secret === null ? {} : { "x-quarterdeck-signature": `v1=${signatureOf(secret, timestamp, body)}` }),
  };
}

function signatureOf(secret: string, timestamp: string, body: string): string {
  return createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
}
