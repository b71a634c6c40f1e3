// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { unread, unreadPart } from "@/agent/collectors/unread";
import { type Host, HostError } from "@/agent/host/host";
import { plainText } from "@/agent/plain-text";
import type { Unread } from "@/agent/protocol/errors";
import type { DrbdDevice } from "@/agent/protocol/model/drbd";
import { parseEvents2 } from "./parse-events2";
import { parseStatusJson } from "./parse-json";
import { parseProcDrbd, withPeerOf } from "./parse-proc";

const DEBUGFS = "/sys/kernel/debug/drbd/resources";
/** A mirror has a file per peer and volume; more than this is no cluster we know. */
const MAX_FILES = 1_000;
/** A healthy drbdsetup answers in some milliseconds; three tries must fit into the time of one reading. */
export const TOOL_TIMEOUT_MS = 3_000;

/** One way to the devices: them, or why it is no way on this node. */
type Answer = { devices: DrbdDevice[]; unread: Unread[] } | { why: string; isThere: boolean };

/**
 * The devices of a DRBD 9 module, whose `/proc/drbd` has none; null (and why) when this node has no way to them.
 * @throws HostError when a way is there and failed: "no devices" must never be read out of a tool that did not answer
 */
export async function readNine(host: Host): Promise<{ devices: DrbdDevice[] | null; unread: Unread[] }> {
  const reasons: string[] = [];
  let hasWay = false;
  let code: Unread["code"] = "COLLECT_READ";
  for (const way of [fromJson, fromEvents2, fromDebugfs]) {
    try {
      const answer = await way(host);
      if ("devices" in answer) return answer;
      reasons.push(answer.why);
      hasWay ||= answer.isThere;
    } catch (error) {
      hasWay = true;
      const entry = unread("DRBD devices", error);
      code = entry.code;
      reasons.push(entry.message);
    }
  }
  const advice = "Install drbd-utils 9 on the node, and run the agent as root or with CAP_NET_ADMIN.";
  const message = `DRBD 9 is loaded, but its devices could not be read. ${reasons.join("; ")}. ${advice}`;
  if (hasWay) throw new HostError(HOST_CODES[code], plainText(message, 2_000));
  return { devices: null, unread: [unreadPart("DRBD devices", code, message)] };
}

const HOST_CODES = {
  COLLECT_FORBIDDEN: "HOST_FORBIDDEN",
  COLLECT_TIMEOUT: "HOST_TIMEOUT",
  COLLECT_TOO_LARGE: "HOST_TOO_LARGE",
  COLLECT_PARSE: "HOST_READ",
  COLLECT_READ: "HOST_READ",
} as const;

async function fromJson(host: Host): Promise<Answer> {
  const result = await host.run("drbdsetup", ["status", "--json"], { timeoutMs: TOOL_TIMEOUT_MS });
  if (result === null) return { why: "drbdsetup is not installed", isThere: false };
  if (result.exitCode !== 0) return { why: failureOf("drbdsetup status --json", result), isThere: true };
  return { devices: parseStatusJson(result.stdout), unread: [] };
}

/** Colours are not asked for and not feared: into a pipe drbdsetup prints none, and the parser takes them out. */
async function fromEvents2(host: Host): Promise<Answer> {
  const result = await host.run("drbdsetup", ["events2", "--now", "--statistics"], { timeoutMs: TOOL_TIMEOUT_MS });
  if (result === null) return { why: "drbdsetup is not installed", isThere: false };
  if (result.exitCode !== 0) return { why: failureOf("drbdsetup events2 --now", result), isThere: true };
  const { devices, complete } = parseEvents2(result.stdout);
  if (!complete) throw new ParseError("drbdsetup events2 --now: the dump has no end");
  return { devices, unread: [] };
}

/** Root only. It shows what has a peer: a volume without any connection is not in it. */
async function fromDebugfs(host: Host): Promise<Answer> {
  const resources = await host.list(DEBUGFS);
  if (resources === null) return { why: `${DEBUGFS} is not there (debugfs is not mounted)`, isThere: false };
  const devices = new Map<number, DrbdDevice>();
  let files = 0;
  for (const resource of resources) {
    for (const peer of (await host.list(`${DEBUGFS}/${resource}/connections`)) ?? []) {
      for (const volume of (await host.list(`${DEBUGFS}/${resource}/connections/${peer}`)) ?? []) {
        if (!/^\d{1,5}$/.test(volume)) continue;
        files += 1;
        if (files > MAX_FILES) throw new ParseError(`${DEBUGFS}: more than ${MAX_FILES} files`);
        const text = await host.read(`${DEBUGFS}/${resource}/connections/${peer}/${volume}/proc_drbd`);
        if (text === null) continue; // it went while we looked
        for (const device of parseProcDrbd(text).devices) {
          const named = named9(device, resource, Number(volume), peer);
          const before = devices.get(device.minor);
          devices.set(device.minor, before ? withPeerOf(before, named) : named);
        }
      }
    }
  }
  const message = "drbdsetup did not answer, so this is from debugfs: volumes without a connection are missing. Install drbd-utils 9.";
  return { devices: [...devices.values()], unread: [unreadPart("DRBD volumes without a connection", "COLLECT_READ", message)] };
}

function named9(device: DrbdDevice, resource: string, volume: number, peer: string): DrbdDevice {
  return { ...device, resource, volume, cs: null, peers: device.peers.map((one) => ({ ...one, name: peer })) };
}

/** A tool's refusal in its own words: exit code and the first line of what it said. */
export function failureOf(command: string, result: { exitCode: number; stderr: string }): string {
  const said = result.stderr.trim().split("\n")[0]?.slice(0, 200) ?? "";
  return `${command} ended with exit code ${result.exitCode}${said === "" ? "" : ` (${said})`}`;
}
