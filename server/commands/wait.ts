// SPDX-License-Identifier: Apache-2.0
import type { View } from "@/agent/protocol/console/view";

export interface Views {
  /** The view as it is now. */
  viewOf: (slug: string) => View | null;
  /** Tells whenever a cluster's view moved. The answer stops it. */
  onView: (slug: string, listener: () => void) => () => void;
}

/** Also when nothing moves it is looked: that nothing moved for a while can be what is waited for. */
const GLANCE_EVERY_MS = 1_000;

/**
 * Waits until the view says it, looking at every change and every second. Calls `look` with each view on the way; it may
 * end the wait early with a word of its own.
 */
export function waitFor<W>(
  views: Views,
  slug: string,
  { until, withinMs, look }: { until: (view: View) => boolean; withinMs: number; look: (view: View) => W | null },
): Promise<"settled" | "timeOver" | "gone" | { early: W }> {
  return new Promise((resolve, reject) => {
    const over = () => {
      clearTimeout(late);
      clearInterval(beat);
      stop();
    };
    const end = (how: "settled" | "timeOver" | "gone" | { early: W }) => {
      over();
      resolve(how);
    };
    const judge = () => {
      const view = views.viewOf(slug);
      if (!view) return end("gone");
      const early = look(view);
      if (early !== null) end({ early });
      else if (until(view)) end("settled");
    };
    // A fault in judging one cluster's view is whoever waits' to hear: thrown from here it would end the whole console.
    const glance = () => {
      try {
        judge();
      } catch (cause) {
        over();
        reject(cause);
      }
    };
    const late = setTimeout(() => end("timeOver"), withinMs);
    const beat = setInterval(glance, GLANCE_EVERY_MS);
    const stop = views.onView(slug, glance);
    glance();
  });
}
