// SPDX-License-Identifier: Apache-2.0
import { bonds } from "./bonds";
import type { ClusterNow, Metrics, Sample } from "./define";
import { haDrbd } from "./ha-drbd";
import { haPacemaker } from "./ha-pacemaker";

/** Every subsystem that is told of. */
export const METRICS: readonly Metrics[] = [haPacemaker, haDrbd, bonds];

/** All that is known now of some clusters. Pure; `nowMs` is epoch ms. */
export function samplesOf(clusters: readonly ClusterNow[], nowMs: number): Sample[] {
  return clusters.flatMap((cluster) => METRICS.flatMap(({ samplesOf: of }) => of(cluster, nowMs)));
}
