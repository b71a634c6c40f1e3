// SPDX-License-Identifier: Apache-2.0
import { CommandPreview, ConfirmationAnswer } from "@/agent/protocol/console/commands";
import { type Ask, type Outcome, Run } from "@/agent/protocol/console/runs";
import { keyOf } from "@/agent/protocol/console/view";
import { LeftConstraint } from "@/agent/protocol/steps";
import { CliError } from "./cli-error";
import { askConsole, type ConsoleAddress, NoAnswer } from "./console-client";
import type { Chosen, Said, Word } from "./define";
import { clusterHolding, viewOf } from "./where";

/** How a command ended, as the program's exit code. 3: it was previewed only. */
const EXIT = { done: 0, alreadySo: 0, refused: 1, failed: 4, unsettled: 5, unknown: 6, interrupted: 7 } as const satisfies Record<
  Outcome,
  number
>;
const PREVIEWED_ONLY = 3;
const LOOK_EVERY_MS = 500;

const nodeWord = (name: string, verb: string, does: string): Word => ({
  name,
  usage: "NODE",
  does,
  run: (address, [node], chosen, tell) => operate(address, keyOf.node(named(node, "a node")), { verb, args: { node } }, chosen, tell),
});

export const OPERATING: readonly Word[] = [
  nodeWord("standby", "node.standby", "Take everything off a node."),
  nodeWord("unstandby", "node.unstandby", "Let a node run services again."),
  {
    name: "move",
    usage: "RESOURCE NODE",
    does: "Move a resource; its constraint is removed afterwards.",
    run: (address, [resource, to], chosen, tell) =>
      operate(
        address,
        keyOf.resource(named(resource, "a resource")),
        { verb: "resource.move", args: { resource, to: named(to, "a node") } },
        chosen,
        tell,
      ),
  },
  {
    name: "ban",
    usage: "RESOURCE NODE --hours N",
    does: "Keep a resource off a node for some hours.",
    run(address, [resource, node], chosen, tell) {
      const args = { resource, node: named(node, "a node"), hours: named(chosen.hours, "for how long with --hours N") };
      return operate(address, keyOf.resource(named(resource, "a resource")), { verb: "resource.ban", args }, chosen, tell);
    },
  },
  {
    name: "clear",
    usage: "RESOURCE",
    does: "Remove the constraints that moves and bans left on a resource.",
    async run(address, [resource], chosen, tell) {
      const key = keyOf.resource(named(resource, "a resource"));
      const slug = await clusterHolding(address, key, chosen.cluster);
      const constraints = [...(await viewOf(address, slug)).values()].flatMap((one) =>
        one.kind === "constraint" && one.constraint.resource === resource && LeftConstraint.safeParse(one.constraint.id).success
          ? [one.constraint.id]
          : [],
      );
      if (constraints.length === 0) return { text: `Nothing is left on ${resource}.\n`, exitCode: 0 };
      return operate(address, key, { verb: "resource.clear", args: { resource, constraints } }, { ...chosen, cluster: slug }, tell);
    },
  },
  {
    name: "cleanup",
    usage: "RESOURCE [--node NODE]",
    does: "Forget a resource's failures, and probe it again.",
    run: (address, [resource], chosen, tell) =>
      operate(
        address,
        keyOf.resource(named(resource, "a resource")),
        { verb: "resource.cleanup", args: { resource, node: chosen.node ?? null } },
        chosen,
        tell,
      ),
  },
  {
    name: "verify",
    usage: "MIRROR [--off]",
    does: "Compare a mirror's copies block by block, and follow that to its end; --off: end the one that runs.",
    run(address, [word], chosen, tell) {
      const mirror = mirrorWord(named(word, "a mirror"));
      const verb = chosen.off ? "drbd.verifyStop" : "drbd.verify";
      return operate(address, keyOf.mirror(mirror.resource, mirror.volume), { verb, args: mirror }, chosen, tell);
    },
  },
  {
    name: "maintenance",
    usage: "[NODE] --until TIME --note TEXT | --off",
    does: "Hold a node, or with --cluster SLUG alone the whole cluster, still until a time; or end that.",
    run(address, [node], chosen, tell) {
      const word = chosen.off ? "off" : "on";
      const ends = chosen.off
        ? {}
        : { untilMs: moment(named(chosen.until, "until when with --until TIME")), note: named(chosen.note, "why with --note TEXT") };
      if (node !== undefined)
        return operate(address, keyOf.node(node), { verb: `node.maintenance-${word}`, args: { node, ...ends } }, chosen, tell);
      named(chosen.cluster, "a node, or a cluster with --cluster SLUG");
      return operate(address, keyOf.cluster, { verb: `cluster.maintenance-${word}`, args: ends }, chosen, tell);
    },
  },
];

/** "store" or "store/0". @throws CliError */
function mirrorWord(word: string): { resource: string; volume: number } {
  const found = /^([^/]+)(?:\/(\d{1,5}))?$/.exec(word);
  if (!found) throw new CliError(`"${word}" is no mirror like store or store/0.`, 2);
  return { resource: found[1] ?? "", volume: Number(found[2] ?? 0) };
}

function named(word: string | undefined, what: string): string {
  if (word === undefined) throw new CliError(`Say ${what}.`, 2);
  return word;
}

function moment(text: string): number {
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) throw new CliError(`"${text}" is not a time like 2026-11-20T18:00Z.`, 2);
  return atMs;
}

/** Previews; with --yes confirms, and follows to the end. The same guards as in the browser. */
async function operate(address: ConsoleAddress, key: string, ask: Ask, chosen: Chosen, tell: (line: string) => void): Promise<Said> {
  const slug = await clusterHolding(address, key, chosen.cluster);
  const base = `/api/v1/clusters/${encodeURIComponent(slug)}`;
  const preview = await askConsole(address, "POST", `${base}/previews`, CommandPreview, ask);
  const say = (line: string) => {
    if (!chosen.json) tell(line);
  };
  for (const line of inWords(preview, slug)) say(line);
  if (!chosen.yes) {
    say("Only previewed. Add --yes to have it done, with --accept for each warning.");
    return { text: chosen.json ? `${JSON.stringify({ preview })}\n` : "", exitCode: PREVIEWED_ONLY };
  }
  const accept = (chosen.accept ?? "").split(",").filter(Boolean);
  const confirmation = { preview: preview.id, accept, typed: chosen.type ?? null, reason: chosen.reason ?? null };
  const asked = askConsole(address, "POST", `${base}/runs`, ConfirmationAnswer, confirmation);
  const answer = await orUnknown(asked, (cause) => cause instanceof NoAnswer);
  if (answer.did === "refused") {
    for (const line of [`Refused: ${answer.message}`, ...answer.differences]) say(line);
    return { text: chosen.json ? `${JSON.stringify({ preview, answer })}\n` : "", exitCode: EXIT.refused };
  }
  const run = await orUnknown(follow(address, `${base}/runs/${answer.run}`, say), () => true);
  say(`${run.outcome}: ${run.says}`);
  return {
    text: chosen.json ? `${JSON.stringify({ preview, run })}\n` : "",
    exitCode: run.outcome === null ? EXIT.unknown : EXIT[run.outcome],
  };
}

/** Once it may be under way, what goes wrong between here and the console is no refusal. @throws CliError 6 where `isOpen` says so */
async function orUnknown<T>(asked: Promise<T>, isOpen: (cause: CliError) => boolean): Promise<T> {
  try {
    return await asked;
  } catch (cause) {
    if (!(cause instanceof CliError) || !isOpen(cause)) throw cause;
    const message = `${cause.message} It may be under way, or done: do not ask for it again before you looked. The audit tells, and the cluster itself.`;
    throw new CliError(message, EXIT.unknown, { cause });
  }
}

function inWords({ title, effects, commands, findings, typedName, isAlreadySo }: CommandPreview, slug: string): string[] {
  return [
    `${title} (${slug})${isAlreadySo ? ": it is so already." : ""}`,
    ...effects.map(({ resource, before, after, reason }) => `  ${resource}: ${before} -> ${after}${reason ? ` (${reason})` : ""}`),
    ...commands.map((line) => `  $ ${line}`),
    ...findings.map(({ level, guard, message }) => `  ${level}${level === "warn" ? ` (--accept ${guard})` : ""}: ${message}`),
    ...(typedName === null ? [] : [`  To go on, an admin says --type ${typedName}.`]),
  ];
}

/** Tells each phase as it begins, until the end. */
async function follow(address: ConsoleAddress, route: string, say: (line: string) => void): Promise<Run> {
  let told = 0;
  for (;;) {
    const run = await askConsole(address, "GET", route, Run);
    for (const { says } of run.phases.slice(told)) say(`  ... ${says}`);
    told = run.phases.length;
    if (run.outcome !== null) return run;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
