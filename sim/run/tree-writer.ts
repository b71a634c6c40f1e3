// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { TreeFile, TreePart } from "@/sim/tree/node-files";

/** How much was written since the start. */
export interface Written {
  files: number;
  bytes: number;
}

/**
 * Keeps a folder equal to parts: writes only what changed, each file whole and by rename, so that no reader sees half of one.
 * `staging` lies on the same file system, outside of the folder: a listing never shows a file on its way.
 */
export function createTreeWriter(folder: string, staging: string, written: Written) {
  const marks = new Map<string, string>();
  const known = new Map<string, Map<string, string>>();
  const folders = new Set<string>();
  mkdirSync(staging, { recursive: true });

  function put(nodePath: string, file: TreeFile): void {
    const place = path.join(folder, nodePath);
    const parent = path.dirname(place);
    if (!folders.has(parent)) {
      mkdirSync(parent, { recursive: true });
      folders.add(parent);
    }
    const fresh = path.join(staging, "fresh");
    if ("link" in file) symlinkSync(file.link, fresh);
    else writeFileSync(fresh, file.text);
    renameSync(fresh, place);
    written.files += 1;
    written.bytes += "link" in file ? file.link.length : Buffer.byteLength(file.text);
  }

  /** Takes a file away, and the folders that were there for its sake: in configfs an empty folder is a thing of its own. */
  function remove(nodePath: string): void {
    const place = path.join(folder, nodePath);
    rmSync(place, { force: true });
    for (let parent = path.dirname(place); parent !== folder && readdirSync(parent).length === 0; parent = path.dirname(parent)) {
      rmdirSync(parent);
      folders.delete(parent);
    }
  }

  return {
    apply(parts: readonly TreePart[]): void {
      for (const part of parts) {
        if (marks.get(part.name) === part.mark) continue;
        marks.set(part.name, part.mark);
        const before = known.get(part.name) ?? new Map<string, string>();
        const now = new Map<string, string>();
        for (const [nodePath, file] of Object.entries(part.files())) {
          const said = "link" in file ? `link ${file.link}` : `text ${file.text}`;
          now.set(nodePath, said);
          if (before.get(nodePath) !== said) put(nodePath, file);
        }
        for (const nodePath of before.keys()) if (!now.has(nodePath)) remove(nodePath);
        known.set(part.name, now);
      }
    },
    /** Adds to a growing file. */
    append(nodePath: string, text: string): void {
      const place = path.join(folder, nodePath);
      mkdirSync(path.dirname(place), { recursive: true });
      appendFileSync(place, text);
      written.bytes += Buffer.byteLength(text);
    },
    /** Begins a file anew, as a reboot does with the kernel log. */
    begin(nodePath: string, text: string): void {
      put(nodePath, { text });
    },
  };
}
export type TreeWriter = ReturnType<typeof createTreeWriter>;
