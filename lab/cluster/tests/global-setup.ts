// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import type { ConsoleAccess } from "../api";
import { standUp } from "../stand";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the lab that runs, and the way to its console. */
    lab: { dir: string; access: ConsoleAccess };
  }
}

/** One lab for all files; they run one after the other, and each begins with a calm one. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(path.join(os.tmpdir(), "quarterdeck-lab-"));
  const say = (sentence: string) => process.stdout.write(`lab: ${sentence}\n`);
  const lab = await standUp({ dir, name: process.env.LAB_NAME ?? "qdtest", port: 0, hasPages: false, say });
  project.provide("lab", { dir, access: lab.access });
  return lab.stop;
}
