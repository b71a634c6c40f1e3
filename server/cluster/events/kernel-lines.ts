// SPDX-License-Identifier: Apache-2.0
import type { Level } from "@/agent/protocol/console/view";
import type { KernelLine } from "@/agent/protocol/model/kernel-log";
import { nameOf } from "../drbd-words";
import type { NodeFacts } from "../facts";
import { counted, formatBytes } from "../words";
import { type Told, told } from "./tell";

/** Lines that tell what no reading can. State changes are the readings' to tell, and how a verify ended its record's. */
interface Pattern {
  name: string;
  matches: RegExp;
  level: Level;
  /** The rest of the sentence after its subject. */
  says: (found: RegExpMatchArray) => string;
}

// Sources: drivers/block/drbd/{drbd_receiver,drbd_worker,drbd_main}.c, kernel/hung_task.c, mm/oom_kill.c, block/blk-core.c, Linux 5.10 to 6.12.
const PATTERNS: readonly Pattern[] = [
  {
    name: "split",
    matches: /Split-Brain detected but unresolved|Split-Brain detected, dropping/,
    level: "bad",
    says: () => "split brain detected, connection dropped",
  },
  {
    name: "solved",
    matches: /Split-Brain detected, .*solved\. Sync from (this|peer) node/,
    level: "risk",
    says: ([, from]) => `split brain solved, ${from === "this" ? "this node's" : "the peer's"} data wins`,
  },
  {
    name: "found",
    matches: /Online verify found (\d+) (\d+)k block/i,
    level: "differs",
    says: ([, count, size]) => `verify found ${formatBytes(Number(count) * Number(size) * 1024)} out of sync`,
  },
  {
    name: "hung",
    matches: /INFO: task (\S+):\d+ blocked for more than (\d+) seconds/,
    level: "risk",
    says: ([, task, seconds]) => `${task} hangs for more than ${counted(Number(seconds), "second")}`,
  },
  {
    name: "oom",
    matches: /[Oo]ut of memory: Killed process \d+ \(([^)]*)\)/,
    level: "bad",
    says: ([, process]) => `out of memory, ${process} was killed`,
  },
  { name: "io", matches: /I\/O error(?:,| on) dev (\S+?),? /, level: "bad", says: ([, device]) => `I/O error on ${device}` },
  {
    name: "drbdIo",
    matches: /[Ll]ocal (?:READ |WRITE )?IO (?:error|failed)|disk\( \S+ -> Failed \)/,
    level: "bad",
    says: () => "I/O error on the disk below",
  },
];

/** The same trouble on the same thing is told once in this time, however many lines it prints. */
const QUIET_MS = 60_000;

/** What a kernel line tells that no reading can; nothing for most. */
export function tellLine(node: NodeFacts, line: KernelLine, atMs: number): Told[] {
  const found = recognise(line.text);
  if (!found) return [];
  const isRepeat = node.kernelLines.some((other) => {
    const same = recognise(other.text);
    return (
      same?.name === found.name &&
      same.says === found.says &&
      subjectOf(other.text, node) === subjectOf(line.text, node) &&
      Math.abs(atMs - other.atMs) < QUIET_MS
    );
  });
  if (isRepeat) return [];
  const subject = subjectOf(line.text, node);
  return [told(subject, subject === node.node ? `${subject}: ${found.says}` : `${subject} on ${node.node}: ${found.says}`, found.level)];
}

/** The line by which the kernel says that two copies went different ways and it will not choose. */
export function isSplitLine(text: string): boolean {
  return recognise(text)?.name === "split";
}

function recognise(text: string): { name: string; says: string; level: Level } | null {
  for (const { name, matches, says, level } of PATTERNS) {
    const found = text.match(matches);
    if (found) return { name, says: says(found), level };
  }
  return null;
}

/** The mirror a DRBD line speaks of, by its own name; else the node. Shape: "block drbd0: …" (8.4), "drbd r0: …", "drbd r0/0 drbd1 peer: …" (9). */
export function subjectOf(text: string, node: NodeFacts): string {
  const devices = node.sources.drbd?.lastOk?.value.devices ?? [];
  const minor = text.match(/\bdrbd(\d+)\b/)?.[1];
  const device = minor === undefined ? undefined : devices.find((one) => one.minor === Number(minor));
  if (device) return nameOf(device);
  const resource = text.match(/^drbd ([^\s:/]+)/)?.[1];
  return resource ?? node.node;
}
