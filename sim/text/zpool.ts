// SPDX-License-Identifier: Apache-2.0

/** One pool of one mirror, as `zpool` prints it. */
export interface PoolText {
  name: string;
  sizeKib: number;
  allocatedKib: number;
  devices: readonly { name: string; state: "online" | "faulted"; writeErrors: number }[];
}

/** `zpool status -p`, which says so on stdout or stderr, by version, when there are none. Source: OpenZFS 2.1, cmd/zpool/zpool_main.c: status_callback, print_status_config. */
export function renderZpoolStatus(pools: readonly PoolText[]): string {
  return pools.length === 0 ? "no pools available\n" : pools.map(statusOf).join("\n");
}

function statusOf({ name, devices }: PoolText): string {
  const isWhole = devices.every(({ state }) => state === "online");
  const state = isWhole ? "ONLINE" : "DEGRADED";
  const rows: [label: string, state: string, writeErrors: number, note: string][] = [
    [name, state, 0, ""],
    ["  mirror-0", state, 0, ""],
    ...devices.map((device): [string, string, number, string] => [
      `    ${device.name}`,
      device.state.toUpperCase(),
      device.writeErrors,
      device.state === "faulted" ? "  too many errors" : "",
    ]),
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return [
    `  pool: ${name}`,
    ` state: ${state}`,
    ...(isWhole
      ? []
      : [
          "status: One or more devices are faulted in response to persistent errors.",
          "\tSufficient replicas exist for the pool to continue functioning in a",
          "\tdegraded state.",
          "action: Replace the faulted device, or use 'zpool clear' to mark the device",
          "\trepaired.",
        ]),
    "  scan: scrub repaired 0B in 00:41:07 with 0 errors on Sun Nov  8 01:05:09 2026",
    "config:",
    "",
    `\t${"NAME".padEnd(width)}  STATE     READ WRITE CKSUM`,
    ...rows.map(
      ([label, word, writes, note]) => `\t${label.padEnd(width)}  ${word.padEnd(8)}     0 ${String(writes).padStart(5)}     0${note}`,
    ),
    "",
    "errors: No known data errors",
    "",
  ].join("\n");
}

/** `zpool list -Hp -o name,size,allocated`: bytes, tabs between. */
export function renderZpoolList(pools: readonly PoolText[]): string {
  return pools.map(({ name, sizeKib, allocatedKib }) => `${name}\t${sizeKib * 1_024}\t${allocatedKib * 1_024}\n`).join("");
}
