// SPDX-License-Identifier: Apache-2.0
import type { FeedFrame } from "@/agent/protocol/console/feed";
import { withPart } from "@/agent/protocol/console/parts";
import type { Entity } from "@/agent/protocol/console/view";
import { type Live, type WholeFrame, wholeEntity } from "./store";

/**
 * A frame whose patch names whole entities only: the parts it brought are put into what this browser holds.
 * Null when a part fits nothing here: then only a snapshot helps.
 */
export function wholeFrame(frame: FeedFrame, live: Live): WholeFrame | null {
  // A patch that does not follow is the store's to refuse: its parts would be put into other entities than were meant.
  if (frame.type !== "patch" || frame.number !== live.number + 1) return frame;
  const changes: Record<string, { set: Record<string, Entity>; remove: string[] }> = {};
  for (const [slug, { set, remove, parts }] of Object.entries(frame.changes)) {
    const whole = { ...set };
    for (const [key, part] of Object.entries(parts)) {
      const known = wholeEntity(live.clusters.get(slug), key);
      const entity = known ? withPart(known, part) : null;
      if (!entity) return null;
      whole[key] = entity;
    }
    changes[slug] = { set: whole, remove };
  }
  return { ...frame, changes };
}
