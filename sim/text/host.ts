// SPDX-License-Identifier: Apache-2.0

/** `/proc/uptime`: seconds since boot, and idle seconds summed over the processors. */
export function renderUptime(seconds: number, cpus: number): string {
  return `${seconds.toFixed(2)} ${(seconds * cpus * 0.9).toFixed(2)}\n`;
}

/** `/proc/loadavg` */
export function renderLoadAverage(load: number): string {
  return `${load.toFixed(2)} ${load.toFixed(2)} ${load.toFixed(2)} 2/412 21877\n`;
}

/** The lines of `/proc/meminfo` that anybody reads. */
export function renderMeminfo(totalKib: number, availableKib: number): string {
  const line = (name: string, kib: number) => `${`${name}:`.padEnd(16)}${String(Math.round(kib)).padStart(8)} kB\n`;
  return [
    line("MemTotal", totalKib),
    line("MemFree", availableKib * 0.6),
    line("MemAvailable", availableKib),
    line("Buffers", totalKib * 0.01),
    line("Cached", availableKib * 0.35),
    line("SwapTotal", 0),
    line("SwapFree", 0),
  ].join("");
}

/** `/proc/pressure/io`. Source: Documentation/accounting/psi.rst, Linux 4.20+. */
export function renderPressure(percent: number): string {
  const some = percent.toFixed(2);
  const full = (percent * 0.8).toFixed(2);
  return `some avg10=${some} avg60=${some} avg300=${some} total=${Math.round(percent * 10_000_000)}\nfull avg10=${full} avg60=${full} avg300=${full} total=${Math.round(percent * 8_000_000)}\n`;
}

/** What `/proc/net/dev` counts of an interface. */
export interface InterfaceCounts {
  name: string;
  receivedBytes: number;
  sentBytes: number;
}

/** `/proc/net/dev`. Source: net/core/net-procfs.c, Linux 6.1. */
export function renderNetDev(interfaces: readonly InterfaceCounts[]): string {
  const packets = (bytes: number) => Math.trunc(bytes / 1_200);
  const received = ({ receivedBytes: bytes }: InterfaceCounts) =>
    `${String(bytes).padStart(8)} ${String(packets(bytes)).padStart(7)}    0    0    0     0          0         0`;
  const sent = ({ sentBytes: bytes }: InterfaceCounts) =>
    `${String(bytes).padStart(8)} ${String(packets(bytes)).padStart(7)}    0    0    0     0       0          0`;
  return [
    "Inter-|   Receive                                                |  Transmit",
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed",
    ...interfaces.map((one) => `${one.name.padStart(6)}: ${received(one)} ${sent(one)}`),
    "",
  ].join("\n");
}

/**
 * One record as a read of `/dev/kmsg` gives it, with its newline.
 * Shape: `priority,sequence,microseconds since boot,-;text`. Source: Documentation/ABI/testing/dev-kmsg.
 */
export function renderKernelRecord(record: { priority: number; sequence: number; sinceBootMs: number; text: string }): string {
  return `${record.priority},${record.sequence},${Math.max(0, Math.round(record.sinceBootMs * 1_000))},-;${record.text}\n`;
}

/** `/proc/crypto` of a kernel that has these digests. Source: crypto/proc.c, Linux 5.10. */
export function renderCrypto(digests: readonly string[]): string {
  const block = (name: string) =>
    [
      ["name", name],
      ["driver", `${name}-generic`],
      ["module", "kernel"],
      ["priority", "100"],
      ["refcnt", "1"],
      ["selftest", "passed"],
      ["internal", "no"],
      ["type", "shash"],
    ]
      .map(([key = "", value = ""]) => `${key.padEnd(12)} : ${value}\n`)
      .join("");
  return `${digests.map(block).join("\n")}\n`;
}
