// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { firstUsers, liveAgents, newToken } from "@/lab/cluster/admission";
import { type ConsoleAccess, signIn } from "@/lab/cluster/api";
import { startConsole } from "@/lab/cluster/console";
import { openDoor } from "@/lab/cluster/door";
import { hasProcesses, removeNetworks } from "@/lab/cluster/network";
import { until } from "@/lab/cluster/until";
import { openDesk } from "../desk";
import { ACTS, brokenOfItself } from "./acts";
import { enrol, startAgent } from "./agents";
import { connectClient, makeCluster, makeMirrors, startServices } from "./cluster";
import { guestImage } from "./image";
import { makeInitrd } from "./initrd";
import { CLIENT, deskSocket, lan, layoutOf, TIMING_FACTOR } from "./layout";
import { tendMachine } from "./machine";
import { whyNoVirtualMachines } from "./needs";
import { layNetwork } from "./network";

const SLUG = "vm";

export interface StandOptions {
  dir: string;
  /** Its network namespace: two of one name cannot stand on one machine. */
  netns?: string;
  /** The console's port; 0: a free one. */
  port: number;
  /** False: the console's API alone. */
  hasPages: boolean;
  say(sentence: string): void;
  /** When it resolves the lab ends, also one that has not come up yet. */
  ended?: Promise<unknown>;
}

const accessFile = (dir: string) => path.join(path.resolve(dir), "access.json");
const Access = z.object({ origin: z.string(), certFile: z.string(), slug: z.string(), password: z.string() });

/** The way to the console of the lab that stands in a folder. @throws when none does */
export const accessIn = (dir: string): ConsoleAccess => Access.parse(JSON.parse(readFileSync(accessFile(dir), "utf8")));

/** A running lab, for whoever started it. */
export interface Stand {
  access: ConsoleAccess;
  /** Ends everything and removes what it wrote. */
  stop(): Promise<void>;
}

/** Three virtual machines with a storage cluster of stock kernels, the real agent in each, the real console outside. @throws in words */
export async function standUp(options: StandOptions): Promise<Stand> {
  const why = whyNoVirtualMachines();
  if (why !== null) throw new Error(why);
  const ends: (() => unknown)[] = [];
  const later = (end: () => unknown) => ends.unshift(end);
  let stopping = Promise.resolve();
  // Whoever asks a second time waits for the first, and takes what came up meanwhile.
  const stop = () => {
    stopping = stopping.then(async () => {
      for (const end of ends.splice(0))
        await Promise.resolve()
          .then(end)
          .catch((error: unknown) => options.say(String(error)));
    });
    return stopping;
  };
  options.ended?.then(stop);
  try {
    return { access: await bringUp({ ...options, dir: path.resolve(options.dir) }, later), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** An empty folder and an empty namespace. @throws when another lab stands in them */
function clearGround(dir: string, netns: string): void {
  const mark = path.join(dir, "vm-lab");
  if (hasProcesses(netns)) throw new Error(`A lab of virtual machines runs on this machine already, in the namespace ${netns}.`);
  removeNetworks((name) => name === netns);
  if (existsSync(mark)) rmSync(dir, { recursive: true });
  mkdirSync(dir, { recursive: true });
  writeFileSync(mark, "");
}

async function bringUp({ dir, netns = "qdvm", port, hasPages, say }: StandOptions, later: (end: () => unknown) => void) {
  const image = guestImage(say);
  clearGround(dir, netns);
  later(() => rmSync(dir, { recursive: true, force: true }));
  const layout = layoutOf(dir, netns);
  layNetwork(layout);
  later(() => removeNetworks((name) => name === netns));
  const initrd = makeInitrd(image, dir);
  const machines = layout.machines.map((plan) => tendMachine(plan, { layout, image, initrd }));
  later(() => Promise.all(machines.map((machine) => machine.kill())));

  say("the console and three virtual machines start");
  const booted = Promise.all(machines.map((machine) => machine.on()));
  booted.catch(() => undefined); // awaited below
  const console = await startConsole({
    ...{ dataDir: path.join(dir, "console"), logFile: path.join(dir, "console.log"), port, hasPages },
    timingFactor: TIMING_FACTOR,
  });
  later(console.stop);
  const access = await firstUsers(console, SLUG, "Lab of virtual machines");
  const door = await openDoor(netns, lan.consoleAddress, { host: "127.0.0.1", port: console.port });
  later(door.close);
  const desk = await openDesk(deskSocket(dir), ACTS, { machines, console }, () => brokenOfItself({ machines }));
  later(desk.close);
  await booted;

  const admin = await signIn(access, "admin");
  const address = `https://${lan.consoleAddress}:${door.port}`;
  say("mirrors and bonds start");
  const storage = machines.filter(({ plan }) => plan.isStorage);
  await Promise.all(machines.map(startServices));
  await makeMirrors(storage);
  say("the cluster starts, and the agents are enrolled");
  await Promise.all([
    makeCluster(storage),
    ...machines.map(async (machine) => {
      await enrol(machine, address, await newToken(admin, SLUG, machine.name, machine.name === CLIENT ? "client" : "member"));
      await startAgent(machine);
    }),
  ]);
  say("the client connects, and the agents link to the console");
  await connectClient(machines);
  await until(async () => ((await liveAgents(admin)) === machines.length ? true : null), "The agents did not link", 600_000);
  // What is not written yet would be lost with a pulled plug.
  await Promise.all(machines.map((machine) => machine.must("sync")));
  writeFileSync(accessFile(dir), JSON.stringify(access), { mode: 0o600 });
  return access;
}
