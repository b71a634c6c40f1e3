// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { ClusterSlug, NodeName, NodeRole } from "../names";
import { type Reading, Readings, SourceName } from "../sources";

/** How the moment of a recording is known: somebody said it, the recording itself says it, or only its files' dates do. */
export const MomentFrom = z.enum(["said", "recording", "fileDates"]);
export type MomentFrom = z.infer<typeof MomentFrom>;

/** What marks a cluster as a recording that somebody opened: nothing of it is live, and nothing can be done to it. */
export const Recorded = z.object({
  /** Epoch ms of the moment that it shows. */
  atMs: z.number().int(),
  atFrom: MomentFrom,
  /** What was opened, as its opener's machine calls it: a folder or a file. */
  origin: z.string(),
  openedBy: z.string(),
  openedAtMs: z.number().int(),
});
export type Recorded = z.infer<typeof Recorded>;

/** Most nodes of one recording. */
const MAX_NODES = 64;

/** One node of a recording: what the agent's `once` read in its recorded tree. */
export const RecordedNode = z.object({ node: NodeName, role: NodeRole, readings: Readings });
export type RecordedNode = z.infer<typeof RecordedNode>;

/** Most things (devices, bonds, mounts …) that all nodes' own sources may list together, and that one node's Pacemaker may. */
const MAX_THINGS = 5_000;

/** How many things a reading lists: the console judges each of them while everybody else waits. */
function thingsIn(reading: Reading | undefined): number {
  if (reading?.status !== "ok") return 0;
  return Object.values(reading.value).reduce((sum, part) => sum + (Array.isArray(part) ? part.length : 0), 0);
}

function isOfBearableSize(nodes: readonly RecordedNode[]): boolean {
  let own = 0;
  for (const { readings } of nodes) {
    if (thingsIn(readings.pacemaker) > MAX_THINGS) return false;
    for (const name of SourceName.options) if (name !== "pacemaker") own += thingsIn(readings[name]);
  }
  return own <= MAX_THINGS;
}

/** `POST /api/v1/imports` (operator): opens a recording beside the clusters. At most 8 MiB. */
export const NewRecording = z.object({
  title: z.string().trim().min(1).max(60),
  origin: z.string().min(1).max(200),
  atMs: z.number().int().nonnegative(),
  atFrom: MomentFrom,
  nodes: z
    .array(RecordedNode)
    .min(1)
    .max(MAX_NODES)
    .refine((nodes) => new Set(nodes.map(({ node }) => node)).size === nodes.length, "two nodes have the same name")
    .refine(isOfBearableSize, `more than ${MAX_THINGS} things are listed in it`),
});
export type NewRecording = z.infer<typeof NewRecording>;

/** One recording without its readings; also the answer to `POST /api/v1/imports`. It is shown at `/c/<slug>`; `DELETE /api/v1/imports/{slug}` (operator) closes it. */
export const RecordingLine = Recorded.extend({ slug: ClusterSlug, title: z.string() });
export type RecordingLine = z.infer<typeof RecordingLine>;
/** `GET /api/v1/imports` */
export const RecordingList = z.object({ recordings: z.array(RecordingLine) });
export type RecordingList = z.infer<typeof RecordingList>;
