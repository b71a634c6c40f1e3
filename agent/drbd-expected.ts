// SPDX-License-Identifier: Apache-2.0
import type { DrbdDevice } from "./protocol/model/drbd";
import type { Reading } from "./protocol/sources";
import type { ExpectedDrbd } from "./protocol/steps";

/** In which way DRBD does not stand as the order says, as a sentence; null when it does. */
export function drbdDifference(reading: Reading<"drbd"> | undefined, expected: readonly ExpectedDrbd[]): string | null {
  if (reading === undefined || reading.status === "failed") return "DRBD could not be read just now, so it may stand differently.";
  const devices = reading.status === "ok" ? reading.value.devices.filter((device) => !device.unconfigured) : [];
  for (const want of expected) {
    const device = devices.find(({ minor }) => minor === want.minor);
    if (device === undefined) return `DRBD minor ${want.minor} is not there any more.`;
    const [now, before] = [stateOf(device), stateOf(want)];
    if (now !== before) return `DRBD minor ${want.minor} changed: it was ${before}, and is ${now}.`;
  }
  const extra = devices.find(({ minor }) => !expected.some((want) => want.minor === minor));
  return extra === undefined ? null : `DRBD minor ${extra.minor} was not there before, or not looked at.`;
}

/** Role, disk and every peer in words, peers in one order. */
function stateOf({ role, disk, peers }: Pick<DrbdDevice, "role" | "disk"> & { peers: readonly Peer[] }): string {
  const ofPeers = peers.map((peer) => `${peer.name ?? "peer"} ${peer.connection}/${peer.replication}/${peer.disk}`);
  return [role, disk, ...ofPeers.sort()].join(", ");
}
type Peer = ExpectedDrbd["peers"][number];
