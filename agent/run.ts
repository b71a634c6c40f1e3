// SPDX-License-Identifier: Apache-2.0
import { setMaxListeners } from "node:events";
import type { Clock } from "./clock";
import { type Attempt, startCollecting, timedOut } from "./collect";
import { type Catalog, eachCollector } from "./collectors/catalog";
import type { Collector, Lost } from "./collectors/define";
import { type Host, HostError } from "./host/host";
import type { KernelLine } from "./protocol/model/kernel-log";
import type { Reading, Readings, SourceName } from "./protocol/sources";
import { type Change, changeOf, readingsOf } from "./readings";

/** A doorbell that does not stop ringing causes one read per this span, no more. */
const RING_SPAN_MS = 100;

/** What could not be read is tried again this soon, however seldom its source is read: a node that just booted is busy for a while. */
const FAILED_PACE_MS = 10_000;

/** When a source was last read, and how often it is. By the clock that nobody sets: an age must not jump with the time of day. */
export interface ReadTime {
  takenElapsedMs: number;
  everyMs: number;
}
export type ReadTimes = { [N in SourceName]?: ReadTime };

export interface Watching {
  /** The newest reading of every source read so far. */
  current(): Readings;
  readTimes(): ReadTimes;
  /**
   * Reads these sources once more; settles when readings that started after this call were told, also when they failed.
   * @throws HostError when everything was stopped
   */
  reread(sources: readonly SourceName[]): Promise<void>;
  /** Stops everything; what is under way is not reported any more. */
  stop(): void;
}

export interface WatchDeps {
  catalog: Catalog;
  host: Host;
  clock: Clock;
  /** What was last told about a source, before this start; the first reading is compared with it. */
  lastTold: <N extends SourceName>(source: N) => Reading<N> | null;
  onReading: <N extends SourceName>(source: N, reading: Reading<N>, change: Change) => void;
  onLine: (line: KernelLine) => void;
  /** Kernel records that were gone before they could be read. */
  onLost?: (records: Lost) => void;
}

/** Reads every source at its own pace and whenever its doorbell rings. No source waits for another. */
export function watch(deps: WatchDeps): Watching {
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal); // every source, doorbell and stream listens for the one stop
  const current: Readings = {};
  const readTimes: ReadTimes = {};
  const readers = new Map<SourceName, Reader>();
  const listeners: { words: RegExp; ring: () => void }[] = [];
  const onLine = (line: KernelLine) => {
    deps.onLine(line);
    for (const { words, ring } of listeners) if (words.test(line.text)) ring();
  };
  eachCollector(deps.catalog, (collector) => {
    const reader = watchOne(collector, { ...deps, onLine }, current, readTimes, stopping.signal);
    readers.set(collector.name, reader);
    if (collector.kernelBell) listeners.push({ words: collector.kernelBell, ring: reader.ring });
  });
  return {
    async reread(sources) {
      await Promise.all(sources.map((source) => readers.get(source)?.again()));
      // Whoever asked would take an old reading for the new one.
      if (stopping.signal.aborted) throw new HostError("HOST_READ", "nothing was read again: this agent is stopping");
    },
    current: () => ({ ...current }),
    readTimes: () => ({ ...readTimes }),
    stop: () => stopping.abort(),
  };
}

interface Reader {
  /** Settles when a reading that started after this call was told, or everything was stopped. */
  again(): Promise<void>;
  /** Something of the source moved: read soon. */
  ring(): void;
}

function watchOne<N extends SourceName>(
  collector: Collector<N>,
  { host, clock, lastTold, onReading, onLine, onLost }: WatchDeps,
  current: Readings,
  readTimes: ReadTimes,
  signal: AbortSignal,
): Reader {
  let told = lastTold(collector.name);
  let before = told !== null && told.status === "ok" ? told.value : null;
  let isFirst = true;
  let phase: "idle" | "reading" = "idle";
  /** A read that was given up and has not returned. */
  let lingers = false;
  let rang = false;
  let startedMs = Number.NEGATIVE_INFINITY;
  /** Start of the last read that a ring caused. A read at the source's own pace holds up no ring: a change just after it is as new as any. */
  let answeredMs = Number.NEGATIVE_INFINITY;
  let isAnswer = false;
  let dueMs = Number.POSITIVE_INFINITY;
  let cancel: () => void = () => undefined;
  /** Who waits for the read that starts next. */
  let asking: (() => void)[] = [];

  /** Reads at that time, or sooner if that was already meant. */
  function readAt(atMs: number): void {
    if (signal.aborted || atMs >= dueMs) return;
    cancel();
    dueMs = atMs;
    const waitMs = atMs - clock.elapsed();
    if (waitMs <= 0) void read();
    else cancel = clock.after(waitMs, () => void read());
  }

  async function read(): Promise<void> {
    cancel();
    dueMs = Number.POSITIVE_INFINITY;
    phase = "reading";
    rang = false;
    startedMs = clock.elapsed();
    if (isAnswer) answeredMs = startedMs;
    isAnswer = false;
    const answered = asking;
    asking = [];
    const reading = lingers ? timedOut(collector, clock.now()) : await attempt();
    if (signal.aborted) return letGo(answered);
    tell(reading);
    letGo(answered);
    phase = "idle";
    // A ring during the read may be about something it had already passed.
    if (rang) bell();
    if (asking.length > 0) return readAt(clock.elapsed());
    const againMs = reading.status === "ok" ? (collector.againMs?.(reading.value) ?? null) : null;
    readAt(againMs === null ? onTheBeat(startedMs, paceMs(reading)) : startedMs + againMs);
  }

  async function attempt(): Promise<Reading<N>> {
    const { reading, returned }: Attempt<N> = startCollecting(collector, host, before, clock);
    lingers = true;
    void returned.then(() => {
      lingers = false;
    });
    return reading;
  }

  function paceMs(reading: Reading<N>): number {
    if (reading.status === "failed") return Math.min(collector.everyMs, FAILED_PACE_MS);
    if (reading.status === "absent") return collector.absentEveryMs ?? collector.everyMs;
    return collector.paceMs?.(reading.value) || collector.everyMs;
  }

  function tell(reading: Reading<N>): void {
    // What was told in an earlier run has been through JSON; only like compares with like.
    const change = changeOf(collector, told, isFirst ? throughJson(reading) : reading);
    isFirst = false;
    told = reading;
    if (reading.status === "ok") before = reading.value;
    Object.assign(current, readingsOf(collector.name, reading));
    readTimes[collector.name] = { takenElapsedMs: startedMs, everyMs: paceMs(reading) };
    onReading(collector.name, reading, change);
  }

  function bell(): void {
    if (phase === "reading") rang = true;
    else {
      isAnswer = true;
      readAt(Math.max(clock.elapsed(), answeredMs + RING_SPAN_MS));
    }
  }

  function letGo(waiting: readonly (() => void)[]): void {
    for (const settle of waiting) settle();
  }

  const stop = () => {
    cancel();
    letGo(asking);
  };
  signal.addEventListener("abort", stop, { once: true });
  readAt(clock.elapsed());
  collector.doorbells?.(host).ring(bell, signal);
  collector.stream?.(
    host,
    (line) => {
      if (!signal.aborted) onLine(line);
    },
    signal,
    (records) => {
      if (!signal.aborted) onLost?.(records);
    },
  );
  return {
    ring: bell,
    again: () =>
      new Promise((settle) => {
        if (signal.aborted) return settle();
        asking.push(settle);
        if (phase === "idle") readAt(clock.elapsed());
      }),
  };
}

/**
 * When the next read is due: after its pace, but on a whole second of the agent's clock, so that sources of different paces
 * wake it together and an idle node sleeps in between. A timer that fires a little early is still of its own second.
 */
function onTheBeat(startedMs: number, everyMs: number): number {
  if (everyMs % BEAT_MS !== 0) return startedMs + everyMs;
  const beat = Math.floor((startedMs + everyMs + EARLY_MS) / BEAT_MS) * BEAT_MS;
  return beat > startedMs + EARLY_MS ? beat : startedMs + everyMs;
}
const BEAT_MS = 1_000;
const EARLY_MS = 50;

function throughJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
