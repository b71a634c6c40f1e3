// SPDX-License-Identifier: Apache-2.0
import { HostError } from "@/agent/host/host";
import { plainText } from "@/agent/plain-text";
import type { CollectErrorCode, Unread } from "@/agent/protocol/errors";
import { ParseError } from "./define";

/** The word the console knows for a failure to read; null for anything that is not one (a bug of ours). */
export function collectErrorCode(error: unknown): CollectErrorCode | null {
  if (error instanceof ParseError) return "COLLECT_PARSE";
  if (!(error instanceof HostError)) return null;
  switch (error.code) {
    case "HOST_FORBIDDEN":
      return "COLLECT_FORBIDDEN";
    case "HOST_TIMEOUT":
      return "COLLECT_TIMEOUT";
    case "HOST_TOO_LARGE":
      return "COLLECT_TOO_LARGE";
    case "HOST_UNFINISHED":
      return "COLLECT_PARSE";
    case "HOST_READ":
      return "COLLECT_READ";
    default: {
      const never: never = error.code;
      return never;
    }
  }
}

/**
 * The entry for a part of a source that could not be read although the rest could.
 * @throws the error itself when it is not a failure to read.
 */
export function unread(what: string, error: unknown): Unread {
  const code = collectErrorCode(error);
  if (code === null || !(error instanceof Error)) throw error;
  return unreadPart(what, code, error.message);
}

/** The same from words of our own: names in them come from the node, and may hold anything. */
export function unreadPart(what: string, code: CollectErrorCode, message: string): Unread {
  return { what: plainText(what, 200), code, message: plainText(message, 2_000) };
}

/** One part of a source: null when it is not there; null, and named among the problems, when it could not be read. */
export async function readPart<T>(problems: Unread[], what: string, read: () => Promise<T | null>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    problems.push(unread(what, error));
    return null;
  }
}

/** Parts are read side by side; the order of what could not be read must not flicker. */
export function inOrder(problems: readonly Unread[]): Unread[] {
  return [...problems].sort((one, other) => (one.what < other.what ? -1 : 1));
}
