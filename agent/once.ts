// SPDX-License-Identifier: Apache-2.0
import { systemClock } from "./clock";
import { collectOne } from "./collect";
import { CATALOG, type Catalog, eachCollector } from "./collectors/catalog";
import type { Host } from "./host/host";
import { ownNodeName } from "./node-name";
import { decode } from "./protocol/decode";
import { PROTOCOL } from "./protocol/messages";
import { NodeName } from "./protocol/names";
import type { Readings, SourceName } from "./protocol/sources";
import { readingsOf } from "./readings";
import { type Env, hostFor, TREE_OPTIONS } from "./tree-options";
import { chosenSources, options, UsageError } from "./usage";

/** Reads the sources side by side, once each. */
export async function readOnce(catalog: Catalog, host: Host, sources: readonly SourceName[]): Promise<Readings> {
  const reads: Promise<Readings>[] = [];
  eachCollector(catalog, (collector) => {
    if (!sources.includes(collector.name)) return;
    reads.push(collectOne(collector, host, null, systemClock).then((reading) => readingsOf(collector.name, reading)));
  });
  const readings: Readings = {};
  for (const one of await Promise.all(reads)) Object.assign(readings, one);
  return readings;
}

/** One line of a person's summary. */
function summaryLine(source: string, reading: NonNullable<Readings[SourceName]>): string {
  switch (reading.status) {
    case "ok":
      return `${source.padEnd(10)} ok       ${sizes(reading.value)}`;
    case "absent":
      return `${source.padEnd(10)} absent   not on this node`;
    case "failed":
      return `${source.padEnd(10)} failed   ${reading.error.message}`;
    default: {
      const never: never = reading;
      return never;
    }
  }
}

/** How many of what a value holds, from its lists: "bonds 2, unread 0". */
function sizes(value: object): string {
  return Object.entries(value)
    .flatMap(([name, part]) => (Array.isArray(part) ? [`${name} ${part.length}`] : []))
    .join(", ");
}

/** `quarterdeck-agent once`: prints every reading, for people or as JSON. A failed source is a result, not an error. */
export async function once(args: readonly string[], env: Env): Promise<string> {
  const chosen = options("once", args, {
    ...TREE_OPTIONS,
    json: { type: "boolean" },
    source: { type: "string" },
    node: { type: "string" },
  });
  const sources = chosenSources(chosen.source);
  const host = hostFor(chosen, env);
  try {
    const node = decode(NodeName, chosen.node ?? (await ownNodeName(host)));
    if (!node.ok) throw new UsageError("This node has no usable name: say it with --node NAME.");
    const readings = await readOnce(CATALOG, host, sources);
    if (chosen.json) return `${JSON.stringify({ protocol: PROTOCOL, node: node.value, readings })}\n`;
    const lines = sources.flatMap((source) => {
      const reading = readings[source];
      return reading ? [summaryLine(source, reading)] : [];
    });
    return `${[`node ${node.value}`, ...lines].join("\n")}\n`;
  } finally {
    host.close();
  }
}
