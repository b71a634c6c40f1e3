// SPDX-License-Identifier: Apache-2.0
import { Counter, type CounterConfiguration, Gauge, type GaugeConfiguration, Registry } from "prom-client";
import type { Family, Sample } from "./define";

export const CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

type Told = Pick<Sample, "labels" | "value">;

// prom-client's own metrics keep their values under one text of all labels, in which a hostile value can pass for another series
// (`a:1,b:2`), and say 0 of a family without labels that was never set. So these are given what they tell.
class GaugeNow extends Gauge<string> {
  constructor(
    config: GaugeConfiguration<string>,
    private readonly told: Told[],
  ) {
    super(config);
  }
  override async get() {
    return { ...(await super.get()), values: this.told };
  }
}

class CounterNow extends Counter<string> {
  constructor(
    config: CounterConfiguration<string>,
    private readonly told: Told[],
  ) {
    super(config);
  }
  override async get() {
    return { ...(await super.get()), values: this.told };
  }
}

/** Samples as Prometheus's text. A registry lives as long as one text: what is gone cannot go on being told. */
export async function render(samples: Iterable<Sample>): Promise<string> {
  const registry = new Registry();
  const byFamily = new Map<Family, Told[]>();
  for (const { family, labels, value } of samples) {
    const told = byFamily.get(family);
    if (told) told.push({ labels, value });
    else byFamily.set(family, [{ labels, value }]);
  }
  for (const [{ name, help, type, labels }, told] of byFamily) {
    const config = { name, help, labelNames: [...labels], registers: [registry] };
    if (type === "gauge") new GaugeNow(config, told);
    else new CounterNow(config, told);
  }
  return registry.metrics();
}
