// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, finishedLines, intOrNull } from "@/agent/collectors/text";
import type { MdAction, MdArray, MdMember } from "@/agent/protocol/model/md";

/** Most arrays and members accepted: md itself allows 512 minors by default and some hundred members. */
const MAX_ARRAYS = 1_024;
const MAX_MEMBERS = 1_024;
const KIB = 1_024;

const HEAD = /^(\S+) : (active|inactive|broken|clear|[a-z-]{1,32})(?: (.*))?$/;
const MEMBER = /^(\S+?)\[(\d{1,10})\]((?:\([A-Z]\))*)$/;
const RUNNING =
  /^(?:\[[=>.]*\]\s+)?([a-z]+)\s*=\s*\d{1,3}\.\d+%\s+\((\d{1,16})\/(\d{1,16})\)(?:\s+finish=(\d{1,12})\.(\d+)min)?(?:\s+speed=(-?\d{1,12})K\/sec)?$/;
const WAITING = /^([a-z]+)\s*=\s*([A-Z]+)$/;

/**
 * Parses `/proc/mdstat`. What only sysfs says (`slot`, `state`, `uuid` …) is null here.
 *
 * Shape: a `Personalities` line; per array a line `mdN : active raid1 sda1[0] sdb1[1](F)` and indented lines for size, map,
 * progress and bitmap; last `unused devices: …`, so that a text without it is cut.
 * Units: blocks and K are KiB; we return bytes. `finish` is in minutes; we return seconds. Percent is of done and total, which
 * are exact, not the printed one.
 * Source: drivers/md/md.c (md_seq_show, status_resync), the levels' status functions, md-bitmap.c; Linux 2.6 to 6.12.
 * @throws ParseError when the text is cut or damaged, or an array is there twice (a read torn at a page's end).
 */
export function parseMdstat(text: string): MdArray[] {
  const lines = finishedLines("/proc/mdstat", text);
  const last = lines.findLastIndex((line) => line !== "");
  if (!lines[last]?.startsWith("unused devices:")) throw new ParseError('/proc/mdstat: no "unused devices" line at its end');
  const arrays: MdArray[] = [];
  let array: MdArray | null = null;
  for (const line of lines.slice(0, last)) {
    if (line === "") array = null;
    else if (/^(Personalities|read_ahead|Event:)/.test(line)) array = null;
    else if (/^\s/.test(line)) {
      if (array === null) throw new ParseError(`/proc/mdstat: ${excerpt(line)} belongs to no array`);
      addDetail(array, line.trim());
    } else {
      array = parseHead(line);
      arrays.push(array);
    }
  }
  if (arrays.length > MAX_ARRAYS) throw new ParseError(`/proc/mdstat: more than ${MAX_ARRAYS} arrays`);
  if (new Set(arrays.map(({ name }) => name)).size !== arrays.length) throw new ParseError("/proc/mdstat: an array is shown twice");
  return arrays;
}

function parseHead(line: string): MdArray {
  const [, name, state, rest = ""] = HEAD.exec(line) ?? [];
  if (name === undefined || state === undefined) throw new ParseError(`/proc/mdstat: ${excerpt(line)} is not the first line of an array`);
  const words = rest.split(/\s+/).filter((word) => word !== "");
  const readOnly = /^\(([a-z-]+)\)$/.exec(words[0] ?? "")?.[1] ?? null;
  if (readOnly !== null) words.shift();
  // An inactive array has no personality, so its first word is a member already.
  const level = words[0] !== undefined && !words[0].includes("[") ? (words.shift() ?? null) : null;
  const members = words.map((word) => parseMember(name, word));
  if (members.length > MAX_MEMBERS) throw new ParseError(`${name}: more than ${MAX_MEMBERS} members`);
  return {
    name,
    state,
    readOnly,
    level,
    metadata: null,
    sizeBytes: null,
    raidDisks: null,
    activeDisks: null,
    map: null,
    members,
    action: null,
    hasBitmap: false,
    isClustered: null,
    uuid: null,
    mismatchCount: null,
  };
}

function parseMember(array: string, word: string): MdMember {
  const [, name, number, flags = ""] = MEMBER.exec(word) ?? [];
  if (name === undefined || number === undefined) throw new ParseError(`${array}: ${excerpt(word)} is not a member`);
  return { name, number: Number(number), flags: [...flags.replaceAll(/[()]/g, "")], slot: null, state: null };
}

function addDetail(array: MdArray, line: string): void {
  const action = actionOf(array.name, line);
  if (action !== null) array.action = action;
  else if (line.startsWith("bitmap:")) array.hasBitmap = true;
  else if (/^\d+ blocks\b/.test(line)) addSize(array, line);
}

function addSize(array: MdArray, line: string): void {
  const blocks = intOrNull(line.slice(0, line.indexOf(" ")));
  if (blocks === null) throw new ParseError(`${array.name}: ${excerpt(line)} has no size`);
  array.sizeBytes = blocks * KIB;
  array.metadata = / super (\S+)/.exec(line)?.[1] ?? null;
  const counts = / \[(\d{1,6})\/(\d{1,6})\](?: \[([^\]\s]+)\])?/.exec(line);
  if (counts === null) return;
  array.raidDisks = intOrNull(counts[1]);
  array.activeDisks = intOrNull(counts[2]);
  array.map = counts[3] ?? null;
}

function actionOf(array: string, line: string): MdAction | null {
  const waiting = WAITING.exec(line);
  if (waiting)
    return {
      kind: waiting[1] ?? "",
      state: waiting[2] ?? "",
      percent: null,
      doneBytes: null,
      totalBytes: null,
      finishSeconds: null,
      rateBytesPerSec: null,
    };
  const running = RUNNING.exec(line);
  if (running === null) {
    if (/^\[[=>.]+\]/.test(line)) throw new ParseError(`${array}: ${excerpt(line)} is not a progress line`);
    return null;
  }
  const [, kind = "", doneText, totalText, minutes, tenths, rate] = running;
  const done = intOrNull(doneText);
  const total = intOrNull(totalText);
  if (done === null || total === null) throw new ParseError(`${array}: ${excerpt(line)} has no progress`);
  const perSecond = intOrNull(rate);
  return {
    kind,
    state: "running",
    percent: total === 0 ? 100 : Math.min(100, Math.round((done / total) * 1_000) / 10),
    doneBytes: done * KIB,
    totalBytes: total * KIB,
    finishSeconds: minutes === undefined ? null : Math.round(Number(`${minutes}.${tenths}`) * 60),
    // A clock that jumps makes the kernel print a negative speed: that says nothing.
    rateBytesPerSec: perSecond === null || perSecond < 0 ? null : perSecond * KIB,
  };
}
