// SPDX-License-Identifier: Apache-2.0
import type { DrbdDevice, DrbdPeer } from "@/agent/protocol/model/drbd";
import { cluster, device, drbd, member, nodeFacts, pacemaker, peer, resource, settings, type Values } from "./factories";
import type { ClusterFacts } from "./facts";

// The cluster most tests start from: ruby and crystal, one mirror, one service, all well.

/** ruby's side of `store`. */
export function rubySide(more: Partial<DrbdDevice> = {}, of: Partial<DrbdPeer> = {}): DrbdDevice {
  return device({ role: "Primary", peers: [peer({ role: "Secondary", ...of })], ...more });
}

/** crystal's side of `store`. */
export function crystalSide(more: Partial<DrbdDevice> = {}, of: Partial<DrbdPeer> = {}): DrbdDevice {
  return device({ role: "Secondary", peers: [peer({ role: "Primary", ...of })], ...more });
}

export const rubySettings = settings("store", 0, "10.0.0.1", "10.0.0.2", 7_788);
export const crystalSettings = settings("store", 0, "10.0.0.2", "10.0.0.1", 7_788);

export function calmPacemaker() {
  return pacemaker([member("ruby", { isDc: true }), member("crystal")], [resource("g_mail", "ruby")]);
}

export function pair(ruby: Values = {}, crystal: Values = {}): ClusterFacts {
  return cluster(
    nodeFacts("ruby", { drbd: drbd([rubySide()], { settings: [rubySettings] }), pacemaker: calmPacemaker(), ...ruby }),
    nodeFacts("crystal", { drbd: drbd([crystalSide()], { settings: [crystalSettings] }), pacemaker: calmPacemaker(), ...crystal }),
  );
}
