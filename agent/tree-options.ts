// SPDX-License-Identifier: Apache-2.0
import { statSync } from "node:fs";
import { createHost, type NodeHost } from "./host/node-host";
import { UsageError } from "./usage";

/** The environment that the agent was started with. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Which node is read: the options that `once`, `explain` and `enroll` share. */
export const TREE_OPTIONS = { root: { type: "string" }, bin: { type: "string" } } as const;

/** @throws UsageError when it is not a folder */
export function requireFolder(flag: string, folder: string | undefined): void {
  if (folder === undefined) return;
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new UsageError(`${flag} ${folder}: there is no such folder.`);
}

/** The host that the options and the environment describe. @throws UsageError when a folder is not there */
export function hostFor(tree: { root?: string | undefined; bin?: string | undefined }, env: Env): NodeHost {
  requireFolder("--root", tree.root);
  requireFolder("--bin", tree.bin);
  return createHost({ root: tree.root ?? "/", bin: tree.bin, cibFile: env.CIB_file || null, ioThreads: ioThreads(env) });
}

/** Threads that Node reads files with. Units: threads. Source: libuv, default 4. */
export function ioThreads(env: Env): number {
  const asked = Number(env.UV_THREADPOOL_SIZE);
  return Number.isInteger(asked) && asked >= 1 ? asked : 4;
}
