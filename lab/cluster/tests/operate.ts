// SPDX-License-Identifier: Apache-2.0
import { expect } from "vitest";
import { CommandPreview, ConfirmationAnswer } from "@/agent/protocol/console/commands";
import { type Outcome, Run } from "@/agent/protocol/console/runs";
import type { Client, SeenView } from "../api";
import { lab } from "./lab";

type Args = Record<string, unknown>;

/** Asks for a preview; what the console answers when it makes none is the error. */
export async function preview(client: Client, verb: string, args: Args): Promise<CommandPreview> {
  const { status, body } = await client.askCluster("POST", "/previews", { verb, args });
  if (status !== 201) throw new Error(`${verb} ${JSON.stringify(args)}: no preview (${status}): ${JSON.stringify(body)}`);
  return CommandPreview.parse(body);
}

/** Confirms with every warning accepted and every name typed, unless told otherwise. */
export async function confirm(
  client: Client,
  made: CommandPreview,
  more: { accept?: string[]; typed?: string | null; reason?: string } = {},
) {
  const accept = more.accept ?? made.findings.filter(({ level }) => level === "warn").map(({ guard }) => guard);
  const typed = more.typed === undefined ? made.typedName : more.typed;
  const { body } = await client.askCluster("POST", "/runs", { preview: made.id, accept, typed, reason: more.reason ?? null });
  return ConfirmationAnswer.parse(body);
}

/** Follows a run to its end. */
export async function followed(client: Client, run: string, withinMs?: number): Promise<Run> {
  return lab.until(
    async () => {
      const { status, body } = await client.askCluster("GET", `/runs/${run}`);
      if (status !== 200) return null;
      const now = Run.parse(body);
      return now.outcome === null ? null : now;
    },
    `The run ${run} does not end`,
    withinMs,
  );
}

/** Previews, confirms and follows; what was refused is the error. */
export async function operate(
  client: Client,
  verb: string,
  args: Args,
  more: { reason?: string } = {},
): Promise<{ made: CommandPreview; run: Run; tookMs: number }> {
  const made = await preview(client, verb, args);
  const startedAtMs = Date.now();
  const answer = await confirm(client, made, more);
  if (answer.did !== "started") throw new Error(`${made.title} was refused: ${answer.message} ${answer.differences.join(" ")}`);
  const run = await followed(client, answer.run);
  return { made, run, tookMs: Date.now() - startedAtMs };
}

/** A run ended so; its own words are in the error when it did not. */
export function expectEnd({ outcome, says }: Run, wanted: Outcome): void {
  expect(`${outcome}: ${says}`).toMatch(new RegExp(`^${wanted}: `));
}

/** Where Pacemaker says each primitive is, in the words of a preview's end: "started on ruby". Instances of clones together. */
export function placesOf(view: SeenView, resources: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    resources.map((id) => {
      const places = view.get("resource", `rsc:${id}`)?.places ?? [];
      const words = places.map(({ role, node }) => `${role.toLowerCase()} on ${node}`).sort();
      return [id, words.length === 0 ? "stopped" : [words.slice(0, -1).join(", "), ...words.slice(-1)].filter(Boolean).join(" and ")];
    }),
  );
}

/** The end that was predicted is the end that came, for every resource the preview speaks of. */
export function expectPredicted(made: CommandPreview, view: SeenView): void {
  const ids = made.effects.map(({ resource }) => resource);
  expect(ids.length).toBeGreaterThan(0);
  const predicted = Object.fromEntries(made.effects.map(({ resource, after }) => [resource, after]));
  expect(placesOf(view, ids)).toEqual(predicted);
}

/** What Pacemaker's own tool says of the constraints now, asked inside a node. */
export async function constraints(node = "ruby"): Promise<string> {
  return lab.must(node, "cibadmin", "--query", "--scope", "constraints");
}
