// SPDX-License-Identifier: Apache-2.0
import { isLoopback } from "@/agent/protocol/loopback";
import type { ApiContext } from "./routes";

/** What a proxy adds, and what only a browser says. */
const NOT_A_LOCAL_PROGRAM = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via", "origin", "sec-fetch-site"];

/**
 * Whether a program of the console's own machine asks, and nobody through it: neither somebody behind a reverse proxy (which
 * asks from loopback for the whole world; so with PUBLIC_URL set nobody is believed to be local), nor a page in a browser there.
 * The name asked for has to be loopback's too: a page may have a name of its own point here.
 */
export function isOwnMachine(c: ApiContext, publicUrl: string | null): boolean {
  if (publicUrl !== null || NOT_A_LOCAL_PROGRAM.some((name) => c.req.header(name) !== undefined)) return false;
  const address = c.env?.incoming?.socket.remoteAddress ?? "";
  return isLoopback(address.replace(/^::ffff:/i, "")) && isLoopback(new URL(c.req.url).hostname);
}
