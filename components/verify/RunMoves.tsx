// SPDX-License-Identifier: Apache-2.0
"use client";
import type { Run } from "@/agent/protocol/console/runs";
import { sayProgress } from "@/components/cluster/PairLine";
import { useEntity } from "@/components/live/use-live";
import { formatPercent } from "@/components/ui/format";
import { verifyingPair } from "./progress";

/** How far the verify is that a command under way began, in a line: "63.2 %, 221 GiB left, 170 MiB/s, 22 min 10 s". */
export function RunMoves({ slug, run: { about, outcome } }: { slug: string; run: Pick<Run, "about" | "outcome"> }) {
  const mirror = useEntity(slug, "mirror", about.find((key) => key.startsWith("mirror:")) ?? "");
  const progress = outcome === null ? verifyingPair(mirror)?.progress : undefined;
  if (!progress) return null;
  return <small className="tn">{[formatPercent(progress.percent), ...sayProgress(progress)].join(", ")}</small>;
}
