// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { VerifySummary } from "@/agent/protocol/console/verify";
import { type EntityOf, keyOf } from "@/agent/protocol/console/view";
import { T0 } from "@/server/cluster/factories";
import { pair } from "@/server/cluster/pair.factories";
import { clusterNow, textOf } from "./test-samples";
import { verifies } from "./verifies";

const last: VerifySummary = {
  id: "v1",
  cluster: "san-a",
  resource: "store",
  volume: 0,
  starter: "ruby",
  peer: "crystal",
  cause: "schedule",
  by: "anna",
  run: null,
  schedule: "s1",
  startedAtMs: T0 - 600_000,
  endedAtMs: T0,
  result: "differs",
  percent: 100,
  says: "12 KiB differ.",
  sizeBytes: 1,
  rateBytesPerSec: null,
  differsBytes: 12_288,
  outOfSync: [],
};
const never: EntityOf<"verify"> = {
  kind: "verify",
  resource: "store",
  volume: 0,
  said: { level: "risk", word: "never verified", why: null },
  cleanAtMs: null,
  last: null,
  running: null,
  queued: null,
  next: null,
};

async function linesOf(entity: EntityOf<"verify">): Promise<string[]> {
  const now = clusterNow(pair());
  const view = new Map(now.view).set(keyOf.verify("store", 0), entity);
  const text = await textOf(verifies.samplesOf({ ...now, view }, T0));
  return text
    .split("\n")
    .flatMap((line) => (line.startsWith("quarterdeck_") ? [line.replace('cluster="san-a",resource="store",volume="0"', "…")] : []));
}

it("tells how and when the last verify ended, when it was clean last, and what it found", async () => {
  expect(await linesOf({ ...never, cleanAtMs: T0 - 86_400_000, last })).toEqual([
    `quarterdeck_verify_last_clean_timestamp_seconds{…} ${(T0 - 86_400_000) / 1_000}`,
    "quarterdeck_verify_ever_clean{…} 1",
    `quarterdeck_verify_last_end_timestamp_seconds{…} ${T0 / 1_000}`,
    'quarterdeck_verify_last_result{…,result="clean"} 0',
    'quarterdeck_verify_last_result{…,result="differs"} 1',
    'quarterdeck_verify_last_result{…,result="aborted"} 0',
    'quarterdeck_verify_last_result{…,result="refused"} 0',
    'quarterdeck_verify_last_result{…,result="unknown"} 0',
    "quarterdeck_verify_last_differing_bytes{…} 12288",
    "quarterdeck_verify_last_duration_seconds{…} 600",
    "quarterdeck_verify_running{…} 0",
  ]);
});

it("of a mirror that was never verified tells no time, no result, and that it never was", async () => {
  expect(await linesOf(never)).toEqual(["quarterdeck_verify_ever_clean{…} 0", "quarterdeck_verify_running{…} 0"]);
});

it("tells its place in the queue and when it is due", async () => {
  const waiting = { ...never, queued: { id: "q", place: 2, says: "waits" }, next: { atMs: T0 + 5_000, schedule: "s1", says: "on Sunday" } };
  expect(await linesOf(waiting)).toEqual(
    expect.arrayContaining(["quarterdeck_verify_queue_place{…} 2", `quarterdeck_verify_next_timestamp_seconds{…} ${(T0 + 5_000) / 1_000}`]),
  );
});
