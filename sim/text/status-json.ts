// SPDX-License-Identifier: Apache-2.0

/** One resource of `drbdsetup status --json` (DRBD 9). KiB; names are not escaped by the printer, so neither here. */
export interface StatusResource {
  name: string;
  nodeId: number;
  role: string;
  device: {
    minor: number;
    disk: string;
    isOpen: boolean;
    hasQuorum: boolean;
    sizeKib: number;
    read: number;
    written: number;
    activityLog: number;
    bitmap: number;
  };
  connections: readonly StatusConnection[];
}

export interface StatusConnection {
  peerNodeId: number;
  name: string;
  connection: string;
  peerRole: string;
  local: { address: string; port: number };
  remote: { address: string; port: number };
  replication: string;
  peerDisk: string;
  received: number;
  sent: number;
  outOfSync: number;
  percentInSync: number;
  progress: null | {
    kind: "resync" | "verify";
    totalKib: number;
    leftKib: number;
    startedMsAgo: number;
    finishSeconds: number;
    rateMibPerSec: number;
    percentDone: number;
  };
}

type Entry = readonly [key: string, value: string];

const quoted = (text: string): string => `"${text}"`;
const sectors = (kib: number): string => String(Math.round(kib * 2));

/** Source: drbd-utils 9.22, drbdsetup.c (`*_status_json`): blanks after `connection-state`, `peer_devices` with an underscore. */
export function renderStatusJson(resources: readonly StatusResource[]): string {
  const body = resources.map((resource) => object(resourceEntries(resource), 0)).join(",\n");
  return `[\n${body === "" ? "" : `${body}\n`}]\n`;
}

function object(entries: readonly Entry[], depth: number): string {
  const before = "  ".repeat(depth);
  const lines = entries.map(([key, value], index) => {
    const comma = index === entries.length - 1 ? "" : key === "connection-state" ? ", " : ",";
    return `${before}  "${key}": ${value}${comma}`;
  });
  return `${before}{\n${lines.join("\n")}\n${before}}`;
}

function list(items: readonly string[], depth: number): string {
  return items.length === 0 ? "[]" : `[\n${items.join(",\n")}\n${"  ".repeat(depth)}]`;
}

function resourceEntries(resource: StatusResource): Entry[] {
  return [
    ["name", quoted(resource.name)],
    ["node-id", String(resource.nodeId)],
    ["role", quoted(resource.role)],
    ["suspended", "false"],
    ["suspended-user", "false"],
    ["suspended-no-data", "false"],
    ["suspended-fencing", "false"],
    ["suspended-quorum", "false"],
    ["force-io-failures", "false"],
    ["write-ordering", quoted("flush")],
    ["devices", list([object(deviceEntries(resource.device), 2)], 1)],
    [
      "connections",
      list(
        resource.connections.map((connection) => object(connectionEntries(connection), 2)),
        1,
      ),
    ],
  ];
}

function deviceEntries(device: StatusResource["device"]): Entry[] {
  return [
    ["volume", "0"],
    ["minor", String(device.minor)],
    ["disk-state", quoted(device.disk)],
    ["client", "false"],
    ["quorum", String(device.hasQuorum)],
    ["size", String(device.sizeKib)],
    ["read", String(device.read)],
    ["written", String(device.written)],
    ["al-writes", String(device.activityLog)],
    ["bm-writes", String(device.bitmap)],
    ["upper-pending", "0"],
    ["lower-pending", "0"],
  ];
}

function connectionEntries(connection: StatusConnection): Entry[] {
  const host = ({ address, port }: { address: string; port: number }) => `{ "address": "${address}", "port": ${port}, "family": "ipv4" }`;
  const path = object(
    [
      ["this_host", host(connection.local)],
      ["remote_host", host(connection.remote)],
      ["established", String(connection.connection === "Connected")],
    ],
    4,
  );
  return [
    ["peer-node-id", String(connection.peerNodeId)],
    ["name", quoted(connection.name)],
    ["connection-state", quoted(connection.connection)],
    ["congested", "false"],
    ["peer-role", quoted(connection.peerRole)],
    ["ap-in-flight", "0"],
    ["rs-in-flight", "0"],
    ["paths", list([path], 3)],
    ["peer_devices", list([object(peerDeviceEntries(connection), 4)], 3)],
  ];
}

function peerDeviceEntries(connection: StatusConnection): Entry[] {
  const { progress } = connection;
  const entries: Entry[] = [
    ["volume", "0"],
    ["replication-state", quoted(connection.replication)],
    ["peer-disk-state", quoted(connection.peerDisk)],
    ["peer-client", "false"],
    ["resync-suspended", quoted("no")],
    ["received", String(connection.received)],
    ["sent", String(connection.sent)],
    ["out-of-sync", String(connection.outOfSync)],
    ["pending", "0"],
    ["unacked", "0"],
    ["has-sync-details", String(progress !== null)],
    ["has-online-verify-details", String(progress?.kind === "verify")],
    ["percent-in-sync", connection.percentInSync.toFixed(2)],
  ];
  if (progress === null) return entries;
  const rate = progress.rateMibPerSec.toFixed(2);
  return [
    ...entries,
    ["rs-total", sectors(progress.totalKib)],
    ["rs-dt-start-ms", String(Math.round(progress.startedMsAgo))],
    ["rs-paused-ms", "0"],
    ["rs-dt0-ms", "3000"],
    ["rs-db0-sectors", sectors(progress.rateMibPerSec * 1024 * 3)],
    ["rs-dt1-ms", "6000"],
    ["rs-db1-sectors", sectors(progress.rateMibPerSec * 1024 * 6)],
    ...(progress.kind === "resync"
      ? ([
          ["rs-failed", "0"],
          ["rs-same-csum", "0"],
        ] satisfies Entry[])
      : ([
          ["ov-start-sector", "0"],
          ["ov-left", sectors(progress.leftKib)],
          ["ov-skipped", "0"],
        ] satisfies Entry[])),
    ["want", "0.00"],
    ["db0/dt0 [MiB/s]", rate],
    ["db1/dt1 [MiB/s]", rate],
    ["estimated-seconds-to-finish", String(Math.round(progress.finishSeconds))],
    ["db/dt [MiB/s]", rate],
    ["percent-resync-done", progress.percentDone.toFixed(2)],
  ];
}
