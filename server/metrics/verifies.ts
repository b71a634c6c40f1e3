// SPDX-License-Identifier: Apache-2.0
import { VerifyResult } from "@/agent/protocol/console/verify";
import { entitiesOf, gauge, type Metrics } from "./define";

// A record: it does not go stale with the node that it is about. What grows old is its age, and that is what is told.
const OF_MIRROR = ["cluster", "resource", "volume"] as const;
const clean = gauge(
  "quarterdeck_verify_last_clean_timestamp_seconds",
  "When the last verify that compared the whole device and found nothing ended; no sample where none ever did",
  OF_MIRROR,
);
const known = gauge("quarterdeck_verify_ever_clean", "1 once a verify ended clean, 0 while none did", OF_MIRROR);
const ended = gauge("quarterdeck_verify_last_end_timestamp_seconds", "When the last verify ended, however it did", OF_MIRROR);
const result = gauge(
  "quarterdeck_verify_last_result",
  `How the last verify ended: 1 for the one of ${VerifyResult.options.join(", ")} that it is, 0 for the others`,
  [...OF_MIRROR, "result"],
);
const differs = gauge(
  "quarterdeck_verify_last_differing_bytes",
  "What the last verify found to differ; no sample where that is not known",
  OF_MIRROR,
);
const duration = gauge("quarterdeck_verify_last_duration_seconds", "How long the last verify took", OF_MIRROR);
const running = gauge("quarterdeck_verify_running", "1 while a verify of the mirror runs", OF_MIRROR);
const queued = gauge("quarterdeck_verify_queue_place", "Its place in the queue, from 1", OF_MIRROR);
const next = gauge("quarterdeck_verify_next_timestamp_seconds", "The next time that a schedule asks for it", OF_MIRROR);

const seconds = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : ms / 1_000);

export const verifies: Metrics = {
  title: "Online verify",
  families: [clean, known, ended, result, differs, duration, running, queued, next],
  samplesOf: ({ facts: { slug: cluster }, view }) =>
    entitiesOf(view, "verify").flatMap(({ entity: { resource, volume, last, ...state } }) => {
      const of = { cluster, resource, volume: String(volume) };
      return [
        ...clean.of(of, seconds(state.cleanAtMs)),
        ...known.of(of, state.cleanAtMs !== null),
        ...ended.of(of, seconds(last?.endedAtMs)),
        ...(last?.result ? VerifyResult.options.flatMap((one) => result.of({ ...of, result: one }, one === last.result)) : []),
        ...differs.of(of, last?.differsBytes),
        ...duration.of(of, last?.endedAtMs ? seconds(last.endedAtMs - last.startedAtMs) : null),
        ...running.of(of, state.running !== null),
        ...queued.of(of, state.queued?.place),
        ...next.of(of, seconds(state.next?.atMs)),
      ];
    }),
};
