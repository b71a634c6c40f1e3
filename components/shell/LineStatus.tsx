// SPDX-License-Identifier: Apache-2.0
"use client";
import { useMemo } from "react";
import { recordedOf, useRecording } from "@/components/live/recorded";
import { createPicker, entriesOf } from "@/components/live/store";
import { isSilent, useClockText, useLine, useLive, useLiveValue } from "@/components/live/use-live";
import { formatClock, formatDuration } from "@/components/ui/format";

/** The state of what this page shows: how many agents are heard, and when the console spoke last. */
export function LineStatus() {
  const line = useLine();
  const { store } = useLiveValue();
  const pick = useMemo(() => createPicker((_, slice) => (recordedOf(slice) ? [] : entriesOf(slice, "node"))), []);
  const nodes = useLive(pick).flat();
  const recorded = useRecording();
  const heard = nodes.filter(([, node]) => node.link === "live").length;
  const lastWord = useClockText(({ zone, line: now }) =>
    isSilent(now) ? `no word since ${formatClock(store.lastWordAtMs(), zone)}` : `last word ${formatDuration(store.silentMs())} ago`,
  );
  const agents = nodes.length === 0 ? "no agents yet" : `${heard} of ${nodes.length} agents`;
  if (recorded) return <span className="wide">a recording, not live</span>;
  return (
    <span className="wide" data-line={line}>
      {line === "live" ? `live, ${agents}, ${lastWord}` : line === "connecting" ? `connecting, ${agents}` : lastWord}
    </span>
  );
}
