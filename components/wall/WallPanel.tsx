// SPDX-License-Identifier: Apache-2.0
"use client";
import { useEffect, useMemo, useState } from "react";
import type { Snapshot } from "@/agent/protocol/console/feed";
import { LiveProvider } from "@/components/live/LiveProvider";
import { wallLine } from "@/components/live/lines";
import { createPicker } from "@/components/live/store";
import { useLine, useLive } from "@/components/live/use-live";
import { sayAwake } from "./Waker";
import { WallOver } from "./WallOver";
import { WallView } from "./WallView";
import { selectWallCluster } from "./wall";

interface WallPanelProps {
  initial: Snapshot;
  timingFactor: number;
  zone: string;
  /** The wall's key, and the build that made this page. */
  wallKey: string;
  build: string;
}

/** A screen that only looks: no session, no links, nothing to press. */
export function WallPanel({ initial, timingFactor, zone, wallKey, build }: WallPanelProps) {
  const [isOver, setIsOver] = useState(false);
  useEffect(sayAwake, []);
  const line = useMemo(() => wallLine(wallKey, build, () => setIsOver(true)), [wallKey, build]);
  if (isOver) return <WallOver />;
  return (
    <LiveProvider initial={initial} timingFactor={timingFactor} zone={zone} line={line}>
      <Wall />
    </LiveProvider>
  );
}

function Wall() {
  const pick = useMemo(() => createPicker(selectWallCluster), []);
  return <WallView clusters={useLive(pick).filter((one) => one !== null)} line={useLine()} />;
}
