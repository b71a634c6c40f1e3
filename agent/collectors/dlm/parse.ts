// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, finishedLines, intOrNull } from "@/agent/collectors/text";
import type { DlmDaemon, DlmLockspace } from "@/agent/protocol/model/dlm";

/** dlm_tool itself stops at 64. */
const MAX_LOCKSPACES = 1_024;
const MAX_NODES = 1_024;
/** What `dlm_tool status` prints, and ends well, where no dlm_controld runs. Source: dlmc_print_status, dlm_controld/lib.c. */
export const NO_DAEMON = "cannot connect to dlm_controld\n";

/** What dlm_controld says of one lockspace. */
export type DaemonLockspace = Pick<DlmLockspace, "name" | "id" | "flags" | "members" | "newStatus" | "waitsFor">;

/**
 * Parses `dlm_tool ls`. Nothing at all where dlm_controld has no lockspace, or does not answer: the tool does not tell which.
 *
 * Shape: a heading; then for each lockspace `key   value` lines and an empty one; `new …` lines while members change. Lines nobody
 * knows are passed over. Source: dlm_tool/main.c of dlm 3.0 to 4.2.
 * @throws ParseError when a lockspace does not begin with its name or does not end, or its members are no numbers
 */
export function parseLockspaces(text: string): DaemonLockspace[] {
  if (text === "") return [];
  const what = "dlm_tool ls";
  const lines = finishedLines(what, text);
  if (lines[0] !== "dlm lockspaces") throw new ParseError(`${what}: does not begin as it does: ${excerpt(lines[0] ?? "")}`);
  const spaces: DaemonLockspace[] = [];
  let open: DaemonLockspace | null = null;
  for (const line of lines.slice(1)) {
    if (line === "") {
      open = null;
      continue;
    }
    const [, key, value = ""] = /^(new \w+|\w+)(?:\s+(.*))?$/.exec(line) ?? [];
    if (key === "name") {
      if (open !== null || value === "") throw new ParseError(`${what}: a lockspace does not end before ${excerpt(line)}`);
      open = { name: value, id: null, flags: [], members: null, newStatus: null, waitsFor: null };
      spaces.push(open);
      if (spaces.length > MAX_LOCKSPACES) throw new ParseError(`${what}: more than ${MAX_LOCKSPACES} lockspaces`);
      continue;
    }
    if (open === null) throw new ParseError(`${what}: no lockspace before ${excerpt(line)}`);
    if (key === "id") open.id = value;
    else if (key === "flags")
      open.flags = value
        .replace(/^0x[0-9a-f]+\s*/i, "")
        .split(",")
        .filter((flag) => flag !== "");
    else if (key === "members") open.members = membersOf(what, value);
    else if (key === "new status") {
      open.newStatus = value;
      // "wait_messages 0 wait_condition 1 fencing"; later "wait fencing". "wait messages 2": the members still speak, which is no wait.
      open.waitsFor = /\bwait_condition [1-9]\d* (\w+)/.exec(value)?.[1] ?? /\bwait (?!messages\b)([a-z]+)\b/.exec(value)?.[1] ?? null;
    }
  }
  if (open !== null) throw new ParseError(`${what}: the last lockspace does not end`);
  return spaces;
}

function membersOf(what: string, text: string): number[] | null {
  if (text === "error") return null;
  const words = text.split(/\s+/).filter((word) => word !== "");
  const members = words.flatMap((word) => intOrNull(word) ?? []);
  if (members.length !== words.length || members.length > MAX_NODES)
    throw new ParseError(`${what}: not the numbers of nodes: ${excerpt(text)}`);
  return members;
}

/**
 * Parses `dlm_tool status`; null where no daemon answers: an empty text, or since dlm 4.0 its words for that.
 *
 * Shape: `cluster nodeid N quorate B ring seq …`, `daemon now T fence_pid P [fence_init]`, then `node N M add … at …` for each node it knows.
 * Lines nobody knows are passed over. Source: dlm_controld/lib.c (dlmc_print_status) of dlm 4.0 to 4.3.
 * @throws ParseError when the first line is another
 */
export function parseStatus(text: string): DlmDaemon | null {
  if (text === "" || text === NO_DAEMON) return null;
  const what = "dlm_tool status";
  const lines = finishedLines(what, text);
  const [, nodeId, quorate] = /^cluster nodeid (\d+) quorate ([01])\b/.exec(lines[0] ?? "") ?? [];
  if (nodeId === undefined) throw new ParseError(`${what}: does not begin with this node's number: ${excerpt(lines[0] ?? "")}`);
  const daemon: DlmDaemon = { nodeId: intOrNull(nodeId), isQuorate: quorate === "1", fencePid: null, nodes: [] };
  for (const line of lines.slice(1)) {
    const pid = intOrNull(/^daemon now \d+ fence_pid (\d+)\b/.exec(line)?.[1]);
    const [, id, letter] = /^node (\d+) ([A-Z]) /.exec(line) ?? [];
    const number = intOrNull(id);
    if (pid !== null && pid > 0) daemon.fencePid = pid;
    if (number !== null) daemon.nodes.push({ nodeId: number, isMember: letter === "M" });
    if (daemon.nodes.length > MAX_NODES) throw new ParseError(`${what}: more than ${MAX_NODES} nodes`);
  }
  return daemon;
}
