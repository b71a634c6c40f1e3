// SPDX-License-Identifier: Apache-2.0
import type { Drbd, DrbdDevice, DrbdSettings } from "@/agent/protocol/model/drbd";
import { isMovingData } from "./words";

/** What `/proc/drbd` of 8.x does not say of a minor. */
export interface MinorName {
  resource: string;
  volume: number | null;
  /** Why I/O is suspended, where the source says it. */
  suspendedBy: readonly string[];
  sizeBytes: number | null;
}

/** Adds names, sizes and reasons to devices that have none of their own. */
export function nameDevices(
  devices: readonly DrbdDevice[],
  names: ReadonlyMap<number, MinorName>,
  sizes: ReadonlyMap<number, number>,
): DrbdDevice[] {
  return devices.map((device) => {
    const name = names.get(device.minor);
    const sizeBytes = device.sizeBytes ?? sizes.get(device.minor) ?? name?.sizeBytes ?? null;
    if (!name) return { ...device, sizeBytes };
    const reasons = device.suspended && name.suspendedBy.length > 0 ? [...name.suspendedBy] : device.suspendedBy;
    return { ...device, resource: device.resource ?? name.resource, volume: device.volume ?? name.volume, sizeBytes, suspendedBy: reasons };
  });
}

/** Names from devices that another source named (drbdsetup events2). */
export function namesOfDevices(devices: readonly DrbdDevice[]): Map<number, MinorName> {
  const names = new Map<number, MinorName>();
  for (const { minor, resource, volume, suspendedBy, sizeBytes } of devices)
    if (resource !== null) names.set(minor, { resource, volume, suspendedBy, sizeBytes });
  return names;
}

/** Names from settings, for a node where neither drbdsetup nor udev gives them. */
export function namesOfSettings(settings: readonly DrbdSettings[]): Map<number, MinorName> {
  const names = new Map<number, MinorName>();
  for (const { resource, volumes } of settings)
    for (const { minor, volume } of volumes) if (minor !== null) names.set(minor, { resource, volume, suspendedBy: [], sizeBytes: null });
  return names;
}

/**
 * The settings in force, with the configured connections where none is in force: DRBD 8.4 forgets its connection while
 * StandAlone, and that is when one most wants to know which peer it had.
 */
export function fillConnections(inForce: readonly DrbdSettings[], configured: readonly DrbdSettings[]): DrbdSettings[] {
  return inForce.map((settings) => {
    if (settings.connections.length > 0) return settings;
    return { ...settings, connections: configured.find((other) => other.resource === settings.resource)?.connections ?? [] };
  });
}

/** Adds the protocol of the settings to peers of a source that does not print it (drbdsetup of DRBD 9). */
export function withProtocols(devices: readonly DrbdDevice[], settings: readonly DrbdSettings[] | null): DrbdDevice[] {
  return devices.map((device) => {
    const connections = settings?.find((one) => one.resource === device.resource)?.connections ?? [];
    const peers = device.peers.map((peer) => {
      const connection = peer.name === null ? undefined : connections.find((one) => one.peer === peer.name);
      return peer.protocol === null && connection ? { ...peer, protocol: connection.protocol } : peer;
    });
    return { ...device, peers };
  });
}

/** The states alone, as one text: while it stays the same, names and settings need not be asked for again. */
export function statesOf(devices: readonly DrbdDevice[]): string {
  return JSON.stringify(
    devices.map((device) => [
      device.minor,
      device.unconfigured,
      device.role,
      device.disk,
      device.suspended,
      device.peers.map((peer) => [peer.name, peer.connection, peer.replication, peer.role, peer.disk, peer.protocol]),
    ]),
  );
}

/** True while any resync or verify runs: then the reading changes from second to second. */
export function isAnyMovingData(value: Drbd): boolean {
  return value.devices.some((device) => device.peers.some((peer) => peer.progress !== null || isMovingData(peer.replication)));
}

/**
 * The reading without counters, progress and congestion (which comes and goes with every burst of writes): out of sync at all or
 * not, syncing or not, stalled or not.
 */
export function steadyDrbd(value: Drbd): unknown {
  return {
    ...value,
    devices: value.devices.map(({ counters: _counters, ...device }) => ({
      ...device,
      peers: device.peers.map(({ congested: _congested, ...peer }) => ({
        ...peer,
        outOfSyncBytes: peer.outOfSyncBytes === null ? null : peer.outOfSyncBytes > 0,
        progress: peer.progress && { kind: peer.progress.kind, stalled: peer.progress.stalled },
      })),
    })),
  };
}
