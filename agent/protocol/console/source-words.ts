// SPDX-License-Identifier: Apache-2.0
import type { SourceName } from "../sources";

/** How people name each source: its name at the head of a row, what is read, what to call it in a sentence, whose word a change in it is. */
export const SOURCE_WORDS: {
  readonly [N in SourceName]: { name: string; how: string; thing: string; by: "kernel" | "node" | "Pacemaker" | "Corosync" };
} = {
  drbd: { name: "DRBD", how: "/proc/drbd and drbdsetup", thing: "DRBD", by: "kernel" },
  bonding: { name: "Bonds", how: "/proc/net/bonding", thing: "bonding", by: "kernel" },
  aoe: { name: "AoE", how: "aoe devices and vblade processes", thing: "AoE", by: "kernel" },
  pacemaker: { name: "Pacemaker", how: "crm_mon --output-as=xml", thing: "Pacemaker", by: "Pacemaker" },
  host: { name: "Host", how: "/proc and /sys", thing: "the machine's own facts", by: "kernel" },
  iscsi: { name: "iSCSI", how: "LIO's configfs and iSCSI sessions in sysfs", thing: "iSCSI", by: "kernel" },
  kernelLog: { name: "Kernel log", how: "/dev/kmsg", thing: "the kernel log", by: "kernel" },
  versions: { name: "Versions", how: "packages and --version of the tools", thing: "versions", by: "node" },
  md: { name: "md arrays", how: "/proc/mdstat", thing: "md", by: "kernel" },
  corosync: { name: "Corosync", how: "corosync-quorumtool and corosync-cfgtool", thing: "Corosync", by: "Corosync" },
  mounts: { name: "Mounts", how: "/proc/1/mountinfo and /sys/block", thing: "the mounts", by: "kernel" },
  zfs: { name: "ZFS", how: "zpool status and list", thing: "ZFS", by: "kernel" },
  ocfs2: { name: "OCFS2", how: "/sys/fs/ocfs2, configfs and cluster.conf", thing: "OCFS2", by: "kernel" },
  dlm: { name: "DLM", how: "/sys/kernel/dlm and dlm_tool", thing: "DLM", by: "kernel" },
};

/** Whose word a change is: "kernel, ruby", "Corosync, ruby"; Pacemaker speaks for the whole cluster. */
export function sayBy(source: SourceName, node: string): string {
  const { by } = SOURCE_WORDS[source];
  return by === "Pacemaker" ? by : `${by}, ${node}`;
}
