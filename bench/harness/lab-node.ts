// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openDoor } from "@/lab/cluster/door";
import { type LabNode, netnsFile } from "@/lab/cluster/layout";
import { ask, childrenOf, inNode, pidOf } from "@/lab/cluster/node";
import { newFleet } from "@/sim/model/fleet";
import { createWorld, nodePlaces } from "@/sim/run/world";
import { until } from "./wait";

/** What of the simulated tree is the machine's own, because it moves by itself on a real node. */
const REAL_FILES = [
  "/proc/uptime",
  "/proc/loadavg",
  "/proc/meminfo",
  "/proc/pressure/io",
  "/proc/stat",
  "/dev/null",
  "/dev/urandom",
  "/dev/kmsg",
];
const REAL_FOLDERS = ["/usr", "/etc", "/run", "/var", "/tmp", "/dev/shm"];

/** drbdsetup at rest: names and settings as the simulated one gives them, and a stream in which nothing ever happens. */
function silentDrbdsetup(answers: string, simulated: string, fifo: string): string {
  return `#!/bin/sh
case "$*" in
"events2 --now"*) exec cat '${answers}/drbdsetup-events2-now' ;;
"events2"*) exec cat 0<>'${fifo}' ;;
esac
exec '${simulated}' "$@"
`;
}

/**
 * A root for the agent in which DRBD, bonds and AoE, which a lab node cannot have, are those of the simulated ruby at rest, and
 * everything else is the node's: Pacemaker's and Corosync's tools and sockets, time, load, memory, the kernel log. To be
 * entered by chroot, so that the agent reads `/` as it does on any node. The mounts are in the node's namespace and end with it.
 */
export async function layRoot(dir: string, node: LabNode): Promise<string> {
  const fleet = newFleet({ atMs: Date.now(), isCalm: true, pace: 1, newId: randomUUID });
  const world = createWorld({ dir, fleet, now: Date.now });
  world.go();
  world.stop();
  const { root, bin, answers } = nodePlaces(dir, "ruby");
  for (const link of ["bin", "lib", "lib64"]) symlinkSync(`usr/${link}`, path.join(root, link));
  mkdirSync(path.join(root, "sbin"));
  cpSync(path.join(bin, "drbdadm"), path.join(root, "sbin/drbdadm"));
  const fifo = path.join(dir, "silence");
  execFileSync("mkfifo", [fifo]);
  writeFileSync(path.join(root, "sbin/drbdsetup"), silentDrbdsetup(answers, path.join(bin, "drbdsetup"), fifo), { mode: 0o755 });
  // The tools' answers lie where they lay.
  for (const folder of [...REAL_FOLDERS, dir]) {
    mkdirSync(path.join(root, folder), { recursive: true });
    await bind(node, folder, path.join(root, folder));
  }
  for (const file of REAL_FILES.filter((each) => existsSync(each))) {
    const place = path.join(root, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, "");
    await bind(node, file, place);
  }
  // Where the machine has DRBD's tools of its own, these stand before them: there is no DRBD for those to speak to.
  for (const tool of ["drbdsetup", "drbdadm"].filter((each) => existsSync(path.join("/usr/sbin", each))))
    await bind(node, path.join(root, "sbin", tool), path.join(root, "usr/sbin", tool));
  return root;
}

async function bind(node: LabNode, from: string, to: string): Promise<void> {
  if ((await ask(node, "mount", "--bind", from, to)) === null) throw new Error(`${from} could not be mounted into the agent's root`);
}

/** A port inside the node's network through which the console outside is reached. */
export async function bringConsole(node: LabNode, origin: string): Promise<{ origin: string; close: () => void }> {
  const target = new URL(origin);
  const door = await openDoor(node.netns, "127.0.0.1", { host: target.hostname, port: Number(target.port) });
  return { origin: `http://127.0.0.1:${door.port}`, close: door.close };
}

/** A program inside the node, by the pid this machine knows it by. */
export interface Inside {
  pid: number;
  process: ChildProcess;
  stop(): Promise<void>;
}

/** Starts a program in all of the node's namespaces. @throws when it does not come to life */
export async function startInside(
  node: LabNode,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Inside> {
  const outer = inNode(node, command, args, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...env } });
  let said = "";
  outer.stderr?.on("data", (bytes: Buffer) => {
    said = `${said}${bytes}`.slice(-2_000);
  });
  const pid = await until(() => {
    if (outer.exitCode !== null) throw new Error(`${path.basename(command)} ended at once: ${said.trim()}`);
    return childrenOf(outer.pid ?? 0)[0] ?? null;
  }, `${command} did not start`);
  return {
    pid,
    process: outer,
    async stop() {
      if (outer.exitCode !== null || outer.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => outer.once("exit", () => resolve()));
      if (existsSync(`/proc/${pid}`)) process.kill(pid, "SIGTERM");
      const late = setTimeout(() => existsSync(`/proc/${pid}`) && process.kill(pid, "SIGKILL"), 5_000);
      await gone;
      clearTimeout(late);
    },
  };
}

/** Asks the addresses inside the node's network once a second, as Prometheus would. */
export async function scrape(node: LabNode, urls: readonly string[]): Promise<{ counts: () => number; stop: () => void }> {
  if (pidOf(node) === null) throw new Error(`${node.name} is off.`);
  let answers = 0;
  const scraper = fork(path.join(import.meta.dirname, "scrape-inside.mjs"), urls, {
    execPath: "nsenter",
    execArgv: [`--net=${netnsFile(node.netns)}`, process.execPath],
    serialization: "json",
  });
  scraper.on("message", () => {
    answers += 1;
  });
  return { counts: () => answers, stop: () => scraper.kill() };
}
