// SPDX-License-Identifier: Apache-2.0
import type { View } from "@/agent/protocol/console/view";
import type { ClusterFacts } from "@/server/cluster/facts";
import { type AlertsNow, alertSamples } from "./alerts";
import { bounding } from "./bounded";
import { samplesOf } from "./catalog";
import { consoleSamples, type ProcessNow } from "./console";
import type { ClusterNow, Sample } from "./define";
import { render } from "./render";
import { createTurns, type Turns } from "./turns";

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
  /** What people are told, and what does not reach them. */
  alerts(): AlertsNow;
  /** Browsers that listen. */
  feedClients(): number;
  process(): ProcessNow;
  /** Epoch ms. */
  now(): number;
  /** Monotonic ms: what is kept grows old by it, however the clock is set. */
  elapsed(): number;
}

/** What one text is made of, and the texts that were made of it. */
interface Sampled {
  atMs: number;
  samples: Promise<readonly Sample[]>;
  /** Each node's own, by `targetKey`; made when the first node is asked for. */
  ofNodes: Promise<ReadonlyMap<string, Sample[]>> | null;
  texts: Map<string, Promise<string>>;
}

/** `/metrics`: computed when asked, from the views alone, in turns: however many nodes there are, agents and browsers are heard in between. */
export function createMetrics(deps: MetricsDeps) {
  let sampled: Sampled | null = null;

  async function clustersNow(turns: Turns): Promise<ClusterNow[]> {
    const clusters: ClusterNow[] = [];
    for (const slug of deps.clusters()) {
      // Looking at the view settles it: what the facts are by then is what it stands for.
      const view = deps.viewOf(slug);
      const facts = deps.factsOf(slug);
      if (view && facts) clusters.push({ view, facts });
      await turns.next();
    }
    return clusters;
  }

  async function samplesNow(): Promise<readonly Sample[]> {
    const turns = createTurns(deps.elapsed);
    const clusters = await clustersNow(turns);
    const bound = bounding();
    await turns.each(samplesOf(clusters, deps.now()), bound.add);
    const { samples: told, leftOut } = bound.told();
    const tookSeconds = turns.workedMs() / 1_000;
    const own = { process: deps.process(), clusters: clusters.length, feedClients: deps.feedClients(), tookSeconds, leftOut };
    return [...told, ...alertSamples(deps.alerts(), deps.now()), ...consoleSamples(own)];
  }

  function sampledNow(): Sampled {
    const atMs = deps.elapsed();
    if (sampled && atMs - sampled.atMs < KEPT_MS) return sampled;
    sampled = { atMs, samples: samplesNow(), ofNodes: null, texts: new Map() };
    return sampled;
  }

  async function textOf(from: Sampled, target: Target | null): Promise<string> {
    const turns = createTurns(deps.elapsed);
    const samples = await from.samples;
    if (target === null) return render(samples, turns);
    from.ofNodes ??= ownOf(samples, turns);
    return render((await from.ofNodes).get(targetKey(target)) ?? [], turns);
  }

  return {
    /** The text for everything, or for one node; null when there is no such node. */
    text(target: Target | null): Promise<string> | null {
      if (target && !deps.factsOf(target.cluster)?.nodes.has(target.node)) return null;
      const now = sampledNow();
      const key = target ? targetKey(target) : "";
      const text = now.texts.get(key) ?? textOf(now, target);
      now.texts.set(key, text);
      return text;
    },
  };
}
export type MetricsText = ReturnType<typeof createMetrics>;

const targetKey = ({ cluster, node }: Target) => JSON.stringify([cluster, node]);

/** Samples of a peer's name by their node, without what names it. */
async function ownOf(samples: readonly Sample[], turns: Turns): Promise<ReadonlyMap<string, Sample[]>> {
  const ofNodes = new Map<string, Sample[]>();
  await turns.each(samples, ({ family, labels: { cluster, instance, ...labels }, value }) => {
    if (cluster === undefined || instance === undefined) return;
    const key = targetKey({ cluster, node: instance });
    const own = ofNodes.get(key);
    if (own) own.push({ family, labels, value });
    else ofNodes.set(key, [{ family, labels, value }]);
  });
  return ofNodes;
}
