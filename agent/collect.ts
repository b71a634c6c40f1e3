// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from "node:util";
import type { Clock } from "./clock";
import type { Collector } from "./collectors/define";
import { collectErrorCode } from "./collectors/unread";
import type { Host } from "./host/host";
import { errorText, plainText } from "./plain-text";
import { decode } from "./protocol/decode";
import type { CollectErrorCode, ReadingError } from "./protocol/errors";
import { type Reading, SOURCES, type SourceName, type SourceValue } from "./protocol/sources";

/** Longest message of a failed reading. */
const MAX_MESSAGE = 500;

/** What an operator can do about each kind of failure. */
const NEXT: Record<CollectErrorCode, string> = {
  COLLECT_FORBIDDEN: "Run the agent as root, or give its service the capability that is missing.",
  COLLECT_TIMEOUT: "Run or read it by hand on the node: if it hangs there too, the kernel or the service behind it is stuck.",
  COLLECT_PARSE: "Its words are not known to this agent: look at the text on the node, and report it with its version.",
  COLLECT_READ: "Look at it by hand on the node.",
  COLLECT_TOO_LARGE: "Something is out of proportion: look at it by hand on the node.",
};

/** @returns the failure in words for an operator: what, where, what next */
export function readingError(reads: string, code: CollectErrorCode, why: string): ReadingError {
  const what = plainText(`Could not read ${plainText(reads, 120)}: ${plainText(why, 240)}`).replace(/[.\s]+$/, "");
  return { code, message: plainText(`${what}. ${NEXT[code]}`, MAX_MESSAGE) };
}

/** The value if it is as the contract describes it, else a failure: what the console could not decode is never sent. */
function checked<N extends SourceName>(collector: Collector<N>, value: SourceValue<N>, takenAtMs: number): Reading<N> {
  const source: SourceName = collector.name;
  const decoded = decode(SOURCES[source], value);
  if (decoded.ok) return { status: "ok", takenAtMs, value };
  return {
    status: "failed",
    takenAtMs,
    error: readingError(collector.reads, "COLLECT_PARSE", `it does not fit the model (${decoded.error})`),
  };
}

/** A read that was given up may still be under way; nothing more is started before it has ended. */
export interface Attempt<N extends SourceName> {
  reading: Promise<Reading<N>>;
  /** Settles when the collector has really returned; never rejects. */
  returned: Promise<void>;
}

/** Starts one read. Its time is when it began: what is in it may be that old. */
export function startCollecting<N extends SourceName>(
  collector: Collector<N>,
  host: Host,
  previous: SourceValue<N> | null,
  clock: Clock,
): Attempt<N> {
  const takenAtMs = clock.now();
  const read = (async (): Promise<Reading<N>> => {
    try {
      const value = await collector.read(host, previous);
      if (value === null) return { status: "absent", takenAtMs };
      // What was checked before, and is the same, needs no second check: on an idle node that is every reading.
      if (previous !== null && isDeepStrictEqual(previous, value)) return { status: "ok", takenAtMs, value: previous };
      return checked(collector, value, takenAtMs);
    } catch (error) {
      // An error nobody foresaw is a failure to read, never a crash of the agent.
      return {
        status: "failed",
        takenAtMs,
        error: readingError(collector.reads, collectErrorCode(error) ?? "COLLECT_READ", errorText(error)),
      };
    }
  })();
  const reading = new Promise<Reading<N>>((resolve) => {
    const cancel = clock.after(collector.timeoutMs, () => resolve(timedOut(collector, takenAtMs)));
    void read.then((outcome) => {
      cancel();
      resolve(outcome);
    });
  });
  return { reading, returned: read.then(() => undefined) };
}

/** The reading of a source that does not answer. */
export function timedOut<N extends SourceName>(collector: Collector<N>, takenAtMs: number): Reading<N> {
  const why = `it did not answer within ${collector.timeoutMs / 1_000} s`;
  return { status: "failed", takenAtMs, error: readingError(collector.reads, "COLLECT_TIMEOUT", why) };
}

/** Reads one source once. Never throws: whatever goes wrong is a failed reading. */
export function collectOne<N extends SourceName>(
  collector: Collector<N>,
  host: Host,
  previous: SourceValue<N> | null,
  clock: Clock,
): Promise<Reading<N>> {
  return startCollecting(collector, host, previous, clock).reading;
}
