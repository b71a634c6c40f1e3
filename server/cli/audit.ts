// SPDX-License-Identifier: Apache-2.0
import { AuditExportEnd, AuditPage, AuditVerdict } from "@/agent/protocol/console/commands";
import { decodeJson } from "@/agent/protocol/decode";
import { CliError } from "./cli-error";
import { askConsole, type ConsoleAddress, fetchText } from "./console-client";
import type { Chosen, Said, Word } from "./define";

function query(chosen: Chosen, more: Record<string, string> = {}): string {
  const asked = new URLSearchParams(more);
  for (const name of ["cluster", "by", "verb", "outcome"] as const) if (chosen[name] !== undefined) asked.set(name, chosen[name]);
  return asked.size === 0 ? "" : `?${asked}`;
}

/** The record of who did what; `verify` goes through the whole chain. */
export const audit: Word = {
  name: "audit",
  usage: "[verify [--agents]] [--format jsonl|csv] [--by USER] [--verb VERB] [--outcome OUTCOME]",
  does: "Who did what. `verify`: whether the chain is whole, and with --agents what they were shown. Exit 0: whole; 1: not; 2: cannot tell.",
  async run(address, [word], chosen) {
    if (word === "verify") return verify(address, chosen);
    if (word !== undefined) throw new CliError(`audit knows only verify, not ${word}.`, 2);
    if (chosen.format !== undefined) {
      if (chosen.format !== "jsonl" && chosen.format !== "csv") throw new CliError("--format is jsonl or csv.", 2);
      const text = await fetchText(address, `/api/v1/audit/export${query(chosen, { format: chosen.format })}`);
      if (!hasEnd(text, chosen.format)) throw new CliError("The export broke off before its end: nothing of it is given. Ask again.");
      return { text, exitCode: 0 };
    }
    const page = await askConsole(address, "GET", `/api/v1/audit${query(chosen)}`, AuditPage);
    const lines = page.rows.map(({ openedAtMs, cluster, by, title, outcome, says }) =>
      [new Date(openedAtMs).toISOString(), cluster, by, title, `${outcome ?? "under way"}${says ? `: ${says}` : ""}`].join("  "),
    );
    return { text: chosen.json ? `${JSON.stringify(page)}\n` : lines.map((line) => `${line}\n`).join(""), exitCode: 0 };
  },
};

/** Whether its last line says that it is whole (see `AuditExportEnd`). */
function hasEnd(text: string, format: "jsonl" | "csv"): boolean {
  const last = text.slice(text.lastIndexOf("\n", text.length - 2) + 1);
  return format === "csv" ? last.startsWith('"end",') && last.endsWith("\n") : decodeJson(AuditExportEnd, last).ok;
}

async function verify(address: ConsoleAddress, { agents, json }: Chosen): Promise<Said> {
  const verdict = await askConsole(address, "GET", `/api/v1/audit/verify${agents ? "?agents=1" : ""}`, AuditVerdict);
  const isUnsure = verdict.agents.some(({ agrees }) => agrees === null);
  const lines = [
    `${verdict.entries} entries${verdict.head ? `, the last ${verdict.head.seq} (${verdict.head.hash})` : ""}.`,
    ...verdict.faults,
    ...verdict.agents.map(({ cluster, node, says }) => `${cluster}/${node}: ${says}`),
    verdict.isWhole ? (isUnsure ? "Whole, as far as could be asked." : "Whole.") : "Not whole.",
  ];
  return { text: json ? `${JSON.stringify(verdict)}\n` : `${lines.join("\n")}\n`, exitCode: verdict.isWhole ? (isUnsure ? 2 : 0) : 1 };
}
