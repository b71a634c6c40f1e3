// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt } from "@/agent/collectors/text";
import type { AoeExport } from "@/agent/protocol/model/aoe";
import { macWithColons } from "./mac";

/** What the command line says; the pid is the folder it was found in. */
export type VbladeExport = Omit<AoeExport, "pid">;

/** Options that take a value; `-f` is one of a field fork's. */
const WITH_VALUE = new Set(["b", "m", "o", "l", "f"]);
const PLAIN = new Set(["d", "s", "r", "t", "T"]);
/** 12 hex digits, with or without colons, in either case: what vblade's parseether takes. */
const MAC = /^[0-9a-f]{2}(:?[0-9a-f]{2}){5}$/i;

/**
 * Parses `/proc/<pid>/cmdline` of a running vblade; null when the process is not one.
 *
 * Shape: arguments, each ended by a NUL: `vblade [-b bufcnt] [-o offset] [-l length] [-d] [-s] [-r] [-m mac[,mac…]] shelf slot
 * netif filename`. glibc's getopt also takes options behind the four words, several flags in one (`-ds`) and glued values.
 * vblade ends each MAC of its list with a NUL in place, so in this file the rest of the list stands as words of its own.
 * Source: vblade 25 aoe.c main, setmask, parseether.
 * @throws ParseError when it is a vblade whose words are not understood.
 */
export function parseVblade(cmdline: string): VbladeExport | null {
  const args = cmdline.split("\0");
  // The last argument ends in a NUL like the others; without it the text was cut, which shows in a missing word below.
  if (args.at(-1) === "") args.pop();
  const program = args[0]?.split("/").at(-1);
  if (program !== "vblade" && program !== "vbladed") return null;
  const { words, flags, macs } = takeOptions(args.slice(1));
  const [shelf = "", slot = "", netif = "", device = ""] = words;
  if (words.length !== 4 || !/^\d{1,5}$/.test(shelf) || !/^\d{1,3}$/.test(slot) || netif === "" || device === "") {
    throw new ParseError(`not a vblade command line we understand: ${excerpt(args.join(" "))}`);
  }
  if (!cmdline.endsWith("\0")) throw new ParseError(`a vblade command line is cut: ${excerpt(args.join(" "))}`);
  return {
    name: `e${Number(shelf)}.${Number(slot)}`,
    device,
    interface: netif,
    sync: flags.has("s"),
    direct: flags.has("d"),
    allowedMacs: macs,
  };
}

interface Options {
  words: string[];
  flags: Set<string>;
  macs: string[];
}

/** Sorts arguments as getopt does: options wherever they stand, until `--`. */
function takeOptions(args: readonly string[]): Options {
  const found: Options = { words: [], flags: new Set(), macs: [] };
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (arg === "--") {
      found.words.push(...args.slice(at + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      found.words.push(arg);
      continue;
    }
    at = takeCluster(args, at, found);
  }
  return found;
}

/** Takes one argument of options (`-ds`, `-b16`, `-m` and its value); answers the place of the last argument it used. */
function takeCluster(args: readonly string[], start: number, found: Options): number {
  const arg = args[start] ?? "";
  for (let letter = 1; letter < arg.length; letter += 1) {
    const option = arg[letter] ?? "";
    if (PLAIN.has(option)) {
      found.flags.add(option);
      continue;
    }
    if (!WITH_VALUE.has(option)) throw new ParseError(`vblade runs with an option we do not know: ${excerpt(arg)}`);
    const glued = arg.slice(letter + 1);
    const last = glued === "" ? start + 1 : start;
    const value = glued === "" ? args[last] : glued;
    if (value === undefined) throw new ParseError(`vblade's option -${option} has no value`);
    return option === "m" ? takeMacs(args, last, value, found.macs) : last;
  }
  return start;
}

/** The list of `-m`: in one word, or already cut into words by vblade itself. */
function takeMacs(args: readonly string[], at: number, value: string, macs: string[]): number {
  const add = (list: string) => {
    for (const mac of list.split(",")) if (MAC.test(mac)) macs.push(macWithColons(mac.replaceAll(":", "")));
  };
  add(value);
  let last = at;
  while (MAC.test((args[last + 1] ?? "").split(",")[0] ?? "")) {
    last += 1;
    add(args[last] ?? "");
  }
  return last;
}
