// SPDX-License-Identifier: Apache-2.0

/** One target of a device as `/sys/kernel/debug/aoe/eX.Y` prints it. */
export interface AoeDebugText {
  rttAvgUs: number;
  rttDevUs: number;
  maxBytes: number;
  references: number;
  targets: readonly {
    /** 12 hex digits. */
    mac: string;
    outstanding: number;
    window: number;
    windowMax: number;
    threshold: number;
    taint: number;
    reads: number;
    writes: number;
    interfaces: readonly string[];
    frames: number;
    /** A hashed kernel pointer, 16 hex digits. */
    free: string;
  }[];
}

/** Source: drivers/block/aoe/aoeblk.c, aoe_debugfs_show, Linux 3.9 to 6.1. */
export function renderAoeDebug(device: AoeDebugText): string {
  const lines = [
    `rttavg: ${device.rttAvgUs} rttdev: ${device.rttDevUs}`,
    "nskbpool: 0",
    "kicked: 0",
    `maxbcnt: ${device.maxBytes}`,
    `ref: ${device.references}`,
    ...device.targets.flatMap((target) => [
      `falloc: ${target.frames}`,
      `ffree: ${target.free}`,
      `${target.mac}:${target.outstanding}:${target.window}:${target.windowMax}`,
      `\tssthresh:${target.threshold}`,
      `\ttaint:${target.taint}`,
      `\tr:${target.reads}`,
      `\tw:${target.writes}`,
      target.interfaces.length === 0 ? "" : `\t${target.interfaces.join(",")}`,
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

/** `/proc/net/packet` of a node on which these interfaces (by index) are listened to for AoE. Source: net/packet/af_packet.c. */
export function renderPacketSockets(listeners: readonly { interfaceIndex: number; inode: number }[]): string {
  const rows = listeners.map(
    ({ interfaceIndex, inode }) => `000000002c241d72 3      3    88a2   ${interfaceIndex}     1 0      0      ${inode} `,
  );
  return `${["sk               RefCnt Type Proto  Iface R Rmem   User   Inode", ...rows].join("\n")}\n`;
}

/** `/proc/<pid>/cmdline`: arguments end with NUL. */
export function renderCommandLine(args: readonly string[]): string {
  return args.map((arg) => `${arg}\0`).join("");
}
