// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { VerifySchedule, type VerifyScheduleChange, VerifyScheduleList } from "@/agent/protocol/console/verify";
import { CliError } from "./cli-error";
import { askConsole, type ConsoleAddress } from "./console-client";
import type { Chosen, Said, Word } from "./define";

const BASE = "/api/v1/verify/schedules";
const DEFAULT_MINUTES = 240;

/** When mirrors are verified by themselves. */
export const schedule: Word = {
  name: "schedule",
  usage: "[add [MIRROR/VOLUME …] --cluster SLUG --cron TEXT --zone ZONE [--minutes N] [--stop] | remove ID]",
  does: `Scheduled verifies: list, add or remove. --cron "0 2 * * SUN" --zone Europe/Berlin opens a window of --minutes N (else ${DEFAULT_MINUTES}); --stop stops at its end what is not through; --accept GUARD[,GUARD] takes warnings. No mirror: every one of the cluster.`,
  async run(address, [word, ...rest], chosen) {
    if (word === undefined || word === "list") return list(address, chosen);
    if (word === "add") return add(address, rest, chosen);
    if (word === "remove") return remove(address, rest);
    throw new CliError(`schedule knows list, add and remove, not ${word}.`, 2);
  },
};

async function list(address: ConsoleAddress, { cluster, json }: Chosen): Promise<Said> {
  const all = await askConsole(address, "GET", BASE, VerifyScheduleList);
  const schedules = all.schedules.filter((one) => cluster === undefined || one.cluster === cluster);
  if (json) return { text: `${JSON.stringify({ ...all, schedules })}\n`, exitCode: 0 };
  return { text: schedules.flatMap(inWords).join(""), exitCode: 0 };
}

async function add(address: ConsoleAddress, mirrors: readonly string[], chosen: Chosen): Promise<Said> {
  const minutes = Number(chosen.minutes ?? DEFAULT_MINUTES);
  if (!Number.isInteger(minutes)) throw new CliError(`--minutes takes a whole number, not ${chosen.minutes}.`, 2);
  const wanted: VerifyScheduleChange = {
    cluster: needed(chosen.cluster, "--cluster SLUG"),
    mirrors: [...mirrors],
    cron: needed(chosen.cron, '--cron "0 2 * * SUN"'),
    zone: needed(chosen.zone, "--zone Europe/Berlin"),
    windowMinutes: minutes,
    isStoppedAtEnd: chosen.stop ?? false,
    accept: (chosen.accept ?? "").split(",").filter(Boolean),
    isPaused: false,
  };
  const made = await askConsole(address, "POST", BASE, VerifySchedule, wanted);
  return { text: chosen.json ? `${JSON.stringify(made)}\n` : inWords(made).join(""), exitCode: 0 };
}

async function remove(address: ConsoleAddress, [id]: readonly string[]): Promise<Said> {
  await askConsole(address, "DELETE", `${BASE}/${encodeURIComponent(needed(id, "which, by its id"))}`, z.null());
  return { text: `Removed ${id}.\n`, exitCode: 0 };
}

function needed(said: string | undefined, what: string): string {
  if (said === undefined) throw new CliError(`Say ${what}.`, 2);
  return said;
}

function inWords({
  id,
  cluster,
  mirrors,
  cron,
  zone,
  windowMinutes,
  isStoppedAtEnd,
  owner,
  next,
  last,
  isPaused,
}: VerifySchedule): string[] {
  const what = mirrors.length === 0 ? "every mirror" : mirrors.join(", ");
  const opens = next ? new Date(next.opensAtMs).toISOString() : isPaused ? "paused" : "never";
  return [
    `${id}  ${cluster}: ${what}  "${cron}" ${zone}, ${windowMinutes} min${isStoppedAtEnd ? ", stopped at the end" : ""}, for ${owner}\n`,
    `  next: ${opens}\n`,
    ...(last ? [`  ${new Date(last.atMs).toISOString()}: ${last.says}\n`] : []),
  ];
}
