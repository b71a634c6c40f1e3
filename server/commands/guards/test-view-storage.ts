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

/** A running vblade over `store`. */
export function exportEntity(node: string, more: Partial<EntityOf<"export">["export"]> = {}): EntityOf<"export"> {
  return {
    kind: "export",
    from: { node, source: "aoe" },
    export: { name: "e0.1", device: "/dev/drbd0", interface: "e1p1", sync: true, direct: false, allowedMacs: [], pid: 4_411, ...more },
    mirror: "mirror:store/0",
    said: said("ok", "runs with -s"),
  };
}

/** A client's AoE device that leads to a node. */
export function aoeEntity(client: string, to: string | null, word = "talks to ruby"): EntityOf<"aoe"> {
  const own = said(to === null ? "bad" : "ok", word);
  return {
    kind: "aoe",
    from: { node: client, source: "aoe" },
    device: { name: "e0.1", state: "up", sizeBytes: 2 ** 39, interfaces: ["eth2"], rttAvgUs: 400, targets: [] },
    said: own,
    toolSays: null,
    talksTo: to === null ? [] : [{ mac: "52:54:00:00:01:00", node: to, export: null, said: own }],
  };
}

export function bondEntity(node: string, name: string, own: EntityOf<"bond">["said"], parent: string | null = null): EntityOf<"bond"> {
  return {
    kind: "bond",
    from: { node, source: "bonding" },
    bond: { name, mode: "adaptive load balancing", link: "up", activePort: null, miimonMs: 100, parent, lacp: null, ports: [] },
    said: own,
    portsUp: 3,
    ports: 4,
    kernelSays: null,
    portSaid: {},
  };
}

export function arrayEntity(node: string, name: string, own: EntityOf<"array">["said"]): EntityOf<"array"> {
  return {
    kind: "array",
    from: { node, source: "md" },
    array: {
      name,
      state: "active",
      readOnly: null,
      level: "raid1",
      metadata: "1.2",
      sizeBytes: 2 ** 39,
      raidDisks: 2,
      activeDisks: 1,
      map: "U_",
      members: [],
      action: null,
      hasBitmap: true,
      isClustered: false,
      uuid: null,
      mismatchCount: 0,
    },
    said: own,
    legs: [],
  };
}

export function ringEntity(link: number, own: EntityOf<"ring">["said"], pairs: readonly [string, string][]): EntityOf<"ring"> {
  return {
    kind: "ring",
    link,
    said: own,
    ends: [],
    pairs: pairs.map(([a, b]) => ({ a, b, said: own, aSays: null, bSays: null })),
  };
}

/** The lockspaces of a node. */
export function dlmEntity(node: string, ...names: readonly string[]): EntityOf<"dlm"> {
  const lockspaces = names.map((name) => ({
    name,
    id: null,
    inKernel: true,
    inDaemon: true,
    flags: [],
    members: [1, 2],
    newStatus: null,
    waitsFor: null,
    recoverStatus: null,
    recoverNodeId: null,
    hasNoDirectory: null,
  }));
  return {
    kind: "dlm",
    from: { node, source: "dlm" },
    dlm: { lockspaces, daemon: null, unread: [] },
    said: said("ok", "lockspaces"),
    spaceSaid: {},
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
