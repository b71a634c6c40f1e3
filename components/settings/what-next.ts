// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import type { CollectErrorCode } from "@/agent/protocol/errors";

/** What a person can do about each reason for not reading something. */
const NEXT: Readonly<Record<CollectErrorCode, string>> = {
  COLLECT_FORBIDDEN: "Run the agent as root, or let its user read this.",
  COLLECT_TIMEOUT: "Try the same by hand on the node: where it hangs, so does every tool that waits for it.",
  COLLECT_PARSE: "The node answers in words this version does not know. Keep the text and report it.",
  COLLECT_READ: "Try the same on the node; its kernel log may say more.",
  COLLECT_TOO_LARGE: "There is more of it than the agent takes at a time. Report it with its size.",
};

/** A part that could not be read, why, and what to do. */
export interface Gap {
  /** What it is; null for the whole source. */
  what: string | null;
  why: string;
  next: string;
}

/** Reasons come as sentences from some sources and as phrases from others. */
const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

/** Everything that a source does not tell, with the reason and the next step; none for one that is read whole or is not on the node. */
export function gapsOf({ status, error, unread }: Pick<EntityOf<"source">, "status" | "error" | "unread">): Gap[] {
  const whole = status === "failed" && error ? [{ what: null, why: sentence(error.message), next: NEXT[error.code] }] : [];
  const parts = status === "ok" ? unread.map(({ what, code, message }) => ({ what, why: sentence(message), next: NEXT[code] })) : [];
  return [...whole, ...parts];
}
