// SPDX-License-Identifier: Apache-2.0
import type { Corosync } from "@/agent/protocol/model/corosync";
import { gauge, type Metrics, type Sample, witnesses } from "./define";

// As ha_cluster_exporter has them (collector/corosync/corosync.go).
const OF_NODE = ["cluster", "instance"] as const;
const quorate = gauge("ha_cluster_corosync_quorate", "Whether or not the cluster is quorate", OF_NODE);
const votes = gauge("ha_cluster_corosync_quorum_votes", "Cluster quorum votes; one line per type", [...OF_NODE, "type"]);
const memberVotes = gauge(
  "ha_cluster_corosync_member_votes",
  "How many votes each member node has contributed with to the current quorum",
  [...OF_NODE, "node_id", "node", "local"],
);
const rings = gauge("ha_cluster_corosync_rings", "The status of each Corosync ring; 1 means healthy, 0 means faulty.", [
  ...OF_NODE,
  "ring_id",
  "node_id",
  "number",
  "address",
]);
const ringErrors = gauge("ha_cluster_corosync_ring_errors", "The total number of faulty corosync rings", OF_NODE);

interface Ring {
  number: number;
  address: string;
  /** Null: in words that are not known. */
  isHealthy: boolean | null;
}

/**
 * The rings as this node sees them. Under knet, whose peers' links the exporter does not read, a ring is healthy while it leads
 * to every peer.
 */
function ringsOf({ links }: Corosync): Ring[] | null {
  if (links === null) return null;
  const numbers = [...new Set(links.map(({ link }) => link))].sort((one, other) => one - other);
  return numbers.map((number) => {
    const own = links.filter(({ link }) => link === number);
    const states = own.map(({ isConnected, words }) => isConnected ?? wholeRing(words.join(" ")));
    const isHealthy = states.includes(false) ? false : states.includes(null) ? null : true;
    return { number, address: own.find(({ localAddress }) => localAddress !== null)?.localAddress ?? "", isHealthy };
  });
}

/** Before knet a ring says itself how it is. Source: totemrrp.c of Corosync 1.4 to 2.4. */
function wholeRing(words: string): boolean | null {
  if (words.includes("FAULTY")) return false;
  return words.includes("no faults") ? true : null;
}

function samplesOfOne(by: { cluster: string; instance: string }, value: Corosync): Sample[] {
  const { quorum } = value;
  const all = ringsOf(value);
  const isKnown = all?.every(({ isHealthy }) => isHealthy !== null) === true;
  return [
    ...quorate.of(by, quorum?.quorate),
    ...votes.of({ ...by, type: "expected_votes" }, quorum?.expectedVotes),
    ...votes.of({ ...by, type: "highest_expected" }, quorum?.highestExpected),
    ...votes.of({ ...by, type: "total_votes" }, quorum?.totalVotes),
    ...votes.of({ ...by, type: "quorum" }, quorum?.quorumVotes),
    ...(value.members ?? []).flatMap(({ nodeId, name, isLocal, votes: own }) =>
      memberVotes.of({ ...by, node_id: String(nodeId), node: name ?? "", local: String(isLocal) }, own),
    ),
    ...(all ?? []).flatMap(({ number, address, isHealthy }) =>
      rings.of(
        { ...by, ring_id: quorum?.ringId ?? "", node_id: String(value.localNodeId ?? ""), number: String(number), address },
        isHealthy,
      ),
    ),
    ...ringErrors.of(by, isKnown ? all?.filter(({ isHealthy }) => isHealthy === false).length : null),
  ];
}

export const haCorosync: Metrics = {
  title: "Corosync, as ha_cluster_exporter names it",
  families: [quorate, votes, memberVotes, rings, ringErrors],
  samplesOf: (cluster) =>
    witnesses(cluster, "corosync").flatMap(({ node, sources }) => {
      const reading = sources.corosync?.reading;
      return reading?.status === "ok" ? samplesOfOne({ cluster: cluster.facts.slug, instance: node }, reading.value) : [];
    }),
};
