// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { cluster, drbd, silent, T0 } from "@/server/cluster/factories";
import { crystalSide, pair, rubySide } from "@/server/cluster/pair.factories";
import { linesOf } from "./test-samples";

const progress = {
  kind: "verify",
  percent: 41,
  leftBytes: 59,
  totalBytes: 100,
  rateBytesPerSec: 5,
  etaSeconds: 12,
  stalled: false,
} as const;
const verifying = () =>
  pair(
    { drbd: drbd([rubySide({ cs: "VerifyS" }, { replication: "VerifyS", outOfSyncBytes: 4096, progress })]) },
    { drbd: drbd([crystalSide({ cs: "VerifyT" }, { replication: "VerifyT", progress })]) },
  );
const of = (name: string, more = "") =>
  `quarterdeck_${name}{cluster="san-a",node="ruby",resource="store",volume="0",peer="crystal"${more}}`;

it("tells what others do not: connection, replication, what is out of sync and how a verify goes", async () => {
  const lines = await linesOf(verifying());
  expect(lines).toEqual(
    expect.arrayContaining([
      `${of("drbd_connection_state", ',state="Connected"')} 1`,
      `${of("drbd_replication_state", ',state="VerifyS"')} 1`,
      `${of("drbd_out_of_sync_bytes")} 4096`,
      `${of("drbd_progress_ratio", ',kind="verify"')} 0.41`,
      `${of("drbd_progress_remaining_seconds", ',kind="verify"')} 12`,
      `${of("drbd_progress_bytes_per_second", ',kind="verify"')} 5`,
      `${of("drbd_progress_stalled", ',kind="verify"')} 0`,
      'quarterdeck_drbd_suspended{cluster="san-a",node="ruby",resource="store",volume="0"} 0',
    ]),
  );
  expect(await linesOf(pair(), "quarterdeck_drbd_progress_ratio")).toEqual([]);
});

it("counts who holds the mirror for certain, and names the one who does so alone", async () => {
  expect(await linesOf(pair(), "quarterdeck_mirror_holders")).toEqual([
    'quarterdeck_mirror_holders{cluster="san-a",resource="store",volume="0"} 2',
  ]);
  const alone = pair({ drbd: drbd([rubySide({}, { disk: "Inconsistent" })]) }, { drbd: drbd([crystalSide({ disk: "Inconsistent" })]) });
  expect(await linesOf(alone, "quarterdeck_mirror_only_holder")).toEqual([
    'quarterdeck_mirror_only_holder{cluster="san-a",resource="store",volume="0",node="ruby"} 1',
  ]);
});

it("tells nothing of a side that is not heard, and that nobody holds the mirror for certain", async () => {
  const facts = cluster(...[...pair().nodes.values()].map(silent));
  const lines = await linesOf(facts, "", T0 + 60_000);
  expect(lines.filter((line) => line.startsWith("quarterdeck_drbd"))).toEqual([]);
  expect(lines).toContain('quarterdeck_mirror_holders{cluster="san-a",resource="store",volume="0"} 0');
});
