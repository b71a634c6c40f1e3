// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import type { ConsoleAccess } from "../api";
import { removeNetworks } from "../network";
import { standUp } from "../stand";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the lab that runs, and the way to its console. */
    lab: { dir: string; access: ConsoleAccess };
  }
}

const FOLDER = /^quarterdeck-lab-(\d+)-/;
const NETWORK = /^qdtest(\d+)-/;
const isDead = (pid: string | undefined) => pid !== undefined && !existsSync(`/proc/${pid}`);

/** What earlier runs left that were killed outright; their nodes ended with them. */
function sweep(): void {
  removeNetworks((name) => isDead(NETWORK.exec(name)?.[1]));
  for (const name of readdirSync(os.tmpdir()))
    if (isDead(FOLDER.exec(name)?.[1])) rmSync(path.join(os.tmpdir(), name), { recursive: true, force: true });
}

/** One lab for all files; they run one after the other, and each test begins with a calm one. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  sweep();
  const dir = mkdtempSync(path.join(os.tmpdir(), `quarterdeck-lab-${process.pid}-`));
  const say = (sentence: string) => process.stdout.write(`lab: ${sentence}\n`);
  const lab = await standUp({ dir, name: `qdtest${process.pid}`, port: 0, hasPages: false, say });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => lab.stop().finally(() => process.exit(130)));
  project.provide("lab", { dir, access: lab.access });
  return lab.stop;
}
