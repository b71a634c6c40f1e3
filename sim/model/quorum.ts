// SPDX-License-Identifier: Apache-2.0
import { type Cluster, memberOf } from "./model";
import { isOn } from "./scene";

export function isQuorate(cluster: Cluster): boolean {
  const { members, isTwoNode } = cluster.pacemaker;
  const online = members.filter((member) => member.isOnline).length;
  return isTwoNode ? online > 0 : online * 2 > members.length;
}

/** True when crm_mon on the node has a cluster to speak of. */
export function pacemakerAnswers(cluster: Cluster, name: string): boolean {
  return isOn(cluster, name) && memberOf(cluster, name)?.isOnline === true;
}
