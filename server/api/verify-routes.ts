// SPDX-License-Identifier: Apache-2.0
import { stream } from "hono/streaming";
import type { VerifyOverview, VerifyPage } from "@/agent/protocol/console/verify";
import { refusal } from "@/server/auth/refusal";
import { offersFor } from "@/server/commands/offers";
import type { VerifyFilter } from "@/server/db/verifies";
import { LIMIT_DAYS } from "@/server/verify/limit";
import { parseMirrorName } from "@/server/verify/mirror-name";
import { overviewMirrors } from "@/server/verify/overview";
import { detailOf } from "@/server/verify/record";
import { failed, refused } from "./answer";
import type { Route } from "./routes";
import { VERIFY_COLUMNS, verifyCsvLine } from "./verify-csv";

/** Records in one page of a list. */
const PAGE = 50;
/** Records that an export reads at once. */
const EXPORT_PART = 500;

const CURSOR = /^(\d{1,16})\.([\w-]{1,64})$/;

/** Where a page ended; null for what is no such place. */
function cursorOf(text: string): VerifyFilter["before"] {
  const found = text.match(CURSOR);
  return found ? { startedAtMs: Number(found[1]), id: found[2] ?? "" } : null;
}

export const verifyRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/verify",
    needs: "viewer",
    async handle(c, deps, session) {
      const nowMs = deps.now();
      const mirrors = overviewMirrors({
        clusters: deps.clusters(),
        viewOf: deps.viewOf,
        trend: deps.verifies.trend,
        refusalOf: (view, key) =>
          offersFor(view, key, { user: session.user, role: session.role, token: session.token ?? null, from: null }, nowMs).find(
            ({ ask }) => ask.verb === "drbd.verify",
          )?.refusal ?? null,
        nowMs,
      });
      return c.json({ atMs: nowMs, limitDays: LIMIT_DAYS, mirrors, queue: deps.verifies.queue() } satisfies VerifyOverview);
    },
  },
  {
    method: "GET",
    path: "/api/v1/clusters/:slug/verifies",
    needs: "viewer",
    async handle(c, deps) {
      const cluster = c.req.param("slug") ?? "";
      if (!deps.clusters().includes(cluster)) return refused(c, refusal("CLUSTER_UNKNOWN", "There is no such cluster."));
      const name = c.req.query("mirror");
      const mirror = name === undefined ? null : parseMirrorName(name);
      if (name !== undefined && mirror === null) return failed(c, 400, "API_BAD_REQUEST", "mirror is a name and a volume: store/0.");
      const from = c.req.query("before");
      const before = from === undefined ? null : cursorOf(from);
      if (from !== undefined && before === null) return failed(c, 400, "API_BAD_REQUEST", "before is the `next` of another page.");
      const found = await deps.db.verifies.list({ cluster, mirror, before }, PAGE + 1);
      const records = found.slice(0, PAGE).map(({ summary }) => summary);
      const last = records.at(-1);
      const next = found.length > PAGE && last ? `${Math.round(last.startedAtMs)}.${last.id}` : null;
      return c.json({ records, next } satisfies VerifyPage);
    },
  },
  {
    method: "GET",
    path: "/api/v1/verifies/:id",
    needs: "viewer",
    async handle(c, deps) {
      const detail = await detailOf(deps.db.verifies, c.req.param("id") ?? "", deps.now());
      return detail ? c.json(detail) : refused(c, refusal("VERIFY_UNKNOWN", "There is no record of such a verify."));
    },
  },
  {
    method: "GET",
    path: "/api/v1/verify/export",
    needs: "viewer",
    async handle(c, deps) {
      const isCsv = c.req.query("format") === "csv";
      c.header("Content-Type", isCsv ? "text/csv; charset=utf-8" : "application/x-ndjson");
      c.header("Content-Disposition", `attachment; filename="quarterdeck-verifies.${isCsv ? "csv" : "jsonl"}"`);
      return stream(c, async (out) => {
        if (isCsv) await out.writeln(VERIFY_COLUMNS.join(","));
        const only = c.req.query("cluster") ?? "";
        for (const cluster of deps.clusters().filter((slug) => only === "" || slug === only)) {
          let before: VerifyFilter["before"] = null;
          for (;;) {
            const part = await deps.db.verifies.list({ cluster, mirror: null, before }, EXPORT_PART);
            for (const { summary } of part) await out.writeln(isCsv ? verifyCsvLine(summary) : JSON.stringify(summary));
            const last = part.at(-1);
            if (!last || part.length < EXPORT_PART) break;
            before = { startedAtMs: Math.round(last.summary.startedAtMs), id: last.summary.id };
          }
        }
      });
    },
  },
];
