// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from "react";
import type { Entity } from "@/agent/protocol/console/view";
import { type Picture, selectPicture } from "@/components/cluster/picture";
import { snapshot } from "@/components/factories";
import { LiveContext } from "@/components/live/LiveProvider";
import { createLiveStore, type LiveStore } from "@/components/live/live-store";
import { fromSnapshot } from "@/components/live/store";

/** The cluster that every test of a View stands in. */
export const SLUG = "san-a";

export interface LiveFixture {
  store: LiveStore;
  picture: Picture;
  wrap: (children: ReactNode) => ReactNode;
  /** Lets the browser's own clock go on. Units: ms. */
  pass: (ms: number) => void;
}

/** A live store that stands still, in UTC, without a socket: what a View needs around it. */
export function liveFixture(entities: readonly Entity[]): LiveFixture {
  let localMs = 0;
  const first = snapshot(SLUG, entities);
  const store = createLiveStore(first, () => localMs);
  return {
    store,
    picture: selectPicture(SLUG, fromSnapshot(first).clusters.get(SLUG)),
    wrap: (children) => <LiveContext value={{ store, zone: "UTC" }}>{children}</LiveContext>,
    pass: (ms) => {
      localMs += ms;
    },
  };
}
