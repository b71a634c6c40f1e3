// SPDX-License-Identifier: Apache-2.0
import os from "node:os";
import { isLoopback } from "@/agent/protocol/loopback";
import type { Env } from "@/server/env";

/**
 * The origin under which others find this console, from the address it was asked at. Somebody who sits on the console's own
 * machine and asks for localhost means a console that other machines call by another name.
 */
export function consoleAddress(askedAt: string, { publicUrl, host }: Pick<Env, "publicUrl" | "host">): string {
  if (publicUrl !== null) return publicUrl;
  const url = new URL(askedAt);
  if (!isLoopback(url.hostname) || isLoopback(host)) return url.origin;
  url.hostname = host === "0.0.0.0" || host === "::" ? os.hostname() : host.includes(":") ? `[${host}]` : host;
  return url.origin;
}

/**
 * Whether a page is one of ours, by what the browser says of it. Where our pages come by https, one of the same name that came
 * without may be anybody's on the way. `isTls`: TLS ends here.
 */
export function isOwnPage(origin: string, host: string, isTls: boolean, publicUrl: string | null): boolean {
  if (!URL.canParse(origin)) return false; // "null", from a sandboxed frame or a file
  const page = new URL(origin);
  const isByHttps = isTls || (publicUrl?.startsWith("https:") === true && new URL(publicUrl).host === host);
  return page.host === host && (page.protocol === "https:" || !isByHttps);
}
