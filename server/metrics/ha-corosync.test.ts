// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { corosync, link, stoppedCorosync, withoutQuorum } from "@/server/cluster/corosync.factories";
import { cluster, nodeFacts } from "@/server/cluster/factories";
import { linesOf } from "./test-samples";

const NAMES = ["ruby", "crystal"];
const ofCorosync = async (value = corosync(1, NAMES)) =>
  (await linesOf(cluster(nodeFacts("ruby", { corosync: value })))).filter((line) => line.startsWith("ha_cluster_corosync"));
const by = 'cluster="san-a",instance="ruby"';

it("says votes, members and rings as the exporter does", async () => {
  expect(await ofCorosync()).toEqual([
    `ha_cluster_corosync_member_votes{${by},node_id="1",node="ruby",local="true"} 1`,
    `ha_cluster_corosync_member_votes{${by},node_id="2",node="crystal",local="false"} 1`,
    `ha_cluster_corosync_quorate{${by}} 1`,
    `ha_cluster_corosync_quorum_votes{${by},type="expected_votes"} 2`,
    `ha_cluster_corosync_quorum_votes{${by},type="highest_expected"} 2`,
    `ha_cluster_corosync_quorum_votes{${by},type="quorum"} 2`,
    `ha_cluster_corosync_quorum_votes{${by},type="total_votes"} 2`,
    `ha_cluster_corosync_ring_errors{${by}} 0`,
    `ha_cluster_corosync_rings{${by},ring_id="1.c",node_id="1",number="0",address="10.20.0.11"} 1`,
    `ha_cluster_corosync_rings{${by},ring_id="1.c",node_id="1",number="1",address="10.21.0.11"} 1`,
  ]);
});

it("counts a ring that does not lead to every peer as faulty, under knet too", async () => {
  const lines = await ofCorosync(corosync(1, NAMES, ["1 2"]));
  expect(lines).toContain(`ha_cluster_corosync_ring_errors{${by}} 1`);
  expect(lines).toContain(`ha_cluster_corosync_rings{${by},ring_id="1.c",node_id="1",number="1",address="10.21.0.11"} 0`);
});

it("reads the words of Corosync 2, and says nothing of a ring whose words it does not know", async () => {
  const ring = (number: number, words: string) => link(number, 1, 2, true, { peerId: null, words: [words], isConnected: null });
  const links = [ring(0, "ring 0 active with no faults"), ring(1, "Marking ringid 1 interface 10.21.0.11 FAULTY")];
  expect(await ofCorosync(corosync(1, NAMES, [], { links }))).toContain(`ha_cluster_corosync_ring_errors{${by}} 1`);
  const odd = await ofCorosync(corosync(1, NAMES, [], { links: [ring(0, "all is fine")] }));
  expect(odd.filter((line) => line.includes("ring"))).toEqual([]);
});

it("says no quorum as 0, and of a Corosync that does not run nothing", async () => {
  expect(await ofCorosync(withoutQuorum(corosync(1, NAMES)))).toContain(`ha_cluster_corosync_quorate{${by}} 0`);
  expect(await ofCorosync(stoppedCorosync())).toEqual([]);
});
