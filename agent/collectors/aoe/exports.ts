// SPDX-License-Identifier: Apache-2.0
import { unread } from "@/agent/collectors/unread";
import { type Host, HostError } from "@/agent/host/host";
import type { Unread } from "@/agent/protocol/errors";
import type { AoeExport } from "@/agent/protocol/model/aoe";
import { parseVblade } from "./parse-vblade";

/** Far longer than any vblade's; the kernel lets a process have megabytes of arguments. */
const MAX_CMDLINE_BYTES = 64 * 1024;

const UNNAMED = "names of processes, any of which may be a vblade";

/** What a set of sockets was last found to mean; whatever else may have moved is looked at this often. */
const KNOWN_MS = 30_000;
const lastFound = new WeakMap<Host, { sockets: string; atMs: number; exports: AoeExport[] }>();

/** What runs as vblade on this node, by name, then pid. A process that ends while it is read was simply there no longer. */
export async function readExports(host: Host, problems: Unread[]): Promise<AoeExport[]> {
  const sockets = await aoeSockets(host);
  if (sockets === "") return [];
  const known = lastFound.get(host);
  const nowMs = host.now();
  // The same sockets are the same vblades. A clock set back makes the age negative: look.
  const ageMs = known ? nowMs - known.atMs : -1;
  if (known && known.sockets === sockets && ageMs >= 0 && ageMs < KNOWN_MS) return known.exports;
  lastFound.delete(host);
  const problemsBefore = problems.length;
  const pids = ((await host.list("/proc")) ?? []).filter((name) => /^[1-9]\d{0,9}$/.test(name));
  const exports: AoeExport[] = [];
  for (const pid of await vbladePids(host, pids, problems)) {
    const found = await readExport(host, pid, problems);
    if (found !== null) exports.push(found);
  }
  exports.sort((one, other) => (one.name === other.name ? one.pid - other.pid : one.name < other.name ? -1 : 1));
  // A socket whose process was not found, or not yet (it is opened before all of it stands there), is looked for again.
  const isWhole = sockets !== null && problems.length === problemsBefore && exports.length === sockets.split("\n").length;
  if (isWhole) lastFound.set(host, { sockets, atMs: nowMs, exports });
  return exports;
}

/**
 * Every vblade holds a packet socket for AoE's protocol, 0x88a2, so a node without one need not walk its processes, nor one on
 * which the sockets are the same as before. Type, protocol, interface and inode of each; "" for none.
 * Shape: `sk RefCnt Type Proto Iface R Rmem User Inode`, a header line first. Source: net/packet/af_packet.c, Linux 2.6 to 6.12.
 * It shows this network namespace; null where it is missing or forbidden: the processes decide.
 */
async function aoeSockets(host: Host): Promise<string | null> {
  try {
    const text = await host.read("/proc/net/packet");
    if (text === null) return null;
    const sockets = text.split("\n").map((line) => line.trim().split(/\s+/));
    return sockets
      .flatMap(([, , type, protocol, link, , , , inode]) => (protocol === "88a2" ? [`${type} ${link} ${inode}`] : []))
      .join("\n");
  } catch (error) {
    if (error instanceof HostError) return null; // only a short cut, and the long way is still open
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
