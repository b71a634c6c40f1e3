// SPDX-License-Identifier: Apache-2.0
import { unread } from "@/agent/collectors/unread";
import { type Host, HostError } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";
import type { AoeExport } from "@/agent/protocol/model/aoe";
import { parseVblade } from "./parse-vblade";

/** Far longer than any vblade's; the kernel lets a process have megabytes of arguments. */
const MAX_CMDLINE_BYTES = 64 * 1024;

const UNNAMED = "names of processes, any of which may be a vblade";

/** What runs as vblade on this node, by name, then pid. A process that ends while it is read was simply there no longer. */
export async function readExports(host: Host, problems: Unread[]): Promise<AoeExport[]> {
  if (!(await mayHaveVblade(host))) return [];
  const pids = ((await host.list("/proc")) ?? []).filter((name) => /^[1-9]\d{0,9}$/.test(name));
  const exports: AoeExport[] = [];
  for (const pid of await vbladePids(host, pids, problems)) {
    const found = await readExport(host, pid, problems);
    if (found !== null) exports.push(found);
  }
  return exports.sort((one, other) => (one.name === other.name ? one.pid - other.pid : one.name < other.name ? -1 : 1));
}

/**
 * Every vblade holds a packet socket for AoE's protocol, 0x88a2, so a node without one need not walk its processes.
 * Shape: `sk RefCnt Type Proto Iface R Rmem User Inode`, a header line first. Source: net/packet/af_packet.c, Linux 2.6 to 6.12.
 * It shows this network namespace; where it is missing or forbidden the processes decide.
 */
async function mayHaveVblade(host: Host): Promise<boolean> {
  try {
    const sockets = await host.read("/proc/net/packet");
    return sockets === null || sockets.split("\n").some((line) => line.trim().split(/\s+/)[3] === "88a2");
  } catch (error) {
    if (error instanceof HostError) return true; // only a short cut, and the long way is still open
    throw error;
  }
}

/**
 * The processes that are named like a vblade, and those that have no name. The name is asked first: its file takes no lock of
 * the process's memory, where the arguments of a process that hangs may hang too. Linux before 2.6.33 has no such file.
 */
async function vbladePids(host: Host, pids: readonly string[], problems: Unread[]): Promise<string[]> {
  const named: string[] = [];
  let refusal: Unread | null = null;
  for (const pid of pids) {
    try {
      const name = await host.read(`/proc/${pid}/comm`);
      if (name === null || name.startsWith("vblade")) named.push(pid);
    } catch (error) {
      const problem = unread(UNNAMED, error);
      if (!mayBeGone(problem)) refusal ??= problem;
    }
  }
  // One word for all of them, and no count in it: where one may not be read (hidepid), it is all of another user, and they
  // come and go.
  if (refusal !== null) problems.push(refusal);
  return named;
}

/** True for what a process that ended meanwhile gives (ESRCH), and for arguments or names larger than any vblade's. */
function mayBeGone({ code }: Unread): boolean {
  return code === "COLLECT_READ" || code === "COLLECT_TOO_LARGE";
}

async function readExport(host: Host, pid: string, problems: Unread[]): Promise<AoeExport | null> {
  try {
    const cmdline = await host.read(`/proc/${pid}/cmdline`, { maxBytes: MAX_CMDLINE_BYTES, mayBeUnfinished: true });
    const found = cmdline === null ? null : parseVblade(cmdline);
    return found === null ? null : { ...found, pid: Number(pid) };
  } catch (error) {
    const problem = unread(`vblade of process ${pid}`, error);
    if (!mayBeGone(problem)) problems.push(problem);
    return null;
  }
}
