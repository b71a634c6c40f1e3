// SPDX-License-Identifier: Apache-2.0
import type { SourceName } from "@/agent/protocol/sources";

/** How people name each source: what is read, and whose word a change found in it is. */
export const SOURCE_WORDS: { readonly [N in SourceName]: { how: string; thing: string; by: (node: string) => string } } = {
  drbd: { how: "/proc/drbd and drbdsetup", thing: "DRBD", by: (node) => `kernel, ${node}` },
  bonding: { how: "/proc/net/bonding", thing: "bonding", by: (node) => `kernel, ${node}` },
  aoe: { how: "aoe devices and vblade processes", thing: "AoE", by: (node) => `kernel, ${node}` },
  pacemaker: { how: "crm_mon --output-as=xml", thing: "Pacemaker", by: () => "Pacemaker" },
  host: { how: "/proc and /sys", thing: "the machine's own facts", by: (node) => `kernel, ${node}` },
  kernelLog: { how: "/dev/kmsg", thing: "the kernel log", by: (node) => `kernel, ${node}` },
};
