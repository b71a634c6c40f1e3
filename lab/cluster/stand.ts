// SPDX-License-Identifier: Apache-2.0
import path from "node:path";
import { openDesk } from "../desk";
import { ACTS } from "./acts";
import { firstUsers, liveAgents, newToken } from "./admission";
import { tendAgents } from "./agents";
import { type ConsoleAccess, signIn } from "./api";
import { tendCables } from "./cables";
import { abandonCluster, clusterDown, layCluster, servicesRun } from "./cluster";
import { startConsole } from "./console";
import { openDoor } from "./door";
import { consoleLine, type Layout, switchOf } from "./layout";
import { pidOf, powerOn } from "./node";
import { deskSocket } from "./node-files";
import { layOverlay } from "./overlay";
import { tendPower } from "./power";
import { until } from "./until";

const SLUG = "lab";

export interface StandOptions {
  dir: string;
  /** Marks its network namespaces: two of one name cannot stand on one machine. */
  name?: string;
  /** The console's port; 0: a free one. */
  port: number;
  /** False: the console's API alone. */
  hasPages: boolean;
  say(sentence: string): void;
}

/** A running lab, for whoever started it. */
export interface Stand {
  layout: Layout;
  access: ConsoleAccess;
  /** Ends everything and removes what it wrote. */
  stop(): Promise<void>;
}

/** A real cluster of three nodes with power switches, the real agent in each, and the real console outside. @throws in words */
export async function standUp(options: StandOptions): Promise<Stand> {
  const ends: (() => unknown)[] = [];
  const later = (end: () => unknown) => ends.unshift(end);
  const abandon = () => abandonCluster(options.dir);
  process.once("exit", abandon);
  const stop = async () => {
    for (const end of ends.splice(0)) await Promise.resolve(end()).catch((error: unknown) => options.say(String(error)));
    process.removeListener("exit", abandon);
  };
  try {
    return { ...(await bringUp(options, later)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function bringUp({ dir, name, port, hasPages, say }: StandOptions, later: (end: () => unknown) => void) {
  const layout = layCluster(dir, 3, name, { isTended: true });
  later(() => clusterDown(layout.dir));
  say("the console starts");
  const console = await startConsole({
    dataDir: path.join(layout.dir, "console"),
    logFile: path.join(layout.dir, "console.log"),
    port,
    hasPages,
  });
  later(console.stop);
  const access = await firstUsers(console, SLUG, "Lab");
  const door = await openDoor(switchOf(layout), consoleLine.consoleAddress, { host: "127.0.0.1", port: console.port });
  later(door.close);

  const overlay = layOverlay(layout);
  later(overlay.stop);
  const agents = tendAgents(overlay);
  const cables = tendCables(layout);
  const power = tendPower({ overlay, agents, cables });
  later(power.end);
  const off = () => layout.nodes.filter((node) => pidOf(node) === null).map(({ name }) => `${name} has no power`);
  const desk = await openDesk(deskSocket(layout), ACTS, { layout, overlay, cables, agents, power, console }, off);
  later(desk.close);

  say("three nodes start Corosync and Pacemaker");
  const admin = await signIn(access, "admin");
  const address = `https://${consoleLine.consoleAddress}:${door.port}`;
  await Promise.all(
    layout.nodes.map(async (node) => {
      await powerOn(node);
      await agents.enrol(node, address, await newToken(admin, SLUG, node.name));
      agents.start(node);
    }),
  );
  await servicesRun(layout);
  say("the agents link to the console");
  await until(async () => ((await liveAgents(admin)) === layout.nodes.length ? true : null), "The agents did not link", 120_000);
  return { layout, access };
}
