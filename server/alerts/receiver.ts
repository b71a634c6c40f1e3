// SPDX-License-Identifier: Apache-2.0
import type { ReceiverSettings } from "@/agent/protocol/console/alerts";
import { isLoopback } from "@/agent/protocol/loopback";

/** Why a receiver cannot be so; null when it can. */
export function misfitOf(settings: ReceiverSettings, hasSecret: boolean): string | null {
  switch (settings.kind) {
    case "webhook":
      return null;
    case "alertmanager":
      if (settings.user === null && hasSecret)
        return "A password without a user says nothing to Alertmanager: give the user, or no password.";
      if (settings.user !== null && !hasSecret) return `A user without a password cannot sign in: give ${settings.user}'s.`;
      return settings.user !== null && !isPrivate(settings.url) ? "A password is sent over https only, or to this machine." : null;
    case "mail":
      if (settings.user === null && hasSecret)
        return "A password without a user says nothing to a mail server: give the user, or no password.";
      if (settings.user !== null && !hasSecret) return `A user without a password cannot sign in: give ${settings.user}'s.`;
      return settings.user !== null && settings.security === "none" && !isLoopback(settings.host)
        ? "A password is sent over TLS only, or to this machine: choose STARTTLS or TLS."
        : null;
  }
}

function isPrivate(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || isLoopback(hostname);
}

/** Whether what is sent goes to somebody else than before, or less guarded: then a kept secret does not go along. */
export function reachesElsewhere(before: ReceiverSettings, after: ReceiverSettings): boolean {
  return placeOf(before) !== placeOf(after);
}

function placeOf(settings: ReceiverSettings): string {
  if (settings.kind === "mail") return `mail ${settings.security} ${settings.host}:${settings.port}`;
  return `${settings.kind} ${new URL(settings.url).origin}`;
}
