// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Lab, type LabNode, netnsFile } from "./lab";
import { corosyncConf, hosts } from "./texts";
import { until } from "./until";

/** Pacemaker's own folders, as its package makes them: the daemons run as hacluster. */
const PACEMAKER = ["", "/blackbox", "/cib", "/cores", "/pengine"];

/** A node's private files, empty. */
export function layNode(lab: Lab, node: LabNode): void {
  mkdirSync(node.home, { recursive: true });
  const owned = (folder: string) =>
    execFileSync("install", ["-d", "-o", "hacluster", "-g", "haclient", "-m", "0750", path.join(node.home, folder)]);
  for (const folder of PACEMAKER) owned(`pacemaker${folder}`);
  for (const folder of ["corosync", "log", "log/corosync", "corosync.d"]) mkdirSync(path.join(node.home, folder), { recursive: true });
  owned("log/pacemaker");
  writeFileSync(path.join(node.home, "corosync.d/corosync.conf"), corosyncConf(lab));
  writeFileSync(path.join(node.home, "hosts"), hosts(lab));
  cpSync(path.join(import.meta.dirname, "node-init.sh"), path.join(node.home, "init.sh"));
}

const pidFile = (node: LabNode) => path.join(node.home, "pid");

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
  const args = [`--net=${netnsFile(node)}`, "unshare", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child"];
  const outer = spawn("nsenter", [...args, "/bin/sh", path.join(node.home, "init.sh"), node.home, node.name], {
    detached: true,
    stdio: ["ignore", log, log],
  });
  outer.unref();
  const { pid } = outer;
  if (pid === undefined) throw new Error("nsenter could not be started: is util-linux installed?");
  const init = await until(() => childrenOf(pid)[0] ?? null, `${node.name}: no PID 1`);
  writeFileSync(pidFile(node), String(init));
}

/** Pulls the plug: everything in the node dies at once. */
export async function powerOff(node: LabNode): Promise<void> {
  const pid = pidOf(node);
  if (pid !== null) {
    process.kill(pid, "SIGKILL");
    await until(() => (existsSync(`/proc/${pid}`) ? null : true), `${node.name}: PID 1 does not end`);
  }
  rmSync(pidFile(node), { force: true });
}

/** Starts a program inside a node. Its own pid is a child's of the answer's: see `childrenOf`. @throws when the node is off */
export function inNode(node: LabNode, command: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const pid = pidOf(node);
  if (pid === null) throw new Error(`${node.name} is off.`);
  return spawn("nsenter", [`--target=${pid}`, "--net", "--mount", "--pid", "--uts", "--ipc", "--", command, ...args], options);
}

/** Runs a program inside a node to its end: its words, or null when it fails. */
export function ask(node: LabNode, command: string, ...args: string[]): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const child = inNode(node, command, args, { stdio: ["ignore", "pipe", "ignore"] });
    let said = "";
    child.stdout?.on("data", (bytes: Buffer) => {
      said += String(bytes);
    });
    child.once("error", reject);
    child.once("close", (code) => resolve(code === 0 ? said : null));
  });
}
