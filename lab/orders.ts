// SPDX-License-Identifier: Apache-2.0
import { CommandPreview, ConfirmationAnswer } from "@/agent/protocol/console/commands";
import { Run } from "@/agent/protocol/console/runs";
import type { Client } from "./cluster/api";
import { until } from "./cluster/until";

export type Args = Record<string, unknown>;

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
  return until(
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
  more: { reason?: string; withinMs?: number } = {},
): Promise<{ made: CommandPreview; run: Run; tookMs: number }> {
  const made = await preview(client, verb, args);
  const startedAtMs = Date.now();
  const answer = await confirm(client, made, more);
  if (answer.did !== "started") throw new Error(`${made.title} was refused: ${answer.message} ${answer.differences.join(" ")}`);
  const run = await followed(client, answer.run, more.withinMs);
  return { made, run, tookMs: Date.now() - startedAtMs };
}
