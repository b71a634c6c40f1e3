// SPDX-License-Identifier: Apache-2.0
import type { z } from "zod";

export type Decoded<T> = { ok: true; value: T } | { ok: false; error: string };

/** Checks an unknown value against a schema. Never throws; the error names the first few places that do not fit. */
export function decode<S extends z.ZodType>(schema: S, input: unknown): Decoded<z.infer<S>> {
  const result = schema.safeParse(input);
  if (result.success) return { ok: true, value: result.data };
  const issues = result.error.issues.slice(0, 3).map((issue) => `${issue.path.join(".") || "(root)"}: ${issue.message}`);
  return { ok: false, error: issues.join("; ") };
}

/** Decodes JSON text from a socket or a file. Never throws. */
export function decodeJson<S extends z.ZodType>(schema: S, text: string): Decoded<z.infer<S>> {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    return { ok: false, error: "not JSON" }; // the text is hostile or cut: nothing of it is worth quoting
  }
  return decode(schema, input);
}
