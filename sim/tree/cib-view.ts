// SPDX-License-Identifier: Apache-2.0

import type { Primitive, Service } from "@/sim/model/manager";
import { type Cluster, memberOf } from "@/sim/model/model";
import { isQuorate } from "@/sim/model/quorum";
import {
  type Cib,
  type CibConstraint,
  type CibItem,
  type CibNodeState,
  type CibOperation,
  type CibPrimitive,
  operationDigest,
} from "@/sim/text/cib";
import type { MonitorOperation } from "@/sim/text/crm-mon";
import { attributesOf, dcVersionOf, featureSetOf, instancesOf, operationsOf } from "./monitor-view";

/** The CIB as `cibadmin -Q` gives it. A cluster of mixed versions speaks its oldest. */
export function cibOf(cluster: Cluster): Cib {
  const { pacemaker } = cluster;
  const versions = cluster.nodes.flatMap((node) => (node.pacemakerVersion === null ? [] : [node.pacemakerVersion])).sort();
  const oldest = versions[0] ?? "2.1.5";
  const isModern = oldest.startsWith("2.1");
  const members = cluster.nodes.filter((node) => node.role === "member");
  const { atMs, origin, client, user } = pacemaker.lastChange;
  const resources: CibItem[] = [
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
  ];
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
      "maintenance-mode": String(pacemaker.isMaintenance),
    },
    nodes: members.map(({ id, name }) => ({ id, name, attributes: nodeAttributes(cluster, name) })),
    managed: pacemaker.managed,
    resources,
    constraints: [
      ...pacemaker.services.flatMap((service) => constraintsOf(service, isModern)),
      ...pacemaker.constraints.map((one): CibConstraint => ({ kind: "location", ...one })),
    ],
    fenceLevels: pacemaker.fenceLevels,
    states: members.map(({ id, name }) => stateOf(cluster, id, name, resources)),
  };
}

/** What an admin set on a node, in Pacemaker's words. */
function nodeAttributes(cluster: Cluster, name: string): Record<string, string> {
  const member = memberOf(cluster, name);
  return { ...(member?.isStandby ? { standby: "on" } : {}), ...(member?.isMaintenance ? { maintenance: "true" } : {}) };
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

function stateOf(cluster: Cluster, id: number, name: string, resources: readonly CibItem[]): CibNodeState {
  const member = cluster.pacemaker.members.find((candidate) => candidate.node === name);
  const version = cluster.nodes.find((node) => node.name === name)?.pacemakerVersion ?? "";
  const isOnline = member?.isOnline ?? false;
  const isJoined = isOnline && member?.isPending === false;
  const attributes: [string, string][] = [
    ...(version.startsWith("2.1") ? [["#feature-set", featureSetOf(version)] satisfies [string, string]] : []),
    ...attributesOf(cluster, name),
    ...cluster.pacemaker.failures
      .filter((failure) => failure.node === name)
      .flatMap(({ resource, task, atMs }): [string, string][] => [
        [`fail-count-${resource}#${task}_0`, "INFINITY"],
        [`last-failure-${resource}#${task}_0`, String(Math.trunc(atMs / 1000))],
      ]),
  ];
  return {
    id,
    name,
    isMember: isOnline,
    isOnline: isJoined,
    isJoined,
    isExpected: isOnline || member?.isUnclean === true,
    attributes,
    resources: primitivesIn(resources).map((primitive) => ({
      id: primitive.id,
      agent: primitive.agent,
      operations: operationsOn(cluster, primitive, name),
    })),
  };
}

function primitivesIn(items: readonly CibItem[]): CibPrimitive[] {
  return items.flatMap((item) => (item.kind === "primitive" ? [item] : item.kind === "group" ? item.members : [item.primitive]));
}

/** Where it runs its last start and its monitor; elsewhere the probe that found it stopped. */
function operationsOn(cluster: Cluster, { id, parameters, operations }: CibPrimitive, name: string): CibOperation[] {
  const here = instancesOf(cluster).find((instance) => instance.id === id && instance.node === name);
  const run = here ? operationsOf(here) : [probeOf(cluster, name)];
  return run.map((operation) => {
    const own = operations.find((one) => one.name === operation.task && one.seconds * 1000 === operation.intervalMs);
    return { ...operation, digest: operationDigest(parameters, operation.intervalMs > 0 && own ? own.timeoutSeconds : null) };
  });
}

/** A node asks once, when it joins, what runs already. */
function probeOf(cluster: Cluster, name: string): MonitorOperation {
  const atMs = (cluster.nodes.find((node) => node.name === name)?.bootedAtMs ?? 0) + 55_000;
  return { call: 5, task: "monitor", code: 7, codeText: "not running", intervalMs: 0, atMs, execMs: 26, queueMs: 0 };
}
