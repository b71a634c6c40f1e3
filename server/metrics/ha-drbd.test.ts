// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import type { DrbdCounters, DrbdProgress } from "@/agent/protocol/model/drbd";
import { cluster, device, drbd, nodeFacts, peer } from "@/server/cluster/factories";
import { pair, rubySide } from "@/server/cluster/pair.factories";
import { linesOf } from "./test-samples";

const counters: DrbdCounters = {
  networkSentBytes: 4096,
  networkReceivedBytes: 1024,
  diskWrittenBytes: 10_240,
  diskReadBytes: 512,
  activityLogWrites: 3,
  bitmapWrites: 2,
  localPending: 1,
  peerPending: 7,
  unacknowledged: 5,
  applicationPending: 4,
  epochs: 1,
  writeOrdering: "flush",
};
const progress: DrbdProgress = {
  kind: "resync",
  percent: 61.5,
  leftBytes: 1,
  totalBytes: 2,
  rateBytesPerSec: null,
  etaSeconds: null,
  stalled: false,
};

const ofRuby = async (...args: Parameters<typeof linesOf>) =>
  (await linesOf(...args)).filter((line) => line.includes('instance="ruby"') && line.startsWith("ha_cluster_drbd"));

it("says of DRBD 8.4 what the exporter says of DRBD 9: role as printed, disk in lower case, traffic in KiB", async () => {
  const facts = pair({ drbd: drbd([rubySide({ counters }, { outOfSyncBytes: 2 ** 40 })]) });
  const by = 'cluster="san-a",instance="ruby",resource="store"';
  const to = `${by},peer_node_id="0",volume="0"`;
  expect(await ofRuby(facts)).toEqual([
    `ha_cluster_drbd_al_writes{${by},volume="0"} 3`,
    `ha_cluster_drbd_bm_writes{${by},volume="0"} 2`,
    `ha_cluster_drbd_connections_pending{${to}} 7`,
    `ha_cluster_drbd_connections_received{${to}} 1`,
    `ha_cluster_drbd_connections_sent{${to}} 4`,
    `ha_cluster_drbd_connections_sync{${to}} 50`,
    `ha_cluster_drbd_connections_unacked{${to}} 5`,
    `ha_cluster_drbd_connections{${by},peer_node_id="0",peer_role="Secondary",volume="0",peer_disk_state="uptodate"} 1`,
    `ha_cluster_drbd_lower_pending{${by},volume="0"} 1`,
    `ha_cluster_drbd_read{${by},volume="0"} 0.5`,
    `ha_cluster_drbd_resources{${by},role="Primary",volume="0",disk_state="uptodate"} 1`,
    `ha_cluster_drbd_upper_pending{${by},volume="0"} 4`,
    `ha_cluster_drbd_written{${by},volume="0"} 10`,
  ]);
});

it("tells a resync's own percentage, and none where neither progress nor size is known", async () => {
  const syncing = pair({ drbd: drbd([rubySide({}, { outOfSyncBytes: 5, progress })]) });
  expect((await ofRuby(syncing)).filter((line) => line.includes("_sync"))).toEqual([expect.stringMatching(/ 61\.5$/)]);
  const unknown = pair({ drbd: drbd([rubySide({ sizeBytes: null }, { outOfSyncBytes: 5 })]) });
  expect((await ofRuby(unknown)).filter((line) => line.includes("_sync"))).toEqual([]);
});

it("does not divide a device's traffic among several peers", async () => {
  const three = device({ counters, peers: [peer({ name: "crystal" }), peer({ name: "jade" })] });
  const lines = await ofRuby(cluster(nodeFacts("ruby", { drbd: drbd([three]) }), nodeFacts("crystal"), nodeFacts("jade")));
  expect(lines.filter((line) => /_(sent|received|pending\{.*peer|unacked)/.test(line))).toEqual([]);
  expect(
    lines.filter((line) => line.startsWith("ha_cluster_drbd_connections{")).map((line) => /peer_node_id="(\d)"/.exec(line)?.[1]),
  ).toEqual(["0", "1"]);
});

it("knows a resource without a name by its minor, and no resource where nothing is configured", async () => {
  const facts = cluster(
    nodeFacts("ruby", { drbd: drbd([device({ resource: null, volume: null, minor: 3 }), device({ minor: 4, unconfigured: true })]) }),
  );
  const lines = await linesOf(facts, "ha_cluster_drbd_resources");
  expect(lines).toEqual([
    'ha_cluster_drbd_resources{cluster="san-a",instance="ruby",resource="minor-3",role="Secondary",volume="0",disk_state="uptodate"} 1',
  ]);
});
