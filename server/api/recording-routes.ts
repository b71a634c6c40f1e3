// SPDX-License-Identifier: Apache-2.0
import { NewRecording, type RecordingLine, type RecordingList } from "@/agent/protocol/console/recorded";
import { refusal } from "@/server/auth/refusal";
import { bodyOf, refused } from "./answer";
import type { ApiDeps, Route } from "./routes";

/** What an agent's largest frame may be, for all nodes together. */
const MAX_RECORDING_BYTES = 8 * 1024 * 1024;
/** Each is held in memory like a cluster: more than this is a habit, not a look. */
const MAX_RECORDINGS = 20;
const MAX_TRIES = 1_000;

/** A free slug that says what it is: `recorded-san-a`, `recorded-san-a-2` … */
async function freeSlug(title: string, { db }: ApiDeps): Promise<string | null> {
  const taken = new Set([...(await db.clusters.listClusters()), ...(await db.recordings.list())].map(({ slug }) => slug));
  const word = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 24)
    .replace(/-+$/, "");
  const stem = word === "" ? "recorded" : `recorded-${word}`;
  for (let number = 1; number <= MAX_TRIES; number += 1) {
    const slug = number === 1 ? stem : `${stem}-${number}`;
    if (!taken.has(slug)) return slug;
  }
  return null;
}

export const recordingRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/imports",
    needs: "viewer",
    handle: async (c, deps) => c.json({ recordings: await deps.db.recordings.list() } satisfies RecordingList),
  },
  {
    method: "POST",
    path: "/api/v1/imports",
    needs: "operator",
    maxBodyBytes: MAX_RECORDING_BYTES,
    async handle(c, deps, session) {
      const body = await bodyOf(c, NewRecording);
      if (!body.ok) return body.answer;
      const full = `${MAX_RECORDINGS} recordings are open, as many as this console holds. Close one first: \`quarterdeck import --remove SLUG\`.`;
      const slug = (await deps.db.recordings.list()).length >= MAX_RECORDINGS ? null : await freeSlug(body.value.title, deps);
      if (slug === null) return refused(c, refusal("RECORDING_TOO_MANY", full));
      const { title, origin, atMs, atFrom, nodes } = body.value;
      const line: RecordingLine = { slug, title, origin, atMs, atFrom, openedBy: session.user, openedAtMs: deps.now() };
      if (!(await deps.db.recordings.add({ ...line, nodes })))
        return refused(c, refusal("CLUSTER_NAME_TAKEN", `There is a ${slug} already.`));
      deps.onRecordingOpened({ ...line, nodes });
      return c.json(line, 201);
    },
  },
  {
    method: "DELETE",
    path: "/api/v1/imports/:slug",
    needs: "operator",
    async handle(c, deps) {
      const slug = c.req.param("slug") ?? "";
      if (!(await deps.db.recordings.remove(slug))) return refused(c, refusal("RECORDING_UNKNOWN", "There is no such recording."));
      deps.onRecordingClosed(slug);
      return c.body(null, 204);
    },
  },
];
