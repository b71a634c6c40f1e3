// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type LabNode, netnsFile } from "./layout";
import { until } from "./until";

const pidFile = (node: LabNode) => path.join(node.home, "pid");

/** What holds each running node's input open; when this process is gone, so is the node. */
const lifelines = new Map<string, ChildProcess>();

/** The machine's pid of a node's PID 1; null while it is off. */
export function pidOf(node: LabNode): number | null {
  if (!existsSync(pidFile(node))) return null;
  const pid = Number(readFileSync(pidFile(node), "utf8"));
  return existsSync(`/proc/${pid}`) ? pid : null;
}

/** Pids of a process's children, as this machine counts. Source: /proc/PID/task/TID/children */
export function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return text.split(" ").flatMap((word) => (word.trim() === "" ? [] : [Number(word)]));
  } catch {
    return []; // it ended meanwhile, and its children with it
  }
}

/** Starts a node: its PID 1 in namespaces of its own. */
export async function powerOn(node: LabNode): Promise<void> {
  if (pidOf(node) !== null) return;
  const log = openSync(path.join(node.home, "console.log"), "a");
  const args = [`--net=${netnsFile(node.netns)}`, "unshare", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child"];
  const outer = spawn("nsenter", [...args, "/bin/sh", path.join(import.meta.dirname, "inside/init.sh"), node.home, node.name], {
    detached: true,
    stdio: ["pipe", log, log],
  });
  closeSync(log);
  lifelines.set(node.home, outer);
  outer.unref();
  const { pid } = outer;
  if (pid === undefined) throw new Error("nsenter could not be started: is util-linux installed?");
  const init = await until(() => childrenOf(pid)[0] ?? null, `${node.name}: no PID 1`);
  writeFileSync(pidFile(node), String(init));
}

/**
 * nsenter stops itself when what it started inside is stopped, and then buries nobody: a PID 1 that was killed would wait for it.
 * Source: util-linux, sys-utils/nsenter.c, continue_as_child
 */
export function wakeEntrances(pid: number): void {
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if (readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0").includes(`--target=${pid}`)) process.kill(Number(name), "SIGCONT");
    } catch {
      // it ended meanwhile
    }
  }
}

/** Pulls the plug: everything in the node dies at once. */
export async function powerOff(node: LabNode): Promise<void> {
  const pid = pidOf(node);
  if (pid !== null) {
    process.kill(pid, "SIGKILL");
    wakeEntrances(pid);
    await until(() => (existsSync(`/proc/${pid}`) ? null : true), `${node.name}: PID 1 does not end`);
  }
  lifelines.delete(node.home);
  rmSync(pidFile(node), { force: true });
}

/** Starts a program inside a node. Its own pid is a child's of the answer's: see `childrenOf`. @throws when the node is off */
export function inNode(node: LabNode, command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const pid = pidOf(node);
  if (pid === null) throw new Error(`${node.name} is off.`);
  return spawn("nsenter", [`--target=${pid}`, "--net", "--mount", "--pid", "--uts", "--ipc", "--", command, ...args], options);
}

/** How a program ended, and what it said. */
export interface Ended {
  /** Null: ended by a signal, as when the node's power goes. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program inside a node to its end. @throws when the node is off */
export function run(node: LabNode, command: string, ...args: string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = inNode(node, command, args, { stdio: ["ignore", "pipe", "pipe"] });
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const)
      child[stream]?.on("data", (bytes: Buffer) => {
        said[stream] += String(bytes);
      });
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, ...said }));
  });
}

/** Runs a program inside a node to its end: its words, or null when it fails. */
export async function ask(node: LabNode, command: string, ...args: string[]): Promise<string | null> {
  const { exitCode, stdout } = await run(node, command, ...args);
  return exitCode === 0 ? stdout : null;
}
