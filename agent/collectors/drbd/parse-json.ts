// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { ParseError } from "@/agent/collectors/define";
import { decode } from "@/agent/protocol/decode";
import type { DrbdCounters, DrbdDevice, DrbdPeer } from "@/agent/protocol/model/drbd";
import { kibToBytes, sumOrNull } from "./numbers";
import { pausedByOf, progressOfSectors } from "./sync-details";

/** What drbdsetup prints for "cannot be estimated". */
const NO_ESTIMATE = 987_654_321;

const Count = z.number().nullish();
const Flag = z.boolean().nullish();
const PeerDevice = z.object({
  volume: z.number().int(),
  "replication-state": z.string(),
  "peer-disk-state": z.string(),
  "resync-suspended": z.string().nullish(),
  received: Count,
  sent: Count,
  "out-of-sync": Count,
  pending: Count,
  unacked: Count,
  "rs-total": Count,
  "rs-failed": Count,
  "ov-left": Count,
  "db1/dt1 [MiB/s]": Count,
  "estimated-seconds-to-finish": Count,
});
const Connection = z.object({
  name: z.string().nullish(),
  "peer-node-id": Count,
  "connection-state": z.string(),
  congested: Flag,
  "peer-role": z.string(),
  peer_devices: z.array(PeerDevice),
});
const Device = z.object({
  volume: z.number().int().nonnegative(),
  minor: z.number().int().nonnegative(),
  "disk-state": z.string(),
  quorum: Flag,
  size: Count,
  read: Count,
  written: Count,
  "al-writes": Count,
  "bm-writes": Count,
  "upper-pending": Count,
  "lower-pending": Count,
});
const Resource = z.object({
  name: z.string(),
  role: z.string(),
  suspended: Flag,
  "suspended-user": Flag,
  "suspended-no-data": Flag,
  "suspended-fencing": Flag,
  "suspended-quorum": Flag,
  "write-ordering": z.string().nullish(),
  devices: z.array(Device),
  connections: z.array(Connection),
});
type Resource = z.infer<typeof Resource>;
type Device = z.infer<typeof Device>;
type Connection = z.infer<typeof Connection>;
type PeerDevice = z.infer<typeof PeerDevice>;

/**
 * Parses `drbdsetup status --json` of DRBD 9.
 *
 * Units: sizes and traffic in KiB, rs-* and ov-* in 512-byte sectors, rates in MiB/s in the text; bytes here.
 * Source: drbdsetup.c of drbd-utils 9.0 to 9.34. Before 9.6.0 it could print bare nan and inf: read as null.
 * @throws ParseError when it is not JSON, or not of this shape
 */
export function parseStatusJson(text: string): DrbdDevice[] {
  const decoded = decode(z.array(Resource), jsonOf(text));
  if (!decoded.ok) throw new ParseError(`drbdsetup status --json: ${decoded.error}`);
  return decoded.value.flatMap((resource) => resource.devices.map((device) => deviceOf(resource, device)));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON as it stands; with the bare nan and inf of old utilities replaced it may be.
  }
  try {
    return JSON.parse(text.replace(/(:\s*)-?(?:nan|inf)(?=\s*[,}\]])/g, "$1null"));
  } catch {
    throw new ParseError("drbdsetup status --json: not JSON");
  }
}

function deviceOf(resource: Resource, device: Device): DrbdDevice {
  const links = resource.connections.flatMap((connection) =>
    connection.peer_devices.filter((peer) => peer.volume === device.volume).map((peer) => ({ connection, peer })),
  );
  const reasons = (["user", "no-data", "fencing", "quorum"] as const).filter((reason) => resource[`suspended-${reason}`] === true);
  const suspended = resource.suspended === true || reasons.length > 0;
  return {
    minor: device.minor,
    resource: resource.name,
    volume: device.volume,
    role: resource.role,
    disk: device["disk-state"],
    suspended,
    suspendedBy: suspended && reasons.length === 0 ? ["unknown"] : reasons,
    unconfigured: false,
    activityLogSuspended: false,
    sizeBytes: kibToBytes(countOf(device.size)),
    cs: null,
    counters: countersOf(
      resource,
      device,
      links.map((link) => link.peer),
    ),
    ...(typeof device.quorum === "boolean" ? { hasQuorum: device.quorum } : {}),
    peers: links.map((link) => peerOf(link.connection, link.peer)),
  };
}

function countOf(value: number | null | undefined): number | null {
  return value === undefined || value === null || value < 0 || !Number.isSafeInteger(value) ? null : value;
}

function peerOf(connection: Connection, peer: PeerDevice): DrbdPeer {
  const nodeId = countOf(connection["peer-node-id"]);
  const rate = peer["db1/dt1 [MiB/s]"];
  const estimate = countOf(peer["estimated-seconds-to-finish"]);
  return {
    name: connection.name ?? null,
    ...(nodeId === null ? {} : { nodeId }),
    connection: connection["connection-state"],
    replication: peer["replication-state"],
    role: connection["peer-role"],
    disk: peer["peer-disk-state"],
    protocol: null,
    outOfSyncBytes: kibToBytes(countOf(peer["out-of-sync"])),
    pausedBy: pausedByOf(peer["resync-suspended"] ?? undefined),
    congested: connection.congested === true ? "network" : null,
    progress: progressOfSectors({
      replication: peer["replication-state"],
      totalSectors: countOf(peer["rs-total"]),
      verifyLeftSectors: countOf(peer["ov-left"]),
      outOfSyncKib: countOf(peer["out-of-sync"]),
      failedSectors: countOf(peer["rs-failed"]),
      rateBytesPerSec: rate === undefined || rate === null ? null : Math.round(rate * 1024 * 1024),
      etaSeconds: estimate === NO_ESTIMATE ? null : estimate,
    }),
  };
}

function countersOf(resource: Resource, device: Device, links: readonly PeerDevice[]): DrbdCounters | null {
  if (countOf(device.read) === null && countOf(device.written) === null) return null; // the kernel gave no statistics
  const sum = (key: "sent" | "received" | "pending" | "unacked") => sumOrNull(links.map((link) => countOf(link[key])));
  return {
    networkSentBytes: kibToBytes(sum("sent")),
    networkReceivedBytes: kibToBytes(sum("received")),
    diskWrittenBytes: kibToBytes(countOf(device.written)),
    diskReadBytes: kibToBytes(countOf(device.read)),
    activityLogWrites: countOf(device["al-writes"]),
    bitmapWrites: countOf(device["bm-writes"]),
    localPending: countOf(device["lower-pending"]),
    peerPending: sum("pending"),
    unacknowledged: sum("unacked"),
    applicationPending: countOf(device["upper-pending"]),
    epochs: null,
    writeOrdering: resource["write-ordering"] ?? null,
  };
}
