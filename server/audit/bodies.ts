// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { Effect } from "@/agent/protocol/console/commands";
import { Ask, GuardFinding, Outcome, Phase } from "@/agent/protocol/console/runs";

/** Who asked for what, with what in view. `opened` and `refused` begin a run's record with it. */
const Asked = z.object({
  ask: Ask,
  title: z.string(),
  about: z.array(z.string()),
  by: z.string(),
  /** The name of the API token it came by; null: a browser. */
  token: z.string().nullable(),
  /** The address it was asked from; null when not known. */
  from: z.string().nullable(),
  reason: z.string().nullable(),
  effects: z.array(Effect),
  findings: z.array(GuardFinding),
  accepted: z.array(z.string()),
  commands: z.array(z.string()),
});

/**
 * What each kind of entry holds. opened: confirmed, and about to be done. step: one step was sent, and how it ended. closed: the
 * outcome. refused: never opened. resolved: what was not known at the end was learnt later.
 */
export const BODIES = {
  opened: Asked,
  refused: Asked.extend({ says: z.string() }),
  step: z.object({ node: z.string(), kind: z.string(), commands: z.array(z.string()), output: z.string(), error: z.string().nullable() }),
  closed: z.object({ outcome: Outcome, says: z.string(), phases: z.array(Phase) }),
  resolved: z.object({ outcome: Outcome, says: z.string() }),
} as const;
export type AuditBodies = { [K in keyof typeof BODIES]: z.infer<(typeof BODIES)[K]> };
