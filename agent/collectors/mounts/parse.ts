// SPDX-License-Identifier: Apache-2.0
import { ParseError } from "@/agent/collectors/define";
import { excerpt, finishedLines, intOrNull, MAX_LINE_CHARS } from "@/agent/collectors/text";
import type { Mount, Swap } from "@/agent/protocol/model/mounts";

/** An overlay of many layers names each in its options: one such line is far longer than what we tell of any. */
const MAX_MOUNT_CHARS = 1024 * 1024;

/** A line of a mount table, before it is decided whether it is worth telling. */
export interface MountLine extends Mount {
  /** The part of the file system that is mounted; null where the table does not say. */
  root: string | null;
  /** Its options were too long to be told whole. */
  isCut: boolean;
}

/**
 * Parses `/proc/<pid>/mountinfo`.
 *
 * Shape: `id parent major:minor root mountpoint options [tags …] - type device super-options`; blanks, tabs, newlines and
 * backslashes in names as `\040` and so on.
 * Source: fs/proc_namespace.c, show_mountinfo, Linux 2.6.26 to 6.18; Documentation/filesystems/proc.rst 3.5.
 * @throws ParseError when the text is cut or a line is not one of these.
 */
export function parseMountinfo(text: string): MountLine[] {
  return finishedLines("mountinfo", text, MAX_MOUNT_CHARS).map((line) => {
    const words = line.split(" ");
    const dash = words.indexOf("-", 6);
    const [, , majorMinor = "", root = "", mountPoint = "", own = ""] = words;
    const [type, device, last = ""] = dash < 0 ? [] : words.slice(dash + 1);
    if (!/^\d{1,5}:\d{1,8}$/.test(majorMinor) || !mountPoint.startsWith("/") || type === undefined || device === undefined)
      throw new ParseError(`mountinfo: ${excerpt(line)} is not a mount`);
    checkLength("mountinfo", [root, mountPoint, type, device]);
    const ofMount = own.split(",");
    const ofSuper = last.split(",");
    const isStopped = hasStopped(ofSuper);
    return {
      mountPoint: unescaped(mountPoint),
      device: unescaped(device),
      majorMinor,
      type,
      isReadOnly: ofMount.includes("ro") || ofSuper.includes("ro") || isStopped,
      wentReadOnly: ofMount.includes("rw") && (ofSuper.includes("ro") || isStopped),
      ...merged(ofMount, ofSuper),
      root: unescaped(root),
    };
  });
}

/**
 * Parses `/proc/mounts`: the same without numbers and roots, and with one list of options, so that why a file system is
 * read-only mostly stays unsaid.
 *
 * Shape: `device mountpoint type options 0 0`.
 * @throws ParseError when the text is cut or a line is not one of these.
 */
export function parseMounts(text: string): MountLine[] {
  return finishedLines("/proc/mounts", text, MAX_MOUNT_CHARS).map((line) => {
    const [device, mountPoint, type, list, freq, pass, more] = line.split(" ");
    const isWhole = freq === "0" && pass === "0" && more === undefined;
    if (device === undefined || !mountPoint?.startsWith("/") || type === undefined || list === undefined || !isWhole)
      throw new ParseError(`/proc/mounts: ${excerpt(line)} is not a mount`);
    checkLength("/proc/mounts", [device, mountPoint, type]);
    const options = list.split(",");
    const isStopped = hasStopped(options);
    const isReadOnly = options.includes("ro") || isStopped;
    return {
      mountPoint: unescaped(mountPoint),
      device: unescaped(device),
      majorMinor: null,
      type,
      isReadOnly,
      wentReadOnly: isStopped ? true : isReadOnly ? null : false,
      ...merged(options, []),
      root: null,
    };
  });
}

/** ext4 since Linux 6.15 keeps "rw" after an error and says so in words of its own. Source: fs/ext4/super.c. */
function hasStopped(options: readonly string[]): boolean {
  return options.includes("emergency_ro") || options.includes("shutdown");
}

/** No path of Linux comes near: PATH_MAX is 4,096 bytes, each at most four signs here. */
function checkLength(what: string, words: readonly string[]): void {
  const long = words.find((word) => word.length > 4 * 4_096);
  if (long !== undefined) throw new ParseError(`${what}: ${excerpt(long)} is longer than any name`);
}

/** Each option once, "rw" of the one and "ro" of the other told apart by `isReadOnly`; from where they are too many on, none. */
function merged(ofMount: readonly string[], ofSuper: readonly string[]): Pick<MountLine, "options" | "isCut"> {
  const all = [...new Set([...ofMount, ...ofSuper])].filter((option) => option !== "" && option !== "rw" && option !== "ro");
  let chars = 0;
  const beyond = all.findIndex((option) => {
    chars += option.length;
    return chars > MAX_LINE_CHARS;
  });
  return { options: (beyond < 0 ? all : all.slice(0, beyond)).map(unescaped), isCut: beyond >= 0 };
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([0-3][0-7]{2})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/**
 * Parses `/proc/swaps`.
 *
 * Shape: a header, then `name type size used priority` with blanks or tabs between.
 * Units: KiB; we return bytes.
 * Source: mm/swapfile.c, swap_show, Linux 2.6 to 6.18.
 * @throws ParseError when the text is cut or a line is not one of these.
 */
export function parseSwaps(text: string): Swap[] {
  const [head, ...lines] = finishedLines("/proc/swaps", text);
  if (!head?.startsWith("Filename")) throw new ParseError(`/proc/swaps: ${excerpt(head ?? "")} is not its header`);
  return lines.map((line) => {
    const [name, type, size, used, priority, more] = line.split(/\s+/);
    const [sizeKib, usedKib, order] = [intOrNull(size), intOrNull(used), intOrNull(priority)];
    if (!name || type === undefined || sizeKib === null || usedKib === null || order === null || more !== undefined)
      throw new ParseError(`/proc/swaps: ${excerpt(line)} is not a swap area`);
    return { device: unescaped(name), type, sizeBytes: sizeKib * 1_024, usedBytes: usedKib * 1_024, priority: order };
  });
}
