// SPDX-License-Identifier: Apache-2.0
import type { EntityOf } from "@/agent/protocol/console/view";
import { said } from "./test-view";

// Fixed values for tests; nothing that runs imports this file.

/** A target with one LUN, and so many initiators logged in. */
export function targetEntity(node: string, sessions = 0, iqn = "iqn.lab:o1"): EntityOf<"target"> {
  const initiators = Array.from({ length: sessions }, (_, index) => `iqn.lab:hv0${index + 1}`);
  return {
    kind: "target",
    from: { node, source: "iscsi" },
    target: {
      iqn,
      portalGroups: [
        {
          tag: 1,
          isEnabled: true,
          portals: [{ address: "10.20.5.10", port: 3_260 }],
          luns: [{ lun: 0, backstore: "iblock_0/o1", device: "/dev/drbd0", isEnabled: true, sizeBytes: 2 ** 41 }],
          acls: [],
          sessions: initiators.map((initiator) => ({ initiator, isDynamic: true, state: null, addresses: [] })),
          hasAllSessions: true,
          authentication: false,
          letsAnybodyIn: true,
        },
      ],
    },
    said: said("ok", "1 LUN"),
    luns: [],
    initiators: initiators.map((initiator, index) => ({
      initiator,
      node: `hv0${index + 1}`,
      session: null,
      said: said("ok", "logged in"),
    })),
  };
}

/** Corosync of a node with ruby (1) and crystal (2), a vote each. */
export function corosyncEntity(
  node: string,
  quorum: { totalVotes: number | null; quorumVotes: number | null; flags: string[] },
): EntityOf<"corosync"> {
  return {
    kind: "corosync",
    from: { node, source: "corosync" },
    corosync: {
      isRunning: true,
      clusterName: "hacluster",
      transport: "knet",
      localNodeId: 2,
      quorum: {
        quorate: true,
        provider: "corosync_votequorum",
        ringId: "1.3e",
        nodes: 2,
        expectedVotes: quorum.totalVotes,
        highestExpected: quorum.totalVotes,
        ...quorum,
      },
      members: [
        { nodeId: 1, name: "ruby", votes: 1, isLocal: false, qdevice: null },
        { nodeId: 2, name: "crystal", votes: 1, isLocal: true, qdevice: null },
      ],
      qdevice: null,
      links: [],
      configured: null,
      unread: [],
    },
    said: said("ok", "quorate"),
    names: { "1": "ruby", "2": "crystal" },
  };
}
