// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { AuditHead, StepPreview } from "../steps";
import { UserRole } from "./api";
import { Ask, GuardFinding, Outcome, Phase, Verdict } from "./runs";

/** Something the dialog asks beside what is known already. */
export const OfferField = z.object({
  /** The argument it fills. */
  name: z.string(),
  label: z.string(),
  /** choice: one of `choices`. text: a line. until: a moment in the future (epoch ms). flag: yes or no. */
  kind: z.enum(["choice", "text", "until", "flag"]),
  isRequired: z.boolean(),
  /** A choice that is refused is shown with its reason, not hidden. */
  choices: z.array(z.object({ value: z.string(), label: z.string(), refusal: z.string().nullable() })),
});
export type OfferField = z.infer<typeof OfferField>;

/** A command as it is offered for one thing; what is refused is offered with its reason. */
export const Offer = z.object({
  /** With the arguments that the thing itself gives; `ask` has the rest. */
  ask: Ask,
  /** "Standby", "Move to another node". */
  title: z.string(),
  /** What it does, in a sentence. */
  does: z.string(),
  fields: z.array(OfferField),
  needs: UserRole,
  isDisruptive: z.boolean(),
  /** Why it cannot be done now, or not by the one who asks; null when it can be asked for. */
  refusal: z.string().nullable(),
});
export type Offer = z.infer<typeof Offer>;

/** `GET /api/v1/clusters/{slug}/offers?about=node:ruby`: about a node, a resource (`rsc:…`), a constraint, or `cluster`. */
export const OfferList = z.object({ atMs: z.number(), offers: z.array(Offer) });
export type OfferList = z.infer<typeof OfferList>;

/** Where a resource is, and where it would be: "started on ruby" → "started on crystal". */
export const Effect = z.object({
  resource: z.string(),
  /** The group or clone it belongs to; null when none. */
  parent: z.string().nullable(),
  before: z.string(),
  after: z.string(),
  /** "g_mail stops on ruby and starts on crystal." */
  says: z.string(),
  /** Why, where the simulation says so. */
  reason: z.string().nullable(),
});
export type Effect = z.infer<typeof Effect>;

/** `POST /api/v1/clusters/{slug}/previews` with an Ask (operator): what it would do, as the acting agent simulated it. */
export const CommandPreview = z.object({
  id: z.string(),
  ask: Ask,
  title: z.string(),
  about: z.array(z.string()),
  atMs: z.number(),
  /** It is not taken after this. */
  expiresAtMs: z.number(),
  /** The node whose agent acts; null when there is nothing to do. */
  actingNode: z.string().nullable(),
  isAlreadySo: z.boolean(),
  effects: z.array(Effect),
  /** The exact command lines, in their order. */
  commands: z.array(z.string()),
  findings: z.array(GuardFinding),
  /** What has to be typed where a finding asks for it: the object's own name. Null when none does. */
  typedName: z.string().nullable(),
  /** Whether a reason must be given. */
  needsReason: z.boolean(),
  /** How long it took before, where that was measured: between these. Null: never. */
  tookMs: z.object({ least: z.number(), most: z.number() }).nullable(),
  /** What the plan does beside the steps: "waits until g_mail runs on crystal, 120 s at the most". */
  plan: z.array(z.string()),
  steps: z.array(StepPreview),
});
export type CommandPreview = z.infer<typeof CommandPreview>;

/** `POST /api/v1/clusters/{slug}/runs` (operator; what is to be typed: admin). A preview is confirmed once. */
export const Confirmation = z.object({
  preview: z.string().max(64),
  /** The guards whose warnings are accepted, by name. */
  accept: z.array(z.string().max(80)).max(100),
  typed: z.string().max(200).nullable(),
  reason: z.string().max(500).nullable(),
});
export type Confirmation = z.infer<typeof Confirmation>;

/** Answer to a Confirmation: 202 `started`, follow `run:<id>` in the view or `GET /api/v1/clusters/{slug}/runs/{id}`. 409 `refused`: nothing was written. */
export const ConfirmationAnswer = z.discriminatedUnion("did", [
  z.object({ did: z.literal("started"), run: z.string() }),
  z.object({
    did: z.literal("refused"),
    message: z.string(),
    findings: z.array(GuardFinding),
    /** Where the cluster changed: how, a sentence each. */
    differences: z.array(z.string()),
  }),
]);
export type ConfirmationAnswer = z.infer<typeof ConfirmationAnswer>;

/** `GET /api/v1/clusters/{slug}/nodes/{node}/safety` */
export const SafetyAnswer = Verdict.extend({ atMs: z.number() });
export type SafetyAnswer = z.infer<typeof SafetyAnswer>;

/** What became of one command: its entries in the chain, together. */
export const AuditRow = z.object({
  run: z.string(),
  cluster: z.string(),
  ask: Ask,
  title: z.string(),
  by: z.string(),
  /** The address it was asked from; null when not known. */
  from: z.string().nullable(),
  openedAtMs: z.number(),
  closedAtMs: z.number().nullable(),
  outcome: Outcome.nullable(),
  says: z.string().nullable(),
  reason: z.string().nullable(),
  /** Guards whose warnings were accepted. */
  accepted: z.array(z.string()),
  effects: z.array(Effect),
  findings: z.array(GuardFinding),
  commands: z.array(z.string()),
  /** What the tools printed, cut. */
  output: z.string(),
  phases: z.array(Phase),
  /** Its entries in the chain. */
  entries: z.array(AuditHead.extend({ kind: z.string(), atMs: z.number() })),
});
export type AuditRow = z.infer<typeof AuditRow>;

/** `GET /api/v1/audit?cluster=&by=&verb=&outcome=&before=`: newest first. `before`: the `next` of the page before. */
export const AuditPage = z.object({ rows: z.array(AuditRow), next: z.number().nullable() });
export type AuditPage = z.infer<typeof AuditPage>;

/**
 * The last line of `GET /api/v1/audit/export`: an export without it broke off. As CSV it is a row whose first cell is `end`,
 * with the number of rows as its title and the head as its last two cells.
 */
export const AuditExportEnd = z.object({
  end: z.object({
    rows: z.number().int().nonnegative(),
    /** The chain's head when the export began: every command begun up to it that fits the filter is in. Null: an empty chain. */
    head: AuditHead.nullable(),
  }),
});
export type AuditExportEnd = z.infer<typeof AuditExportEnd>;

/** `GET /api/v1/audit/verify?agents=1` (admin) */
export const AuditVerdict = z.object({
  isWhole: z.boolean(),
  entries: z.number(),
  head: AuditHead.nullable(),
  /** Each fault as a sentence; empty when it is whole. */
  faults: z.array(z.string()),
  /** Per agent asked: what it says. */
  agents: z.array(z.object({ node: z.string(), cluster: z.string(), says: z.string(), agrees: z.boolean().nullable() })),
});
export type AuditVerdict = z.infer<typeof AuditVerdict>;
