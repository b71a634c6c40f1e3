// SPDX-License-Identifier: Apache-2.0
import type { z } from "zod";
import type { UserRole } from "@/agent/protocol/console/api";
import type { OfferField } from "@/agent/protocol/console/commands";
import type { GuardFinding, GuardLevel, Outcome, Run } from "@/agent/protocol/console/runs";
import type { View } from "@/agent/protocol/console/view";
import type { Step, StepKind, StepPreview } from "@/agent/protocol/steps";

/** What a command lays hands on, as far as the view tells. Guards look at this, so one guard serves every verb. */
export interface Touched {
  /** The node that services leave, or whose DRBD goes down; null when none does. */
  from: string | null;
  /** The node that is to take them; null when the cluster chooses. */
  to: string | null;
  /** True when everything on `from` leaves: standby, fencing. */
  isWholeNode: boolean;
  /** Resources (groups and clones by their own id) that stop, move or change role: the one that was asked for first, then what goes along. */
  resources: readonly string[];
  /** Mirrors whose Primary or copy is concerned: keys `mirror:…`. */
  mirrors: readonly string[];
  /** Of a repair: the node whose data stays, and overwrites marked blocks on `to`. */
  source?: string;
}

/** Everything a guard may look at. Pure: the clock and who asks are given. */
export interface GuardContext {
  view: View;
  nowMs: number;
  asker: { user: string; role: UserRole };
  /** What the acting agent simulated, a step each; null while only an offer or a verdict is made. */
  preview: readonly StepPreview[] | null;
  touched: Touched;
  /** The kinds of step it is made of; none for a verdict, which nobody carries out. */
  kinds: readonly StepKind[];
  /** The verb and what it is about, for the words. */
  verb: string;
  title: string;
  /** The run this context is judged for; others are in the view. Null: none yet. */
  runId: string | null;
}

/** A guard: what it found about a command, or nothing. */
export interface Guard {
  /** The fact it demands: "other-copy-is-up-to-date". */
  name: string;
  /** Its number in the catalogue of hazards. */
  number: string;
  check(context: GuardContext): readonly Found[];
}
export type Found = { level: GuardLevel; message: string; about?: readonly string[] };

export function defineGuard(guard: Guard): Guard {
  return guard;
}

/** Every finding of these guards, the gravest first. */
export function judge(guards: readonly Guard[], context: GuardContext): GuardFinding[] {
  const found = guards.flatMap(({ name, number, check }) =>
    check(context).map(({ level, message, about }): GuardFinding => ({ guard: name, number, level, message, about: [...(about ?? [])] })),
  );
  return found.sort((a, b) => GRAVITY.indexOf(a.level) - GRAVITY.indexOf(b.level));
}
const GRAVITY: readonly GuardLevel[] = ["block", "type", "warn", "inform"];

/** One item of a plan: a step, or a wait for the view to say something. */
export type PlanItem =
  | { step: Step }
  | {
      /** What is waited for, as a sentence's end: "g_mail runs on crystal". */
      says: string;
      until: (view: View) => boolean;
      withinMs: number;
      /** Why it will not come true by waiting on, as the view shows it now; null while it may. Counts once it has held for a while. */
      stuck?: (view: View) => string | null;
    };

/** What is offered for one thing: the arguments it gives by itself, and what has to be asked. */
export interface OfferedArgs {
  args: Readonly<Record<string, unknown>>;
  title: string;
  fields: readonly OfferField[];
  /** Why there is nothing to offer now, in words; null when there is. */
  refusal: string | null;
}

/** How a run ends. */
export interface End {
  outcome: Outcome;
  says: string;
}

/** A command is a value: what it needs, when it is refused, which steps. `run.ts` alone acts. */
export interface Command<S extends z.ZodType = z.ZodType> {
  verb: string;
  /** What it does, in a sentence. */
  does: string;
  args: S;
  needs: UserRole;
  /** One of them per cluster at a time. */
  isDisruptive: boolean;
  /** A reason has to be given. */
  needsReason?: boolean;
  guards: readonly Guard[];
  /** "Standby ruby". */
  title(args: z.infer<S>): string;
  /** The object whose name is to be typed, where a guard asks for it. */
  typedName(args: z.infer<S>): string;
  /** Keys of the entities it is about, the main one first. */
  about(args: z.infer<S>): string[];
  /** What is offered for the entity under this key; null when the verb has nothing to do with it. */
  offer(view: View, key: string): OfferedArgs | null;
  touched(view: View, args: z.infer<S>, preview: readonly StepPreview[] | null): Touched;
  /**
   * The steps whose outcome is simulated, in their order; empty when it is so already. Asked again with what was simulated:
   * other steps then are simulated in their place, once.
   */
  steps(view: View, args: z.infer<S>, preview: readonly StepPreview[] | null): Step[];
  /** The waits, in between or after the simulated steps, which it holds in their order. */
  plan(view: View, args: z.infer<S>, steps: readonly Step[], preview: readonly StepPreview[]): PlanItem[];
  /** Whether the view shows what was wanted, and nothing left over. */
  settled(view: View, args: z.infer<S>): boolean;
  /** Whether what the view shows of it is a word of now. Without it that is what Pacemaker tells. */
  isTold?(view: View, args: z.infer<S>): boolean;
  /** What takes it back, offered when it is done; null when nothing does. */
  undo(view: View, args: z.infer<S>): { verb: string; args: Record<string, unknown>; title: string } | null;
  /** What is wrong with arguments that fit in form, as a sentence: a time that is over. Null: nothing. */
  misfit?(args: z.infer<S>, nowMs: number): string | null;
  /** Which node's agent acts; without it the DC's, or another member's that can. */
  actingNode?(args: z.infer<S>, view: View): string | null;
  /** How it ended, when it is settled, for what nobody simulates and no cluster manager carries out; without it: done. `sinceMs`: when the run began. */
  end?(view: View, args: z.infer<S>, sinceMs: number): End;
  /** What ends it early, while it runs. */
  stop?(args: z.infer<S>): NonNullable<Run["stop"]>;
}

export function defineCommand<S extends z.ZodType>(command: Command<S>): Command<S> {
  return command;
}
