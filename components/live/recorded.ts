// SPDX-License-Identifier: Apache-2.0
"use client";
import { keyOf } from "@/agent/protocol/console/keys";
import type { Recorded } from "@/agent/protocol/console/recorded";
import { entityOf, type Slice } from "./store";
import { useLive, useLiveValue } from "./use-live";

/** What marks a cluster as a recording; undefined for one that lives. */
export function recordedOf(slice: Slice | undefined): Recorded | undefined {
  return entityOf(slice, "cluster", keyOf.cluster)?.recorded;
}

/** The recording that this page shows; undefined on every other page. One that was closed meanwhile still is what it shows. */
export function useRecording(): Recorded | undefined {
  const { store } = useLiveValue();
  const { scope } = store;
  const now = useLive((live) => (scope.of === "cluster" ? recordedOf(live.clusters.get(scope.slug)) : undefined));
  return now ?? (scope.of === "cluster" ? recordedOf(store.first.clusters.get(scope.slug)) : undefined);
}
