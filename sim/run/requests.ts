// SPDX-License-Identifier: Apache-2.0
import { closeSync, constants, mkdirSync, openSync, readdirSync, readFileSync, rmSync, watch, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import type { ToolAnswer } from "@/sim/tools/tool";
import { errorCode } from "./error-code";

/** What the process of an acting tool asks: see `askingScript`. */
export interface ToolRequest {
  node: string;
  tool: string;
  pid: number;
  cwd: string;
  cibFile: string | null;
  args: readonly string[];
}

/**
 * The other side of the acting tools. Each process writes what it was started with to a file of its own, `<node>.<tool>.<pid>.ask`, and
 * reads its exit code from a FIFO beside it, when what it shall print lies there too. One that was killed meanwhile is not waited for.
 */
export function createRequests(folder: string, answer: (request: ToolRequest) => Promise<ToolAnswer>) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { force: true });
  let isOpen = true;

  async function found(entry: string): Promise<void> {
    const name = /^(.+)\.([a-z_-]+)\.(\d+)\.ask$/.exec(entry);
    if (!name) return;
    const [, node = "", tool = "", pid = "0"] = name;
    const base = path.join(folder, entry.slice(0, -".ask".length));
    let said: string;
    try {
      said = readFileSync(`${base}.ask`, "utf8");
      rmSync(`${base}.ask`);
    } catch (error) {
      if (errorCode(error) === "ENOENT") return; // answered already: a rename is told twice
      throw error;
    }
    const [cwd = "", cibFile = "", ...args] = said.split("\0").slice(0, -1);
    const { code, stdout, stderr } = await answer({ node, tool, pid: Number(pid), cwd, cibFile: cibFile === "" ? null : cibFile, args });
    if (!isOpen) return;
    writeFileSync(`${base}.stdout`, stdout, { mode: 0o600 });
    writeFileSync(`${base}.stderr`, stderr, { mode: 0o600 });
    try {
      const fd = openSync(`${base}.answer`, constants.O_WRONLY | constants.O_NONBLOCK);
      writeSync(fd, `${code}\n`);
      closeSync(fd);
    } catch (error) {
      // It was killed while it waited.
      if (errorCode(error) !== "ENXIO" && errorCode(error) !== "ENOENT") throw error;
      for (const part of ["stdout", "stderr", "answer"]) rmSync(`${base}.${part}`, { force: true });
    }
  }

  const watcher = watch(folder, (_event, entry) => {
    if (entry !== null && isOpen) void found(entry);
  });
  return {
    close(): void {
      isOpen = false;
      watcher.close();
    },
  };
}
