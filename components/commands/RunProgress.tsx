// SPDX-License-Identifier: Apache-2.0
"use client";
import { keyOf } from "@/agent/protocol/console/keys";
import { sayProgress } from "@/components/cluster/PairLine";
import { useEntity } from "@/components/live/use-live";
import { Bar } from "@/components/ui/Bar";
import { formatPercent } from "@/components/ui/format";

interface RunProgressProps {
  slug: string;
  /** Keys of what the command is about. */
  about: readonly string[];
}

/** How far the verify or resync of a mirror is that a command is about: the mirror's own figures, which nothing else keeps. */
export function RunProgress({ slug, about }: RunProgressProps) {
  const key = about.find((one) => one.startsWith("mirror:")) ?? keyOf.cluster;
  const mirror = useEntity(slug, "mirror", key);
  const moving = mirror?.pairs.filter(({ progress }) => progress !== null) ?? [];
  if (moving.length === 0) return null;
  return (
    <ul className="run-progress">
      {moving.map(({ a, b, said, progress }) => {
        if (progress === null) return null;
        const [left, rate, eta] = sayProgress(progress);
        return (
          <li key={`${a} ${b}`}>
            <p className="tn">
              <b>{formatPercent(progress.percent)}</b> {said.word} between {a} and {b}: {left}, {rate}, {eta}
            </p>
            <Bar percent={progress.percent} label={`${progress.kind} between ${a} and ${b}`} />
          </li>
        );
      })}
    </ul>
  );
}
