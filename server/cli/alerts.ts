// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { type Alert, AlertList, type NewSilence, SilenceList } from "@/agent/protocol/console/alerts";
import { CliError } from "./cli-error";
import { askConsole, type ConsoleAddress } from "./console-client";
import type { Chosen, Said, Word } from "./define";

const BASE = "/api/v1/alerts";
const HOUR_MS = 3_600_000;

/** What people are told, and what they do about it. */
export const alerts: Word = {
  name: "alerts",
  usage: "[acknowledge WHICH [--note TEXT] | unacknowledge WHICH | silence WHICH --hours N --reason TEXT | silences | unsilence ID]",
  does: "Alerts that last: list them, say that somebody is at one, or that nobody is to be told of it for some hours. WHICH is a finding (node-gone:crystal) or an alert's id, or how that begins.",
  async run(address, [word = "list", which], chosen) {
    switch (word) {
      case "list":
        return list(address, chosen);
      case "acknowledge":
      case "unacknowledge":
        return acknowledge(address, await chosenAlert(address, which, chosen), word, chosen);
      case "silence":
        return silence(address, await chosenAlert(address, which, chosen), chosen);
      case "silences":
        return silences(address, chosen);
      case "unsilence":
        return unsilence(address, needed(which, "which silence, by its id"));
      default:
        throw new CliError(`alerts knows list, acknowledge, unacknowledge, silence, silences and unsilence, not ${word}.`, 2);
    }
  },
};

async function openAlerts(address: ConsoleAddress, { cluster }: Chosen): Promise<Alert[]> {
  const { alerts: all } = await askConsole(address, "GET", BASE, AlertList);
  return all.filter((alert) => alert.endedAtMs === null && (cluster === undefined || alert.cluster === cluster));
}

async function list(address: ConsoleAddress, chosen: Chosen): Promise<Said> {
  const open = await openAlerts(address, chosen);
  if (chosen.json) return { text: `${JSON.stringify({ alerts: open })}\n`, exitCode: 0 };
  return { text: open.length === 0 ? "No alert.\n" : open.flatMap(inWords).join(""), exitCode: 0 };
}

function inWords({ id, severity, cluster, title, sinceMs, finding, acknowledged, held, told }: Alert): string[] {
  const reached = told.length === 0 ? "nobody was told" : `told to ${told.map(sayTold).join(", ")}`;
  return [
    `${severity}  ${cluster}: ${title}  since ${new Date(sinceMs).toISOString()}\n`,
    `  ${finding}  ${id}\n`,
    `  ${reached}\n`,
    ...(acknowledged ? [`  acknowledged by ${acknowledged.by}${acknowledged.note === "" ? "" : `: ${acknowledged.note}`}\n`] : []),
    ...(held
      ? [`  quiet, ${held.by}: ${held.says}${held.untilMs === null ? "" : `, until ${new Date(held.untilMs).toISOString()}`}\n`]
      : []),
  ];
}

function sayTold({ receiver, reach }: Alert["told"][number]): string {
  if (reach === undefined) return receiver;
  return `${receiver} (${reach === "waits" ? "not taken yet" : "given up"})`;
}

/** The one that is meant. @throws when it is none, or more than one */
async function chosenAlert(address: ConsoleAddress, said: string | undefined, chosen: Chosen): Promise<Alert> {
  const which = needed(said, "which alert, by its finding or id");
  const open = await openAlerts(address, chosen);
  const fitting = open.filter(({ id, finding }) => finding === which || id.startsWith(which));
  const [one, ...others] = fitting;
  if (!one) throw new CliError(`No alert that lasts is ${which}. "quarterdeck alerts" lists them.`);
  if (others.length === 0) return one;
  const clusters = [...new Set(fitting.map(({ cluster }) => cluster))];
  throw new CliError(`${fitting.length} alerts are ${which}, in ${clusters.join(", ")}: say --cluster SLUG, or more of the id.`, 2);
}

async function acknowledge(address: ConsoleAddress, { id, title }: Alert, word: string, { note }: Chosen): Promise<Said> {
  const path = `${BASE}/${encodeURIComponent(id)}/acknowledgement`;
  if (word === "acknowledge") await askConsole(address, "PUT", path, z.null(), { note: note ?? "" });
  else await askConsole(address, "DELETE", path, z.null());
  return { text: word === "acknowledge" ? `Acknowledged: ${title}\n` : `Taken back: ${title}\n`, exitCode: 0 };
}

async function silence(address: ConsoleAddress, { cluster, finding, title }: Alert, { hours, reason }: Chosen): Promise<Said> {
  const count = Number(needed(hours, "for how long with --hours N"));
  if (!(count > 0)) throw new CliError(`--hours takes a number above 0, not ${hours}.`, 2);
  const wanted: NewSilence = {
    matchers: [
      { label: "cluster", isNot: false, values: [cluster] },
      { label: "finding", isNot: false, values: [finding] },
    ],
    reason: needed(reason, "why with --reason TEXT"),
    endsAtMs: Math.round(Date.now() + count * HOUR_MS),
  };
  const { id } = await askConsole(address, "POST", `${BASE}/silences`, z.object({ id: z.string() }), wanted);
  return { text: `Silenced until ${new Date(wanted.endsAtMs).toISOString()}: ${title}\n  ${id}\n`, exitCode: 0 };
}

async function silences(address: ConsoleAddress, { json }: Chosen): Promise<Said> {
  const all = await askConsole(address, "GET", `${BASE}/silences`, SilenceList);
  const inForce = all.silences.filter(({ endsAtMs, endedBy }) => endedBy === null && endsAtMs > all.atMs);
  if (json) return { text: `${JSON.stringify({ ...all, silences: inForce })}\n`, exitCode: 0 };
  const lines = inForce.map(({ id, matchers, reason, createdBy, endsAtMs }) => {
    const what = matchers.map(({ label, isNot, values }) => `${label} ${isNot ? "not " : ""}${values.join(" or ")}`).join(", ");
    return `${id}  ${what}  until ${new Date(endsAtMs).toISOString()}\n  ${createdBy}: ${reason}\n`;
  });
  return { text: lines.length === 0 ? "No silence.\n" : lines.join(""), exitCode: 0 };
}

async function unsilence(address: ConsoleAddress, id: string): Promise<Said> {
  await askConsole(address, "DELETE", `${BASE}/silences/${encodeURIComponent(id)}`, z.null());
  return { text: `Ended ${id}.\n`, exitCode: 0 };
}

function needed(said: string | undefined, what: string): string {
  if (said === undefined) throw new CliError(`Say ${what}.`, 2);
  return said;
}
