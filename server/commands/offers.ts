// SPDX-License-Identifier: Apache-2.0
import type { Offer, OfferField } from "@/agent/protocol/console/commands";
import type { View } from "@/agent/protocol/console/view";
import { decode } from "@/agent/protocol/decode";
import type { StepPreview } from "@/agent/protocol/steps";
import { authorise } from "@/server/auth/roles";
import { chooseActing } from "./acting";
import { COMMANDS } from "./catalog";
import { type Command, type GuardContext, judge } from "./define";
import { isToldNow } from "./look";
import type { Asker } from "./previews";

export const NOBODY_TELLS =
  "It looks so already, but no node that could tell can be read now: nobody knows how it is. Look at the nodes and their agents, then ask again.";

/** What a command's guards are shown. */
export function contextOf(
  command: Command,
  args: unknown,
  around: { view: View; nowMs: number; asker: Asker; preview: readonly StepPreview[] | null; runId: string | null },
): GuardContext {
  const { view, nowMs, asker, preview, runId } = around;
  return {
    view,
    nowMs,
    asker: { user: asker.user, role: asker.role },
    preview,
    touched: command.touched(view, args, preview),
    kinds: [...new Set(command.steps(view, args, preview).map(({ kind }) => kind))],
    verb: command.verb,
    title: command.title(args),
    runId,
  };
}

/** Everything that is offered for the entity under a key; what cannot be done now is offered with its reason. */
export function offersFor(view: View, key: string, asker: Asker, nowMs: number): Offer[] {
  return COMMANDS.flatMap((command) => {
    const offered = command.offer(view, key);
    if (!offered) return [];
    const { args, title, fields } = offered;
    const reasonFor = (more: Record<string, unknown>) => refusalOf(command, { ...args, ...more }, { view, nowMs, asker });
    const judged = fields.map(
      (field): OfferField => ({
        ...field,
        choices: field.choices.map((choice) => ({ ...choice, refusal: choice.refusal ?? reasonFor({ [field.name]: choice.value }) })),
      }),
    );
    const role = authorise(command.needs)(asker);
    return [
      {
        ask: { verb: command.verb, args: { ...args } },
        title,
        does: command.does,
        fields: judged,
        needs: command.needs,
        isDisruptive: command.isDisruptive,
        refusal: offered.refusal ?? role?.message ?? (fields.length === 0 ? reasonFor({}) : nothingLeft(judged)),
      },
    ];
  });
}

/** One command with all its arguments, as it is offered where it is the next step of something. */
export function offerOf(command: Command, args: Record<string, unknown>, view: View, asker: Asker, nowMs: number): Offer {
  const { verb, does, needs, isDisruptive } = command;
  const role = authorise(needs)(asker);
  const refusal = role?.message ?? refusalOf(command, args, { view, nowMs, asker });
  return { ask: { verb, args }, title: command.title(args), does, fields: [], needs, isDisruptive, refusal };
}

/** Every choice of a field that must be made is refused: then so is the whole. */
function nothingLeft(fields: readonly OfferField[]): string | null {
  const closed = fields.find(
    ({ kind, isRequired, choices }) => kind === "choice" && isRequired && choices.every(({ refusal }) => refusal !== null),
  );
  return closed ? (closed.choices[0]?.refusal ?? `There is nothing to choose for ${closed.label}.`) : null;
}

/** Why a command with these arguments would be refused now, before anything is simulated; null when nothing is known against it. */
function refusalOf(command: Command, args: unknown, around: { view: View; nowMs: number; asker: Asker }): string | null {
  const decoded = decode(command.args, args);
  // Arguments that are still to be asked: nothing can be said yet.
  if (!decoded.ok) return null;
  const steps = command.steps(around.view, decoded.value, null);
  if (steps.length === 0) return isToldNow(around.view, command, decoded.value) ? "It is so already." : NOBODY_TELLS;
  const acting = chooseActing(around.view, steps, command.actingNode?.(decoded.value, around.view) ?? null);
  if ("refusal" in acting) return acting.refusal;
  const context = contextOf(command, decoded.value, { ...around, preview: null, runId: null });
  return judge(command.guards, context).find(({ level }) => level === "block")?.message ?? null;
}
