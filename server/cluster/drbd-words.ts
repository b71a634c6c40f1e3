// SPDX-License-Identifier: Apache-2.0
import type { Level } from "@/agent/protocol/console/view";
import type { DrbdDevice, DrbdPeer } from "@/agent/protocol/model/drbd";

/** What a connection word means. `unknown`: a word nobody here has heard of, which is never taken for good. */
export type LinkState = "connected" | "waiting" | "standAlone" | "broken" | "unknown";

/** What the replication of a connected pair does. */
export type Activity = "established" | "off" | "starting" | "resync" | "paused" | "verify" | "aheadBehind" | "unknown";

const WAITING = new Set(["Connecting", "WFConnection", "WFReportParams", "Unconnected"]);
const BROKEN = new Set(["Disconnecting", "Timeout", "BrokenPipe", "NetworkFailure", "ProtocolError", "TearDown"]);

/** Source: drbd_strings.c of DRBD 8.3 to 9.2. */
export function linkState(connection: string): LinkState {
  if (connection === "Connected") return "connected";
  if (connection === "StandAlone") return "standAlone";
  if (WAITING.has(connection)) return "waiting";
  if (BROKEN.has(connection)) return "broken";
  return "unknown";
}

const ACTIVITY: ReadonlyMap<string, Activity> = new Map([
  ["Established", "established"],
  ["Connected", "established"],
  ["Off", "off"],
  ["StartingSyncS", "starting"],
  ["StartingSyncT", "starting"],
  ["WFBitMapS", "starting"],
  ["WFBitMapT", "starting"],
  ["WFSyncUUID", "starting"],
  ["SyncSource", "resync"],
  ["SyncTarget", "resync"],
  ["PausedSyncS", "paused"],
  ["PausedSyncT", "paused"],
  ["VerifyS", "verify"],
  ["VerifyT", "verify"],
  ["Ahead", "aheadBehind"],
  ["Behind", "aheadBehind"],
]);

export function activity(replication: string): Activity {
  return ACTIVITY.get(replication) ?? "unknown";
}

/** Which end a replication word speaks from: the source of a resync, its target, or neither. */
export function resyncEnd(replication: string): "source" | "target" | null {
  if (["SyncSource", "PausedSyncS", "WFBitMapS", "StartingSyncS", "Ahead"].includes(replication)) return "source";
  if (["SyncTarget", "PausedSyncT", "WFBitMapT", "StartingSyncT", "WFSyncUUID", "Behind"].includes(replication)) return "target";
  return null;
}

/** What a disk word means for the copy it speaks of, and one sentence of it where the word needs one. */
export const DISK_WORDS: ReadonlyMap<string, { level: Level; why: string | null }> = new Map([
  ["UpToDate", { level: "ok", why: null }],
  ["Consistent", { level: "risk", why: "Complete, but not known to be the newest until it has connected." }],
  ["Inconsistent", { level: "risk", why: "Only part of it is in sync: it cannot be used alone." }],
  ["Outdated", { level: "risk", why: "Complete but older than the other copy: it must not be used before a resync." }],
  ["Diskless", { level: "bad", why: "DRBD has no disk here: it reads and writes over the line." }],
  ["Failed", { level: "bad", why: "The disk below gave errors; DRBD is letting go of it." }],
  ["Detaching", { level: "risk", why: "DRBD is letting go of the disk." }],
  ["Attaching", { level: "busy", why: "DRBD is taking the disk." }],
  ["Negotiating", { level: "busy", why: "Both sides are working out whose data is newer." }],
  ["DUnknown", { level: "unknown", why: "Nothing is known of this copy while there is no connection to it." }],
]);

/** The word a node itself prints for a peer: the connection state of 8.x, else whichever of DRBD 9's two says more. */
export function wordFor(device: DrbdDevice, peer: DrbdPeer): string {
  if (device.cs !== null && device.peers.length <= 1) return device.cs;
  if (linkState(peer.connection) !== "connected") return peer.connection;
  return peer.replication;
}

/** A resource whose name nobody says goes by its minor. */
export function resourceOf({ resource, minor }: DrbdDevice): string {
  return resource ?? `minor-${minor}`;
}

/** A device's name for people: the resource, its volume where it is not the first, else the minor. */
export function nameOf(device: DrbdDevice): string {
  const resource = resourceOf(device);
  return device.volume === null || device.volume === 0 ? resource : `${resource}/${device.volume}`;
}

/** Tells a device's peers apart in what is remembered of them: by name where the source says it, else by place. */
export function peerKey(device: DrbdDevice, peer: DrbdPeer, index: number): string {
  return `${device.minor}:${peer.name ?? index}`;
}
