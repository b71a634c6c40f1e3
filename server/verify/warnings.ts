// SPDX-License-Identifier: Apache-2.0
import type { VerifyWarnings } from "@/agent/protocol/console/verify-plan";
import { commandOf } from "@/server/commands/catalog";

/** What accepting a warning of each guard means; those that never warn of a verify are not here. */
const WORDS: Readonly<Record<string, string>> = {
  "verify-alg-is-loaded": "The two nodes use different digests, or a kernel does not list the digest as loaded.",
  "nodes-and-lines-are-free": "Another verify or resync runs on one of its nodes or on its link.",
  "nodes-are-quiet": "A node is busy: its disks, its processors or its links carry much already.",
  "one-node-writes": "Both nodes write: blocks in flight may look different, and the load doubles.",
  "lower-mirror-is-whole": "The mirror stands on another mirror, which is not whole.",
  "drbd-is-known-to-bear-it": "This version of DRBD is known to take harm from a verify.",
  "verify-alg-is-set": "A node's DRBD settings cannot be read: whether a verify-alg is set is not known.",
  "verify-can-be-stopped": "With this version of DRBD a verify that runs cannot be stopped without cutting the connection.",
};

/** The guards that may warn of a verify, which a queued or a scheduled one may accept. */
export function verifyWarnings(): VerifyWarnings["warnings"] {
  const guards = commandOf("drbd.verify")?.guards ?? [];
  return guards.flatMap(({ name, number }) => {
    const says = WORDS[name];
    return says === undefined ? [] : [{ guard: name, number, says }];
  });
}
