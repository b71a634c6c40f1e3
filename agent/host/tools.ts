// SPDX-License-Identifier: Apache-2.0
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import path from "node:path";
import type { Clock } from "../clock";
import { HostError } from "./host";
import { isNotThere } from "./host-failure";

/** Pacemaker's own tools that answer from `CIB_file` alone: with it set they touch no live cluster. */
const PACEMAKER_TOOLS: ReadonlySet<string> = new Set([
  "cibadmin",
  "crm_attribute",
  "crm_diff",
  "crm_mon",
  "crm_node",
  "crm_resource",
  "crm_rule",
  "crm_simulate",
  "crm_standby",
  "crm_verify",
  "stonith_admin",
]);

/** Where tools lie on a node; a service's own PATH may lack the sbin folders. */
const SYSTEM_FOLDERS = ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin"];

/** How long an answer is kept: a found tool, and one that is not installed. */
const FOUND_MS = 60_000;
const MISSING_MS = 30_000;

export interface Tools {
  /** The file to run for a tool's name; null when it is not installed or not allowed here. @throws HostError HOST_FORBIDDEN */
  find(tool: string): Promise<string | null>;
  /** The whole environment that a tool gets. */
  readonly env: NodeJS.ProcessEnv;
}

/** Decides which program a tool's name means: on a real node the system's, under a root only those of `bin` (and Pacemaker's with `cibFile`). */
export function createTools(options: { isReal: boolean; bin: string | null; cibFile: string | null }, clock: Clock): Tools {
  const bin = options.bin === null ? null : path.resolve(options.bin);
  const answers = new Map<string, { file: string | null; untilMs: number }>();

  function foldersFor(tool: string): string[] {
    const own = bin === null ? [] : [bin];
    const ofSystem = options.isReal || (options.cibFile !== null && PACEMAKER_TOOLS.has(tool));
    return ofSystem ? [...own, ...SYSTEM_FOLDERS] : own;
  }

  async function look(tool: string): Promise<string | null> {
    let forbidden = false;
    for (const folder of foldersFor(tool)) {
      const file = path.join(folder, tool);
      try {
        await access(file, constants.X_OK);
        return file;
      } catch (error) {
        if (!isNotThere(error)) forbidden = true; // there, but this user may not start it; another folder may have one
      }
    }
    if (forbidden) throw new HostError("HOST_FORBIDDEN", `${tool} is installed, but this user may not start it`);
    return null;
  }

  return {
    // Without a prototype, and so without anything that this process was started with.
    env: Object.assign(Object.create(null), {
      PATH: SYSTEM_FOLDERS.join(":"),
      LC_ALL: "C",
      TERM: "dumb",
      ...(options.cibFile === null ? {} : { CIB_file: path.resolve(options.cibFile) }),
    }),
    async find(tool) {
      if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(tool)) throw new HostError("HOST_FORBIDDEN", "a tool is named without a folder");
      const known = answers.get(tool);
      if (known && clock.elapsed() < known.untilMs) return known.file;
      const file = await look(tool);
      answers.set(tool, { file, untilMs: clock.elapsed() + (file === null ? MISSING_MS : FOUND_MS) });
      return file;
    },
  };
}
