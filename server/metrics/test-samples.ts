// SPDX-License-Identifier: Apache-2.0

import { around, T0 } from "@/server/cluster/factories";
import type { ClusterFacts } from "@/server/cluster/facts";
import { project } from "@/server/cluster/project";
import { bounding } from "./bounded";
import { samplesOf } from "./catalog";
import type { ClusterNow, Sample } from "./define";
import { render } from "./render";
import { createTurns } from "./turns";

/** A cluster as it is judged at a moment, for tests. */
export function clusterNow(facts: ClusterFacts, nowMs = T0): ClusterNow {
  return { facts, view: project(facts, around(nowMs), new Map()) };
}

/** Samples as the text that Prometheus would read. */
export function textOf(samples: Iterable<Sample>): Promise<string> {
  const bound = bounding();
  for (const sample of samples) bound.add(sample);
  return render(bound.told().samples, createTurns(performance.now.bind(performance)));
}

/** The lines of the text that Prometheus would read of a cluster, of one family or of all, sorted. */
export async function linesOf(facts: ClusterFacts, family = "", nowMs = T0): Promise<string[]> {
  const text = await textOf(samplesOf([clusterNow(facts, nowMs)], nowMs));
  return text
    .split("\n")
    .filter((line) => !line.startsWith("#") && line.startsWith(family === "" ? "" : `${family}{`) && line !== "")
    .sort();
}
