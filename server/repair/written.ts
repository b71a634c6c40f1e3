// SPDX-License-Identifier: Apache-2.0
import { keyOf, type View } from "@/agent/protocol/console/view";
import type { RepairCase } from "./case";

/** Kernel lines carry the node's own time, translated. */
const CLOCKS_MS = 2_000;

/** DRBD 9 makes a new current UUID with the first write that its peer does not get, and says so. False as well where the line went by unseen. */
export function hasWritten(view: View, { from, mirror }: RepairCase, sinceMs: number | null): boolean {
  const log = view.get(keyOf.kernel(from.node));
  if (log?.kind !== "kernel" || sinceMs === null) return false;
  const names = new RegExp(`\\bdrbd ${escaped(from.resource)}(?:/${mirror.volume})?[ :].*\\bnew current UUID\\b`);
  return log.lines.some(({ atMs, text }) => atMs >= sinceMs - CLOCKS_MS && names.test(text));
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
