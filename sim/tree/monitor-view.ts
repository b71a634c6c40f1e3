// SPDX-License-Identifier: Apache-2.0

import type { Member, Primitive, Service } from "@/sim/model/manager";
import { type Cluster, mirrorOf } from "@/sim/model/model";
import { isManaged } from "@/sim/model/placement";
import { isQuorate } from "@/sim/model/quorum";
import type { Monitor, MonitorHistory, MonitorNode, MonitorOperation, MonitorResource } from "@/sim/text/crm-mon";

export const MONITOR_REQUEST = "crm_mon -1 --output-as=xml --include=all --inactive --fence-history=3";

const INFINITY = 1_000_000;
/** What a stop takes, as the executor measured it. */
const STOP_MS = 1_140;
/** A start or stop that fails does so at once. */
const FAILED_MS = 40;

/** Feature set of a Pacemaker version, as its nodes announce it. */
export function featureSetOf(version: string): string {
  if (version.startsWith("1.1")) return "3.0.14";
  if (version.startsWith("2.0")) return "3.6.1";
  return version === "2.1.6" ? "3.17.4" : "3.16.1";
}

/** One resource instance of the cluster, whatever it is inside of. */
export interface Instance {
  id: string;
  agent: string;
  role: string;
  node: string | null;
  pending: string | null;
  startedAtMs: number;
  call: number;
  monitorSeconds: number;
}

/** The mirror's clone: one instance per living copy; of a node that is being fenced the cluster still remembers its own. */
export function cloneInstances(cluster: Cluster, drbd: string, mirrorName: string): Instance[] {
  const mirror = mirrorOf(cluster, mirrorName);
  return mirror.copies.map((copy) => {
    const member = cluster.pacemaker.members.find((candidate) => candidate.node === copy.node);
    const node = cluster.nodes.find((candidate) => candidate.name === copy.node);
    const isRemembered = member?.isUnclean === true;
    const isRunning = copy.isUp && member?.isOnline === true && !member.isPending;
    const role = isRunning || isRemembered ? (copy.role === "Primary" ? "Promoted" : "Unpromoted") : "Stopped";
    const startedAtMs = (node?.bootedAtMs ?? 0) + 60_000;
    const at = role === "Stopped" ? null : copy.node;
    return {
      id: drbd,
      agent: "ocf:linbit:drbd",
      role,
      node: at,
      pending: null,
      startedAtMs,
      call: 32,
      monitorSeconds: role === "Promoted" ? 20 : 30,
    };
  });
}

export function primitiveInstance(primitive: Primitive): Instance {
  const { id, agent, node, state, startedAtMs, call, monitorSeconds } = primitive;
  const pending = state === "Starting" || state === "Stopping" ? state : null;
  return { id, agent, role: state, node, pending, startedAtMs, call, monitorSeconds };
}

function fenceInstances(cluster: Cluster): Instance[] {
  return cluster.pacemaker.fenceDevices.map((device): Instance => {
    const { id, agent, node } = device;
    return {
      id,
      agent,
      role: node === null ? "Stopped" : "Started",
      node,
      pending: null,
      startedAtMs: cluster.pacemaker.lastChange.atMs,
      call: 6,
      monitorSeconds: 3600,
    };
  });
}

/** Every instance: fencing devices, then per service its primitives and the clones under them. */
export function instancesOf(cluster: Cluster): Instance[] {
  return [
    ...fenceInstances(cluster),
    ...cluster.pacemaker.services.flatMap((service) => [
      ...service.primitives.map(primitiveInstance),
      ...service.stack.flatMap((layer) => cloneInstances(cluster, layer.drbd, layer.mirror)),
    ]),
  ];
}

/** What `crm_mon` says, in the words of Pacemaker 2.1. Every member of a partition says the same. */
export function monitorOf(cluster: Cluster, version: string): Monitor {
  const { pacemaker } = cluster;
  const instances = instancesOf(cluster);
  const resource =
    (...owners: string[]) =>
    (instance: Instance): MonitorResource =>
      resourceOf(cluster, instance, isManaged(cluster, [...owners, instance.id], instance.node));
  const dcId = cluster.nodes.find((node) => node.name === pacemaker.dc)?.id ?? 1;
  return {
    atMs: pacemaker.changedAtMs,
    request: MONITOR_REQUEST,
    stack: "corosync",
    dc: { name: pacemaker.dc, id: dcId, version: dcVersionOf(cluster, version), isQuorate: isQuorate(cluster) },
    lastChange: pacemaker.lastChange,
    resourcesConfigured: instances.length,
    options: {
      isStonithEnabled: pacemaker.isStonithEnabled,
      noQuorumPolicy: pacemaker.noQuorumPolicy,
      isMaintenance: pacemaker.isMaintenance,
      stonithTimeoutMs: 60_000,
    },
    nodes: pacemaker.members.map((member) => nodeOfMonitor(cluster, member, instances)),
    items: [
      ...fenceInstances(cluster).map(resource()),
      ...pacemaker.services.map((service) => ({
        kind: "group" as const,
        id: service.group,
        isManaged: isManaged(cluster, [service.group], null),
        members: service.primitives.map(primitiveInstance).map(resource(service.group)),
      })),
      ...pacemaker.services.flatMap((service) =>
        service.stack.map((layer) => ({
          kind: "clone" as const,
          id: layer.clone,
          isPromotable: true,
          isManaged: isManaged(cluster, [layer.clone], null),
          instances: cloneInstances(cluster, layer.drbd, layer.mirror).map(resource(layer.clone)),
        })),
      ),
    ],
    attributes: pacemaker.members
      .filter((member) => member.isOnline && !member.isPending)
      .map(({ node }) => ({ node, values: attributesOf(cluster, node) })),
    history: pacemaker.members
      .filter((member) => member.isOnline && !member.isPending)
      .map(({ node }) => ({
        node,
        resources: [
          ...pacemaker.services.flatMap((service) => service.primitives).flatMap((primitive) => stopsOn(cluster, node, primitive)),
          ...instances
            .filter((instance) => instance.node === node)
            .map((instance) => historyOf(cluster, node, instance.id, operationsOf(instance))),
          ...pacemaker.failures
            .filter((failure) => failure.node === node && !isHere(cluster, failure.resource, node))
            .map((failure) => historyOf(cluster, node, failure.resource, [])),
        ],
      })),
    failures: pacemaker.failures.map((failure) => ({ ...failure, code: 1, codeText: "error", intervalMs: 0, execMs: FAILED_MS })),
    fencing: pacemaker.fencing,
    bans: pacemaker.constraints
      .filter((ban) => ban.score.startsWith("-") && (ban.untilMs === null || pacemaker.changedAtMs < ban.untilMs))
      .map(({ id, resource: banned, node, score, role }) => ({
        id,
        resource: banned,
        node,
        weight: score === "-INFINITY" ? -1_000_000 : Number(score),
        isPromotedOnly: role === "Promoted" || role === "Master",
      })),
  };
}

/** True for what has other history on the node than its failure. */
function isHere(cluster: Cluster, id: string, node: string): boolean {
  return cluster.pacemaker.services.some((service) =>
    service.primitives.some((primitive) => primitive.id === id && (primitive.node === node || primitive.stopped?.node === node)),
  );
}

/** A node remembers the stop of what went elsewhere. */
function stopsOn(cluster: Cluster, node: string, { id, node: at, stopped }: Primitive): MonitorHistory[] {
  if (stopped?.node !== node || at === node) return [];
  const { call, atMs } = stopped;
  const operation = { call, task: "stop", code: 0, codeText: "ok", intervalMs: 0, atMs, execMs: STOP_MS, queueMs: 12 };
  return [historyOf(cluster, node, id, [operation])];
}

function historyOf(cluster: Cluster, node: string, id: string, operations: readonly MonitorOperation[]): MonitorHistory {
  const failure = cluster.pacemaker.failures.find((one) => one.resource === id && one.node === node);
  const failed: MonitorOperation[] = failure
    ? [
        {
          call: failure.call,
          task: failure.task,
          code: 1,
          codeText: "error",
          intervalMs: 0,
          atMs: failure.atMs,
          execMs: FAILED_MS,
          queueMs: 0,
        },
      ]
    : [];
  return { id, operations: [...operations, ...failed], failed: failure ? { count: INFINITY, lastMs: failure.atMs } : null };
}

/** The DC's own version, which the whole cluster shows. */
export function dcVersionOf(cluster: Cluster, otherwise: string): string {
  const version = cluster.nodes.find((node) => node.name === cluster.pacemaker.dc)?.pacemakerVersion ?? otherwise;
  return `${version}-a3f44794f94`;
}

function resourceOf(cluster: Cluster, instance: Instance, isResourceManaged: boolean): MonitorResource {
  const member = cluster.pacemaker.members.find((candidate) => candidate.node === instance.node);
  const node = cluster.nodes.find((candidate) => candidate.name === instance.node);
  return {
    kind: "resource",
    id: instance.id,
    agent: instance.agent,
    role: instance.role,
    isManaged: isResourceManaged,
    isFailed: cluster.pacemaker.failures.some((failure) => failure.resource === instance.id && failure.node === instance.node),
    pending: instance.pending,
    nodes: node && member ? [{ name: node.name, id: node.id, isOnline: member.isOnline }] : [],
  };
}

function nodeOfMonitor(cluster: Cluster, member: Member, instances: readonly Instance[]): MonitorNode {
  const node = cluster.nodes.find((candidate) => candidate.name === member.node);
  const version = node?.pacemakerVersion ?? null;
  return {
    name: member.node,
    id: node?.id ?? 0,
    isOnline: member.isOnline,
    // A member whose Pacemaker has not joined flashes standby.
    isStandby: member.isStandby || member.isPending,
    isMaintenance: member.isMaintenance,
    isPending: member.isPending,
    isUnclean: member.isUnclean,
    isDc: cluster.pacemaker.dc === member.node,
    isExpectedUp: member.isOnline || member.isUnclean,
    featureSet: member.isOnline && version !== null ? featureSetOf(version) : null,
    resourcesRunning: instances.filter((instance) => instance.node === member.node).length,
  };
}

/** Promotion scores, as DRBD's resource agent sets them. */
export function attributesOf(cluster: Cluster, node: string): [string, string][] {
  return cluster.pacemaker.services.flatMap((service: Service) =>
    service.stack.flatMap((layer): [string, string][] => {
      const copy = mirrorOf(cluster, layer.mirror).copies.find((candidate) => candidate.node === node);
      return copy?.isUp && copy.disk === "UpToDate" ? [[`master-${layer.drbd}`, "10000"]] : [];
    }),
  );
}

/** Its last start (or promotion) and its monitor. */
export function operationsOf(instance: Instance): MonitorOperation[] {
  const isPromoted = instance.role === "Promoted";
  const base = { execMs: 842, queueMs: 12 };
  const first: MonitorOperation = {
    ...base,
    call: instance.call,
    task: isPromoted ? "promote" : "start",
    code: 0,
    codeText: "ok",
    intervalMs: 0,
    atMs: instance.startedAtMs,
  };
  if (instance.pending !== null || instance.monitorSeconds === 0) return [first];
  return [
    first,
    {
      ...base,
      call: instance.call + 2,
      task: "monitor",
      code: isPromoted ? 8 : 0,
      codeText: isPromoted ? "promoted" : "ok",
      intervalMs: instance.monitorSeconds * 1000,
      atMs: instance.startedAtMs + 1_000,
    },
  ];
}
