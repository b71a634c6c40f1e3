// SPDX-License-Identifier: Apache-2.0
import { alertmanagerBody } from "./alertmanager";
import { post } from "./http";
import { sendMail } from "./mail";
import type { Answer, Message } from "./outbox";
import type { Receiver } from "./state";
import { webhookBody, webhookHeaders } from "./webhook";

export type Sending = Pick<Message, "id" | "body">;

/** Sends a message to its receiver and waits for the answer; never throws. */
export function send({ settings, secret }: Receiver, { id, body }: Sending, publicUrl: string | null, nowMs: number): Promise<Answer> {
  switch (settings.kind) {
    case "webhook": {
      const text = webhookBody(id, body, publicUrl);
      return post(settings.url, text, webhookHeaders(id, text, secret, nowMs));
    }
    case "alertmanager": {
      const proof =
        settings.user === null ? {} : { authorization: `Basic ${Buffer.from(`${settings.user}:${secret ?? ""}`).toString("base64")}` };
      const url = `${settings.url.replace(/\/+$/, "")}/api/v2/alerts`;
      return post(url, alertmanagerBody(body, publicUrl), { "content-type": "application/json", "user-agent": "quarterdeck", ...proof });
    }
    case "mail":
      return sendMail(settings, secret, { id, body }, publicUrl);
  }
}
