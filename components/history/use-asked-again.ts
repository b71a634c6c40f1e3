// SPDX-License-Identifier: Apache-2.0
"use client";
import { useEffect } from "react";
import { useLiveValue } from "@/components/live/use-live";
import { isMoved } from "./moved";

/**
 * Asks again when a node, its fencing or a service moved: `afterMs` later, once for all that moved by then. What is pushed is
 * painted first, and a storm of changes costs the console no storm of questions.
 */
export function useAskedAgain(slug: string, askAgain: () => unknown, afterMs: number): void {
  const { store } = useLiveValue();
  useEffect(() => {
    const now = () => store.current().clusters.get(slug);
    let before = now();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = store.onView(() => {
      const after = now();
      if (timer === undefined && isMoved(before, after)) {
        timer = setTimeout(() => {
          timer = undefined;
          askAgain();
        }, afterMs);
      }
      before = after;
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store, slug, askAgain, afterMs]);
}
