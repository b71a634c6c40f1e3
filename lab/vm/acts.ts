// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import type { LabConsole } from "@/lab/cluster/console";
import type { Acts } from "../desk";
import { startAgent } from "./agents";
import { startCluster, startServices } from "./cluster";
import { CABLES } from "./layout";
import type { Machine } from "./machine";

/** What the lab consists of while it runs. */
export interface Parts {
  machines: readonly Machine[];
  console: LabConsole;
}

const Cable = z.enum(CABLES);

function machineIn({ machines }: Parts, name: string | undefined): Machine {
  const found = machines.find((machine) => machine.name === name);
  if (!found) throw new Error(`The lab has no machine ${name}. It has ${machines.map((machine) => machine.name).join(", ")}.`);
  return found;
}

const cableOut = ([which]: readonly string[]) => `the cable ${which} is out`;

function cable(about: string, isUp: boolean): Acts<Parts>[string] {
  return {
    args: ["CABLE"],
    about,
    ...(isUp ? { mends: cableOut } : { breaks: (_, args) => ({ what: cableOut(args) }) }),
    async run({ machines }, [which]) {
      // Both ends lose their link, as with a real cable.
      for (const machine of machines) if (machine.plan.isStorage) await machine.link(Cable.parse(which), isUp);
      return undefined;
    },
  };
}

/** What is broken in a lab without an act of its own: what has no power. */
export const brokenOfItself = ({ machines }: Pick<Parts, "machines">): string[] =>
  machines.filter((machine) => !machine.isOn()).map(({ name }) => `${name} has no power`);

/** Everything that can be asked of a running lab, by its word. */
export const ACTS: Acts<Parts> = {
  run: {
    args: ["MACHINE", "COMMAND", "SECONDS"],
    about: "",
    run: async (parts, [name, command = "", seconds]) => ({
      exitCode: 0,
      message: JSON.stringify(await machineIn(parts, name).run(command, Number(seconds))),
    }),
  },
  cut: cable(`pull a cable between the storage nodes: ${CABLES.join(", ")}`, false),
  mend: cable("put it back", true),
  kill: {
    args: ["MACHINE"],
    about: "pull a machine's plug",
    async run(parts, [name]) {
      await machineIn(parts, name).kill();
      return undefined;
    },
  },
  boot: {
    args: ["MACHINE"],
    about: "give it power again: it boots, and starts what it ran",
    async run(parts, [name]) {
      const machine = machineIn(parts, name);
      if (machine.isOn()) return undefined;
      await machine.on();
      await startServices(machine);
      await startCluster(machine);
      await startAgent(machine);
      return undefined;
    },
  },
  // What a scenario breaks by a command in a guest it says itself: from just after it is so until just before it is mended.
  "is-broken": { args: ["WHAT"], about: "", breaks: (_, [what = ""]) => ({ what }), run: async () => undefined },
  "is-mended": { args: ["WHAT"], about: "", mends: ([what = ""]) => what, run: async () => undefined },
  "kill-console": { args: [], about: "kill -9 the console", run: ({ console }) => console.kill().then(() => undefined) },
  "start-console": { args: [], about: "start it again", run: ({ console }) => console.startAgain().then(() => undefined) },
};
