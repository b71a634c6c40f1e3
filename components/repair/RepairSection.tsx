// SPDX-License-Identifier: Apache-2.0
"use client";
import { lazy, Suspense } from "react";
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Picture } from "@/components/cluster/picture";
import { isRepairTold, repairRevision } from "./repair-told";

const RepairPanel = lazy(() => import("./RepairPanel").then((module) => ({ default: module.RepairPanel })));

/** Where a verify left blocks marked, or a repair is on its way: the steps. Loaded only then; nothing elsewhere. */
export function RepairSection({ picture, mirror }: { picture: Picture; mirror: EntityOf<"mirror"> }) {
  const runs = picture.of("run").map(([, run]) => run);
  if (picture.cluster?.recorded || !isRepairTold(mirror, runs)) return null;
  const { resource, volume } = mirror;
  return (
    <div id={volume === 0 ? "repair" : `repair-${volume}`}>
      <Suspense fallback={<p className="remark d3">asking the console for the steps to repair</p>}>
        <RepairPanel slug={picture.slug} resource={resource} volume={volume} revision={repairRevision(mirror, runs)} />
      </Suspense>
    </div>
  );
}
