// SPDX-License-Identifier: Apache-2.0
import type { Sample } from "./define";

/** Of one family, from one node (or one cluster, where no node speaks): far above a real cluster, below what hurts Prometheus. */
const MAX_PER_FAMILY = 5_000;
/** Of everything in one scrape. */
const MAX_SAMPLES = 250_000;
/** Characters of one label's value. */
const MAX_VALUE = 200;

/** C0 and DEL: nothing that names a thing has them, and they are what a terminal obeys. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/g;

/** A label's value as it may stand in the text: bounded, whole characters, none that controls. Quotes are the writer's to escape. */
export function labelValue(text: string): string {
  if (text.length <= MAX_VALUE && /^[ -~]*$/.test(text)) return text;
  const calm = Buffer.from(text.slice(0, 2 * MAX_VALUE))
    .toString()
    .replace(CONTROL, "\ufffd");
  return calm.length <= MAX_VALUE ? calm : `${[...calm].slice(0, MAX_VALUE - 1).join("")}…`;
}

/** What is told, and how many samples of each family were left out. */
export interface Bounded {
  samples: readonly Sample[];
  leftOut: ReadonlyMap<string, number>;
}

/** Keeps the first of each family and node up to the bounds, each series once, and counts what is left out. */
export function bounding(limits = { perFamily: MAX_PER_FAMILY, all: MAX_SAMPLES }) {
  const counts = new Map<string, number>();
  const leftOut = new Map<string, number>();
  const kept = new Map<string, Sample>();
  function add({ family, labels: own, value }: Sample): void {
    // No value holds a NUL any more: it parts them, at a fraction of what JSON would cost for each of tens of thousands.
    let series = family.name;
    const labels: Record<string, string> = {};
    for (const name of family.labels) {
      const value = labelValue(own[name] ?? "");
      labels[name] = value;
      series += `\u0000${value}`;
    }
    const source = `${family.name}\u0000${labels.cluster}\u0000${labels.instance ?? labels.node}`;
    const known = kept.get(series);
    if (known?.value === value) return;
    const count = counts.get(source) ?? 0;
    // Two values of one series (names cut to the same length) contradict each other: the first stands, the other is counted.
    if (known || count >= limits.perFamily || kept.size >= limits.all) {
      leftOut.set(family.name, (leftOut.get(family.name) ?? 0) + 1);
      return;
    }
    counts.set(source, count + 1);
    kept.set(series, { family, labels, value });
  }
  return { add, told: (): Bounded => ({ samples: [...kept.values()], leftOut }) };
}
