// SPDX-License-Identifier: Apache-2.0
import { element, renderXml, type XmlElement } from "./xml";

/** What crm_mon says of a cluster at one moment. Words are Pacemaker 2.1's; older styles translate them. */
export interface Monitor {
  atMs: number;
  /** The command line, as the tool echoes it. */
  request: string;
  stack: string;
  dc: { name: string; id: number; version: string; isQuorate: boolean } | null;
  lastChange: { atMs: number; user: string; client: string; origin: string };
  resourcesConfigured: number;
  options: { isStonithEnabled: boolean; noQuorumPolicy: string; isMaintenance: boolean; stonithTimeoutMs: number };
  nodes: readonly MonitorNode[];
  items: readonly (MonitorResource | MonitorGroup | MonitorClone)[];
  attributes: readonly { node: string; values: readonly (readonly [string, string])[] }[];
  history: readonly { node: string; resources: readonly MonitorHistory[] }[];
  failures: readonly MonitorFailure[];
  fencing: readonly MonitorFencing[];
  bans: readonly { id: string; resource: string; node: string; weight: number; isPromotedOnly: boolean }[];
}

export interface MonitorNode {
  name: string;
  id: number;
  isOnline: boolean;
  isStandby: boolean;
  isMaintenance: boolean;
  isPending: boolean;
  isUnclean: boolean;
  isDc: boolean;
  isExpectedUp: boolean;
  /** Null: gone, so that its features are not known. */
  featureSet: string | null;
  resourcesRunning: number;
}

export interface MonitorResource {
  kind: "resource";
  id: string;
  agent: string;
  role: string;
  isManaged: boolean;
  /** Its last start or stop there failed. */
  isFailed: boolean;
  /** A running operation, "Starting" …; null when none. */
  pending: string | null;
  nodes: readonly { name: string; id: number; isOnline: boolean }[];
}

export interface MonitorGroup {
  kind: "group";
  id: string;
  isManaged: boolean;
  members: readonly MonitorResource[];
}

export interface MonitorClone {
  kind: "clone";
  id: string;
  isPromotable: boolean;
  isManaged: boolean;
  instances: readonly MonitorResource[];
}

export interface MonitorOperation {
  call: number;
  task: string;
  code: number;
  codeText: string;
  intervalMs: number;
  atMs: number;
  execMs: number;
  queueMs: number;
}

/** A resource on a node. */
export interface MonitorHistory {
  id: string;
  operations: readonly MonitorOperation[];
  /** Null where it never failed. A start or stop that failed counts as INFINITY. */
  failed: { count: number; lastMs: number } | null;
}

export interface MonitorFailure {
  resource: string;
  task: string;
  intervalMs: number;
  node: string;
  code: number;
  codeText: string;
  reason: string;
  call: number;
  atMs: number;
  execMs: number;
}

export interface MonitorFencing {
  action: string;
  target: string;
  client: string;
  origin: string;
  status: "pending" | "success";
  delegate: string | null;
  completedAtMs: number | null;
}

/**
 * How a version prints. `legacy`: `<crm_mon>` of `--as-xml`, Pacemaker 1.1 to 2.0.2, where `cached` says the opposite.
 * Source: lib/pengine and tools/crm_mon.c of 1.1.23, 2.0.5, 2.1.5, 2.1.6.
 */
export interface MonitorStyle {
  version: string;
  isLegacy: boolean;
  /** Version of the output's schema; none in the legacy style. */
  api: string;
  /** 2.1: roles are Promoted and Unpromoted, agents have single colons, nodes have health and feature set. */
  isModern: boolean;
}

export function monitorStyleOf(version: string): MonitorStyle {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  const isLegacy = major < 2 || (major === 2 && minor === 0 && patch < 3);
  const isModern = major > 2 || (major === 2 && minor >= 1);
  const api = isModern ? (patch >= 6 ? "2.29" : "2.25") : "2.3";
  return { version, isLegacy, api, isModern };
}

/** The C library's `ctime` without its newline, UTC: Fri Nov 20 11:50:42 2026. */
export function ctime(atMs: number): string {
  const [weekday = "", day = "", month = "", year = "", time = ""] = new Date(atMs).toUTCString().replace(",", "").split(" ");
  return `${weekday} ${month} ${day.replace(/^0/, " ")} ${time} ${year}`;
}

/** `2026-11-20 11:50:41Z` */
export function isoStamp(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** The whole XML of `crm_mon -1`. */
export function renderMonitor(monitor: Monitor, style: MonitorStyle): string {
  const body = [
    ...(style.isModern ? [element("pacemakerd", { sys_from: "pacemakerd", state: "running", last_updated: isoStamp(monitor.atMs) })] : []),
    summary(monitor, style),
    ...standing(monitor, style),
    ...(monitor.attributes.length === 0
      ? []
      : [
          element(
            "node_attributes",
            {},
            monitor.attributes.map(({ node, values }) =>
              element(
                "node",
                { name: node },
                values.map(([name, value]) => element("attribute", { name, value })),
              ),
            ),
          ),
        ]),
    history(monitor, style),
    ...(monitor.fencing.length === 0
      ? []
      : [
          element(
            "fence_history",
            {},
            monitor.fencing.map((event) => fencingElement(event, style)),
          ),
        ]),
    ...(monitor.failures.length === 0
      ? []
      : [
          element(
            "failures",
            {},
            monitor.failures.map((failure) => failureElement(failure, style)),
          ),
        ]),
    ...(monitor.bans.length === 0
      ? []
      : [
          element(
            "bans",
            {},
            monitor.bans.map((ban) => banElement(ban, style)),
          ),
        ]),
  ];
  if (style.isLegacy) return `<?xml version="1.0"?>\n${renderXml(element("crm_mon", { version: style.version }, body), 4, " ")}`;
  const status = element("status", { code: 0, message: "OK" });
  return renderXml(element("pacemaker-result", { "api-version": style.api, request: monitor.request }, [...body, status]));
}

/** Nodes, and what runs on them. */
export function standing(monitor: Pick<Monitor, "nodes" | "items">, style: MonitorStyle): XmlElement[] {
  return [
    element(
      "nodes",
      {},
      monitor.nodes.map((node) => nodeElement(node, style)),
    ),
    element(
      "resources",
      {},
      monitor.items.map((item) => itemElement(item, style)),
    ),
  ];
}

/** What crm_mon prints when no cluster answers; it then ends with exit code 102. */
export function renderNotConnected(request: string, style: MonitorStyle): string {
  if (style.isLegacy) return "";
  const errors = element("errors", {}, [
    element("error", {}, "crm_mon: Connection to cluster failed: Transport endpoint is not connected"),
  ]);
  const status = element("status", { code: 102, message: "Not connected" }, [errors]);
  return renderXml(element("pacemaker-result", { "api-version": style.api, request }, [status]));
}

function summary(monitor: Monitor, style: MonitorStyle): XmlElement {
  const { dc, lastChange, options } = monitor;
  const { atMs, ...change } = lastChange;
  return element("summary", {}, [
    element("stack", { type: monitor.stack }),
    dc === null
      ? element("current_dc", { present: false })
      : element("current_dc", {
          present: true,
          version: dc.version,
          name: dc.name,
          id: dc.id,
          with_quorum: dc.isQuorate,
          ...(style.isModern ? { mixed_version: false } : {}),
        }),
    element("last_update", { time: ctime(monitor.atMs) }),
    element("last_change", { time: ctime(atMs), ...change }),
    element("nodes_configured", { number: monitor.nodes.length }),
    element("resources_configured", { number: monitor.resourcesConfigured, disabled: 0, blocked: 0 }),
    element("cluster_options", {
      "stonith-enabled": options.isStonithEnabled,
      "symmetric-cluster": true,
      "no-quorum-policy": options.noQuorumPolicy,
      "maintenance-mode": options.isMaintenance,
      ...(style.isLegacy ? {} : { "stop-all-resources": false }),
      ...(style.isModern ? { "stonith-timeout-ms": options.stonithTimeoutMs, "priority-fencing-delay-ms": 0 } : {}),
    }),
  ]);
}

function nodeElement(node: MonitorNode, style: MonitorStyle): XmlElement {
  return element("node", {
    name: node.name,
    id: node.id,
    online: node.isOnline,
    standby: node.isStandby,
    standby_onfail: false,
    maintenance: node.isMaintenance,
    pending: node.isPending,
    unclean: node.isUnclean,
    ...(style.isModern ? { health: "green" } : {}),
    ...(style.isModern && node.featureSet !== null ? { feature_set: node.featureSet } : {}),
    shutdown: false,
    expected_up: node.isExpectedUp,
    is_dc: node.isDc,
    resources_running: node.resourcesRunning,
    type: "member",
  });
}

function itemElement(item: MonitorResource | MonitorGroup | MonitorClone, style: MonitorStyle): XmlElement {
  const managed = { managed: item.isManaged, ...(style.isModern ? { disabled: false } : {}) };
  switch (item.kind) {
    case "resource":
      return resourceElement(item, style);
    case "group":
      return element(
        "group",
        { id: item.id, number_resources: item.members.length, ...(style.isModern ? managed : {}) },
        item.members.map((member) => resourceElement(member, style)),
      );
    case "clone":
      return element(
        "clone",
        { id: item.id, multi_state: item.isPromotable, unique: false, ...managed, failed: false, failure_ignored: false },
        item.instances.map((instance) => resourceElement(instance, style)),
      );
  }
}

const OLD_ROLES: Readonly<Record<string, string>> = { Promoted: "Master", Unpromoted: "Slave" };

function resourceElement(resource: MonitorResource, style: MonitorStyle): XmlElement {
  const { id, agent, role, isManaged, isFailed, pending, nodes } = resource;
  return element(
    "resource",
    {
      id,
      resource_agent: style.isModern ? agent : agent.replace(/^ocf:/, "ocf::"),
      role: style.isModern ? role : (OLD_ROLES[role] ?? role),
      active: nodes.length > 0,
      orphaned: false,
      blocked: false,
      managed: isManaged,
      failed: isFailed,
      failure_ignored: false,
      nodes_running_on: nodes.length,
      ...(pending === null ? {} : { pending }),
    },
    nodes.map((node) => element("node", { name: node.name, id: node.id, cached: style.isLegacy ? !node.isOnline : node.isOnline })),
  );
}

function history(monitor: Monitor, style: MonitorStyle): XmlElement {
  return element(
    "node_history",
    {},
    monitor.history.map(({ node, resources }) =>
      element(
        "node",
        { name: node },
        resources.map(({ id, operations, failed }) =>
          element(
            "resource_history",
            {
              id,
              orphan: false,
              "migration-threshold": 1_000_000,
              ...(failed === null ? {} : { "fail-count": failed.count, "last-failure": ctime(failed.lastMs) }),
            },
            operations.map((operation) => operationElement(operation, style)),
          ),
        ),
      ),
    ),
  );
}

function operationElement(operation: MonitorOperation, style: MonitorStyle): XmlElement {
  const { call, task, code, codeText, intervalMs, atMs, execMs, queueMs } = operation;
  const interval = intervalMs === 0 ? {} : { interval: `${intervalMs}ms` };
  const times = { "last-rc-change": ctime(atMs), "exec-time": `${execMs}ms`, "queue-time": `${queueMs}ms` };
  const said = { rc: code, rc_text: style.isModern ? codeText : codeText.replace(/^promoted$/, "master") };
  return element(
    "operation_history",
    style.isLegacy ? { call, task, ...interval, ...times, ...said } : { call, task, ...said, ...interval, ...times },
  );
}

function failureElement(failure: MonitorFailure, style: MonitorStyle): XmlElement {
  const { resource, task, intervalMs, node, code, codeText, reason, call, atMs, execMs } = failure;
  return element("failure", {
    op_key: `${resource}_${task}_${intervalMs}`,
    node,
    exitstatus: style.isModern ? codeText : codeText.replace(/^error$/, "unknown error"),
    exitreason: reason,
    exitcode: code,
    call,
    status: "complete",
    "last-rc-change": style.isModern ? isoStamp(atMs) : ctime(atMs),
    queued: 0,
    exec: execMs,
    interval: intervalMs,
    task,
  });
}

function fencingElement(event: MonitorFencing, style: MonitorStyle): XmlElement {
  const { action, target, client, origin, status, delegate, completedAtMs } = event;
  if (style.isLegacy) {
    const done = completedAtMs === null ? {} : { delegate: delegate ?? "", completed: ctime(completedAtMs) };
    return element("fence_event", { target, action, state: status, origin, client, ...done });
  }
  if (completedAtMs === null) return element("fence_event", { action, target, client, origin, status, "extended-status": 1 });
  return element("fence_event", { action, target, client, origin, status, delegate: delegate ?? "", completed: isoStamp(completedAtMs) });
}

function banElement({ id, resource, node, weight, isPromotedOnly }: Monitor["bans"][number], style: MonitorStyle): XmlElement {
  return element("ban", {
    id,
    resource,
    node,
    weight,
    ...(style.isModern ? { "promoted-only": isPromotedOnly } : {}),
    master_only: isPromotedOnly,
  });
}
