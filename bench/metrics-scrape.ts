// SPDX-License-Identifier: Apache-2.0
import { bigPacemaker } from "./harness/big-pacemaker";
import { startConsole } from "./harness/console";
import { HELD_INSIDE, worstHeldMs } from "./harness/held";
import { median } from "./harness/numbers";
import { ownCpuMs } from "./harness/processes";
import { linkAgents } from "./harness/scripted-agents";
import { pause, withCleanup } from "./harness/wait";
import { type Measurement, type Row, row } from "./row";

const NODES = 200;
const NODES_PER_CLUSTER = 2;
const RESOURCES = 28;
const SCRAPES = 10;
/** A text is kept for a second: each of these is made anew. */
const EVERY_MS = 2_000;
const HELD_MS = 50;

async function measure(say: (sentence: string) => void): Promise<Row[]> {
  return withCleanup(async (later) => {
    const console_ = await startConsole(HELD_INSIDE);
    later(console_.remove);
    const clusterOf = (index: number) => `c${Math.floor(index / NODES_PER_CLUSTER)}`;
    const wanted = Array.from({ length: NODES }, (_, index) => ({ cluster: clusterOf(index), node: `n${index}` }));
    for (const slug of new Set(wanted.map(({ cluster }) => cluster)))
      await console_.ask("POST", "/api/v1/clusters", { slug, title: slug, environment: null });
    say(`${NODES} agents link`);
    const agents = await linkAgents(console_, wanted, later);
    for (const { cluster, tell } of agents) {
      const nodes = wanted.filter((one) => one.cluster === cluster).map(({ node }) => node);
      const takenAtMs = Date.now();
      tell("pacemaker", { pacemaker: { status: "ok", takenAtMs, value: bigPacemaker(nodes, RESOURCES, 0, () => false) } });
      for (const source of ["drbd", "bonding", "aoe", "host", "kernelLog"] as const)
        tell(source, { [source]: { status: "absent", takenAtMs } });
    }
    await pause(EVERY_MS);
    say(`${SCRAPES} scrapes`);
    const held: number[] = [];
    const spans: number[] = [];
    const cpu: number[] = [];
    let samples = 0;
    for (let turn = 0; turn < SCRAPES; turn += 1) {
      await pause(EVERY_MS);
      await worstHeldMs(console_.child);
      const before = { atMs: performance.now(), cpuMs: ownCpuMs(console_.pid) };
      const text = await (await fetch(`${console_.origin}/metrics`)).text();
      spans.push(performance.now() - before.atMs);
      cpu.push(ownCpuMs(console_.pid) - before.cpuMs);
      held.push(await worstHeldMs(console_.child));
      samples = text.split("\n").filter((line) => line !== "" && !line.startsWith("#")).length;
    }
    const versus = `${NODES} nodes, ${samples} samples, ${SCRAPES} scrapes`;
    return [
      row("metrics.held", Math.max(...held), "ms", HELD_MS, `the longest that the event loop was held; ${versus}`),
      row("metrics.took", median(spans), "ms", null, `to the last byte, median; ${versus}`),
      row("metrics.cpu", median(cpu), "ms", null, "the console's process, each scrape; in steps of 10 ms"),
    ];
  });
}

export const metricsScrape: Measurement = {
  name: "metrics-scrape",
  about: `how long a scrape of ${NODES} nodes holds the event loop`,
  measure,
};
