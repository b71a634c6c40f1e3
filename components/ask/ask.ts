// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { decode } from "@/agent/protocol/decode";
import { ErrorBody } from "@/agent/protocol/errors";

/** An answer that is not the one asked for. `message` is for the person who asked. */
export class AskError extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "AskError";
  }
}

/** For answers whose body does not matter. */
export const Nothing = z.unknown();

/**
 * Asks the console's REST interface, decodes its answer.
 * @throws AskError when the console cannot be reached, refuses, or answers in words this page does not understand.
 */
export type Ask = <S extends z.ZodType>(method: "GET" | "POST" | "DELETE", path: string, schema: S, body?: unknown) => Promise<z.infer<S>>;

type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/** Asks through the browser. */
export const ask: Ask = askThrough((path, init) => fetch(path, init));

/** Asks through anything that answers as `fetch` does. */
export function askThrough(fetch: Fetch): Ask {
  return async (method, path, schema, body) => read(await send(fetch, method, path, body), schema);
}

async function read<S extends z.ZodType>(answer: Response, schema: S): Promise<z.infer<S>> {
  const text = await answer.text();
  const json = parsed(text);
  if (!answer.ok) {
    const error = decode(ErrorBody, json);
    if (error.ok) throw new AskError(error.value.error.code, error.value.error.message);
    throw new AskError("ASK_REFUSED", `The console answered ${answer.status} and gave no reason.`);
  }
  const decoded = decode(schema, json);
  if (!decoded.ok)
    throw new AskError("ASK_ANSWER", "The console answered in words this page does not know. Load the page again: it may be newer.");
  return decoded.value;
}

async function send(fetch: Fetch, method: string, path: string, body: unknown): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    throw new AskError("ASK_UNREACHABLE", "The console did not answer. Is it running, and can this browser reach it?", { cause });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // an empty body, or a proxy's page: what it is not, the schema says
  }
}
