import { keyOf } from "@/agent/protocol/console/keys";
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Bond, BondPort } from "@/agent/protocol/model/bonding";
import type { Corosync } from "@/agent/protocol/model/corosync";
import { type Part, said } from "./factories";

/** 20 November 2026, 14:02:45 UTC: the moment at which all factories stand. */
export function bondPort(name: string, part: Partial<BondPort> = {}): BondPort {
  return {
    name,
    link: "up",
    speedBitsPerSec: 1e9,
    failureCount: 0,
    aggregatorId: 1,
    partnerMac: null,
    isBond: false,
    ...part,
  };
}

export function bond(nodeName: string, name: string, model: Partial<Bond> = {}, part: Part<"bond"> = {}): EntityOf<"bond"> {
  const ports = model.ports ?? [bondPort("e1p1"), bondPort("e1p2")];
  return {
    kind: "bond",
    from: { node: nodeName, source: "bonding" },
    bond: {
      name,
      mode: "IEEE 802.3ad Dynamic link aggregation",
      link: "up",
      activePort: null,
      miimonMs: 100,
      parent: null,
      lacp: null,
      ...model,
      ports,
    },
    said: said("ok", `${ports.length} of ${ports.length} ports`),
    portsUp: ports.length,
    ports: ports.length,
    kernelSays: null,
    portSaid: Object.fromEntries(ports.map((port) => [port.name, said(port.link === "up" ? "ok" : "bad", port.link)])),
    ...part,
  };
}

export function aoe(nodeName: string, name: string, part: Part<"aoe"> = {}): EntityOf<"aoe"> {
  return {
    kind: "aoe",
    from: { node: nodeName, source: "aoe" },
    device: { name, state: "up", sizeBytes: 600 * 2 ** 30, interfaces: ["eth2"], rttAvgUs: 400, targets: [] },
    said: said("ok", "talks to jade"),
    toolSays: null,
    talksTo: [{ mac: "52:54:00:00:01:00", node: "jade", export: keyOf.export("jade", name, "e1p1"), said: said("ok", "talks to jade") }],
    ...part,
  };
}

export function aoeExport(nodeName: string, name: string, part: Part<"export"> = {}): EntityOf<"export"> {
  return {
    kind: "export",
    from: { node: nodeName, source: "aoe" },
    export: { name, device: "/dev/drbd0", interface: "e1p1", sync: true, direct: false, allowedMacs: [], pid: 4_411 },
    mirror: null,
    said: said("ok", "runs with -s"),
    ...part,
  };
}

export const PORTAL_GROUP = {
  tag: 1,
  isEnabled: true,
  portals: [{ address: "10.20.5.10", port: 3260 }],
  luns: [{ lun: 0, backstore: "iblock_0/p_lun_o1", device: "/dev/drbd0", isEnabled: true, sizeBytes: 2 * 2 ** 40 }],
  acls: [],
  sessions: [],
  hasAllSessions: true,
  authentication: false,
  letsAnybodyIn: true,
};

export function target(nodeName: string, iqn: string, part: Part<"target"> = {}): EntityOf<"target"> {
  return {
    kind: "target",
    from: { node: nodeName, source: "iscsi" },
    target: { iqn, portalGroups: [PORTAL_GROUP] },
    said: said("ok", "1 LUN, 1 logged in"),
    luns: [{ tag: 1, lun: 0, mirror: keyOf.mirror("store", 0), said: said("ok", "LUN 0") }],
    initiators: [
      {
        initiator: "iqn.2014-03.com.example:hv01",
        node: "hv01",
        session: keyOf.session("hv01", "session1"),
        said: said("ok", "hv01 logged in"),
      },
    ],
    ...part,
  };
}

export function session(nodeName: string, name: string, part: Part<"session"> = {}): EntityOf<"session"> {
  return {
    kind: "session",
    from: { node: nodeName, source: "iscsi" },
    session: {
      name,
      target: "iqn.2014-03.com.example.san-a:o1",
      tpgt: 1,
      state: "LOGGED_IN",
      connectionState: "up",
      persistentAddress: "10.20.5.10",
      persistentPort: 3260,
      address: "10.20.5.10",
      port: 3260,
      recoveryTimeoutSeconds: 120,
      initiatorName: `iqn.2014-03.com.example:${nodeName}`,
      disks: [{ name: "sda", lun: 0, state: "running", sizeBytes: 2 * 2 ** 40 }],
    },
    said: said("ok", "logged in to ruby"),
    toolSays: null,
    servedBy: { node: "ruby", target: keyOf.target("ruby", "iqn.2014-03.com.example.san-a:o1") },
    ways: 1,
    paths: [
      {
        disk: "sda",
        said: said("ok", "logged in to ruby"),
        steps: [`${name} to 10.20.5.10:3260`, "LUN 0", "/dev/drbd0", "/dev/vg0/store"],
      },
    ],
    ...part,
  };
}

/** Corosync of ruby (1) or crystal (2) with two rings, all well. */
export function corosync(nodeName: string, model: Partial<Corosync> = {}, part: Part<"corosync"> = {}): EntityOf<"corosync"> {
  const [own, peer] = nodeName === "ruby" ? [1, 2] : [2, 1];
  return {
    kind: "corosync",
    from: { node: nodeName, source: "corosync" },
    corosync: {
      isRunning: true,
      clusterName: "hacluster",
      transport: "knet",
      localNodeId: own,
      quorum: {
        quorate: true,
        provider: "corosync_votequorum",
        ringId: "1.3e",
        nodes: 2,
        expectedVotes: 2,
        highestExpected: 2,
        totalVotes: 2,
        quorumVotes: 1,
        flags: ["2Node", "Quorate", "WaitForAll"],
      },
      members: [
        { nodeId: 1, name: "ruby", votes: 1, isLocal: own === 1, qdevice: null },
        { nodeId: 2, name: "crystal", votes: 1, isLocal: own === 2, qdevice: null },
      ],
      qdevice: null,
      links: [0, 1].map((link) => ({
        link,
        peerId: peer,
        transport: "udp",
        localAddress: `10.2${link}.0.1${own}`,
        remoteAddress: `10.2${link}.0.1${peer}`,
        words: ["enabled", "connected"],
        isConnected: true,
        mtu: 1446,
      })),
      configured: null,
      unread: [],
      ...model,
    },
    said: said("ok", "quorate"),
    names: { "1": "ruby", "2": "crystal" },
    ...part,
  };
}

export function ring(link: number, part: Part<"ring"> = {}): EntityOf<"ring"> {
  return {
    kind: "ring",
    link,
    said: said("ok", "connected"),
    ends: [
      { node: "crystal", address: `10.2${link}.0.12`, said: said("ok", "up") },
      { node: "ruby", address: `10.2${link}.0.11`, said: said("ok", "up") },
    ],
    pairs: [{ a: "crystal", b: "ruby", said: said("ok", "connected"), aSays: "connected", bSays: "connected" }],
    ...part,
  };
}
