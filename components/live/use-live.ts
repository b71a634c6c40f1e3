// SPDX-License-Identifier: Apache-2.0
"use client";
import { use, useSyncExternalStore } from "react";
import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityKind, EntityOf } from "@/agent/protocol/console/view";
import { LiveContext, type LiveValue } from "./LiveProvider";
import type { Line } from "./live-store";
import { entityOf, type Live } from "./store";

export function useLiveValue(): LiveValue {
  const value = use(LiveContext);
  if (!value) throw new Error("Live values need a LiveProvider around them.");
  return value;
}

/** A slice of the live value; `select` must give the same reference while its slice is the same. */
export function useLive<T>(select: (live: Live) => T): T {
  const { store } = useLiveValue();
  return useSyncExternalStore(
    store.onView,
    () => select(store.current()),
    () => select(store.first),
  );
}

/** One entity of a cluster. */
export function useEntity<K extends EntityKind>(slug: string, kind: K, key: string): EntityOf<K> | undefined {
  return useLive((live) => entityOf(live.clusters.get(slug), kind, key));
}

/** The state of the line to the console. */
export function useLine(): Line {
  const { store } = useLiveValue();
  return useSyncExternalStore(store.onView, store.line, () => "connecting");
}

/** The clock as a person reads it: the console's now, the zone, and the console's last word. */
export interface Clock {
  nowMs: number;
  zone: string;
  line: Line;
  /** Console clock of the last word under a `node:` or `source:` key; null for never. */
  heardAtMs: (slug: string, key: string) => number | null;
  /** The moment of a recording; null for a cluster that lives. */
  recordedAtMs: (slug: string) => number | null;
}

function recordedAtMs(live: Live, slug: string): number | null {
  return entityOf(live.clusters.get(slug), "cluster", keyOf.cluster)?.recorded?.atMs ?? null;
}

/** Without its console a page has no clock: it stands at the last word. */
export function isSilent(line: Line): boolean {
  return line === "lost" || line === "ended";
}

/** Text that depends on the clock; rendered again only when the text itself changes. */
export function useClockText(print: (clock: Clock) => string): string {
  const { store, zone } = useLiveValue();
  const read = (live: Live, nowMs: number, line: Line) => {
    // On the pages of a recording the clock stands at its moment.
    const standsAtMs = store.scope.of === "cluster" ? recordedAtMs(live, store.scope.slug) : null;
    return print({
      nowMs: standsAtMs ?? nowMs,
      zone,
      line,
      heardAtMs: (slug, key) => live.clusters.get(slug)?.heardAtMs.get(key) ?? null,
      recordedAtMs: (slug) => recordedAtMs(live, slug),
    });
  };
  return useSyncExternalStore(
    store.onTick,
    () => read(store.current(), isSilent(store.line()) ? store.lastWordAtMs() : store.nowMs(), store.line()),
    () => read(store.first, store.first.atMs, "connecting"),
  );
}
