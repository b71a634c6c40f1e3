// SPDX-License-Identifier: Apache-2.0
import { isLoopback } from "./protocol/loopback";

/** Why this console must not be talked to as it is addressed, as a sentence; null when it may. */
export function plainTextRefusal(address: string, allowPlainText: boolean): string | null {
  const url = new URL(address);
  if (url.protocol === "https:" || allowPlainText || isLoopback(url.hostname)) return null;
  return `${url.origin} is on another machine and has no TLS: whoever is on the way could read and change everything. Use https, or allow it with --allow-plaintext (allowPlainText in the configuration).`;
}

/** A path of the console, whatever path its address has: `wss://console:8443/ws/agent`. */
export function consoleUrl(address: string, path: string, kind: "http" | "ws"): string {
  const url = new URL(address);
  if (kind === "ws") url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  url.pathname = `${url.pathname.replace(/\/+$/, "")}${path}`;
  url.search = "";
  url.hash = "";
  return url.href;
}
