// SPDX-License-Identifier: Apache-2.0
import { request as plain } from "node:http";
import { request as secure } from "node:https";
import { isIP } from "node:net";
import { addressOf } from "./address";
import type { Answer } from "./outbox";
import { oneLine } from "./words";

/** Who has not answered by then has not taken it. */
const LIMIT_MS = 10_000;
/** So much of an answer is read; a person sees the beginning of it. */
const MAX_ANSWER_BYTES = 4 * 1_024;
const SHOWN_CHARS = 200;

/** Answers that are of the way, the key or the moment, not of this message: it is tried again until it is given up. */
const MAY_PASS: ReadonlySet<number> = new Set([401, 403, 404, 405, 407, 408, 421, 423, 425, 429]);

/**
 * Posts JSON to a receiver. http and https only, no redirects, one connection of its own, no proxy; never throws.
 * The host is looked up once, and that address is connected to.
 */
export async function post(url: string, body: string, headers: Record<string, string>): Promise<Answer> {
  const fromMs = performance.now();
  const told = (isOk: boolean, says: string, isRefusal = false): Answer => ({ isOk, says, isRefusal, tookMs: performance.now() - fromMs });
  try {
    const to = new URL(url);
    const address = await addressOf(to.hostname);
    const { status, text } = await send(to, address, body, headers);
    const words = oneLine(text).slice(0, SHOWN_CHARS);
    const says = `It answered ${status}${words === "" ? "" : `: ${words}`}`;
    if (status >= 200 && status < 300) return told(true, says);
    if (status >= 300 && status < 400) return told(false, `${says}. Redirects are not followed: give the address it leads to.`);
    return told(false, says, status >= 400 && status < 500 && !MAY_PASS.has(status));
  } catch (cause) {
    return told(false, wording(cause));
  }
}

function send(to: URL, address: string, body: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const open = to.protocol === "https:" ? secure : plain;
    const name = to.hostname.replace(/^\[|\]$/g, "");
    const options = {
      method: "POST",
      agent: false,
      host: address,
      port: to.port === "" ? (to.protocol === "https:" ? 443 : 80) : Number(to.port),
      path: `${to.pathname}${to.search}`,
      headers: { ...headers, host: to.host, "content-length": String(Buffer.byteLength(body)) },
      // The certificate is that of the name, whichever address it was found at.
      ...(isIP(name) === 0 ? { servername: name } : {}),
      signal: AbortSignal.timeout(LIMIT_MS),
    };
    const asked = open(options, (answer) => {
      let text = "";
      const done = () => {
        resolve({ status: answer.statusCode ?? 0, text });
        asked.destroy();
      };
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => {
        text += part;
        if (text.length >= MAX_ANSWER_BYTES) done();
      });
      answer.on("end", done);
      answer.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

/** What kept a message from its receiver, for a person. */
export function wording(cause: unknown): string {
  if (!(cause instanceof Error)) return "It could not be sent.";
  if (cause.name === "TimeoutError" || cause.name === "AbortError") return `It did not answer within ${LIMIT_MS / 1_000} s.`;
  return `It could not be reached: ${oneLine(cause.message)}`.slice(0, SHOWN_CHARS * 2);
}
