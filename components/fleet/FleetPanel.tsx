// SPDX-License-Identifier: Apache-2.0
"use client";
import { useMemo } from "react";
import { createPicker } from "@/components/live/store";
import { isSilent, useClockText, useLive } from "@/components/live/use-live";
import { formatClock } from "@/components/ui/format";
import { FleetView } from "./FleetView";
import { selectFleetCluster } from "./fleet";

export function FleetPanel({ mayEnrol }: { mayEnrol: boolean }) {
  const pick = useMemo(() => createPicker(selectFleetCluster), []);
  return <FleetView clusters={useLive(pick)} clock={<ConsoleClock />} mayEnrol={mayEnrol} />;
}

/** The console's clock; without its console it stands still. */
function ConsoleClock() {
  return <>{useClockText(({ nowMs, zone, line }) => (isSilent(line) ? "the clock stands still" : formatClock(nowMs, zone)))}</>;
}
