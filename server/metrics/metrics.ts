// SPDX-License-Identifier: Apache-2.0
import type { View } from "@/agent/protocol/console/view";
import type { ClusterFacts } from "@/server/cluster/facts";
import { bounded } from "./bounded";
import { samplesOf } from "./catalog";
import { consoleSamples, type ProcessNow } from "./console";
import type { ClusterNow, Sample } from "./define";
import { render } from "./render";

/** A text is told again for so long: a storm of scrapes costs as much as one a second. */
const KEPT_MS = 1_000;

/** One node's own words under the names that its own exporter would have, for a target per node. */
export interface Target {
  cluster: string;
  node: string;
}

export interface MetricsDeps {
  /** Slugs of the clusters that live. */
  clusters(): readonly string[];
  factsOf(slug: string): ClusterFacts | null;
  viewOf(slug: string): View | null;
  /** Browsers that listen. */
  feedClients(): number;
  process(): ProcessNow;
  /** Epoch ms. */
  now(): number;
  /** Monotonic ms: what is kept grows old by it, however the clock is set. */
  elapsed(): number;
}

/** `/metrics`: computed when asked, from the views alone. */
export function createMetrics(deps: MetricsDeps) {
  let sampled: { atMs: number; samples: readonly Sample[] } | null = null;
  const texts = new Map<string, Promise<string>>();

  function clustersNow(): ClusterNow[] {
    return deps.clusters().flatMap((slug) => {
      // Looking at the view settles it: what the facts are by then is what it stands for.
      const view = deps.viewOf(slug);
      const facts = deps.factsOf(slug);
      return view && facts ? [{ view, facts }] : [];
    });
  }

  function samplesNow(): readonly Sample[] {
    const atMs = deps.elapsed();
    if (sampled && atMs - sampled.atMs < KEPT_MS) return sampled.samples;
    const clusters = clustersNow();
    const { samples: told, leftOut } = bounded(samplesOf(clusters, deps.now()));
    const tookSeconds = (deps.elapsed() - atMs) / 1_000;
    const own = { process: deps.process(), clusters: clusters.length, feedClients: deps.feedClients(), tookSeconds, leftOut };
    const samples = [...told, ...consoleSamples(own)];
    sampled = { atMs, samples };
    texts.clear();
    return samples;
  }

  return {
    /** The text for everything, or for one node; null when there is no such node. */
    text(target: Target | null): Promise<string> | null {
      if (target && !deps.factsOf(target.cluster)?.nodes.has(target.node)) return null;
      const samples = samplesNow();
      const key = JSON.stringify(target && [target.cluster, target.node]);
      const known = texts.get(key);
      if (known) return known;
      const text = render(target ? samples.flatMap((sample) => asOwn(sample, target)) : samples);
      texts.set(key, text);
      return text;
    },
  };
}
export type MetricsText = ReturnType<typeof createMetrics>;

/** A sample without what names its node, if it is that node's and of a peer's name; else nothing. */
function asOwn({ family, labels, value }: Sample, { cluster, node }: Target): Sample[] {
  const { cluster: of, instance, ...own } = labels;
  return of === cluster && instance === node ? [{ family, labels: own, value }] : [];
}
