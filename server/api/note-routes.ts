// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import { NewNote, type NoteMade } from "@/agent/protocol/console/timeline";
import { keyOf, type View } from "@/agent/protocol/console/view";
import { audited } from "@/server/audit/audited";
import { refusal } from "@/server/auth/refusal";
import { bodyOf, refused } from "./answer";
import { askerOf } from "./asker";
import type { Route } from "./routes";

/** A browser's clock may be this far ahead. Units: ms. */
const AHEAD_MS = 60_000;

/** What a note is about, by key; null: there is no such node or resource. */
function aboutOf({ node, resource }: NewNote, view: View): string[] | null {
  const keys = [...(resource === null ? [] : [resourceKey(resource, view)]), ...(node === null ? [] : [keyOf.node(node)])];
  if (keys.some((key) => key === null || !view.has(key))) return null;
  return keys.length === 0 ? [keyOf.cluster] : keys.flatMap((key) => key ?? []);
}

/** A service by its name, a mirror by its resource, with its volume or without. */
function resourceKey(name: string, view: View): string | null {
  if (view.has(keyOf.resource(name))) return keyOf.resource(name);
  for (const [key, entity] of view) {
    if (entity.kind === "mirror" && (entity.resource === name || `${entity.resource}/${entity.volume}` === name)) return key;
  }
  return null;
}

export const noteRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/api/v1/clusters/:slug/notes",
    needs: "operator",
    async handle(c, deps, session) {
      const cluster = c.req.param("slug") ?? "";
      const view = deps.clusters().includes(cluster) ? deps.viewOf(cluster) : null;
      if (!view) return refused(c, refusal("CLUSTER_UNKNOWN", "There is no such cluster."));
      const body = await bodyOf(c, NewNote);
      if (!body.ok) return body.answer;
      const { text, node, resource } = body.value;
      const nowMs = deps.now();
      const atMs = body.value.atMs ?? nowMs;
      if (atMs > nowMs + AHEAD_MS) return refused(c, refusal("NOTE_TIME", "A note is about now or before: that moment is to come."));
      const about = aboutOf(body.value, view);
      if (about === null) return refused(c, refusal("NOTE_SUBJECT", "There is no such node or resource in this cluster."));
      const id = randomUUID();
      const asker = askerOf(c, session);
      const subject = resource ?? node ?? "cluster";
      const of = { cluster, about, accepted: [] };
      const ask = { verb: "note.make", args: { note: id, atMs, node, resource, text } };
      const stored = await audited(deps.journal, asker, { ...of, ask, title: `Make a note on ${subject}` }, () =>
        deps.db.notes.make(
          { id, cluster, madeAtMs: nowMs, by: session.user },
          {
            atMs: Math.min(atMs, nowMs),
            node,
            source: null,
            subject,
            text,
            level: "absent",
            by: session.user,
            what: "note",
            ref: `note:${id}`,
          },
        ),
      );
      deps.rememberEvents(cluster, stored);
      return c.json({ id, atMs } satisfies NoteMade, 201);
    },
  },
  {
    method: "POST",
    path: "/api/v1/clusters/:slug/notes/:id/withdrawal",
    needs: "operator",
    async handle(c, deps, session) {
      const cluster = c.req.param("slug") ?? "";
      const id = c.req.param("id") ?? "";
      const note = await deps.db.notes.find(cluster, id);
      if (!note) return refused(c, refusal("NOTE_UNKNOWN", "There is no such note."));
      if (note.by !== session.user && session.role !== "admin")
        return refused(c, refusal("NOTE_OWNER", `This note is ${note.by}'s: only they and an admin take it back.`));
      const atMs = deps.now();
      const ask = { verb: "note.withdraw", args: { note: id } };
      const change = { cluster, about: [keyOf.cluster], accepted: [], ask, title: `Take back a note of ${note.by}` };
      await audited(
        deps.journal,
        askerOf(c, session),
        change,
        () => deps.db.notes.withdraw(cluster, id, session.user, atMs),
        (isNew) => (isNew ? null : "It was taken back before."),
      );
      return c.body(null, 204);
    },
  },
];
