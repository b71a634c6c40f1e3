// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, finishedLines } from "@/agent/collectors/text";

/** Longest version kept: far above any real one. */
const MAX_VERSION = 80;

function word(what: string, text: string | undefined): string {
  const version = (text ?? "").trim();
  if (version === "" || version.length > MAX_VERSION) throw new ParseError(`${what} is ${excerpt(version)}`);
  return version;
}

/**
 * One version alone on a line: `/sys/module/drbd/version`, `modinfo -F version drbd`.
 * @throws ParseError when there is not exactly one line with something on it
 */
export function parseVersionLine(what: string, text: string): string {
  const lines = finishedLines(what, text).filter((line) => line !== "");
  if (lines.length !== 1) throw new ParseError(`${what} is ${excerpt(text)}`);
  return word(what, lines[0]);
}

/**
 * The version in the head of `/proc/drbd`, which every module prints whatever /sys says.
 * Shape: `version: 8.4.11 (api:1/proto:86-101)`. @throws ParseError without such a line
 */
export function parseProcVersion(text: string): string {
  const line = finishedLines("/proc/drbd", text).find((one) => one.startsWith("version: "));
  return word("the version in /proc/drbd", line?.slice("version: ".length).split(/[\s(]/)[0]);
}

/**
 * The version of the DRBD utilities. Shape: `KEY=value` lines, from 8.3 to 9.x. Source: user/*\/drbdadm_main.c, drbd-utils 9.22.
 * @throws ParseError without a DRBDADM_VERSION line
 */
export function parseDrbdadmVersion(text: string): string {
  const line = finishedLines("drbdadm --version", text).find((one) => one.startsWith("DRBDADM_VERSION="));
  return word("DRBDADM_VERSION", line?.slice("DRBDADM_VERSION=".length));
}

/**
 * The first version in what a program says of itself.
 * Shape: `Pacemaker 2.1.5` (pacemakerd --version); `Corosync Cluster Engine, version '3.1.7'` (corosync -v).
 * @throws ParseError when the first line holds none
 */
export function parseProgramVersion(what: string, text: string): string {
  const [first] = finishedLines(what, text);
  const found = /(?:^Pacemaker |version ')([0-9][^\s']*)/.exec(first ?? "");
  if (!found) throw new ParseError(`${what} is ${excerpt(text)}`);
  return word(what, found[1]);
}

/** PRETTY_NAME of `/etc/os-release`: `KEY=value` or `KEY="value"` lines. Source: os-release(5). Null when it names none. */
export function parseOsRelease(text: string): string | null {
  const line = finishedLines("/etc/os-release", text).find((one) => one.startsWith("PRETTY_NAME="));
  if (line === undefined) return null;
  const name = line.slice("PRETTY_NAME=".length).replace(/^(["'])(.*)\1$/, "$2");
  return name === "" ? null : word("PRETTY_NAME", name);
}

/**
 * Installed packages by name.
 * Shape: one `name<TAB>version` a line; dpkg adds a third field, its status, of which only `installed` counts.
 * What rpm says of a package that it does not have is no such line.
 * @throws ParseError when a line with tabs is not one of these
 */
export function parsePackages(what: string, text: string): ReadonlyMap<string, string> {
  const packages = new Map<string, string>();
  for (const line of text === "" ? [] : finishedLines(what, text)) {
    if (!line.includes("\t")) continue;
    const [name, version, status, more] = line.split("\t");
    if (!name || more !== undefined) throw new ParseError(`${what} holds ${excerpt(line)}`);
    if (status !== undefined && status !== "installed") continue;
    packages.set(name, word(`the version of ${excerpt(name)}`, version));
  }
  return packages;
}

const DIGEST_TYPES: ReadonlySet<string> = new Set(["shash", "ahash", "digest"]);
/** More than any kernel lists. */
const MOST_DIGESTS = 200;

/**
 * The names of the digests in `/proc/crypto`, each once, sorted.
 * Shape: blocks of `key : value` lines, a blank line between; `name` and `type` are what counts.
 * Source: crypto/proc.c, Linux 2.6 ("digest") to 6.12 ("shash", "ahash").
 * @throws ParseError where there is no block with a name and a type
 */
export function parseDigests(text: string): string[] {
  const names = new Set<string>();
  let name: string | null = null;
  let isAny = false;
  for (const line of finishedLines("/proc/crypto", text)) {
    const [, key = "", value = ""] = /^(\w+)\s*: (.*)$/.exec(line) ?? [];
    if (key === "name") name = value.trim();
    if (key !== "type" || name === null) continue;
    isAny = true;
    if (DIGEST_TYPES.has(value.trim()) && names.size < MOST_DIGESTS) names.add(name.slice(0, 64));
    name = null;
  }
  if (!isAny) throw new ParseError("/proc/crypto lists nothing with a name and a type");
  return [...names].sort();
}
