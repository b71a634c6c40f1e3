// SPDX-License-Identifier: Apache-2.0
import { inOrder, unread, unreadPart } from "@/agent/collectors/unread";
import { type Host, HostError } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";

/** Targets, portal groups, LUNs, ACLs, sessions and disks read at most: hundreds of times a large node's. */
const MAX_PARTS = 2_048;
/** One attribute is a page at most. */
const MAX_TEXT_BYTES = 64 * 1024;
/** More parts than this that cannot be read are told by their number. */
const MAX_UNREAD = 64;

interface HowRead {
  /** Its text ends in a NUL. */
  isBinary?: boolean;
  /** The kernel refuses to say it while there is nothing to say: the address of a connection that is down (ENOTCONN). */
  mayRefuse?: boolean;
}

/** Reads attributes one by one; what cannot be read is noted and null, and the rest goes on. */
export interface Reader {
  /** The text of an attribute, as `parse` understands it; null when it is not there or could not be read. */
  text<T>(path: string, what: string, parse: (text: string) => T, how?: HowRead): Promise<T | null>;
  /** The names in a folder; none when it is not there or could not be read. */
  names(path: string, what: string): Promise<readonly string[]>;
  /** The names in a folder that must be there; null when it is not, or not any more, and when it could not be read. */
  folder(path: string, what: string): Promise<readonly string[] | null>;
  link(path: string, what: string): Promise<string | null>;
  /** False when so much was read already that the rest is left out; said at the end. */
  hasRoom(): boolean;
  /** Notes a part that is there and means nothing to us, or is missing. */
  note(problem: Unread): void;
  /** How many parts could not be read so far, or were left out. */
  readonly failures: number;
  problems(): Unread[];
}

export function createReader(host: Host): Reader {
  const found: Unread[] = [];
  let parts = 0;
  let failures = 0;
  let isFull = false;
  const note = (problem: Unread) => {
    failures += 1;
    if (found.length < MAX_UNREAD) found.push(problem);
  };
  async function attempt<T>(what: string, act: () => Promise<T | null>): Promise<T | null> {
    try {
      return await act();
    } catch (error) {
      note(unread(what, error));
      return null;
    }
  }
  return {
    text: (path, what, parse, { isBinary = false, mayRefuse = false } = {}) =>
      attempt(what, async () => {
        try {
          const text = await host.read(path, { maxBytes: MAX_TEXT_BYTES, mayBeUnfinished: isBinary });
          return text === null ? null : parse(text);
        } catch (error) {
          if (mayRefuse && error instanceof HostError && error.code === "HOST_READ") return null;
          throw error;
        }
      }),
    names: async (path, what) => (await attempt(what, () => host.list(path))) ?? [],
    folder: (path, what) => attempt(what, () => host.list(path)),
    link: (path, what) => attempt(what, () => host.readLink(path)),
    hasRoom() {
      parts += 1;
      if (parts <= MAX_PARTS) return true;
      isFull = true;
      return false;
    },
    note,
    get failures() {
      return failures + Math.max(0, parts - MAX_PARTS);
    },
    problems() {
      const more = failures - found.length;
      const told = inOrder(found);
      if (more > 0) told.push(unreadPart("further parts", "COLLECT_READ", `${more} more parts could not be read.`));
      if (isFull)
        told.push(unreadPart("the rest", "COLLECT_TOO_LARGE", `Only the first ${MAX_PARTS} targets, LUNs, ACLs and sessions are read.`));
      return told;
    },
  };
}

/** The text without its newline; null when nothing is in it, or the kernel's word for nothing. */
export function word(text: string): string | null {
  const trimmed = text.trim();
  return trimmed === "" || trimmed === "(null)" ? null : trimmed;
}

/** "1" and "0"; null for anything else. */
export function flag(text: string): boolean | null {
  const trimmed = text.trim();
  return trimmed === "1" ? true : trimmed === "0" ? false : null;
}
