// SPDX-License-Identifier: Apache-2.0
import type { CopyThen, Incident } from "@/agent/protocol/console/history";
import { linkState } from "@/server/cluster/drbd-words";
import { counted } from "@/server/cluster/words";

/**
 * Which copies were not in sync when a node went, and that in a sentence. Its own last word counts first: what the others say
 * of it once the line is gone is about the line.
 */
export function syncedThen({ node, copies }: Pick<Incident, "node" | "copies">): { unsynced: CopyThen[]; syncSays: string } {
  if (copies === null) return { unsynced: [], syncSays: "Not seen: no node's DRBD was read." };
  if (copies.length === 0) return { unsynced: [], syncSays: "There was no mirror on any node." };
  const own = copies.filter((copy) => copy.node === node);
  const isToldByOwn = ({ mirror }: CopyThen) => own.some((copy) => copy.mirror === mirror && isLinked(copy));
  // What another node says once its line to this one broke is of the time after.
  const unsynced = copies.filter((copy) => isBehind(copy) && (copy.node === node || isLinked(copy) || !isToldByOwn(copy)));
  if (unsynced.length > 0) return { unsynced, syncSays: `${counted(unsynced.length, "copy", "copies")} not in sync:` };
  if (own.length === 0) return { unsynced, syncSays: `Nothing was seen out of sync; ${node}'s own DRBD was not read.` };
  return { unsynced, syncSays: `By ${node}'s own last word every copy was UpToDate and nothing out of sync.` };
}

function isLinked({ connection }: CopyThen): boolean {
  return connection !== null && linkState(connection) === "connected";
}

function isBehind(copy: CopyThen): boolean {
  return copy.disk !== "UpToDate" || (copy.outOfSyncBytes ?? 0) > 0 || (isLinked(copy) && copy.peerDisk !== "UpToDate");
}
