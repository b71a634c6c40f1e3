// SPDX-License-Identifier: Apache-2.0
import type { UserRole } from "@/agent/protocol/console/api";
import type { CommandPreview } from "@/agent/protocol/console/commands";
import type { ExpectedDrbd, Step } from "@/agent/protocol/steps";
import type { Command } from "./define";

/** Who asks, by which way, from where. */
export interface Asker {
  user: string;
  role: UserRole;
  /** The name of the API token; null: a browser. */
  token: string | null;
  from: string | null;
}

/** A preview as the console keeps it until it is confirmed, or too old. */
export interface HeldPreview {
  slug: string;
  asker: Asker;
  command: Command;
  args: unknown;
  steps: readonly Step[];
  drbd: readonly ExpectedDrbd[];
  shown: CommandPreview;
}

/** A person reads this long; after it the world is looked at again. */
export const PREVIEW_LASTS_MS = 300_000;
const MOST_PREVIEWS = 500;

/** Previews that may still be confirmed, each once. */
export function createPreviews(now: () => number) {
  const held = new Map<string, HeldPreview>();
  return {
    hold(preview: HeldPreview): void {
      held.set(preview.shown.id, preview);
      for (const [id, { shown }] of held) if (shown.expiresAtMs < now() || held.size > MOST_PREVIEWS) held.delete(id);
    },
    /** Takes it out: nobody can confirm it twice. Null when there is none of this id, or it is somebody else's. */
    take(id: string, slug: string, user: string): HeldPreview | null {
      const one = held.get(id);
      if (!one || one.slug !== slug || one.asker.user !== user) return null;
      held.delete(id);
      return one;
    },
  };
}
