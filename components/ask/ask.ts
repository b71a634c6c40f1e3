// SPDX-License-Identifier: Apache-2.0
import type { z } from "zod";

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

/** What an answer must fit; or how it is loaded: what checks answers is as large as a page, and is not in its first load. */
type Schema<S extends z.ZodType> = S | (() => Promise<S>);

/**
 * Asks the console's REST interface, decodes its answer.
 * @throws AskError when the console cannot be reached, refuses, or answers in words this page does not understand.
 */
export type Ask = <S extends z.ZodType>(
  method: Method,
  path: string,
  schema: Schema<S>,
  body?: unknown,
  /** A status other than 2xx whose body is an answer of this shape as well: a refusal that says more than a sentence. */
  alsoStatus?: number,
) => Promise<z.infer<S>>;
export type Method = "GET" | "POST" | "PUT" | "DELETE";

type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/** Asks through the browser. */
export const ask: Ask = askThrough((path, init) => fetch(path, init));

/** Asks through anything that answers as `fetch` does. */
export function askThrough(fetch: Fetch): Ask {
  return async (method, path, schema, body, alsoStatus) => read(await send(fetch, method, path, body), schema, alsoStatus);
}

async function read<S extends z.ZodType>(answer: Response, schema: Schema<S>, alsoStatus: number | undefined): Promise<z.infer<S>> {
  const json = parsed(await answer.text());
  const [{ decode, ErrorBody }, fits] = await loaded(Promise.all([import("./decoding"), typeof schema === "function" ? schema() : schema]));
  if (!answer.ok) {
    const error = decode(ErrorBody, json);
    if (error.ok) throw new AskError(error.value.error.code, error.value.error.message);
    const also = answer.status === alsoStatus ? decode(fits, json) : null;
    if (also?.ok) return also.value;
    throw new AskError("ASK_REFUSED", `The console answered ${answer.status} and gave no reason.`);
  }
  const decoded = decode(fits, json);
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

/** What checks answers comes from the console too: without it the answer cannot be read. */
async function loaded<T>(load: Promise<T>): Promise<T> {
  try {
    return await load;
  } catch (cause) {
    throw new AskError("ASK_UNREACHABLE", "The console answered, but a part of this page could not be loaded. Load the page again.", {
      cause,
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // an empty body, or a proxy's page: what it is not, the schema says
  }
}
