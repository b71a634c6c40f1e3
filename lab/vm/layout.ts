// SPDX-License-Identifier: Apache-2.0
import path from "node:path";

/** The machines: two that hold the storage, and a client of both. */
const NAMES = ["alice", "bob", "carol"] as const;
export type MachineName = (typeof NAMES)[number];
export const CLIENT = "carol";

/** Cables between the two storage nodes, one card at each end. */
export const CABLES = ["p1", "p2", "p3", "p4"] as const;
export type Cable = (typeof CABLES)[number];

/** A storage node's disks beside its root, as the guest names them. Units: MiB. */
export const DISKS = { vdb: 256, vdc: 64, vdd: 64 } as const;

/** The network of everybody, where the console is reached too. */
export const lan = { consoleAddress: "10.0.0.254", serviceAddress: "10.0.0.100" } as const;

/**
 * Under emulation everything takes many times as long, and an agent that reads each second is seconds late while other programs want
 * the processors. What freshness is judged by is stretched so far, as documented for slow nodes; the guards stay as they are.
 */
export const TIMING_FACTOR = 4;

export interface MachinePlan {
  name: MachineName;
  /** From 1; also Corosync's node id. */
  id: number;
  /** Where it lies on the machine that runs the lab: disks, sockets, what its kernel said. */
  home: string;
  isStorage: boolean;
  /** Its address on the network. */
  address: string;
}

/** Where a lab of virtual machines lies. Everything it writes is in its folder; its network namespace bears its name. */
export interface Layout {
  dir: string;
  netns: string;
  machines: readonly MachinePlan[];
}

export function layoutOf(dir: string, netns: string): Layout {
  const machines = NAMES.map((name, index) => ({
    name,
    id: index + 1,
    home: path.join(dir, name),
    isStorage: name !== CLIENT,
    address: `10.0.0.${index + 1}`,
  }));
  return { dir, netns, machines };
}

/** Where whoever runs the lab listens for people and tests. */
export const deskSocket = (dir: string) => path.join(path.resolve(dir), "desk.sock");
