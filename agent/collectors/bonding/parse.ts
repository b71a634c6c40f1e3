// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, finishedLines, intOrNull } from "@/agent/collectors/text";
import type { Bond, BondLacp, BondPort } from "@/agent/protocol/model/bonding";

/** Most ports accepted of one bond; the driver itself stops far below. */
const MAX_PORTS = 256;

const LACP_MODE = "IEEE 802.3ad Dynamic link aggregation";
/** The mode words of every driver so far (bond_mode_name). Only `(fail_over_mac …)` may follow one on its line. */
const MODES = [
  "load balancing (round-robin)",
  "fault-tolerance (active-backup)",
  "load balancing (xor)",
  "fault-tolerance (broadcast)",
  LACP_MODE,
  "transmit load balancing",
  "adaptive load balancing",
];

/** One `Key: value` line; a line without a colon is a key without a value. */
interface Field {
  key: string;
  value: string;
}

/**
 * Parses one file of `/proc/net/bonding/`. `parent` and `isBond` take more than one file: see `nest`.
 *
 * Shape: a header block, then one block per port; `Key: value` lines, blank lines between blocks. In 802.3ad the header's
 * aggregator block and the ports' PDU blocks are printed for CAP_NET_ADMIN only (4.2+).
 * Units: the kernel prints Mbps (10^6 bit/s); we return bit/s. "Unknown" speed, and the -1 and 65535 of old drivers, are null.
 * Source: drivers/net/bonding/bond_procfs.c (bond_main.c before 2.6.37), driver 2.6.0 to Linux 6.15.
 * @throws ParseError when there is no "Bonding Mode" line, or the text is cut, repeated or otherwise damaged.
 */
export function parseBond(name: string, text: string): Bond {
  const blocks = splitBlocks(finishedLines(name, text));
  const [header = [], ...portBlocks] = blocks;
  if (portBlocks.length > MAX_PORTS) throw new ParseError(`${name}: more than ${MAX_PORTS} ports`);
  if (portBlocks.some((block) => block.some((field) => field.key === "Bonding Mode"))) {
    throw new ParseError(`${name}: "Bonding Mode" stands behind a port`);
  }
  const ports = portBlocks.map((block) => parsePort(name, block));
  const names = new Set(ports.map((port) => port.name));
  if (names.size !== ports.length) throw new ParseError(`${name}: a port is shown twice`);
  const mode = parseMode(name, once(name, header, "Bonding Mode"));
  const active = once(name, header, "Currently Active Slave");
  return {
    name,
    mode,
    link: linkWord(name, once(name, header, "MII Status")),
    activePort: active === null || active === "None" ? null : interfaceName(name, active),
    miimonMs: count(name, "MII Polling Interval (ms)", once(name, header, "MII Polling Interval (ms)")),
    parent: null,
    lacp: mode === LACP_MODE || once(name, header, "802.3ad info") !== null ? parseLacp(name, header) : null,
    ports,
  };
}

/** The header's fields first, then each port's; the line `Slave Interface:` begins a port, whether or not a blank line precedes it. */
function splitBlocks(lines: readonly string[]): Field[][] {
  const blocks: Field[][] = [[]];
  for (const line of lines) {
    const trimmed = line.trim();
    if (trimmed === "") continue;
    const colon = trimmed.indexOf(":");
    const field =
      colon < 0 ? { key: trimmed, value: "" } : { key: trimmed.slice(0, colon).trimEnd(), value: trimmed.slice(colon + 1).trim() };
    if (field.key === "Slave Interface") blocks.push([]);
    blocks.at(-1)?.push(field);
  }
  return blocks;
}

/** The value of a key that a block shows at most once; null when it does not show it. */
function once(name: string, block: readonly Field[], key: string): string | null {
  const found = block.filter((field) => field.key === key);
  if (found.length > 1) throw new ParseError(`${name}: "${key}" is there twice where the kernel prints it once`);
  return found[0]?.value ?? null;
}

function parseMode(name: string, value: string | null): string {
  if (value === null || value === "") throw new ParseError(`${name}: no "Bonding Mode" line`);
  const known = MODES.find((mode) => value === mode || value.startsWith(`${mode} `));
  if (known !== undefined) return known;
  // A mode of a newer driver is a word like any other; what no driver could print is damage.
  if (!/^[\x20-\x7e]{1,100}$/.test(value)) throw new ParseError(`${name}: "Bonding Mode" is ${excerpt(value)}`);
  return value.replace(/ \(fail_over_mac \w+\)$/, "");
}

function linkWord(name: string, value: string | null): string {
  if (value === null) throw new ParseError(`${name}: no "MII Status" line`);
  // "up", "down", "going down", "going back", "unknown" today; another word is kept, a line with anything else in it is damaged.
  if (!/^[a-zA-Z][a-zA-Z -]{0,31}$/.test(value)) throw new ParseError(`${name}: "MII Status" is ${excerpt(value)}`);
  return value;
}

function interfaceName(name: string, value: string): string {
  if (!/^[^\s/]{1,15}$/.test(value)) throw new ParseError(`${name}: ${excerpt(value)} is not an interface name`);
  return value;
}

/** A number that is there but is no number means damage; a line that is not there means the driver does not say. */
function count(name: string, key: string, value: string | null): number | null {
  if (value === null) return null;
  const number = intOrNull(value);
  if (number === null) throw new ParseError(`${name}: "${key}" is ${excerpt(value)}`);
  return number < 0 ? null : number;
}

function parseLacp(name: string, header: readonly Field[]): BondLacp {
  const none: BondLacp = { permitted: true, aggregatorId: null, portCount: null, partnerMac: null };
  if (header.some((field) => /^bond \S+ has no active aggregator$/.test(field.key))) return none;
  if (once(name, header, "Active Aggregator Info") === null) return { ...none, permitted: false };
  const lacp = {
    permitted: true,
    aggregatorId: count(name, "Aggregator ID", once(name, header, "Aggregator ID")),
    portCount: count(name, "Number of ports", once(name, header, "Number of ports")),
    partnerMac: macAsRead(name, once(name, header, "Partner Mac Address")),
  };
  // The kernel prints all of the block or none of it: half of it must not read as "no active aggregator".
  if (lacp.aggregatorId === null || lacp.portCount === null || lacp.partnerMac === null) {
    throw new ParseError(`${name}: the active aggregator's block is incomplete`);
  }
  return lacp;
}

function parsePort(bond: string, block: readonly Field[]): BondPort {
  const name = interfaceName(bond, once(bond, block, "Slave Interface") ?? "");
  const where = `${bond} port ${name}`;
  return {
    name,
    link: linkWord(where, once(where, block, "MII Status")),
    speedBitsPerSec: speed(where, once(where, block, "Speed")),
    failureCount: count(where, "Link Failure Count", once(where, block, "Link Failure Count")),
    aggregatorId: aggregator(where, once(where, block, "Aggregator ID")),
    partnerMac: partnerMac(where, block),
    isBond: false,
  };
}

function speed(where: string, value: string | null): number | null {
  if (value === null) return null;
  const mbps = /^(-?\d{1,10}) ?Mbps$/.exec(value)?.[1];
  if (mbps === undefined) {
    if (/\d/.test(value)) throw new ParseError(`${where}: "Speed" is ${excerpt(value)}`);
    return null; // "Unknown"
  }
  const number = Number(mbps);
  // SPEED_UNKNOWN is -1: drivers before 3.5 printed it as -1, as an unsigned 16 bit or as an unsigned 32 bit number.
  return number < 0 || number === 65_535 || number >= 4_294_967_295 ? null : number * 1_000_000;
}

function aggregator(where: string, value: string | null): number | null {
  return value === "N/A" ? null : count(where, "Aggregator ID", value);
}

function partnerMac(where: string, block: readonly Field[]): string | null {
  const start = block.findIndex((field) => field.key === "details partner lacp pdu");
  if (start < 0) return null;
  const mac = macAsRead(where, once(where, block.slice(start), "system mac address"));
  if (mac === null) throw new ParseError(`${where}: the partner's details are incomplete`);
  return mac;
}

function macAsRead(where: string, value: string | null): string | null {
  if (value === null) return null;
  if (!/^\S{1,64}$/.test(value)) throw new ParseError(`${where}: ${excerpt(value)} is not a MAC address`);
  return value.toLowerCase();
}
