// SPDX-License-Identifier: Apache-2.0

/** How a kernel prints a bond: lines came and went with its version. */
export interface BondStyle {
  /** What follows "Ethernet Channel Bonding Driver: ". */
  driver: string;
  /** Linux 5.3+ */
  hasPeerNotifyDelay: boolean;
  /** Linux 5.15+ */
  hasLacpActive: boolean;
}

export interface BondText {
  name: string;
  mode: "802.3ad" | "balance-alb" | "active-backup";
  hash: string;
  isUp: boolean;
  active: string | null;
  /** The bond's own MAC: LACP's system MAC. */
  mac: string;
  lacpRate: "slow" | "fast";
  partnerMac: string | null;
  partnerKey: number;
  actorKey: number;
  ports: readonly BondPortText[];
}

export interface BondPortText {
  name: string;
  isUp: boolean;
  /** Null: the kernel says Unknown. */
  speedMbps: number | null;
  failures: number;
  permanentMac: string;
  /** "none" a minute after a change, "monitoring" before. */
  churn: string;
}

const MODE_WORDS = {
  "802.3ad": "IEEE 802.3ad Dynamic link aggregation",
  "balance-alb": "adaptive load balancing",
  "active-backup": "fault-tolerance (active-backup)",
} as const;

/** The style of a kernel by its `uname -r`. Source: bond_procfs.c; RHEL 7 keeps the old driver version on 3.10. */
export function bondStyleOf(kernel: string): BondStyle {
  const [major = 0, minor = 0] = kernel.split(".").map(Number);
  const isAtLeast = (wantMajor: number, wantMinor: number) => major > wantMajor || (major === wantMajor && minor >= wantMinor);
  return {
    driver: isAtLeast(5, 7) ? `v${kernel}` : "v3.7.1 (April 27, 2011)",
    hasPeerNotifyDelay: isAtLeast(5, 3),
    hasLacpActive: isAtLeast(5, 15),
  };
}

/**
 * One file of /proc/net/bonding, as a process with CAP_NET_ADMIN reads it.
 *
 * Source: drivers/net/bonding/bond_procfs.c, Linux 3.10 (RHEL 7.9) to 6.1.
 */
export function renderBond(bond: BondText, style: BondStyle): string {
  const isLacp = bond.mode === "802.3ad";
  const lines = [
    `Ethernet Channel Bonding Driver: ${style.driver}`,
    "",
    `Bonding Mode: ${MODE_WORDS[bond.mode]}`,
    ...(isLacp ? [`Transmit Hash Policy: ${bond.hash}`] : ["Primary Slave: None", `Currently Active Slave: ${bond.active ?? "None"}`]),
    `MII Status: ${bond.isUp ? "up" : "down"}`,
    "MII Polling Interval (ms): 100",
    "Up Delay (ms): 0",
    "Down Delay (ms): 0",
    ...(style.hasPeerNotifyDelay ? ["Peer Notification Delay (ms): 0"] : []),
    ...(isLacp ? lacpLines(bond, style) : []),
    ...bond.ports.flatMap((port, index) => portLines(bond, port, index)),
  ];
  return `${lines.join("\n")}\n`;
}

function lacpLines(bond: BondText, style: BondStyle): string[] {
  const up = bond.ports.filter((port) => port.isUp).length;
  return [
    "",
    "802.3ad info",
    ...(style.hasLacpActive ? ["LACP active: on"] : []),
    `LACP rate: ${bond.lacpRate}`,
    "Min links: 0",
    "Aggregator selection policy (ad_select): stable",
    "System priority: 65535",
    `System MAC address: ${bond.mac}`,
    ...(up === 0
      ? [`bond ${bond.name} has no active aggregator`]
      : [
          "Active Aggregator Info:",
          "\tAggregator ID: 1",
          `\tNumber of ports: ${up}`,
          `\tActor Key: ${bond.actorKey}`,
          `\tPartner Key: ${bond.partnerKey}`,
          `\tPartner Mac Address: ${bond.partnerMac ?? "00:00:00:00:00:00"}`,
        ]),
  ];
}

function portLines(bond: BondText, port: BondPortText, index: number): string[] {
  const isLacp = bond.mode === "802.3ad";
  return [
    "",
    `Slave Interface: ${port.name}`,
    `MII Status: ${port.isUp ? "up" : "down"}`,
    `Speed: ${port.speedMbps === null ? "Unknown" : `${port.speedMbps} Mbps`}`,
    `Duplex: ${port.speedMbps === null ? "Unknown" : "full"}`,
    `Link Failure Count: ${port.failures}`,
    `Permanent HW addr: ${port.permanentMac}`,
    "Slave queue ID: 0",
    ...(isLacp ? lacpPortLines(bond, port, index) : []),
  ];
}

function lacpPortLines(bond: BondText, port: BondPortText, index: number): string[] {
  return [
    "Aggregator ID: 1",
    `Actor Churn State: ${port.churn}`,
    `Partner Churn State: ${port.churn}`,
    "Actor Churned Count: 0",
    "Partner Churned Count: 0",
    "details actor lacp pdu:",
    "    system priority: 65535",
    `    system mac address: ${bond.mac}`,
    `    port key: ${port.isUp ? bond.actorKey : 0}`,
    "    port priority: 255",
    `    port number: ${index + 1}`,
    `    port state: ${port.isUp ? 63 : 15}`,
    "details partner lacp pdu:",
    "    system priority: 65535",
    `    system mac address: ${bond.partnerMac ?? "00:00:00:00:00:00"}`,
    `    oper key: ${bond.partnerKey}`,
    "    port priority: 255",
    `    port number: ${index + 1}`,
    `    port state: ${port.isUp ? 63 : 55}`,
  ];
}
