// SPDX-License-Identifier: Apache-2.0

/**
 * Files whose text the kernel makes from memory, under no lock that anybody may sleep with: reading one cannot hang, and so
 * needs neither a thread nor a limit. They are most of what an idle node is asked for.
 *
 * Not here, though small: what asks a driver or waits for the network's configuration lock (`carrier`, `speed`, a bond's
 * `slaves`), what walks a device's own locks (`/proc/drbd`, `/proc/mdstat`), and everything of a process.
 * Source: fs/proc, drivers/net/bonding/bond_procfs.c, net/core/net-sysfs.c, block/genhd.c, Linux 2.6.32 to 6.12.
 */
const QUICK_FILES =
  /^\/proc\/(?:uptime|loadavg|meminfo|stat|version|net\/(?:packet|dev)|net\/bonding\/[^/]+|pressure\/[a-z]+|sys\/kernel\/[^/]+(?:\/[^/]+)?)$|^\/sys\/(?:class\/net\/[^/]+\/(?:address|mtu)|block\/[^/]+\/size|devices\/system\/cpu\/online)$/;
const QUICK_FOLDERS = new Set(["/proc/net/bonding", "/sys/class/net", "/sys/block"]);

export function isQuickFile(nodePath: string): boolean {
  return QUICK_FILES.test(nodePath) && !nodePath.includes("..");
}

export function isQuickFolder(nodePath: string): boolean {
  return QUICK_FOLDERS.has(nodePath);
}
