// SPDX-License-Identifier: Apache-2.0
import { defineCollector, ParseError } from "@/agent/collectors/define";
import { unread, unreadPart } from "@/agent/collectors/unread";
import { type Host, HostError, type RunResult } from "@/agent/host/host";
import { plainText } from "@/agent/plain-text";
import type { Unread } from "@/agent/protocol/errors";
import type { Zfs } from "@/agent/protocol/model/zfs";
import { parseZpoolList, parseZpoolStatus } from "./parse";

/** A pool on a dead device makes the tool wait: it waits alone, and not for long. */
const TOOL_MS = 4_000;

/** ZFS pools: their tree with its errors, and how full they are. */
export const zfs = defineCollector({
  name: "zfs",
  reads: "zpool status -p, zpool list -Hp",
  everyMs: 5_000,
  absentEveryMs: 15_000,
  timeoutMs: 12_000,
  async read(host) {
    // Without the module the tool would try to load it: it is asked only where ZFS runs.
    if ((await host.list("/proc/spl")) === null && host.isReal) return null;
    const status = await readStatus(host);
    if (status === null) return null;
    const pools = parseZpoolStatus(status);
    const problems: Unread[] = [];
    const sizes = pools.length === 0 ? new Map() : await readSizes(host, problems);
    return { pools: pools.map((pool) => ({ ...pool, ...sizes.get(pool.name) })), unread: problems };
  },
  steady: steadyZfs,
});

/** How full a pool is and how far a scan has come is telemetry; that one runs, and every error, is not. */
export function steadyZfs(value: Zfs): unknown {
  return {
    ...value,
    pools: value.pools.map(({ allocatedBytes: _, scan, ...pool }) => ({
      ...pool,
      scan: scan?.includes(" in progress") ? scan.split(" in progress")[0] : scan,
    })),
  };
}

async function readStatus(host: Host): Promise<string | null> {
  const exact = await host.run("zpool", ["status", "-p"], { timeoutMs: TOOL_MS });
  // Before OpenZFS 0.8 there is no -p: counts are rounded then.
  const answer = exact && exact.exitCode === 2 ? await host.run("zpool", ["status"], { timeoutMs: TOOL_MS }) : exact;
  if (answer === null) return null;
  return answered(answer);
}

/** @throws HostError with the tool's own words when it failed */
function answered({ exitCode, stdout, stderr }: RunResult): string {
  const said = plainText(stderr, 300);
  if (exitCode !== 0 && /permission denied|must be run as/i.test(said)) throw new HostError("HOST_FORBIDDEN", `zpool: ${said}`);
  if (exitCode !== 0) throw new HostError("HOST_READ", `zpool ended with ${exitCode}: ${said || "it said nothing"}`);
  // The words for none go to stdout or stderr, by version.
  return stdout === "" ? stderr : stdout;
}

async function readSizes(host: Host, problems: Unread[]): Promise<ReturnType<typeof parseZpoolList>> {
  try {
    const answer = await host.run("zpool", ["list", "-Hp", "-o", "name,size,allocated"], { timeoutMs: TOOL_MS });
    if (answer !== null) return parseZpoolList(answered(answer));
    problems.push(unreadPart("pool sizes", "COLLECT_READ", "zpool was there a moment ago, and is gone."));
  } catch (error) {
    if (!(error instanceof HostError) && !(error instanceof ParseError)) throw error;
    problems.push(unread("pool sizes", error));
  }
  return new Map();
}
