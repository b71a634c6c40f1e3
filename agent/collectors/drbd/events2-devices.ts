// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { intOrNull } from "@/agent/collectors/text";
import type { DrbdCounters, DrbdDevice, DrbdPeer } from "@/agent/protocol/model/drbd";
import { countOrNull, kibToBytes, sumOrNull } from "./numbers";
import { pausedByOf, progressOfSectors, rateOfMebibytes } from "./sync-details";

/** What one line says of one object, by key. */
export type Fields = Map<string, string>;

/** Everything announced so far, by `name`, `name/volume`, `name/peer`, `name/peer/volume`. */
export interface Objects {
  resources: Map<string, Fields>;
  devices: Map<string, Fields>;
  connections: Map<string, Fields>;
  peerDevices: Map<string, Fields>;
}

/** The announced objects as devices. @throws ParseError for a device without a usable minor or volume */
export function devicesOf(objects: Objects): DrbdDevice[] {
  return [...objects.devices.values()].map((device) => {
    const name = device.get("name") ?? "";
    const minor = countOrNull(device.get("minor"));
    const volume = countOrNull(device.get("volume"));
    if (minor === null || volume === null) throw new ParseError(`drbdsetup events2: a device of ${name} without minor or volume`);
    const resource = objects.resources.get(name);
    const links = [...objects.peerDevices.entries()]
      .filter(([, fields]) => fields.get("name") === name && fields.get("volume") === device.get("volume"))
      .map(([key, fields]) => ({ fields, connection: objects.connections.get(key.slice(0, key.lastIndexOf("/"))) }));
    const suspended = resource?.get("suspended") ?? "no";
    return {
      minor,
      resource: name,
      volume,
      role: resource?.get("role") ?? "Unknown",
      disk: device.get("disk") ?? "Unknown",
      suspended: suspended !== "no",
      suspendedBy: suspendedByOf(suspended),
      unconfigured: false,
      activityLogSuspended: device.get("al-suspended") === "yes",
      sizeBytes: kibToBytes(countOrNull(device.get("size"))),
      cs: null,
      counters: countersOf(
        device,
        resource,
        links.map((link) => link.fields),
      ),
      peers: links.map((link) => peerOf(link.fields, link.connection)),
    };
  });
}

/** The reasons drbdsetup lists; a bare "yes" gives none. */
export function suspendedByOf(printed: string): string[] {
  if (printed === "no") return [];
  return printed === "yes" ? ["unknown"] : printed.split(",");
}

function peerOf(fields: Fields, connection: Fields | undefined): DrbdPeer {
  const replication = fields.get("replication") ?? "Unknown";
  const outOfSyncKib = countOrNull(fields.get("out-of-sync"));
  return {
    name: fields.get("conn-name") ?? connection?.get("conn-name") ?? null,
    connection: connection?.get("connection") ?? "Unknown",
    replication,
    role: connection?.get("role") ?? "Unknown",
    disk: fields.get("peer-disk") ?? "Unknown",
    protocol: null,
    outOfSyncBytes: kibToBytes(outOfSyncKib),
    pausedBy: pausedByOf(fields.get("resync-suspended")),
    congested: connection?.get("congested") === "yes" ? "network" : null,
    progress: progressOfSectors({
      replication,
      totalSectors: countOrNull(fields.get("rs-total")),
      verifyLeftSectors: countOrNull(fields.get("ov-left")),
      outOfSyncKib,
      failedSectors: countOrNull(fields.get("rs-failed")),
      rateBytesPerSec: rateOfMebibytes(fields.get("dbdt1")),
      etaSeconds: countOrNull(fields.get("eta")),
    }),
  };
}

function countersOf(device: Fields, resource: Fields | undefined, links: readonly Fields[]): DrbdCounters | null {
  // Without --statistics there are none, and a row of nulls says less than that.
  if (!device.has("read") && !device.has("written")) return null;
  const sum = (key: string) => sumOrNull(links.map((fields) => intOrNull(fields.get(key))));
  return {
    networkSentBytes: kibToBytes(sum("sent")),
    networkReceivedBytes: kibToBytes(sum("received")),
    diskWrittenBytes: kibToBytes(intOrNull(device.get("written"))),
    diskReadBytes: kibToBytes(intOrNull(device.get("read"))),
    activityLogWrites: intOrNull(device.get("al-writes")),
    bitmapWrites: intOrNull(device.get("bm-writes")),
    localPending: intOrNull(device.get("lower-pending")),
    peerPending: sum("pending"),
    unacknowledged: sum("unacked"),
    applicationPending: intOrNull(device.get("upper-pending")),
    epochs: null,
    writeOrdering: resource?.get("write-ordering") ?? null,
  };
}
