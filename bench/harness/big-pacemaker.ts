// SPDX-License-Identifier: Apache-2.0
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";

/** How many resources stand in one group. */
const GROUP = 4;

/** Pacemaker's word on a cluster of any size: resources in groups of four, all of them started but those that are named as stopped. */
export function bigPacemaker(
  nodes: readonly string[],
  resources: number,
  turn: number,
  isStopped: (resource: number) => boolean,
): Pacemaker {
  const groups = Array.from({ length: resources / GROUP }, (_, index) => `group${index}`);
  return {
    version: "2.1.5",
    source: "crm_mon --output-as=xml",
    dc: nodes[0] ?? null,
    quorate: true,
    featureSet: "3.16.1",
    maintenance: false,
    stonithEnabled: true,
    nodes: nodes.map((name, index) => ({
      name,
      id: String(index + 1),
      online: true,
      standby: false,
      maintenance: false,
      pending: false,
      unclean: false,
      shutdown: false,
      isDc: index === 0,
      featureSet: "3.16.1",
      attributes: {},
    })),
    resources: Array.from({ length: resources }, (_, index) => {
      const group = Math.floor(index / GROUP);
      const isAway = isStopped(index);
      const home = nodes[group % nodes.length];
      return {
        id: `rsc${index}`,
        parents: [`group${group}`],
        agent: "ocf:heartbeat:Filesystem",
        role: isAway ? "Stopped" : "Started",
        targetRole: null,
        active: !isAway,
        managed: true,
        failed: false,
        blocked: false,
        orphaned: false,
        pending: null,
        nodes: isAway || home === undefined ? [] : [home],
        onOfflineNode: false,
      };
    }),
    collections: groups.map((id) => ({ id, kind: "group" as const, parents: [], managed: true })),
    constraints: [],
    failures: [],
    fencing: [],
    configEpoch: { adminEpoch: 0, epoch: 1, numUpdates: turn },
    unread: [],
  };
}
