// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cpSync, existsSync, rmSync, symlinkSync } from "node:fs";
import { connect, type Server } from "node:net";
import path from "node:path";
import { type LabNode, netnsFile } from "@/lab/cluster/lab";
import { ask, childrenOf, inNode, pidOf } from "@/lab/cluster/node";
import { newFleet } from "@/sim/model/fleet";
import { createWorld, nodePlaces } from "@/sim/run/world";
import { until } from "./wait";

/** Real tools that an agent on a lab node takes in place of the simulated ones. */
const REAL_TOOLS = ["crm_mon", "cibadmin", "crm_node", "stdbuf", "corosync-quorumtool", "corosync-cfgtool", "corosync-cmapctl"];
const FOLDERS = ["/usr/sbin", "/usr/bin"];
/** What of the simulated tree is the machine's own, because it moves by itself on a real node. */
const REAL_FILES = ["/proc/uptime", "/proc/loadavg", "/proc/meminfo", "/proc/pressure/io", "/proc/stat"];

/**
 * What a lab node cannot have (DRBD, bonds, AoE) as a tree at rest, from the simulated ruby; Pacemaker's and Corosync's tools,
 * and the files that move on every node, are real.
 */
export async function layOverlay(dir: string, node: LabNode): Promise<{ root: string; bin: string }> {
  const fleet = newFleet({ atMs: Date.now(), isCalm: true, pace: 1, newId: randomUUID });
  const world = createWorld({ dir, fleet, now: Date.now });
  world.go();
  world.stop();
  const places = nodePlaces(dir, "ruby");
  const bin = path.join(places.home, "tools");
  cpSync(places.bin, bin, { recursive: true });
  for (const tool of REAL_TOOLS) {
    const real = FOLDERS.map((folder) => path.join(folder, tool)).find((file) => existsSync(file));
    rmSync(path.join(bin, tool), { force: true });
    if (real !== undefined) symlinkSync(real, path.join(bin, tool));
  }
  for (const file of REAL_FILES) {
    const place = path.join(places.root, file);
    if (existsSync(file) && existsSync(place) && (await ask(node, "mount", "--bind", file, place)) === null)
      throw new Error(`${file} could not be mounted into the node's tree`);
  }
  return { root: places.root, bin };
}

/** A port inside the node's network through which the console outside is reached. */
export async function bringConsole(node: LabNode, origin: string): Promise<{ origin: string; close: () => void }> {
  const target = new URL(origin);
  // The helper listens in the node's network and hands the listening socket over: what arrives there is accepted here.
  const helper = fork(path.join(import.meta.dirname, "listen-inside.mjs"), [], {
    execPath: "nsenter",
    execArgv: [`--net=${netnsFile(node)}`, process.execPath],
    serialization: "json",
  });
  const server = await new Promise<Server>((resolve, reject) => {
    helper.once("message", (_, handle) => {
      if (handle && "address" in handle && "listening" in handle) resolve(handle);
    });
    helper.once("exit", () => reject(new Error("No port inside the node's network.")));
  });
  server.on("connection", (inside) => {
    const outside = connect(Number(target.port), target.hostname);
    inside.pipe(outside).pipe(inside);
    for (const socket of [inside, outside]) socket.on("error", () => [inside, outside].map((each) => each.destroy()));
  });
  helper.disconnect();
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("The port inside the node's network has no number.");
  return { origin: `http://127.0.0.1:${bound.port}`, close: () => server.close() };
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
    execArgv: [`--net=${netnsFile(node)}`, process.execPath],
    serialization: "json",
  });
  scraper.on("message", () => {
    answers += 1;
  });
  return { counts: () => answers, stop: () => scraper.kill() };
}
