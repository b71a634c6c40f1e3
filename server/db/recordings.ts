// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { MomentFrom, RecordedNode, type RecordingLine } from "@/agent/protocol/console/recorded";
import { decodeJson } from "@/agent/protocol/decode";
import type { Client } from "./connection";
import type { RecordingModel } from "./generated/models/Recording";

/** A recording as it is kept: what was posted, whole, and who opened it. */
export interface Recording extends RecordingLine {
  nodes: RecordedNode[];
}

export interface RecordingRecords {
  /** False when the slug is taken. */
  add(recording: Recording): Promise<boolean>;
  /** Without their readings, the newest first. */
  list(): Promise<RecordingLine[]>;
  has(slug: string): Promise<boolean>;
  /** All of them; `unread` names those that another version kept in a form this one does not read. */
  load(): Promise<{ recordings: Recording[]; unread: string[] }>;
  /** False when there is none. */
  remove(slug: string): Promise<boolean>;
}

function lineOf(row: Omit<RecordingModel, "nodes">): RecordingLine {
  const atFrom = MomentFrom.safeParse(row.atFrom);
  return {
    slug: row.slug,
    title: row.title,
    origin: row.origin,
    atMs: Number(row.atMs),
    atFrom: atFrom.success ? atFrom.data : "said",
    openedBy: row.openedBy,
    openedAtMs: Number(row.openedAtMs),
  };
}

export function recordingRecords(prisma: Client): RecordingRecords {
  const newestFirst = { orderBy: { openedAtMs: "desc" } } as const;
  return {
    async add({ nodes, ...line }) {
      const row = { ...line, atMs: BigInt(line.atMs), openedAtMs: BigInt(line.openedAtMs), nodes: JSON.stringify(nodes) };
      if ((await prisma.recording.count({ where: { slug: line.slug } })) > 0) return false;
      await prisma.recording.create({ data: row });
      return true;
    },
    list: async () => (await prisma.recording.findMany({ ...newestFirst, omit: { nodes: true } })).map(lineOf),
    has: async (slug) => (await prisma.recording.count({ where: { slug } })) > 0,
    async load() {
      const recordings: Recording[] = [];
      const unread: string[] = [];
      for (const row of await prisma.recording.findMany(newestFirst)) {
        const nodes = decodeJson(z.array(RecordedNode), row.nodes);
        if (nodes.ok) recordings.push({ ...lineOf(row), nodes: nodes.value });
        else unread.push(`the recording ${row.slug}`);
      }
      return { recordings, unread };
    },
    remove: async (slug) => (await prisma.recording.deleteMany({ where: { slug } })).count > 0,
  };
}
