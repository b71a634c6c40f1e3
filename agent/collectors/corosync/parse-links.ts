// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, finishedLines, intOrNull } from "@/agent/collectors/text";
import type { CorosyncLink } from "@/agent/protocol/model/corosync";

/** Corosync has 8 links at most, to some hundred nodes. */
const MAX_LINKS = 8_192;

/** What corosync-cfgtool says of the links, whichever way it was asked. */
export interface LinkStatus {
  localNodeId: number | null;
  /** "knet"; null where an older tool does not say. */
  transport: string | null;
  links: CorosyncLink[];
}

/**
 * Parses `corosync-cfgtool -n`: the peers that can be reached, each with its links. A peer that cannot be reached at all has no line.
 *
 * Shape: a line on this node; then for each peer `nodeid: N reachable`, an indented line per link, an empty line.
 * Source: tools/corosync-cfgtool.c, Corosync 3.1.
 * @throws ParseError when the first line, a peer's end or a link is not as that file prints it
 */
export function parseReachable(text: string): LinkStatus {
  const what = "corosync-cfgtool -n";
  const lines = finishedLines(what, text);
  const head = headOf(what, lines[0] ?? "");
  const links: CorosyncLink[] = [];
  let peerId: number | null = null;
  for (const line of lines.slice(1)) {
    const peer = /^nodeid:\s*(\d+)\s+\S/.exec(line);
    if (peer) {
      if (peerId !== null) throw new ParseError(`${what}: a peer's lines do not end`);
      peerId = idOf(what, peer[1]);
    } else if (line === "") peerId = null;
    else {
      if (peerId === null) throw new ParseError(`${what}: no peer before ${excerpt(line)}`);
      links.push(reachableLink(what, line, peerId));
    }
  }
  if (peerId !== null) throw new ParseError(`${what}: a peer's lines do not end`);
  return { ...head, links: checked(what, links) };
}

function reachableLink(what: string, line: string, peerId: number): CorosyncLink {
  const [, link, transport, from, to, rest = ""] = /^\s+LINK:\s*(\d+)\s+(\S+)\s+\((\S+?)->(\S+?)\)(.*)$/.exec(line) ?? [];
  if (link === undefined || transport === undefined) throw new ParseError(`${what}: not a link: ${excerpt(line)}`);
  const [, flags = rest, mtu] = /^(.*?)\s*\bmtu:\s*(\d+)$/.exec(rest) ?? [];
  const words = flags
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "");
  return {
    link: idOf(what, link),
    peerId,
    transport,
    localAddress: from ?? null,
    remoteAddress: to ?? null,
    words,
    isConnected: words.includes("connected"),
    mtu: intOrNull(mtu),
  };
}

/**
 * Parses `corosync-cfgtool -s`: this node's links, each with what it says of every peer, reachable or not.
 *
 * Shape: a line on this node, after `Printing … status.` in older ones; then for each link its number (`LINK ID 0 udp`, before 3
 * `RING ID 0`), its address (`addr`, before 3 `id`), and either `status:` with a line per node or `status = words` for the whole ring.
 * Source: tools/corosync-cfgtool.c and exec/totemknet.c, Corosync 1.4 to 3.1.
 * @throws ParseError when a link has no status, or a line is not as those files print it
 */
export function parseRings(text: string): LinkStatus {
  const what = "corosync-cfgtool -s";
  const lines = finishedLines(what, text);
  if (/^Printing \w+ status\.$/.test(lines[0] ?? "")) lines.shift();
  const head = headOf(what, lines[0] ?? "");
  const links: CorosyncLink[] = [];
  let ring: { link: number; transport: string | null; localAddress: string | null; isTold: boolean } | null = null;
  for (const line of lines.slice(1)) {
    if (line === "") continue;
    const [, number, transport] = /^(?:LINK|RING) ID (\d+)(?:\s+(\S+))?$/.exec(line) ?? [];
    if (number !== undefined) {
      if (ring && !ring.isTold) throw new ParseError(`${what}: link ${ring.link} has no status`);
      ring = { link: idOf(what, number), transport: transport ?? null, localAddress: null, isTold: false };
      continue;
    }
    if (ring === null) throw new ParseError(`${what}: no link before ${excerpt(line)}`);
    const [, key, value] = /^\t(addr|id|status)\t= (.+)$/.exec(line) ?? [];
    const [, peer, words] = /^\t\tnodeid:?\s+(\d+):\s+(\S.*)$/.exec(line) ?? [];
    const about = { link: ring.link, transport: ring.transport, localAddress: ring.localAddress, remoteAddress: null, mtu: null };
    if (key === "status" && value !== undefined) {
      ring.isTold = true;
      links.push({ ...about, peerId: null, words: [value], isConnected: null });
    } else if (value !== undefined) ring.localAddress = value;
    else if (peer !== undefined && words !== undefined) {
      ring.isTold = true;
      links.push({ ...about, ...peerWords(words), peerId: idOf(what, peer) });
    } else if (line !== "\tstatus:") throw new ParseError(`${what}: not known: ${excerpt(line)}`);
  }
  if (ring && !ring.isTold) throw new ParseError(`${what}: link ${ring.link} has no status`);
  return { ...head, links: checked(what, links) };
}

/** "connected", "disconnected", "localhost"; Corosync 3.0: "link enabled:1\tlink connected:0". */
function peerWords(text: string): Pick<CorosyncLink, "words" | "isConnected"> {
  const words = text.split("\t");
  const flag = words.find((word) => word.startsWith("link connected:"));
  if (flag !== undefined) return { words, isConnected: flag === "link connected:1" };
  return { words, isConnected: text === "connected" ? true : text === "disconnected" ? false : null };
}

function headOf(what: string, line: string): Pick<LinkStatus, "localNodeId" | "transport"> {
  const [, id, transport] = /^Local node ID (-?\d+)(?:, transport (\S+))?$/.exec(line) ?? [];
  if (id === undefined) throw new ParseError(`${what}: does not begin with this node's number: ${excerpt(line)}`);
  // Before 2.4 the tool printed numbers above 2^31 as negative ones.
  const number = idOf(what, id.replace("-", ""));
  return { localNodeId: id.startsWith("-") ? 2 ** 32 - number : number, transport: transport ?? null };
}

function idOf(what: string, text: string | undefined): number {
  const id = intOrNull(text);
  if (id === null) throw new ParseError(`${what}: not a number: ${excerpt(text ?? "")}`);
  return id;
}

function checked(what: string, links: CorosyncLink[]): CorosyncLink[] {
  if (links.length > MAX_LINKS) throw new ParseError(`${what}: more than ${MAX_LINKS} links`);
  const names = new Set(links.map(({ link, peerId }) => `${link} ${peerId}`));
  if (names.size !== links.length) throw new ParseError(`${what}: a link is shown twice`);
  return links;
}
