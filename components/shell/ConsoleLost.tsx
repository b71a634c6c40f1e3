// SPDX-License-Identifier: Apache-2.0
"use client";
import { useClockText, useLine, useLiveValue } from "@/components/live/use-live";
import { formatClock, formatSeconds } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";

/** Unmistakable: the console itself is silent, so nothing below can be trusted to be current. */
export function ConsoleLost() {
  const line = useLine();
  const { store } = useLiveValue();
  const since = useClockText(({ zone }) => formatClock(store.lastWordAtMs(), zone));
  const silent = useClockText(() => formatSeconds(store.silentMs()));
  if (line !== "lost") return null;
  return (
    <div className="gone" role="alert">
      <Icon shape="old" plain />
      <div>
        <p className="gone-says">No word from the console since {since}</p>
        <p>What stands below is what it said last. Since then anything may have changed.</p>
      </div>
      {/* Counted every second: read out once is enough. */}
      <p className="gone-count" aria-hidden="true">
        {silent}
        <small>this page keeps trying</small>
      </p>
    </div>
  );
}
