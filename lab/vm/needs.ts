// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { ROOT } from "@/lab/cluster/console";

/** What a lab of virtual machines needs of the machine, and the Debian package it is in. */
const NEEDS = [
  ["/usr/bin/qemu-system-x86_64", "qemu-system-x86"],
  ["/usr/bin/qemu-img", "qemu-utils"],
  ["/usr/bin/mmdebstrap", "mmdebstrap"],
  ["/usr/bin/cpio", "cpio"],
  ["/sbin/mke2fs", "e2fsprogs"],
  ["/usr/sbin/ip", "iproute2"],
] as const;

/** Why no lab of virtual machines can stand on this machine, as a sentence; null when one can. */
export function whyNoVirtualMachines(): string | null {
  if (process.getuid?.() !== 0) return "A lab of virtual machines needs root, for its image and its network.";
  const missing = NEEDS.filter(([file]) => !existsSync(file)).map(([, debian]) => debian);
  if (missing.length > 0) return `A lab of virtual machines needs Debian's ${missing.join(", ")}.`;
  if (!existsSync("/dev/net/tun")) return "A lab of virtual machines needs /dev/net/tun: its machines' cards end there.";
  if (!existsSync(`${ROOT}/dist/quarterdeck-agent.mjs`)) return "The agent is not built yet: npm run setup";
  return null;
}
