// SPDX-License-Identifier: Apache-2.0
import { stream } from "hono/streaming";
import { z } from "zod";
import { EventKind, type TimelineCounts, type TimelineEntry, type TimelinePage } from "@/agent/protocol/console/timeline";
import { Level } from "@/agent/protocol/console/view";
import { refusal } from "@/server/auth/refusal";
import type { StoredEvent } from "@/server/cluster/facts";
import type { NoteRecords } from "@/server/db/notes";
import type { TimelineFilter } from "@/server/db/timeline";
import { partsOf } from "@/server/timeline/counts";
import { TIMELINE_COLUMNS, timelineCsvLine } from "@/server/timeline/csv";
import { parsePlace, placeText } from "@/server/timeline/lanes";
import { failed, refused } from "./answer";
import type { ApiContext, ApiDeps, Route } from "./routes";

/** Entries in one page, and at once in an export. */
const PAGE = 100;
const EXPORT_PART = 500;

/** Epoch ms in an address. */
const Moment = z.coerce.number().int().min(0).max(8_640_000_000_000_000);
const split = (text: unknown) => (typeof text === "string" ? text.split(",") : text);

const Query = z.object({
  from: Moment.optional(),
  to: Moment.optional(),
  what: z.preprocess(split, z.array(EventKind).optional()),
  level: z.preprocess(split, z.array(Level).optional()),
  node: z.string().min(1).max(200).optional(),
  resource: z.string().min(1).max(200).optional(),
  text: z.string().min(1).max(200).optional(),
  before: z.string().optional(),
  parts: z.coerce.number().int().min(1).max(400).default(120),
  format: z.string().optional(),
});

/** What is asked for, or the answer to what does not fit. */
function asked(
  c: ApiContext,
  deps: ApiDeps,
): { ok: true; filter: TimelineFilter; query: z.infer<typeof Query> } | { ok: false; answer: Response } {
  const cluster = c.req.param("slug") ?? "";
  if (!deps.clusters().includes(cluster)) return { ok: false, answer: refused(c, refusal("CLUSTER_UNKNOWN", "There is no such cluster.")) };
  const given = Object.fromEntries(Object.entries(c.req.query()).filter(([, value]) => value !== ""));
  const query = Query.safeParse(given);
  if (!query.success) {
    const [issue] = query.error.issues;
    return {
      ok: false,
      answer: failed(c, 400, "API_BAD_REQUEST", `${String(issue?.path[0] ?? "The request")} does not fit: ${issue?.message}`),
    };
  }
  const { from = null, to = null, what = null, level = null, node = null, resource = null, text = null } = query.data;
  return { ok: true, filter: { cluster, fromMs: from, toMs: to, what, level, node, resource, text }, query: query.data };
}

/** Entries as they are sent: a note with whether it was taken back. */
async function entriesOf(rows: readonly StoredEvent[], notes: NoteRecords): Promise<TimelineEntry[]> {
  const ids = rows.flatMap(({ ref }) => (ref?.startsWith("note:") ? [ref.slice("note:".length)] : []));
  const withdrawn = ids.length === 0 ? new Map() : await notes.withdrawn(ids);
  return rows.map(({ what = "state", why = null, ref = null, ...row }) => ({
    ...row,
    ...{ what, why, ref },
    withdrawn: withdrawn.get(ref?.slice("note:".length) ?? "") ?? null,
  }));
}

export const timelineRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/clusters/:slug/timeline",
    needs: "viewer",
    async handle(c, deps) {
      const ask = asked(c, deps);
      if (!ask.ok) return ask.answer;
      const before = ask.query.before === undefined ? null : parsePlace(ask.query.before);
      if (ask.query.before !== undefined && before === null)
        return failed(c, 400, "API_BAD_REQUEST", "before is the `next` of another page.");
      const { rows, next } = await deps.db.timeline.page(ask.filter, before, PAGE);
      const entries = await entriesOf(rows, deps.db.notes);
      const isAtLast = next !== null && next.id === rows.at(-1)?.id;
      const searchedToMs = next === null || isAtLast ? null : next.atMs;
      return c.json({ atMs: deps.now(), entries, next: next && placeText(next), searchedToMs } satisfies TimelinePage);
    },
  },
  {
    method: "GET",
    path: "/api/v1/clusters/:slug/timeline/counts",
    needs: "viewer",
    async handle(c, deps) {
      const ask = asked(c, deps);
      if (!ask.ok) return ask.answer;
      const { filter, query } = ask;
      const atMs = deps.now();
      const bounds = await deps.db.timeline.bounds(filter.cluster);
      const toMs = filter.toMs ?? atMs;
      const fromMs = filter.fromMs ?? Math.min(bounds.oldestMs ?? toMs, toMs - 1);
      if (fromMs >= toMs) return failed(c, 400, "API_BAD_REQUEST", "from is before to.");
      const span = { ...filter, fromMs, toMs };
      const partMs = Math.max(1, Math.ceil((toMs - fromMs) / query.parts));
      const isNarrow = filter.node !== null || filter.resource !== null;
      const gone = isNarrow ? [] : await deps.db.timeline.gone(span);
      const parts = partsOf(span, partMs, await deps.db.timeline.counts(span, partMs), gone);
      return c.json({ atMs, fromMs, toMs, partMs, ...parts, ...bounds, goneLeftOut: isNarrow ? LEFT_OUT : null } satisfies TimelineCounts);
    },
  },
  {
    method: "GET",
    path: "/api/v1/clusters/:slug/timeline/export",
    needs: "viewer",
    async handle(c, deps) {
      const ask = asked(c, deps);
      if (!ask.ok) return ask.answer;
      const isCsv = ask.query.format === "csv";
      c.header("Content-Type", isCsv ? "text/csv; charset=utf-8" : "application/x-ndjson");
      c.header("Content-Disposition", `attachment; filename="quarterdeck-timeline-${ask.filter.cluster}.${isCsv ? "csv" : "jsonl"}"`);
      return stream(c, async (out) => {
        if (isCsv) await out.writeln(TIMELINE_COLUMNS.join(","));
        let before = null;
        let count = 0;
        do {
          const { rows, next } = await deps.db.timeline.page(ask.filter, before, EXPORT_PART);
          for (const entry of await entriesOf(rows, deps.db.notes))
            await out.writeln(isCsv ? timelineCsvLine(entry) : JSON.stringify(entry));
          count += rows.length;
          before = next;
        } while (before !== null);
        // An export without its end broke off.
        await out.writeln(isCsv ? timelineCsvLine({ end: { entries: count } }) : JSON.stringify({ end: { entries: count } }));
      });
    },
  },
];

const LEFT_OUT = "What is left of removed entries is counted for the whole cluster, not by node or resource.";
