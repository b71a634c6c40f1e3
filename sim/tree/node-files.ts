// SPDX-License-Identifier: Apache-2.0
import { isExported } from "@/sim/model/aoe-life";
import type { AoeDisk, Cluster, SimNode } from "@/sim/model/model";
import { carries, leavesOf, macOf, speedOf } from "@/sim/model/network-life";
import { renderAoeDebug, renderCommandLine, renderPacketSockets } from "@/sim/text/aoe";
import { bondStyleOf, renderBond } from "@/sim/text/bond";
import {
  type InterfaceCounts,
  renderCrypto,
  renderLoadAverage,
  renderMeminfo,
  renderNetDev,
  renderPressure,
  renderUptime,
} from "@/sim/text/host";
import { renderProcDrbd } from "@/sim/text/proc-drbd";
import { type Installed, renderOsRelease } from "@/sim/text/versions";
import { corosyncFiles } from "./corosync-view";
import { mirrorsOn, procDeviceOf } from "./drbd-side";
import { installedParts } from "./installed-files";
import { iscsiParts } from "./iscsi-files";
import { lockFiles } from "./locks-view";
import { mdParts } from "./md-files";
import { mountParts } from "./mount-files";
import { poolParts } from "./pools-view";
import { routeParts } from "./route-files";

/** What lies at a path of the node: a text, or a symbolic link. */
export type TreeFile = { text: string } | { link: string };
export type TreeFiles = Record<string, TreeFile>;

/**
 * One part of a node's tree. Its texts are made anew only when `mark` moved, so that a quiet node costs nothing.
 * What a part no longer has is removed from the tree.
 */
export interface TreePart {
  name: string;
  mark: string;
  files: () => TreeFiles;
}

/** Counters of a quiet mirror are printed anew this often, those of a moving one every second. */
export const QUIET_COUNTERS_MS = 4_000;
const HOST_MS = 2_000;
const SLOW_HOST_MS = 10_000;

const line = (value: string | number): TreeFile => ({ text: `${value}\n` });

/** Everything under `--root` of a living node, but for the kernel log. */
export function treeOf(cluster: Cluster, node: SimNode, atMs: number): TreePart[] {
  return [
    fixedPart(node),
    clockPart(node, atMs),
    loadPart(node, atMs),
    netPart(node),
    ...routeParts(cluster, node),
    ...installedParts(cluster, node),
    trafficPart(cluster, node, atMs),
    bondPart(node),
    ...drbdParts(cluster, node, atMs),
    ...aoeParts(cluster, node),
    ...iscsiParts(cluster, node),
    ...mdParts(node, atMs),
    ...poolParts(node),
    ...corosyncFiles(cluster, node),
    ...mountParts(cluster, node),
    ...lockFiles(cluster, node),
  ];
}

function fixedPart(node: SimNode): TreePart {
  return {
    name: "fixed",
    mark: node.bootId,
    files: () => ({
      "/proc/sys/kernel/osrelease": line(node.kernel),
      "/proc/sys/kernel/hostname": line(node.name),
      "/proc/sys/kernel/random/boot_id": line(node.bootId),
      "/etc/hostname": line(node.name),
      "/etc/os-release": { text: renderOsRelease(installedOn(node)) },
      ...(node.drbd ? { "/sys/module/drbd/version": line(node.drbd.version), "/proc/crypto": { text: renderCrypto(DIGESTS) } } : {}),
      "/sys/devices/system/cpu/online": line(`0-${node.cpus - 1}`),
      "/sys/devices/system/edac/mc/mc0/ce_count": line(0),
      "/sys/devices/system/edac/mc/mc0/ue_count": line(0),
    }),
  };
}

/** What the kernels here can compute. */
const DIGESTS = ["crc32c", "md5", "sha1", "sha256"];

/** What a node has installed, as far as its versions go. */
export function installedOn(node: SimNode): Installed {
  return {
    kernel: node.kernel,
    drbd: node.drbd?.version ?? null,
    pacemaker: node.pacemakerVersion,
    corosync: node.corosyncVersion,
    hasVblade: node.exports.length > 0,
  };
}

function clockPart(node: SimNode, atMs: number): TreePart {
  return {
    name: "clock",
    mark: `${node.bootId} ${Math.trunc(atMs / HOST_MS)}`,
    // Half a period ahead: so it is wrong by half a period at the most when somebody dates kernel lines by it.
    files: () => ({ "/proc/uptime": { text: renderUptime((atMs + HOST_MS / 2 - node.bootedAtMs) / 1000, node.cpus) } }),
  };
}

function loadPart(node: SimNode, atMs: number): TreePart {
  const slot = Math.trunc(atMs / SLOW_HOST_MS);
  // A slow, small wave: enough to see that it lives.
  const wave = Math.sin(slot / 7 + node.cpus);
  return {
    name: "load",
    mark: `${slot} ${node.ioPressurePercent}`,
    files: () => ({
      "/proc/loadavg": { text: renderLoadAverage(node.load * (1 + 0.1 * wave)) },
      "/proc/meminfo": { text: renderMeminfo(node.memoryTotalKib, node.memoryAvailableKib * (1 + 0.01 * wave)) },
      ...(node.kernel.startsWith("3.")
        ? {}
        : { "/proc/pressure/io": { text: renderPressure(Math.max(0, node.ioPressurePercent * (1 + 0.3 * wave))) } }),
    }),
  };
}

function netPart(node: SimNode): TreePart {
  const names = [...node.ports, ...node.bonds];
  return {
    name: "net",
    mark: JSON.stringify([node.ports, node.bonds]),
    files: () =>
      Object.fromEntries(
        names.flatMap(({ name, mtu }) => {
          const isUp = carries(node, name);
          // A bond without a carrying port has no speed; a port keeps its last.
          const speed = speedOf(node, name) ?? -1;
          const folder = `/sys/class/net/${name}`;
          return [
            [`${folder}/address`, line(macOf(node, name))],
            [`${folder}/mtu`, line(mtu)],
            [`${folder}/carrier`, line(isUp ? 1 : 0)],
            [`${folder}/operstate`, line(isUp ? "up" : "down")],
            [`${folder}/speed`, line(speed)],
          ];
        }),
      ),
  };
}

/** Counters move this often. */
const TRAFFIC_MS = 4_000;

/** `/proc/net/dev`: what DRBD moved goes evenly over the ports that carry the mirrors; every port whispers besides. */
function trafficPart(cluster: Cluster, node: SimNode, atMs: number): TreePart {
  const slot = Math.trunc(atMs / TRAFFIC_MS);
  return {
    name: "traffic",
    mark: `${node.bootId} ${slot}`,
    files: () => {
      const ports = leavesOf(node, node.mirrorInterface);
      const whisper = Math.max(0, Math.round(((atMs - node.bootedAtMs) / 1_000) * 900));
      const moved = { sent: 0, received: 0 };
      for (const { copy } of mirrorsOn(cluster, node)) {
        moved.sent += copy.counters.sent * 1_024;
        moved.received += copy.counters.received * 1_024;
      }
      const countsOf = (name: string): InterfaceCounts => {
        const leaves = leavesOf(node, name);
        const share = ports.length === 0 ? 0 : leaves.filter((leaf) => ports.includes(leaf)).length / ports.length;
        return {
          name,
          receivedBytes: Math.round(moved.received * share) + whisper * leaves.length,
          sentBytes: Math.round(moved.sent * share) + whisper * leaves.length,
        };
      };
      return { "/proc/net/dev": { text: renderNetDev([...node.ports, ...node.bonds].map(({ name }) => countsOf(name))) } };
    },
  };
}

const MODE_NUMBERS = { "802.3ad": 4, "balance-alb": 6, "active-backup": 1 } as const;

function bondPart(node: SimNode): TreePart {
  const style = bondStyleOf(node.kernel);
  return {
    name: "bonds",
    mark: JSON.stringify([node.ports, node.bonds]),
    files: () =>
      Object.fromEntries(
        node.bonds.flatMap((bond) => {
          const text = renderBond(
            {
              name: bond.name,
              mode: bond.mode,
              hash: "layer2+3 (2)",
              isUp: bond.members.some((member) => member.isUp),
              active: bond.active,
              mac: macOf(node, bond.name),
              lacpRate: "fast",
              partnerMac: bond.partnerMac,
              partnerKey: bond.partnerKey,
              actorKey: 9,
              ports: bond.members.map((member) => ({ ...member, permanentMac: macOf(node, member.name), churn: "none" })),
            },
            style,
          );
          const folder = `/sys/class/net/${bond.name}/bonding`;
          return [
            [`/proc/net/bonding/${bond.name}`, { text }],
            [`${folder}/slaves`, line(bond.members.map((member) => member.name).join(" "))],
            [`${folder}/mode`, line(`${bond.mode} ${MODE_NUMBERS[bond.mode]}`)],
            [`${folder}/mii_status`, line(bond.members.some((member) => member.isUp) ? "up" : "down")],
            ...(bond.mode === "802.3ad" ? [] : [[`${folder}/active_slave`, line(bond.active ?? "")]]),
          ];
        }),
      ),
  };
}

function drbdParts(cluster: Cluster, node: SimNode, atMs: number): TreePart[] {
  const { drbd } = node;
  if (!drbd) return [];
  const own = mirrorsOn(cluster, node);
  const states = own.map(({ mirror, copy }) => [
    copy.role,
    copy.disk,
    mirror.copies.map((other) => [other.role, other.disk]),
    mirror.links.map((link) => [link.state, link.by, link.sync?.kind, link.sync?.from]),
  ]);
  const isMoving = own.some(({ mirror }) =>
    mirror.links.some((link) => link.sync !== null && (link.a === node.name || link.b === node.name)),
  );
  const slot = Math.trunc(atMs / (isMoving ? 1_000 : QUIET_COUNTERS_MS));
  return [
    {
      name: "drbd",
      mark: drbd.generation === "9" ? drbd.version : `${slot} ${JSON.stringify(states)}`,
      files: () => {
        const devices =
          drbd.generation === "9"
            ? []
            : own.map(({ mirror, copy }) => procDeviceOf(mirror, copy, atMs)).filter((device) => device !== null);
        return { "/proc/drbd": { text: renderProcDrbd(drbd.head, devices) } };
      },
    },
    {
      name: "drbd devices",
      mark: own.map(({ mirror }) => mirror.name).join(" "),
      files: () =>
        Object.fromEntries(
          own.flatMap(({ mirror, copy }): [string, TreeFile][] => [
            [`/sys/block/drbd${copy.minor}/size`, line(mirror.sizeKib * 2)],
            // DRBD 9's udev rules make a folder per resource, older ones a link.
            drbd.generation === "9"
              ? [`/dev/drbd/by-res/${mirror.name}/0`, { link: `../../../drbd${copy.minor}` }]
              : [`/dev/drbd/by-res/${mirror.name}`, { link: `../../drbd${copy.minor}` }],
            [`/dev/drbd${copy.minor}`, { text: "" }],
          ]),
        ),
    },
  ];
}

function aoeParts(cluster: Cluster, node: SimNode): TreePart[] {
  const parts: TreePart[] = [];
  if (node.exports.length > 0) {
    const running = node.exports.filter((blade) => isExported(cluster, node, blade));
    parts.push({
      name: "blades",
      mark: running.map((blade) => blade.pid).join(" "),
      files: () => ({
        "/proc/net/packet": { text: renderPacketSockets(running.map(({ pid }) => ({ interfaceIndex: 2, inode: 16_000 + pid }))) },
        ...Object.fromEntries(
          running.map(({ shelf, slot, device, port, isSync, pid }): [string, TreeFile] => [
            `/proc/${pid}/cmdline`,
            { text: renderCommandLine(["/usr/sbin/vblade", ...(isSync ? ["-s"] : []), String(shelf), String(slot), port, device]) },
          ]),
        ),
      }),
    });
  }
  if (node.aoe) {
    const { aoe } = node;
    parts.push({
      name: "aoe",
      mark: JSON.stringify(
        aoe.devices.map(({ silentMs: _, ...disk }) => ({ ...disk, reads: Math.trunc(disk.reads / 40), writes: 0, rttAvgUs: 0 })),
      ),
      files: () => ({
        "/sys/module/aoe/parameters/aoe_deadsecs": line(aoe.deadSeconds),
        ...Object.fromEntries(aoe.devices.flatMap(diskFiles)),
      }),
    });
  }
  return parts;
}

function diskFiles(disk: AoeDisk): [string, TreeFile][] {
  const name = `e${disk.shelf}.${disk.slot}`;
  const folder = `/sys/block/etherd!${name}`;
  const isUp = disk.state === "up";
  return [
    [`${folder}/state`, line(isUp ? "up" : "down,closewait")],
    [`${folder}/mac`, line(disk.mac)],
    [`${folder}/netif`, line(disk.port)],
    [`${folder}/firmware-version`, line(disk.firmware)],
    [`${folder}/payload`, line(8192)],
    [`${folder}/size`, line(isUp ? disk.sizeKib * 2 : 0)],
    [
      `/sys/kernel/debug/aoe/${name}`,
      {
        text: renderAoeDebug({
          rttAvgUs: disk.rttAvgUs,
          rttDevUs: 88,
          maxBytes: 8192,
          references: 1,
          targets: [
            {
              mac: disk.mac,
              outstanding: disk.outstanding,
              window: disk.window,
              windowMax: disk.windowMax,
              threshold: Math.max(1, Math.trunc(disk.windowMax / 2)),
              taint: disk.taint,
              reads: disk.reads,
              writes: disk.writes,
              interfaces: [disk.port],
              frames: 38,
              free: "00000000dafd8d39",
            },
          ],
        }),
      },
    ],
  ];
}
