// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, finishedLines, intOrNull } from "@/agent/collectors/text";
import type { Corosync, CorosyncMember, CorosyncQuorum } from "@/agent/protocol/model/corosync";

const WHAT = "corosync-quorumtool -s";
/** Far more members than any Corosync takes. */
const MAX_MEMBERS = 1_024;
/** The quorum device has a row among the members, under a number that no node may have. */
const DEVICE_ID = 0;

/** What `corosync-quorumtool -s` says. */
export interface QuorumStatus extends Pick<Corosync, "qdevice"> {
  localNodeId: number | null;
  quorum: CorosyncQuorum;
  members: CorosyncMember[];
}

/**
 * Parses `corosync-quorumtool -s`.
 *
 * Shape: two blocks of `Key:   value` and, last, the members as a table, each under a heading with a line of dashes; the middle
 * block and the table's votes only with votequorum, its column Qdevice only with a quorum device.
 * Source: tools/corosync-quorumtool.c, Corosync 2.0 to 3.1.
 * @throws ParseError when there is no member table, or it does not hold as many members as the text says there are
 */
export function parseQuorum(text: string): QuorumStatus {
  const lines = finishedLines(WHAT, text);
  const at = lines.findIndex((line) => line.startsWith("Membership information"));
  if (lines[0] !== "Quorum information" || at < 0) throw new ParseError(`${WHAT}: no member table in ${excerpt(text)}`);
  const said = fieldsOf(lines.slice(0, at));
  const count = (key: string) => countOf(key, said.get(key));
  const { members, qdevice } = parseMembers(lines.slice(at + 1));
  const nodes = count("Nodes");
  // A text that was cut short, or two of them mixed, would tell of members that left.
  if (nodes !== null && nodes !== members.length)
    throw new ParseError(`${WHAT}: says ${nodes} nodes, but its table shows ${members.length}`);
  return {
    localNodeId: idOf(said.get("Node ID")),
    quorum: {
      quorate: yesOrNo(said.get("Quorate")),
      provider: said.get("Quorum provider") || null,
      ringId: said.get("Ring ID") || null,
      nodes,
      expectedVotes: count("Expected votes"),
      highestExpected: count("Highest expected"),
      totalVotes: count("Total votes"),
      // Without a quorum: "2 Activity blocked".
      quorumVotes: countOf("Quorum", said.get("Quorum")?.replace(/ +Activity blocked$/, "")),
      flags: (said.get("Flags") ?? "").split(/\s+/).filter((flag) => flag !== ""),
    },
    members,
    qdevice,
  };
}

function fieldsOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  for (const line of lines) {
    const [, key, value] = /^([A-Z][A-Za-z ]*):\s*(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined) continue;
    if (said.has(key)) throw new ParseError(`${WHAT}: says ${key} twice`);
    said.set(key, value);
  }
  return said;
}

function parseMembers(lines: readonly string[]): { members: CorosyncMember[]; qdevice: Corosync["qdevice"] } {
  const head = lines.findIndex((line) => /^\s*Nodeid\b/.test(line));
  const columns = lines[head]?.trim().split(/\s+/) ?? [];
  if (columns.at(-1) !== "Name") throw new ParseError(`${WHAT}: the member table has no line of headings`);
  const members: CorosyncMember[] = [];
  let qdevice: Corosync["qdevice"] = null;
  for (const line of lines.slice(head + 1)) {
    // "Unable to get node 3 info" stands where it comes, and names a member that has its row all the same.
    if (line === "" || line.startsWith("Unable to ")) continue;
    const device = /^\s*(?:0|0x0+)\s+(\d+)\s+(\S+)(?: \(votes \d+\))?$/.exec(line);
    if (device?.[1] !== undefined && device[2] !== undefined) {
      qdevice = { name: device[2], votes: countOf("the quorum device's votes", device[1]) ?? 0 };
      continue;
    }
    members.push(parseMember(line, columns));
    if (members.length > MAX_MEMBERS) throw new ParseError(`${WHAT}: more than ${MAX_MEMBERS} members`);
  }
  if (new Set(members.map(({ nodeId }) => nodeId)).size !== members.length) throw new ParseError(`${WHAT}: a member is shown twice`);
  return { members, qdevice };
}

function parseMember(line: string, columns: readonly string[]): CorosyncMember {
  const isLocal = line.endsWith(" (local)");
  const words = (isLocal ? line.slice(0, -" (local)".length) : line).trim().split(/\s+/);
  const under = (column: string) => (columns.includes(column) ? words[columns.indexOf(column)] : undefined);
  const nodeId = idOf(under("Nodeid"));
  const votes = under("Votes");
  if (nodeId === null || nodeId === DEVICE_ID || words.length > columns.length || (columns.includes("Votes") && intOrNull(votes) === null))
    throw new ParseError(`${WHAT}: not a member: ${excerpt(line)}`);
  return { nodeId, name: under("Name") ?? null, votes: countOf("votes", votes), isLocal, qdevice: under("Qdevice") ?? null };
}

/** A node's number: decimal, or hexadecimal where the tool was asked so by its environment. */
function idOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const id = /^0x[0-9a-f]{1,8}$/i.test(text) ? Number.parseInt(text.slice(2), 16) : intOrNull(text);
  if (id === null || id < 0) throw new ParseError(`${WHAT}: not the number of a node: ${excerpt(text)}`);
  return id;
}

function countOf(what: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const count = intOrNull(text);
  if (count === null || count < 0) throw new ParseError(`${WHAT}: ${what} is not a count: ${excerpt(text)}`);
  return count;
}

function yesOrNo(text: string | undefined): boolean | null {
  if (text === undefined) return null;
  if (text === "Yes") return true;
  if (text === "No") return false;
  throw new ParseError(`${WHAT}: Quorate is neither Yes nor No: ${excerpt(text)}`);
}
