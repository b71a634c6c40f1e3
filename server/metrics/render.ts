// SPDX-License-Identifier: Apache-2.0
import { Counter, type CounterConfiguration, Gauge, type GaugeConfiguration, Registry } from "prom-client";
import type { Family, Sample } from "./define";
import type { Turns } from "./turns";

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

/** Samples of one family that are put into words in one go. */
const AT_ONCE = 1_000;

/** Samples as Prometheus's text, a part in each turn. A registry lives as long as its part: what is gone cannot go on being told. */
export async function render(samples: Iterable<Sample>, turns: Turns): Promise<string> {
  const byFamily = new Map<Family, Told[]>();
  await turns.each(samples, ({ family, labels, value }) => {
    const told = byFamily.get(family);
    if (told) told.push({ labels, value });
    else byFamily.set(family, [{ labels, value }]);
  });
  const families: string[] = [];
  for (const [family, told] of byFamily) {
    const lines: string[] = [];
    for (let from = 0; from < told.length; from += AT_ONCE) {
      const [help = "", type = "", ...own] = (await inWords(family, told.slice(from, from + AT_ONCE))).trimEnd().split("\n");
      if (from === 0) lines.push(help, type);
      lines.push(own.join("\n"));
      await turns.next();
    }
    families.push(lines.join("\n"));
  }
  return `${families.join("\n\n")}\n`;
}

function inWords({ name, help, type, labels }: Family, told: Told[]): Promise<string> {
  const registry = new Registry();
  const config = { name, help, labelNames: [...labels], registers: [registry] };
  if (type === "gauge") new GaugeNow(config, told);
  else new CounterNow(config, told);
  return registry.metrics();
}
