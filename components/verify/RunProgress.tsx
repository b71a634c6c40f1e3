// SPDX-License-Identifier: Apache-2.0
"use client";
import type { ReactNode } from "react";
import type { VerifySummary } from "@/agent/protocol/console/verify";
import type { EntityOf } from "@/agent/protocol/console/view";
import { When } from "@/components/live/Age";
import { Bar } from "@/components/ui/Bar";
import { formatBytes, formatDuration, formatPercent, formatRate } from "@/components/ui/format";
import { Icon } from "@/components/ui/Icon";
import { differsSoFar, verifyingPair } from "./progress";
import { sayBy } from "./words";

interface RunProgressProps {
  running: VerifySummary;
  mirror: EntityOf<"mirror"> | undefined;
  /** What people call the mirror. */
  name: string;
  /** What stands before the percentage: "Verifying archive". */
  title: ReactNode;
  children?: ReactNode;
}

/** A verify under way: how far, how much, how fast, how long; what it found so far. The numbers are the nodes' own, as they come. */
export function RunProgress({ running, mirror, name, title, children }: RunProgressProps) {
  const progress = verifyingPair(mirror)?.progress ?? null;
  const differs = differsSoFar(running, mirror);
  return (
    <section className="verify-run" aria-label={`Verify of ${name}`}>
      <h2>
        <Icon shape="busy" />
        <span>{title}</span>
        <b className="tn">{progress === null ? "" : formatPercent(progress.percent)}</b>
      </h2>
      {progress === null ? (
        <p className="remark d2">
          <Icon shape="unknown" /> no node tells its progress now
        </p>
      ) : (
        <Bar percent={progress.percent} label={`verify of ${name}`} />
      )}
      <dl>
        {progress !== null && (
          <>
            <Fact name="Left">{sayLeft(progress)}</Fact>
            <Fact name="Compared">
              {formatBytes(progress.totalBytes - progress.leftBytes)} of {formatBytes(progress.totalBytes)}
            </Fact>
            <Fact name="Rate">{progress.rateBytesPerSec === null ? "not said" : formatRate(progress.rateBytesPerSec)}</Fact>
          </>
        )}
        <Fact name="Started">
          <When atMs={running.startedAtMs} />, {sayBy(running)}
        </Fact>
        <Fact name="Differs so far">
          <SoFar differsBytes={differs} />
        </Fact>
      </dl>
      {children && <p className="acts">{children}</p>}
    </section>
  );
}

function SoFar({ differsBytes }: { differsBytes: number | null }) {
  if (differsBytes === null) return <span className="d3">not known</span>;
  if (differsBytes === 0) return "nothing";
  return (
    <span className="risk">
      <Icon shape="differs" /> {formatBytes(differsBytes)}
    </span>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

type Progress = NonNullable<NonNullable<ReturnType<typeof verifyingPair>>["progress"]>;

function sayLeft({ stalled, etaSeconds, leftBytes }: Progress): string {
  if (stalled) return `stalled, ${formatBytes(leftBytes)} left`;
  return etaSeconds === null ? `${formatBytes(leftBytes)}, time not said` : formatDuration(etaSeconds * 1_000);
}
