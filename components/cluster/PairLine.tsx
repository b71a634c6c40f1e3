// SPDX-License-Identifier: Apache-2.0
import type { CSSProperties, ReactNode } from "react";
import type { MirrorPair } from "@/agent/protocol/console/view";
import { Bar } from "@/components/ui/Bar";
import { formatBytes, formatDuration, formatPercent, formatRate } from "@/components/ui/format";
import { StateWord } from "@/components/ui/StateWord";

type Progress = NonNullable<MirrorPair["progress"]>;

/** "86 GiB left", "104 MiB/s", "14 min 06 s": how much, how fast, how long; what is not said is said not to be. */
export function sayProgress(progress: Progress): readonly [left: string, rate: string, eta: string] {
  return [
    `${formatBytes(progress.leftBytes)} left`,
    progress.rateBytesPerSec === null ? "rate not said" : formatRate(progress.rateBytesPerSec),
    progress.stalled ? "stalled" : progress.etaSeconds === null ? "time not said" : formatDuration(progress.etaSeconds * 1_000),
  ];
}

/** Both sides say otherwise: neither is dropped. */
export function sayBoth(pair: MirrorPair): string | null {
  if (pair.aSays === null || pair.bSays === null || pair.line === "connected") return null;
  if (pair.aSays === pair.bSays || pair.progress !== null) return null;
  return `${pair.a} says ${pair.aSays}, ${pair.b} says ${pair.bSays}`;
}

/** What lies between two copies: a wire with its word, or a bar with what stands above and how much below. */
export function PairLine({ pair, resource, proof }: { pair: MirrorPair; resource: string; proof?: ReactNode }) {
  const { progress, said } = pair;
  if (progress !== null) {
    const [left, rate, eta] = sayProgress(progress);
    const differs = progress.kind === "verify" && (pair.outOfSyncBytes ?? 0) > 0;
    return (
      <div className="sync">
        <div className="l1">
          <StateWord said={said} />
          <b>{formatPercent(progress.percent)}</b>
        </div>
        <div className={said.level === "busy" ? "" : "halted"}>
          <Bar percent={progress.percent} thin={progress.kind === "verify"} label={`${progress.kind} of ${resource}`} />
        </div>
        <div className="l2">
          {differs ? (
            <StateWord said={{ level: "differs", word: `${formatBytes(pair.outOfSyncBytes ?? 0)} differs` }} />
          ) : (
            <span>{left}</span>
          )}
          <span>{rate}</span>
          <span>{eta}</span>
        </div>
      </div>
    );
  }
  const both = sayBoth(pair);
  const isOut = pair.line === "cut" && (pair.outOfSyncBytes ?? 0) > 0;
  return (
    <div className="wired">
      <div className={`wire w-${pair.line}`} style={lineColour(pair)}>
        <span>
          {said.level === "ok" ? said.word : <StateWord said={said} />} {proof}
        </span>
      </div>
      {(both || isOut) && (
        <p className="note s11 d3">
          {isOut && `${formatBytes(pair.outOfSyncBytes ?? 0)} out of sync. `}
          {both}
        </p>
      )}
    </div>
  );
}

/** A cut line has the colour of how bad the cut is. */
export function lineColour(pair: MirrorPair): CSSProperties {
  const colour = pair.said.level === "bad" ? "var(--bad)" : "var(--risk)";
  return { "--c": colour, "--p": `${pair.progress?.percent ?? 0}%` };
}
