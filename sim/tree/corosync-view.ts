// SPDX-License-Identifier: Apache-2.0

import type { Cluster, SimNode } from "@/sim/model/model";
import { isQuorate } from "@/sim/model/quorum";
import { isConnected, ringPeers, runsCorosync } from "@/sim/model/ring-life";
import { type LinkText, renderConfig, renderLinks, renderQuorum, renderReachable, renderRings } from "@/sim/text/corosync";
import type { TreeFiles, TreePart } from "./node-files";

/** Corosync 3 brought knet, which tells of each peer; before, rings were looked after as a whole. */
export const isKnet = (version: string): boolean => !version.startsWith("2.");

const membersIn = (cluster: Cluster) => cluster.nodes.filter(({ role }) => role === "member");

/** What Corosync's tools answer on the node. */
export function corosyncAnswers(cluster: Cluster, node: SimNode, atMs: number): TreePart[] {
  const version = node.corosyncVersion;
  if (version === null) return [];
  const isRunning = runsCorosync(cluster, node.name);
  const links = linksOf(cluster, node);
  const members = membersOf(cluster);
  return [
    {
      name: "corosync",
      mark: JSON.stringify([isRunning, links, members]),
      files: (): TreeFiles => {
        if (!isRunning) return { "/corosync.exit": { text: "1\n" }, ...nothingRuns() };
        const quorate = isQuorate(cluster);
        return {
          "/corosync.exit": { text: "0\n" },
          "/quorumtool.exit": { text: quorate ? "0\n" : "2\n" },
          "/quorumtool-s": { text: quorumText(cluster, node, atMs) },
          "/cfgtool-s": { text: isKnet(version) ? renderLinks(node.id, links) : renderRings(node.id, faultsOf(links)) },
          "/cfgtool-n": { text: isKnet(version) ? renderReachable(node.id, links) : "" },
        };
      },
    },
  ];
}

function nothingRuns(): TreeFiles {
  return { "/quorumtool.exit": { text: "1\n" }, "/quorumtool-s": { text: "" }, "/cfgtool-s": { text: "" }, "/cfgtool-n": { text: "" } };
}

/** What `corosync-quorumtool -s` says now, and `-m` whenever it changes. */
export function quorumText(cluster: Cluster, node: SimNode, atMs: number): string {
  const { isTwoNode } = cluster.pacemaker;
  const votes = membersIn(cluster).length;
  const quorate = isQuorate(cluster);
  const members = membersOf(cluster);
  const separator = node.corosyncVersion !== null && isKnet(node.corosyncVersion) ? "." : "/";
  return renderQuorum({
    atMs,
    nodeId: node.id,
    // It rises with every membership; so does the number of those that are gone from it.
    ringId: `${members[0]?.id ?? node.id}${separator}${(12 + 4 * (votes - members.length)).toString(16)}`,
    isQuorate: quorate,
    expectedVotes: votes,
    quorumVotes: isTwoNode ? 1 : Math.trunc(votes / 2) + 1,
    flags: [...(isTwoNode ? ["2Node"] : []), ...(quorate ? ["Quorate"] : []), ...(isTwoNode ? ["WaitForAll"] : [])],
    members,
  });
}

function membersOf(cluster: Cluster): { id: number; name: string }[] {
  const online = new Set(cluster.pacemaker.members.flatMap((member) => (member.isOnline ? [member.node] : [])));
  return membersIn(cluster)
    .filter(({ name }) => online.has(name))
    .map(({ id, name }) => ({ id, name }));
}

function linksOf(cluster: Cluster, node: SimNode): LinkText[] {
  const online = new Set(membersOf(cluster).map(({ name }) => name));
  return cluster.rings.map((ring) => ({
    link: ring.link,
    address: ring.addresses[node.name] ?? "",
    peers: ringPeers(cluster, node).map((peer) => ({
      id: peer.id,
      address: ring.addresses[peer.name] ?? "",
      isConnected: isConnected(cluster, ring, node.name, peer.name),
      isReachable: online.has(peer.name),
    })),
  }));
}

/** A ring that fails between any two is faulty for all; a peer that is gone is no fault of the ring. */
function faultsOf(links: readonly LinkText[]): { link: number; address: string; isFaulty: boolean }[] {
  return links.map(({ link, address, peers }) => ({
    link,
    address,
    isFaulty: peers.some(({ isReachable, isConnected: isUp }) => isReachable && !isUp),
  }));
}

/** /etc/corosync/corosync.conf of a member. */
export function corosyncFiles(cluster: Cluster, node: SimNode): TreePart[] {
  const version = node.corosyncVersion;
  if (version === null) return [];
  return [
    {
      name: "corosync.conf",
      mark: `${version} ${node.tokenMs}`,
      files: () => ({
        "/etc/corosync/corosync.conf": {
          text: renderConfig({
            clusterName: cluster.pacemaker.name,
            transport: isKnet(version) ? "knet" : "udpu",
            isTwoNode: cluster.pacemaker.isTwoNode,
            tokenMs: node.tokenMs,
            nodes: membersIn(cluster).map(({ id, name }) => ({
              id,
              name,
              addresses: cluster.rings.map((ring) => ring.addresses[name] ?? ""),
            })),
          }),
        },
      }),
    },
  ];
}
