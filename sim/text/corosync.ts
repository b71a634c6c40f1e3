// SPDX-License-Identifier: Apache-2.0
import { ctime } from "./crm-mon";

/** Votes and members as one node counts them. */
export interface QuorumText {
  atMs: number;
  nodeId: number;
  /** "1.3e"; with a slash before Corosync 3. */
  ringId: string;
  isQuorate: boolean;
  expectedVotes: number;
  quorumVotes: number;
  flags: readonly string[];
  members: readonly { id: number; name: string }[];
}

/** `corosync-quorumtool -s`. Source: tools/corosync-quorumtool.c, Corosync 2.4 and 3.1: the same for both. */
export function renderQuorum(text: QuorumText): string {
  const { members, nodeId } = text;
  return [
    "Quorum information",
    "------------------",
    `Date:             ${ctime(text.atMs)}`,
    "Quorum provider:  corosync_votequorum",
    `Nodes:            ${members.length}`,
    `Node ID:          ${nodeId}`,
    `Ring ID:          ${text.ringId}`,
    `Quorate:          ${text.isQuorate ? "Yes" : "No"}`,
    "",
    "Votequorum information",
    "----------------------",
    `Expected votes:   ${text.expectedVotes}`,
    `Highest expected: ${text.expectedVotes}`,
    `Total votes:      ${members.length}`,
    `Quorum:           ${text.quorumVotes} ${text.isQuorate ? " " : "Activity blocked"}`,
    `Flags:            ${text.flags.map((flag) => `${flag} `).join("")}`,
    "",
    "Membership information",
    "----------------------",
    "    Nodeid      Votes Name",
    ...members.map(({ id, name }) => `${padded(id)} ${padded(1)} ${name}${id === nodeId ? " (local)" : ""}`),
    "",
  ].join("\n");
}

const padded = (number: number): string => String(number).padStart(10);

/** One link of this node, and its peers in the order of their numbers. */
export interface LinkText {
  link: number;
  address: string;
  peers: readonly { id: number; address: string; isConnected: boolean; isReachable: boolean }[];
}

/** `corosync-cfgtool -s` under knet. Source: tools/corosync-cfgtool.c, Corosync 3.1. */
export function renderLinks(nodeId: number, links: readonly LinkText[]): string {
  const status = (id: number, word: string) => `\t\tnodeid: ${padded(id)}:\t${word}`;
  return [
    `Local node ID ${nodeId}, transport knet`,
    ...links.flatMap(({ link, address, peers }) => {
      const all = [
        ...peers.map(({ id, isConnected }) => ({ id, word: isConnected ? "connected" : "disconnected" })),
        { id: nodeId, word: "localhost" },
      ];
      const sorted = all.sort((one, other) => one.id - other.id);
      return [`LINK ID ${link} udp`, `\taddr\t= ${address}`, "\tstatus:", ...sorted.map(({ id, word }) => status(id, word))];
    }),
    "",
  ].join("\n");
}

/** `corosync-cfgtool -n`: the peers that can be reached. Source: tools/corosync-cfgtool.c, Corosync 3.1. */
export function renderReachable(nodeId: number, links: readonly LinkText[]): string {
  const ids = [...new Set(links.flatMap(({ peers }) => peers.flatMap(({ id, isReachable }) => (isReachable ? [id] : []))))];
  const lines = ids.flatMap((id) => [
    `nodeid: ${id} reachable`,
    ...links.flatMap(({ link, address, peers }) =>
      peers
        .filter((peer) => peer.id === id)
        .map((peer) => `   LINK: ${link} udp (${address}->${peer.address}) enabled${peer.isConnected ? " connected" : ""} mtu: 1446`),
    ),
    "",
  ]);
  return `${[`Local node ID ${nodeId}, transport knet`, ...lines].join("\n")}\n`;
}

/** `corosync-cfgtool -s` under udpu with two rings. Source: tools/corosync-cfgtool.c and exec/totemrrp.c, Corosync 2.4. */
export function renderRings(nodeId: number, rings: readonly { link: number; address: string; isFaulty: boolean }[]): string {
  return [
    "Printing ring status.",
    `Local node ID ${nodeId}`,
    ...rings.flatMap(({ link, address, isFaulty }) => [
      `RING ID ${link}`,
      `\tid\t= ${address}`,
      `\tstatus\t= ${isFaulty ? `Marking ringid ${link} interface ${address} FAULTY` : `ring ${link} active with no faults`}`,
    ]),
    "",
  ].join("\n");
}

/** /etc/corosync/corosync.conf as its manual page shows it. */
export function renderConfig(given: {
  clusterName: string;
  transport: string;
  isTwoNode: boolean;
  tokenMs: number | null;
  nodes: readonly { id: number; name: string; addresses: readonly string[] }[];
}): string {
  return [
    "totem {",
    "\tversion: 2",
    `\tcluster_name: ${given.clusterName}`,
    `\ttransport: ${given.transport}`,
    ...(given.tokenMs === null ? [] : [`\ttoken: ${given.tokenMs}`]),
    ...(given.transport === "udpu" ? ["\trrp_mode: passive"] : []),
    "}",
    "",
    "quorum {",
    "\tprovider: corosync_votequorum",
    ...(given.isTwoNode ? ["\ttwo_node: 1"] : []),
    "}",
    "",
    "nodelist {",
    ...given.nodes.flatMap(({ id, name, addresses }) => [
      "\tnode {",
      `\t\tname: ${name}`,
      `\t\tnodeid: ${id}`,
      ...addresses.map((address, ring) => `\t\tring${ring}_addr: ${address}`),
      "\t}",
    ]),
    "}",
    "",
  ].join("\n");
}
