// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { type ConsoleAccess, signIn } from "@/lab/cluster/api";
import { removeNetworks } from "@/lab/cluster/network";
import { accessIn, standUp } from "../stand";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the lab of virtual machines that runs, and the way to its console. */
    vm: { dir: string; access: ConsoleAccess };
  }
}

const FOLDER = /^quarterdeck-vm-(\d+)-/;
const NETWORK = /^qdvm(\d+)$/;
const isDead = (pid: string | undefined) => pid !== undefined && !existsSync(`/proc/${pid}`);

/** What earlier runs left that were killed outright; their machines ended with them. */
function sweep(): void {
  removeNetworks((name) => isDead(NETWORK.exec(name)?.[1]));
  for (const name of readdirSync(os.tmpdir()))
    if (isDead(FOLDER.exec(name)?.[1])) rmSync(path.join(os.tmpdir(), name), { recursive: true, force: true });
}

/** Rules that tell what this lab is by its making: no fencing, and two AoE targets that are no mirror. With them no wall could ever be clear. */
const BY_ITS_MAKING = ["fencing-off", "drbd-fencing", "aoe-twice"];

async function switchOff(access: ConsoleAccess): Promise<void> {
  const admin = await signIn(access, "admin");
  for (const rule of BY_ITS_MAKING) {
    const body = { clusters: [access.slug], isOff: true, reason: "the lab is made so" };
    const { status } = await admin.ask("PUT", `/api/v1/findings/rules/${rule}`, body);
    if (status !== 204) throw new Error(`The rule ${rule} is not switched off: ${status}`);
  }
}

/** One boot for all files; they run one after the other. With `$LAB_DIR` the lab that somebody has standing there is taken, and left so. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const standing = process.env.LAB_DIR;
  if (standing !== undefined) {
    await switchOff(accessIn(standing));
    project.provide("vm", { dir: standing, access: accessIn(standing) });
    return async () => undefined;
  }
  sweep();
  const dir = mkdtempSync(path.join(os.tmpdir(), `quarterdeck-vm-${process.pid}-`));
  const startedMs = performance.now();
  const say = (sentence: string) =>
    void process.stdout.write(`vm: ${sentence} (${Math.round((performance.now() - startedMs) / 1_000)} s)\n`);
  const ended = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve());
  });
  const lab = await standUp({ dir, netns: `qdvm${process.pid}`, port: 0, hasPages: true, say, ended });
  await switchOff(lab.access);
  say("the lab stands");
  project.provide("vm", { dir, access: lab.access });
  return lab.stop;
}
