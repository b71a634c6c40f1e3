// SPDX-License-Identifier: Apache-2.0
import { isQuorate } from "@/sim/model/cluster-life";
import type { Cluster, Primitive, Service } from "@/sim/model/model";
import type { Cib, CibConstraint, CibItem, CibNodeState, CibPrimitive } from "@/sim/text/cib";
import { attributesOf, dcVersionOf, featureSetOf, instancesOf, operationsOf } from "./monitor-view";

/** The CIB as `cibadmin -Q` gives it. A cluster of mixed versions speaks its oldest. */
export function cibOf(cluster: Cluster): Cib {
  const { pacemaker } = cluster;
  const versions = cluster.nodes.flatMap((node) => (node.pacemakerVersion === null ? [] : [node.pacemakerVersion])).sort();
  const oldest = versions[0] ?? "2.1.5";
  const isModern = oldest.startsWith("2.1");
  const members = cluster.nodes.filter((node) => node.role === "member");
  const { atMs, origin, client, user } = pacemaker.lastChange;
  return {
    featureSet: featureSetOf(oldest),
    validateWith: isModern ? "pacemaker-3.9" : "pacemaker-2.10",
    epoch: pacemaker.epoch,
    numUpdates: pacemaker.numUpdates,
    lastWritten: { atMs, origin, client, user },
    isQuorate: isQuorate(cluster),
    dcId: members.find((node) => node.name === pacemaker.dc)?.id ?? 1,
    properties: {
      "have-watchdog": "false",
      "dc-version": dcVersionOf(cluster, oldest),
      "cluster-infrastructure": "corosync",
      "cluster-name": pacemaker.name,
      "stonith-enabled": String(pacemaker.isStonithEnabled),
      "no-quorum-policy": pacemaker.noQuorumPolicy,
      ...(pacemaker.isMaintenance ? { "maintenance-mode": "true" } : {}),
    },
    nodes: members.map(({ id, name }) => ({ id, name })),
    resources: [
      ...pacemaker.fenceDevices.map(
        ({ id, agent, target }): CibPrimitive => ({
          kind: "primitive",
          id,
          agent,
          parameters: { pcmk_host_list: target, ip: `ipmi-${target}`, username: "fence" },
          operations: [{ name: "monitor", seconds: 3600, role: null, timeoutSeconds: 60 }],
        }),
      ),
      ...pacemaker.services.map((service): CibItem => ({ kind: "group", id: service.group, members: service.primitives.map(primitiveOf) })),
      ...pacemaker.services.flatMap((service) => service.stack.map((layer) => cloneOf(cluster, layer, isModern))),
    ],
    constraints: [
      ...pacemaker.services.flatMap((service) => constraintsOf(service, isModern)),
      ...pacemaker.constraints.map((ban): CibConstraint => {
        return { kind: "location", id: ban.id, resource: ban.resource, role: "Started", node: ban.node, score: ban.score };
      }),
    ],
    states: members.map(({ id, name }) => stateOf(cluster, id, name)),
  };
}

function primitiveOf(primitive: Primitive): CibPrimitive {
  const { id, agent, parameters, monitorSeconds } = primitive;
  return {
    kind: "primitive",
    id,
    agent,
    parameters,
    operations: [
      { name: "start", seconds: 0, role: null, timeoutSeconds: 60 },
      { name: "stop", seconds: 0, role: null, timeoutSeconds: 60 },
      { name: "monitor", seconds: monitorSeconds, role: null, timeoutSeconds: 40 },
    ],
  };
}

function cloneOf(cluster: Cluster, layer: Service["stack"][number], isModern: boolean): CibItem {
  const copies = cluster.mirrors.find((mirror) => mirror.name === layer.mirror)?.copies.length ?? 2;
  const [promoted, unpromoted] = isModern ? ["Promoted", "Unpromoted"] : ["Master", "Slave"];
  return {
    kind: "clone",
    id: layer.clone,
    meta: {
      promotable: "true",
      [isModern ? "promoted-max" : "master-max"]: "1",
      [isModern ? "promoted-node-max" : "master-node-max"]: "1",
      "clone-max": String(copies),
      "clone-node-max": "1",
      notify: "true",
      interleave: "true",
    },
    primitive: {
      kind: "primitive",
      id: layer.drbd,
      agent: "ocf:linbit:drbd",
      parameters: { drbd_resource: layer.mirror },
      operations: [
        { name: "start", seconds: 0, role: null, timeoutSeconds: 240 },
        { name: "stop", seconds: 0, role: null, timeoutSeconds: 100 },
        { name: "promote", seconds: 0, role: null, timeoutSeconds: 90 },
        { name: "demote", seconds: 0, role: null, timeoutSeconds: 90 },
        { name: "monitor", seconds: 20, role: promoted ?? null, timeoutSeconds: 60 },
        { name: "monitor", seconds: 30, role: unpromoted ?? null, timeoutSeconds: 60 },
      ],
    },
  };
}

function constraintsOf(service: Service, isModern: boolean): CibConstraint[] {
  return service.stack.flatMap((layer): CibConstraint[] => [
    {
      kind: "colocation",
      id: `col_${service.group}_${layer.mirror}`,
      resource: service.group,
      with: layer.clone,
      withRole: isModern ? "Promoted" : "Master",
      score: "INFINITY",
    },
    {
      kind: "order",
      id: `ord_${service.group}_${layer.mirror}`,
      first: layer.clone,
      firstAction: "promote",
      dependent: service.group,
      dependentAction: "start",
    },
  ]);
}

function stateOf(cluster: Cluster, id: number, name: string): CibNodeState {
  const member = cluster.pacemaker.members.find((candidate) => candidate.node === name);
  const version = cluster.nodes.find((node) => node.name === name)?.pacemakerVersion ?? "";
  const isOnline = member?.isOnline ?? false;
  const isJoined = isOnline && member?.isPending === false;
  const attributes: [string, string][] = [
    ...(version.startsWith("2.1") ? [["#feature-set", featureSetOf(version)] satisfies [string, string]] : []),
    ...attributesOf(cluster, name),
  ];
  return {
    id,
    name,
    isMember: isOnline,
    isOnline: isJoined,
    isJoined,
    isExpected: isOnline || member?.isUnclean === true,
    attributes,
    resources: instancesOf(cluster)
      .filter((instance) => instance.node === name)
      .map((instance) => ({ id: instance.id, agent: instance.agent, operations: operationsOf(instance) })),
  };
}
