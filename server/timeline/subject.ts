// SPDX-License-Identifier: Apache-2.0

/** What an entry is about, as the timeline names it: the bare name of the thing, and its node where it has one. */
export interface Subject {
  subject: string;
  node: string | null;
}

/** Kinds whose keys are "kind:node", and those whose keys are "kind:node/name". */
const OF_NODE = new Set(["node", "corosync", "ocfs2", "dlm", "kernel", "safety", "source"]);
const ON_NODE = new Set(["bond", "aoe", "export", "array", "target", "session", "mount", "pool", "swap"]);

/** What a key of the view names. Shape of keys: agent/protocol/console/keys.ts. */
export function subjectOf(key: string): Subject {
  const colon = key.indexOf(":");
  const kind = key.slice(0, colon);
  const bare = key.slice(colon + 1);
  const [first = bare] = bare.split("/", 1);
  const rest = bare.slice(first.length + 1);
  if (colon === -1 || bare === "*") return { subject: "cluster", node: null };
  if (OF_NODE.has(kind)) return { subject: first, node: first };
  if (ON_NODE.has(kind)) return { subject: rest, node: first };
  if (kind === "maintenance") return { subject: bare, node: bare };
  const [mirror = bare, node = null] = kind === "drbd" ? bare.split("@", 2) : [bare];
  // Of a resource's volumes only the further ones have a number in their name.
  const isMirror = kind === "drbd" || kind === "mirror" || kind === "verify";
  return { subject: isMirror ? mirror.replace(/\/0$/, "") : bare, node };
}

/** What several keys are about together: the first one's name, and the first node among them. */
export function subjectOfAll(keys: readonly string[]): Subject {
  const all = keys.map(subjectOf);
  return { subject: all[0]?.subject ?? "cluster", node: all.find(({ node }) => node !== null)?.node ?? null };
}
