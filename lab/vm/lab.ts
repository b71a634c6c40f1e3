// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { until } from "@/lab/cluster/until";
import { askDesk, troublesAt } from "../desk";
import { type Cable, deskSocket, type MachineName } from "./layout";

const Ended = z.object({ exitCode: z.number().int(), stdout: z.string(), stderr: z.string() });
const COMMAND_SECONDS = 120;

/** A running lab as tests and people use it, from whatever process. */
export function labIn(dir: string) {
  const act = (...words: string[]) => askDesk(deskSocket(dir), ...words);
  const run = async (name: MachineName, command: string, seconds = COMMAND_SECONDS) =>
    Ended.parse(JSON.parse(await act("run", name, command, String(seconds))));
  return {
    /** A line or a script for the bash of a guest, as root. @throws when the machine is off */
    run,
    /** One that must succeed: what it said. @throws with its last words */
    async must(name: MachineName, command: string, seconds?: number): Promise<string> {
      const { exitCode, stdout, stderr } = await run(name, command, seconds);
      if (exitCode !== 0) throw new Error(`${name}: ${command}: exit ${exitCode}: ${(stderr || stdout).trim()}`);
      return stdout;
    },
    /** Pulls cables between the storage nodes, at both ends. */
    async cut(...cables: Cable[]): Promise<void> {
      for (const cable of cables) await act("cut", cable);
    },
    async mend(...cables: Cable[]): Promise<void> {
      for (const cable of cables) await act("mend", cable);
    },
    /** Pulls the plug. */
    kill: (name: MachineName) => act("kill", name),
    /** Resolves when it has booted and its agent is started. */
    boot: (name: MachineName) => act("boot", name),
    /** Says what a command in a guest broke, and that it is about to be mended: no wall may call clear what lies in between. */
    isBroken: (what: string) => act("is-broken", what),
    isMended: (what: string) => act("is-mended", what),
    /** What is broken now by the lab's own facts, whatever a console says of it. */
    troubles: () => troublesAt(deskSocket(dir)),
    killConsole: () => act("kill-console"),
    startConsole: () => act("start-console"),
    until,
  };
}
