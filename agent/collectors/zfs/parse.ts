// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, finishedLines, intOrNull } from "@/agent/collectors/text";
import type { ZfsPool, ZfsVdev } from "@/agent/protocol/model/zfs";

const MAX_POOLS = 256;
const MAX_VDEVS = 2_048;
const NO_POOLS = "no pools available";
/** Pools that could not be opened: of these alone no count of errors is kept, and the tool prints no line of it. */
const UNOPENED: ReadonlySet<string> = new Set(["UNAVAIL", "FAULTED"]);

/**
 * Parses `zpool status -p` (or without `-p`, whose counts may be rounded: "1.2K" is null).
 *
 * Shape: per pool `  key: value` lines (those nobody asks for are passed over, as `expand:` of 2.3), longer values going on
 * behind a tab; under `config:` a table with a header `NAME STATE READ WRITE CKSUM`, the tree indented by two blanks a level
 * behind one tab; last `errors:`, but not for a pool that could not be opened.
 * Source: OpenZFS 2.1 to 2.3, cmd/zpool/zpool_main.c (status_callback, print_status_config); zpool-status(8).
 * @throws ParseError when the text is cut or damaged.
 */
export function parseZpoolStatus(text: string): ZfsPool[] {
  const lines = finishedLines("zpool status", text);
  if (lines.length === 1 && lines[0] === NO_POOLS) return [];
  const pools: ZfsPool[] = [];
  let key = "";
  for (const line of lines) {
    const field = /^ {0,8}([a-z]+):(?:\s(.*))?$/.exec(line);
    const pool = pools.at(-1);
    if (field) {
      key = field[1] ?? "";
      const value = field[2]?.trim() ?? "";
      if (key === "pool") pools.push(emptyPool(value));
      else if (pool === undefined) throw new ParseError(`zpool status: ${excerpt(line)} belongs to no pool`);
      else setText(pool, key, value);
    } else if (line !== "") {
      if (pool === undefined || !/^\s/.test(line)) throw new ParseError(`zpool status: ${excerpt(line)} is not a line of it`);
      if (key === "config") addVdev(pool, line);
      else setText(pool, key, line.trim());
    }
  }
  if (pools.length > MAX_POOLS) throw new ParseError(`zpool status: more than ${MAX_POOLS} pools`);
  for (const pool of pools) {
    // Without these the text is cut: `config:` comes after the state, and `errors:` is last.
    const isWhole = pool.errors !== null || (UNOPENED.has(pool.state) && pool.vdevs.length > 0);
    if (pool.name === "" || pool.state === "" || !isWhole) throw new ParseError(`zpool status: pool ${excerpt(pool.name)} is incomplete`);
  }
  if (pools.length === 0) throw new ParseError("zpool status: no pool, and not the words for none");
  return pools;
}

function emptyPool(name: string): ZfsPool {
  return { name, state: "", status: null, action: null, scan: null, errors: null, sizeBytes: null, allocatedBytes: null, vdevs: [] };
}

function setText(pool: ZfsPool, key: string, more: string): void {
  const joined = (text: string | null) => (text === null || text === "" ? more : `${text} ${more}`);
  if (key === "state") pool.state = joined(pool.state);
  else if (key === "status") pool.status = joined(pool.status);
  else if (key === "action") pool.action = joined(pool.action);
  else if (key === "scan" || key === "scrub") pool.scan = joined(pool.scan);
  else if (key === "errors") pool.errors = joined(pool.errors);
}

function addVdev(pool: ZfsPool, line: string): void {
  const [, indent = "", rest = ""] = /^\t?( *)(\S.*)$/.exec(line) ?? [];
  if (rest === "" || /^NAME\s+STATE\b/.test(rest)) return;
  if (pool.vdevs.length >= MAX_VDEVS) throw new ParseError(`zpool status: ${pool.name} has more than ${MAX_VDEVS} devices`);
  const [name = "", state, read, write, checksum, ...words] = rest.split(/\s+/);
  // Spares have a state and no counts; what follows them is a note.
  const isCounted = isCount(read) && isCount(write) && isCount(checksum);
  const note = isCounted ? words : [read, write, checksum, ...words];
  const vdev: ZfsVdev = {
    name,
    depth: Math.trunc(indent.length / 2),
    state: state ?? null,
    readErrors: isCounted ? countOf(read) : null,
    writeErrors: isCounted ? countOf(write) : null,
    checksumErrors: isCounted ? countOf(checksum) : null,
    note: note.filter((word) => word !== undefined).join(" ") || null,
  };
  pool.vdevs.push(vdev);
}

function isCount(word: string | undefined): boolean {
  return word !== undefined && /^(?:\d+(?:\.\d+)?[KMGTPE]?|-)$/.test(word);
}

function countOf(word: string | undefined): number | null {
  const count = intOrNull(word);
  return count === null || count < 0 ? null : count;
}

/**
 * Parses `zpool list -Hp -o name,size,allocated`: tab separated, exact bytes; `-` where a pool that failed does not say.
 * @throws ParseError when the text is cut or a line is not of three columns.
 */
export function parseZpoolList(text: string): ReadonlyMap<string, { sizeBytes: number | null; allocatedBytes: number | null }> {
  const sizes = new Map<string, { sizeBytes: number | null; allocatedBytes: number | null }>();
  if (text === "") return sizes;
  for (const line of finishedLines("zpool list", text)) {
    if (line === NO_POOLS) continue;
    const [name, size, allocated, more] = line.split("\t");
    if (!name || size === undefined || allocated === undefined || more !== undefined)
      throw new ParseError(`zpool list: ${excerpt(line)} is not a pool`);
    sizes.set(name, { sizeBytes: countOf(size), allocatedBytes: countOf(allocated) });
  }
  return sizes;
}
