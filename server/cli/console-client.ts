// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import type { z } from "zod";
import { decodeJson } from "@/agent/protocol/decode";
import { ErrorBody } from "@/agent/protocol/errors";
import { CliError } from "./cli-error";

/** The question was on its way, and no answer came that could be read: what was asked for may have been done. */
export class NoAnswer extends CliError {}

const LIMIT_MS = 60_000;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
/** An export holds every command there ever was: some kilobytes each. */
const MAX_EXPORT_BYTES = 256 * 1024 * 1024;

export interface ConsoleAddress {
  origin: URL;
  token: string;
  /** PEM file of the authority, or of the console's own certificate. */
  ca: string | null;
}

interface Answer {
  status: number;
  text: string;
}

/**
 * One question to the console's REST interface.
 * @throws CliError with the console's own sentence when it refuses; NoAnswer with what went wrong on the way
 */
export async function askConsole<S extends z.ZodType>(
  address: ConsoleAddress,
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  schema: S,
  body?: unknown,
): Promise<z.infer<S>> {
  const { status, text } = await send(address, method, path, body === undefined ? null : JSON.stringify(body));
  // A refusal that the schema knows is an answer: it says more than a sentence.
  const known = status === 409 ? decodeJson(schema, text) : null;
  if (known?.ok) return known.value;
  if (status >= 200 && status < 300) {
    const decoded = decodeJson(schema, text === "" ? "null" : text);
    if (decoded.ok) return decoded.value;
    throw new NoAnswer(`${address.origin.origin} answered in words this program does not know: ${decoded.error}`);
  }
  const refused = decodeJson(ErrorBody, text);
  if (refused.ok) throw new CliError(`The console refuses: ${refused.value.error.message}`);
  throw new NoAnswer(`${address.origin.origin} answered ${status} and gave no reason. Is it a Quarterdeck console?`);
}

/** The text of an answer as it is: an export. @throws CliError */
export async function fetchText(address: ConsoleAddress, path: string): Promise<string> {
  const { status, text } = await send(address, "GET", path, null, MAX_EXPORT_BYTES);
  if (status === 200) return text;
  const refused = decodeJson(ErrorBody, text);
  throw new CliError(refused.ok ? `The console refuses: ${refused.value.error.message}` : `${address.origin.origin} answered ${status}.`);
}

function send(
  { origin, token, ca }: ConsoleAddress,
  method: string,
  path: string,
  body: string | null,
  most = MAX_ANSWER_BYTES,
): Promise<Answer> {
  const headers: http.OutgoingHttpHeaders = { authorization: `Bearer ${token}` };
  if (body !== null) Object.assign(headers, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  const options = { method, headers, timeout: LIMIT_MS, ...(ca === null ? {} : { ca: readFileSync(ca) }) };
  return new Promise((resolve, reject) => {
    const failed = (cause: Error) =>
      reject(new NoAnswer(`No answer from ${origin.origin}: ${cause.message}. Is the console running?`, 1, { cause }));
    const request = (origin.protocol === "https:" ? https : http).request(new URL(path, origin), options, (answer) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      answer.on("data", (part: Buffer) => {
        bytes += part.length;
        if (bytes > most) request.destroy(new Error("the answer is too long"));
        else parts.push(part);
      });
      answer.on("error", failed);
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") }));
    });
    request.on("timeout", () => request.destroy(new Error(`nothing came for ${LIMIT_MS / 1_000} s`)));
    request.on("error", failed);
    request.end(body ?? undefined);
  });
}
