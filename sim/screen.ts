// SPDX-License-Identifier: Apache-2.0
import { FeedFrame } from "@/agent/protocol/console/feed";
import { withPart } from "@/agent/protocol/console/parts";
import type { Entity } from "@/agent/protocol/console/view";
import { decodeJson } from "@/agent/protocol/decode";

type Change = Extract<FeedFrame, { type: "patch" }>["changes"][string];

const NOTHING: ReadonlyMap<string, Entity> = new Map();

/** A page or a wall without its glass: what it knows after each frame that it was sent. */
export interface Screen {
  /** Takes a frame as text. False: it does not fit what is known, and only a new snapshot helps. */
  hear(text: string): boolean;
  /** What is known of a cluster, by key; nothing of one that it was not told of. */
  entities(slug: string): ReadonlyMap<string, Entity>;
  /** Frames that told how things are, or that they are as they were. */
  heard(): number;
}

export function createScreen(): Screen {
  const clusters = new Map<string, Map<string, Entity>>();
  let number: number | null = null;
  let heard = 0;

  function take(slug: string, { set, remove, parts }: Change): boolean {
    if (remove.includes("*")) return clusters.delete(slug);
    const entities = clusters.get(slug) ?? new Map<string, Entity>();
    clusters.set(slug, entities);
    for (const key of remove) entities.delete(key);
    for (const [key, entity] of Object.entries(set)) entities.set(key, entity);
    return Object.entries(parts).every(([key, part]) => {
      const known = entities.get(key);
      const whole = known ? withPart(known, part) : null;
      if (whole !== null) entities.set(key, whole);
      return whole !== null;
    });
  }

  return {
    entities: (slug) => clusters.get(slug) ?? NOTHING,
    heard: () => heard,
    hear(text) {
      const decoded = decodeJson(FeedFrame, text);
      // A frame of a kind that is not known is nothing to a screen.
      if (!decoded.ok) return true;
      const frame = decoded.value;
      switch (frame.type) {
        case "snapshot":
          clusters.clear();
          for (const [slug, entities] of Object.entries(frame.clusters)) clusters.set(slug, new Map(Object.entries(entities)));
          number = frame.number;
          break;
        case "patch":
          if (number === null || frame.number !== number + 1) return false;
          number = frame.number;
          if (!Object.entries(frame.changes).every(([slug, change]) => take(slug, change))) return false;
          break;
        case "pulse":
          break;
        default:
          return true;
      }
      heard += 1;
      return true;
    },
  };
}
