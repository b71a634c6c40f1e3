// SPDX-License-Identifier: Apache-2.0
import { isSilent, useClockText, useLiveValue } from "@/components/live/use-live";
import { formatClock, formatCount, formatSeconds } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { countWall, type WallCluster } from "./wall";

/** How many clusters are how, and the console's clock. */
export function WallHead({ clusters }: { clusters: readonly WallCluster[] }) {
  const clock = useClockText(({ nowMs, zone }) => formatClock(nowMs, zone));
  const counts = countWall(clusters);
  return (
    <header className={`wall-head${counts.length > 5 ? " is-full" : ""}`}>
      {counts.map(({ shape, says }) => (
        <span key={shape} className={shape === "ok" ? "d2" : "said"}>
          <Icon shape={shape} />
          {says}
        </span>
      ))}
      {clusters.length > 6 && counts.length <= 4 && <span className="d3 of">of {formatCount(clusters.length, "cluster")}</span>}
      <time>{clock}</time>
    </header>
  );
}

/** The console is silent: only this is true now. The seconds are the screen's own. */
export function WallLost() {
  const { store } = useLiveValue();
  const since = useClockText(({ zone }) => formatClock(store.lastWordAtMs(), zone));
  const silent = useClockText(({ line }) => (isSilent(line) ? formatSeconds(store.silentMs()) : ""));
  return (
    <header className="wall-gone">
      <Icon shape="old" plain />
      <div role="alert">
        <h1>No word from the console since {since}</h1>
        <p>Below is what it said last. Since then anything may have changed.</p>
      </div>
      <p className="n">
        {silent}
        <small>this screen keeps trying</small>
      </p>
    </header>
  );
}
