// SPDX-License-Identifier: Apache-2.0

/** The cluster manager of a simulated cluster: Corosync's members, and what Pacemaker is configured with and remembers. */
export interface ClusterManager {
  name: string;
  dc: string;
  isMaintenance: boolean;
  isStonithEnabled: boolean;
  noQuorumPolicy: "stop" | "ignore";
  isTwoNode: boolean;
  epoch: number;
  numUpdates: number;
  lastChange: { atMs: number; user: string; client: string; origin: string };
  /** When anything of the status last moved. */
  changedAtMs: number;
  members: Member[];
  services: Service[];
  fenceDevices: FenceDevice[];
  /** The fencing topology: for a target that has levels no device beside theirs is asked. */
  fenceLevels: FenceLevel[];
  constraints: Location[];
  /** `is-managed` where somebody set it, by the id of a group, a clone or a primitive. */
  managed: Record<string, boolean>;
  failures: OperationFailure[];
  /** Services go where they like it best, as if nothing kept them where they are; until all have. */
  isHoming: boolean;
  /** Operations that will fail when they are tried: of a fault, unknown to the cluster. */
  traps: { resource: string; node: string; task: "start" | "stop" }[];
  fencing: FenceEvent[];
}

export interface Member {
  node: string;
  /** Corosync counts it. */
  isOnline: boolean;
  /** Corosync counts it, its Pacemaker has not joined. */
  isPending: boolean;
  isUnclean: boolean;
  isStandby: boolean;
  /** What runs there is left alone. */
  isMaintenance: boolean;
}

/** A group on top of mirrors: each promotable clone runs where its mirror is up, the group where all of them are Primary. */
export interface Service {
  group: string;
  stack: { clone: string; drbd: string; mirror: string }[];
  /** The node it likes best first. */
  order: string[];
  primitives: Primitive[];
}

export interface Primitive {
  id: string;
  /** class:provider:type, as Pacemaker 2.1 spells it. */
  agent: string;
  parameters: Record<string, string>;
  monitorSeconds: number;
  node: string | null;
  state: "Started" | "Stopped" | "Starting" | "Stopping";
  /** Last start, for the operation history. */
  startedAtMs: number;
  /** Number of its last start in the executor's own count. */
  call: number;
  /** Its last stop; null where none is remembered. */
  stopped: { node: string; call: number; atMs: number } | null;
  /** Of an iSCSITarget: it has no portal, whatever its state. */
  isDeaf?: boolean;
}

/** The node on which all of a service is started; null: there is none. */
export function startedOn({ primitives }: Service): string | null {
  const [node = null, ...others] = new Set(primitives.map((one) => (one.state === "Started" ? one.node : null)));
  return others.length === 0 ? node : null;
}

export interface FenceDevice {
  id: string;
  agent: string;
  target: string;
  node: string | null;
}

/** All devices of a level must do their part. */
export interface FenceLevel {
  target: string;
  index: number;
  devices: string[];
}

/** A location constraint: an admin's own, or one that a tool left behind. */
export interface Location {
  id: string;
  resource: string;
  node: string;
  /** "INFINITY", "-INFINITY" or a whole number. */
  score: string;
  /** The role it speaks of; null where it says none. */
  role: string | null;
  /** It counts before this moment only; null: until it is removed. */
  untilMs: number | null;
}

/** An operation that failed, until it is cleaned up. */
export interface OperationFailure {
  resource: string;
  node: string;
  task: "start" | "stop";
  reason: string;
  call: number;
  atMs: number;
}

export interface FenceEvent {
  target: string;
  action: "reboot" | "off";
  status: "pending" | "success";
  client: string;
  origin: string;
  delegate: string | null;
  completedAtMs: number | null;
}
