// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { ClusterSlug } from "../names";
import { Level } from "./entities/said";

/** One rule for findings in words, and the clusters for which it is switched off. */
export const FindingRule = z.object({
  name: z.string(),
  /** "Mirrors" */
  area: z.string(),
  /** As a line of a list. */
  title: z.string(),
  means: z.string(),
  levels: z.array(Level),
  fires: z.string(),
  /** What looks like it and does not fire. */
  not: z.string(),
  todo: z.string(),
  off: z.array(z.object({ cluster: z.string(), by: z.string(), atMs: z.number(), reason: z.string() })),
});
export type FindingRule = z.infer<typeof FindingRule>;

/** `GET /api/v1/findings/rules` (viewer), in the order in which they make the headline. */
export const FindingRuleList = z.object({ rules: z.array(FindingRule) });
export type FindingRuleList = z.infer<typeof FindingRuleList>;

/** `PUT /api/v1/findings/rules/{name}` (admin): switches it off or on for these clusters. Each cluster is an entry of the audit. */
export const FindingRuleChange = z.object({
  clusters: z.array(ClusterSlug).min(1).max(500),
  isOff: z.boolean(),
  /** Why; asked for also when it is switched on again. */
  reason: z.string().trim().min(1).max(200),
});
export type FindingRuleChange = z.infer<typeof FindingRuleChange>;
