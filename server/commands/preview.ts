// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { CommandPreview } from "@/agent/protocol/console/commands";
import type { Ask } from "@/agent/protocol/console/runs";
import type { View } from "@/agent/protocol/console/view";
import { decode } from "@/agent/protocol/decode";
import type { Step, StepPreview } from "@/agent/protocol/steps";
import { type Refusal, refusal } from "@/server/auth/refusal";
import { authorise } from "@/server/auth/roles";
import { formatDuration } from "@/server/cluster/words";
import type { Agents } from "@/server/hub/requests";
import { chooseActing, expectedDrbd } from "./acting";
import { commandOf } from "./catalog";
import { type Command, judge, type PlanItem } from "./define";
import { durationOf } from "./durations";
import { effectsOf } from "./effects";
import { isToldNow } from "./look";
import { contextOf, NOBODY_TELLS } from "./offers";
import { type Asker, type HeldPreview, PREVIEW_LASTS_MS } from "./previews";

export interface PreviewDeps {
  agents: Agents;
  /** The view as it is now; null when there is no such cluster. */
  viewOf: (slug: string) => View | null;
  now: () => number;
}

/** What a command would do, simulated by the agent that would do it, with what the guards say of it. */
export async function makePreview(deps: PreviewDeps, slug: string, ask: Ask, asker: Asker): Promise<HeldPreview | Refusal> {
  const command = commandOf(ask.verb);
  if (!command) return refusal("COMMAND_UNKNOWN", `There is no command ${ask.verb}.`);
  const no = authorise(command.needs)(asker);
  if (no) return no;
  const decoded = decode(command.args, ask.args);
  if (!decoded.ok) return refusal("COMMAND_BAD_ARGS", `${ask.verb} does not take this: ${decoded.error}.`);
  const args: unknown = decoded.value;
  const misfit = command.misfit?.(args, deps.now()) ?? null;
  if (misfit !== null) return refusal("COMMAND_BAD_ARGS", misfit);
  const view = deps.viewOf(slug);
  if (!view) return refusal("CLUSTER_UNKNOWN", "There is no such cluster.");

  const first = command.steps(view, args, null);
  // "So already" is a result: it needs a word of now.
  if (first.length === 0 && !isToldNow(view, command, args)) return refusal("COMMAND_REFUSED", NOBODY_TELLS);
  const acting = first.length === 0 ? null : chooseActing(view, first, command.actingNode?.(args, view) ?? null);
  if (acting && "refusal" in acting) return refusal("COMMAND_REFUSED", acting.refusal);
  // What the preview is compared with later is read while it is simulated, not a second before.
  const [simulated] = acting
    ? await Promise.all([
        simulate(deps, slug, acting.node, command, args, first),
        deps.agents.prepare(slug, acting.node, ["pacemaker", "drbd"], null),
      ])
    : [{ steps: [], previews: [] }];
  if ("code" in simulated) {
    // What is known against it says more, and what to do, than the words of the tool that stumbled over it.
    const known = judge(command.guards, contextOf(command, args, { view, nowMs: deps.now(), asker, preview: null, runId: null }));
    const block = known.find(({ level }) => level === "block");
    return block ? refusal("COMMAND_REFUSED", `${block.message} Nothing was changed.`) : simulated;
  }

  const seen = deps.viewOf(slug) ?? view;
  const { steps, previews } = simulated;
  const nowMs = deps.now();
  // Without quorum Pacemaker's tools still take what ran on a dead node for running: the view has to say so too.
  const isAlreadySo =
    previews.every(({ isSame, change }) => isSame && change !== null) && isToldNow(seen, command, args) && command.settled(seen, args);
  const findings = isAlreadySo
    ? []
    : judge(command.guards, contextOf(command, args, { view: seen, nowMs, asker, preview: previews, runId: null }));
  const shown: CommandPreview = {
    id: randomUUID(),
    ask,
    title: command.title(args),
    about: command.about(args),
    atMs: nowMs,
    expiresAtMs: nowMs + PREVIEW_LASTS_MS,
    actingNode: acting?.node ?? null,
    isAlreadySo,
    effects: effectsOf(seen, previews),
    commands: previews.flatMap(({ commands }) => commands),
    findings,
    typedName: findings.some(({ level }) => level === "type") ? command.typedName(args) : null,
    needsReason: command.needsReason ?? false,
    tookMs: durationOf(seen, previews),
    plan: command.plan(seen, args, steps, previews).map(planSays),
    steps: previews,
  };
  return { slug, asker, command, args, steps, drbd: acting ? expectedDrbd(seen, acting.node) : [], shown };
}

type Simulated = { steps: Step[]; previews: StepPreview[] };

/** Simulates the steps; where the outcome calls for other steps, those, once. */
async function simulate(
  { agents, viewOf }: PreviewDeps,
  slug: string,
  node: string,
  command: Command,
  args: unknown,
  first: Step[],
): Promise<Simulated | Refusal> {
  let steps = first;
  for (let round = 0; ; round += 1) {
    const heard = await agents.preview(slug, node, steps);
    if (!heard.ok) return refusal("COMMAND_NO_PREVIEW", `${node} could not be asked what it would do: ${heard.why}. Nothing was changed.`);
    const { answer } = heard;
    if (!answer.ok) return refusal("COMMAND_NO_PREVIEW", `${node} could not simulate it: ${answer.error.message} Nothing was changed.`);
    if (answer.steps.length !== steps.length) return refusal("COMMAND_NO_PREVIEW", `${node} simulated something else than it was asked.`);
    const view = viewOf(slug);
    const better = view && round === 0 ? command.steps(view, args, answer.steps) : steps;
    if (better.length === 0 || isDeepStrictEqual(better, steps)) return { steps, previews: answer.steps };
    steps = better;
  }
}

function planSays(item: PlanItem): string {
  if ("step" in item) return STEP_WORDS[item.step.kind];
  return `Wait until ${item.says}, ${formatDuration(item.withinMs)} at the most.`;
}
const STEP_WORDS = {
  standby: "Write the node's standby attribute.",
  prefer: "Write the constraint that moves it.",
  ban: "Write the constraint that bans it.",
  clear: "Remove the constraint.",
  managed: "Write whether the cluster manages it.",
  maintenance: "Write the maintenance attribute.",
  cleanup: "Forget its failures and probe again.",
  fence: "Have the node fenced.",
  aoeDiscover: "Ask the network for AoE targets.",
  drbdDisconnect: "Let go of the peer.",
  drbdConnect: "Look for the peer again.",
  drbdTakeFromPeer: "Overwrite the blocks that are marked out of sync with the peer's.",
  drbdVerify: "Have DRBD compare the copies, from the first sector to the last.",
  drbdVerifyStop: "Have DRBD end the comparison where it is.",
} as const satisfies Record<Step["kind"], string>;
