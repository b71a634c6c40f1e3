// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { decode } from "@/agent/protocol/decode";
import { CONTENT_TYPE } from "@/server/metrics/render";
import { failed } from "./answer";
import type { Route } from "./routes";

const Asked = z.union([
  z.strictObject({ cluster: z.string().max(200), node: z.string().max(200) }).transform((target) => ({ target })),
  z.strictObject({}).transform(() => ({ target: null })),
]);

export const metricsRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/metrics",
    needs: "program",
    async handle(c, deps) {
      const asked = decode(Asked, c.req.query());
      if (!asked.ok) return failed(c, 400, "API_BAD_REQUEST", "Ask for /metrics alone, or with both ?cluster= and &node=.");
      const text = deps.metrics.text(asked.value.target);
      if (text === null) return failed(c, 404, "API_NOT_FOUND", "There is no such node of such a cluster here.");
      return c.body(await text, 200, { "Content-Type": CONTENT_TYPE });
    },
  },
];
