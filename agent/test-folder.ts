// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** An empty folder that any user may look into; `atEnd` (Vitest's onTestFinished) removes it. For tests. */
export function emptyFolder(atEnd: (clean: () => void) => void): string {
  const folder = mkdtempSync(path.join(tmpdir(), "quarterdeck-"));
  chmodSync(folder, 0o755);
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file, and the folders above it. The answer is its path. */
export function put(folder: string, name: string, text: string, mode = 0o644): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

/** Writes a tool as a shell script. */
export function putTool(folder: string, name: string, script: string): string {
  return put(folder, name, `#!/bin/sh\n${script}\n`, 0o755);
}
