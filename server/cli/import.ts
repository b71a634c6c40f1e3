// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { type NewRecording, type RecordedNode, RecordingLine, RecordingList } from "@/agent/protocol/console/recorded";
import { NodeName } from "@/agent/protocol/names";
import { CliError } from "./cli-error";
import { askConsole, type ConsoleAddress } from "./console-client";
import { readTree } from "./read-tree";
import { momentOf, recordedTrees } from "./recorded-trees";

export interface ImportOptions {
  place: string;
  /** The title; null: the place's own name. */
  title: string | null;
  /** The moment, as a person said it. */
  at: string | null;
  /** The node's name, for a recording of one node. */
  node: string | null;
  /** Run the recorded tools beside the trees: they are programs, from whoever made the recording. */
  mayRunTools: boolean;
  /** The agent program. */
  agent: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** Reads a recording with the agent, opens it on the console, and says where it is shown. @throws CliError */
export async function openRecording(address: ConsoleAddress, options: ImportOptions): Promise<string> {
  const { place, env, agent } = options;
  if (options.node !== null && !NodeName.safeParse(options.node).success) throw new CliError(`"${options.node}" is not a node's name.`, 2);
  const folder = mkdtempSync(path.join(tmpdir(), "quarterdeck-import-"));
  try {
    const scratch = (name: string) => {
      const made = path.join(folder, Buffer.from(name).toString("hex").slice(0, 64));
      mkdirSync(made, { recursive: true });
      return made;
    };
    const trees = recordedTrees(place, scratch, options);
    const nodes: RecordedNode[] = [];
    // One after the other: a tree may be large, and so may what comes of it.
    for (const tree of trees) nodes.push(await readTree(agent, tree, env));
    if (nodes.every(({ readings }) => Object.keys(readings).length === 0))
      throw new CliError(`${place} holds nothing that the agent reads.`, 2);
    const named = path.basename(path.resolve(place));
    const body: NewRecording = {
      title: (options.title ?? named).slice(0, 60),
      origin: named.slice(0, 200),
      ...(options.at === null ? momentOf(place) : { atMs: momentSaid(options.at), atFrom: "said" }),
      nodes,
    };
    const opened = await askConsole(address, "POST", "/api/v1/imports", RecordingLine, body);
    return sayOpened(address, opened, nodes);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function momentSaid(text: string): number {
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) throw new CliError(`"${text}" is no time. Write it like 2026-11-20T11:32:10Z.`, 2);
  return atMs;
}

function sayOpened({ origin }: ConsoleAddress, { slug, atMs, atFrom }: RecordingLine, nodes: readonly RecordedNode[]): string {
  const lines = nodes.flatMap(({ node, role, readings }) => {
    const found = Object.entries(readings);
    const failures = found.flatMap(([source, reading]) =>
      reading?.status === "failed" ? [`  ${node} ${source}: ${reading.error.message}`] : [],
    );
    return [`  ${node} (${role}): ${found.map(([source]) => source).join(", ") || "nothing"}`, ...failures];
  });
  const why = { said: "as you said", recording: "as the recording says", fileDates: "by its files' dates; say --at TIME if that is wrong" }[
    atFrom
  ];
  return [
    `Opened ${new URL(`/c/${slug}`, origin).href}`,
    `  recorded ${new Date(atMs).toISOString()} (${why}); nothing of it is live`,
    ...lines,
    `  close it: quarterdeck import --remove ${slug}`,
    "",
  ].join("\n");
}

export async function closeRecording(address: ConsoleAddress, slug: string): Promise<string> {
  await askConsole(address, "DELETE", `/api/v1/imports/${encodeURIComponent(slug)}`, z.null());
  return `Closed ${slug}. The files it came from are where they were.\n`;
}

export async function listRecordings(address: ConsoleAddress): Promise<string> {
  const { recordings } = await askConsole(address, "GET", "/api/v1/imports", RecordingList);
  if (recordings.length === 0) return "No recording is open.\n";
  return recordings
    .map(({ slug, title, atMs, openedBy }) => `${slug}  ${title}, recorded ${new Date(atMs).toISOString()}, opened by ${openedBy}\n`)
    .join("");
}
