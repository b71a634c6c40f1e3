// SPDX-License-Identifier: Apache-2.0
import { bonds } from "./bonds";
import type { ClusterNow, Metrics, Sample } from "./define";
import { haCorosync } from "./ha-corosync";
import { haDrbd } from "./ha-drbd";
import { haPacemaker } from "./ha-pacemaker";
import { judgements } from "./judgements";
import { mirrors } from "./mirrors";
import { services } from "./services";
import { sources } from "./sources";
import { verifies } from "./verifies";

/** Every subsystem that is told of, in the order of the documentation. What says how far the rest may be believed goes first. */
export const METRICS: readonly Metrics[] = [sources, judgements, mirrors, verifies, bonds, services, haPacemaker, haCorosync, haDrbd];

/** All that is known now of some clusters, made as it is asked for. Pure; `nowMs` is epoch ms. */
export function* samplesOf(clusters: readonly ClusterNow[], nowMs: number): Generator<Sample> {
  for (const { samplesOf: of } of METRICS) for (const cluster of clusters) yield* of(cluster, nowMs);
}
