// SPDX-License-Identifier: Apache-2.0

export interface MountText {
  device: string;
  majorMinor: string;
  mountPoint: string;
  type: string;
  /** Mounted to be written, and stopped by an error: until Linux 6.14 the file system alone says "ro". */
  hasStopped: boolean;
}

const OPTIONS: Readonly<Record<string, string>> = {
  ext4: "errors=remount-ro",
  xfs: "attr2,inode64,logbufs=8,logbsize=32k,noquota",
  ocfs2: "_netdev,heartbeat=local,nointr,data=ordered,errors=remount-ro,atime_quantum=60,coherency=full,user_xattr,acl",
};

/** `/proc/1/mountinfo`. Source: fs/proc_namespace.c, show_mountinfo, Linux 3.10 to 6.1. */
export function renderMountinfo(mounts: readonly MountText[]): string {
  const pseudo = [
    "21 26 0:19 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw",
    "22 26 0:4 / /proc rw,nosuid,nodev,noexec,relatime shared:12 - proc proc rw",
  ];
  const own = mounts.map(({ device, majorMinor, mountPoint, type, hasStopped }, index) => {
    const escaped = mountPoint.replaceAll("\\", "\\134").replaceAll(" ", "\\040");
    const options = [hasStopped ? "ro" : "rw", OPTIONS[type]].filter(Boolean).join(",");
    return `${26 + index} ${index === 0 ? 1 : 26} ${majorMinor} / ${escaped} rw,relatime shared:${20 + index} - ${type} ${device} ${options}`;
  });
  return `${[...pseudo, ...own].join("\n")}\n`;
}

/** `/proc/swaps`. Source: mm/swapfile.c, swap_show. */
export function renderSwaps(areas: readonly { device: string; sizeKib: number }[]): string {
  const rows = areas.map(({ device, sizeKib }) => `${device.padEnd(40)}partition\t${sizeKib}\t\t0\t\t-2`);
  return `${["Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority", ...rows].join("\n")}\n`;
}
