// SPDX-License-Identifier: Apache-2.0
import { performance } from "node:perf_hooks";
import { counter, type Family, gauge, type Sample } from "./define";

const clusters = gauge("quarterdeck_clusters", "Clusters that are followed, recordings not counted", []);
const feedClients = gauge("quarterdeck_feed_clients", "Browsers that are told what moves", []);
const sampleSeconds = gauge("quarterdeck_metrics_seconds", "How long it took to compute this text's samples", []);
const leftOut = gauge("quarterdeck_metrics_left_out", "Samples that this text has no room for, or whose labels are another's", []);
const leftOutOf = gauge("quarterdeck_metrics_left_out_of_family", "The same by metric; no sample where nothing was left out", ["family"]);
const busy = counter("quarterdeck_event_loop_busy_seconds_total", "Seconds in which the console's event loop was not idle", []);
const cpu = counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.", []);
const resident = gauge("process_resident_memory_bytes", "Resident memory size in bytes.", []);
const started = gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.", []);
const heap = gauge("nodejs_heap_size_used_bytes", "Process heap size used from Node.js in bytes.", []);

/** The console's own process at a moment. */
export interface ProcessNow {
  startedAtMs: number;
  cpuSeconds: number;
  residentBytes: number;
  heapUsedBytes: number;
  busySeconds: number;
}

/** Reads it of the process that this runs in. */
export function processNow(): ProcessNow {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    startedAtMs: performance.timeOrigin,
    cpuSeconds: (user + system) / 1e6,
    residentBytes: rss,
    heapUsedBytes: heapUsed,
    busySeconds: performance.eventLoopUtilization().active / 1_000,
  };
}

export interface ConsoleNow {
  process: ProcessNow;
  clusters: number;
  feedClients: number;
  tookSeconds: number;
  leftOut: ReadonlyMap<string, number>;
}

export const CONSOLE: { title: string; families: readonly Family[] } = {
  title: "The console itself",
  families: [clusters, feedClients, sampleSeconds, leftOut, leftOutOf, busy, cpu, resident, started, heap],
};

export function consoleSamples(now: ConsoleNow): Sample[] {
  return [
    ...clusters.of({}, now.clusters),
    ...feedClients.of({}, now.feedClients),
    ...sampleSeconds.of({}, now.tookSeconds),
    ...leftOut.of(
      {},
      [...now.leftOut.values()].reduce((sum, count) => sum + count, 0),
    ),
    ...[...now.leftOut].flatMap(([family, count]) => leftOutOf.of({ family }, count)),
    ...busy.of({}, now.process.busySeconds),
    ...cpu.of({}, now.process.cpuSeconds),
    ...resident.of({}, now.process.residentBytes),
    ...started.of({}, now.process.startedAtMs / 1_000),
    ...heap.of({}, now.process.heapUsedBytes),
  ];
}
