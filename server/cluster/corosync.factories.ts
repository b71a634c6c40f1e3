// SPDX-License-Identifier: Apache-2.0
import type { Corosync, CorosyncLink } from "@/agent/protocol/model/corosync";

// Fixed values for tests; nothing that runs imports this file.

/** A link to one peer; 10.2<link>.0.1<node> is every node's address. */
export function link(number: number, own: number, peer: number, isConnected = true, more: Partial<CorosyncLink> = {}): CorosyncLink {
  return {
    link: number,
    peerId: peer,
    transport: "udp",
    localAddress: `10.2${number}.0.1${own}`,
    remoteAddress: `10.2${number}.0.1${peer}`,
    words: isConnected ? ["enabled", "connected"] : ["enabled"],
    isConnected,
    mtu: 1446,
    ...more,
  };
}

/** Corosync on node `own` of `names`, numbered from 1, with two rings. `down`: "ring peer" of links that are down. */
export function corosync(own: number, names: readonly string[], down: readonly string[] = [], more: Partial<Corosync> = {}): Corosync {
  const peers = names.map((_, index) => index + 1).filter((id) => id !== own);
  return {
    isRunning: true,
    clusterName: "hacluster",
    transport: "knet",
    localNodeId: own,
    quorum: {
      quorate: true,
      provider: "corosync_votequorum",
      ringId: "1.c",
      nodes: names.length,
      expectedVotes: names.length,
      highestExpected: names.length,
      totalVotes: names.length,
      quorumVotes: Math.trunc(names.length / 2) + 1,
      flags: ["Quorate"],
    },
    members: names.map((name, index) => ({ nodeId: index + 1, name, votes: 1, isLocal: index + 1 === own, qdevice: null })),
    qdevice: null,
    links: [0, 1].flatMap((number) => peers.map((peer) => link(number, own, peer, !down.includes(`${number} ${peer}`)))),
    configured: null,
    unread: [],
    ...more,
  };
}

/** Installed, and not running. */
export function stoppedCorosync(more: Partial<Corosync> = {}): Corosync {
  return { ...corosync(1, ["ruby"]), isRunning: false, localNodeId: null, quorum: null, members: null, links: null, ...more };
}

/** The same node on the side without a majority. */
export function withoutQuorum(value: Corosync): Corosync {
  const { quorum } = value;
  return { ...value, quorum: quorum && { ...quorum, quorate: false, flags: [] } };
}
