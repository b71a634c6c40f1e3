// SPDX-License-Identifier: Apache-2.0
import { Confirmation, type OfferList, type SafetyAnswer } from "@/agent/protocol/console/commands";
import { Ask } from "@/agent/protocol/console/runs";
import { keyOf } from "@/agent/protocol/console/view";
import { refusal } from "@/server/auth/refusal";
import { bodyOf, refused } from "./answer";
import { askerOf } from "./asker";
import type { ApiContext, Route } from "./routes";

const slugOf = (c: ApiContext) => c.req.param("slug") ?? "";

export const commandRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/v1/clusters/:slug/offers",
    needs: "viewer",
    async handle(c, deps, session) {
      const offers = deps.commands.offers(slugOf(c), c.req.query("about") ?? "", askerOf(c, session));
      return Array.isArray(offers) ? c.json({ atMs: deps.now(), offers } satisfies OfferList) : refused(c, offers);
    },
  },
  {
    method: "POST",
    path: "/api/v1/clusters/:slug/previews",
    needs: "operator",
    async handle(c, deps, session) {
      const body = await bodyOf(c, Ask);
      if (!body.ok) return body.answer;
      const preview = await deps.commands.preview(slugOf(c), body.value, askerOf(c, session));
      return "code" in preview ? refused(c, preview) : c.json(preview, 201);
    },
  },
  {
    method: "POST",
    path: "/api/v1/clusters/:slug/runs",
    needs: "operator",
    async handle(c, deps, session) {
      const body = await bodyOf(c, Confirmation);
      if (!body.ok) return body.answer;
      const answer = await deps.commands.confirm(slugOf(c), body.value, askerOf(c, session));
      if ("code" in answer) return refused(c, answer);
      return c.json(answer, answer.did === "started" ? 202 : 409);
    },
  },
  {
    method: "GET",
    path: "/api/v1/clusters/:slug/runs/:id",
    needs: "viewer",
    async handle(c, deps) {
      const run = deps.commands.runOf(slugOf(c), c.req.param("id") ?? "");
      return run
        ? c.json(run)
        : refused(c, refusal("RUN_UNKNOWN", "No such run is under way or ended a little while ago: the audit has the older ones."));
    },
  },
  {
    method: "GET",
    path: "/api/v1/clusters/:slug/nodes/:node/safety",
    needs: "viewer",
    async handle(c, deps) {
      const verdict = deps.viewOf(slugOf(c))?.get(keyOf.safety(c.req.param("node") ?? ""));
      if (verdict?.kind !== "safety") return refused(c, refusal("NODE_UNKNOWN", "There is no such member of such a cluster."));
      const { node, answer, says, reasons } = verdict;
      return c.json({ atMs: deps.now(), node, answer, says, reasons } satisfies SafetyAnswer);
    },
  },
];
