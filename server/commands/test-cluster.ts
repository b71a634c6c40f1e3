// SPDX-License-Identifier: Apache-2.0
import type { CommandPreview } from "@/agent/protocol/console/commands";
import type { Ask, Run } from "@/agent/protocol/console/runs";
import type { Entity, View } from "@/agent/protocol/console/view";
import type { PrepareResult, PreviewResult, Step, StepOrder, StepPreview, StepResult } from "@/agent/protocol/steps";
import { openAuditJournal } from "@/server/audit/journal";
import { rowOf } from "@/server/audit/rows";
import { temporaryDatabase } from "@/server/db/temporary-database";
import type { Agents, Heard } from "@/server/hub/requests";
import { createCommands } from "./commands";
import { node, resource, said, simulated, T0, viewOf } from "./guards/test-view";
import type { Asker } from "./previews";

/** What a test's agents answer; each may be changed before it is asked. */
export interface Answers {
  preview: (steps: readonly Step[]) => Heard<PreviewResult>;
  prepare: (node: string, steps: readonly Step[] | null) => Heard<PrepareResult>;
  step: (order: StepOrder) => Heard<StepResult>;
}

export const ANNA: Asker = { user: "anna", role: "admin", token: null, from: "192.0.2.7" };
export const OTTO: Asker = { user: "otto", role: "operator", token: null, from: "192.0.2.8" };

export const FROM = { adminEpoch: 0, epoch: 41 };

/** One simulated step for each: a change of its own digest, from one configuration. */
export function previewsOf(steps: readonly Step[], part: Partial<StepPreview> = {}, epoch = FROM.epoch): StepPreview[] {
  return steps.flatMap(({ kind }) => {
    const digest = Buffer.from(kind.padEnd(32, ".")).toString("hex");
    return simulated({ change: { from: { ...FROM, epoch }, digest }, commands: [`write ${kind}`], ...part });
  });
}

/** A cluster of two whose agents are scripted, under the real runner with a real database. */
export async function testCluster() {
  const { db, remove } = await temporaryDatabase();
  let view: View = viewOf();
  const listeners = new Set<() => void>();
  const orders: StepOrder[] = [];
  const asked: string[] = [];
  const runs: Run[] = [];
  const logged: string[] = [];
  const clock = { nowMs: T0 };
  const answers: Answers = {
    preview: (steps) => ({ ok: true, answer: { ok: true, steps: previewsOf(steps) } }),
    prepare: (_, steps) => ({
      ok: true,
      answer: { ok: true, ready: steps && { nonce: `nonce-${steps.length}`, steps: previewsOf(steps) } },
    }),
    step: () => ({ ok: true, answer: { ok: true, commands: ["written"], output: "" } }),
  };
  const agents: Agents = {
    preview: async (_, __, steps) => answers.preview(steps),
    prepare: async (_, name, __, steps) => {
      asked.push(`prepare ${name}`);
      return answers.prepare(name, steps);
    },
    step: async (_, name, order) => {
      asked.push(`step ${name} ${order.step.kind}`);
      orders.push(order);
      return answers.step(order);
    },
    heads: async () => ({ ok: true, answer: [] }),
  };
  const journal = await openAuditJournal(db.audit, () => clock.nowMs);
  const open = () =>
    createCommands({
      agents,
      agentIdOf: (_, name) => `agent-${name}`,
      audit: journal,
      maintenance: db.maintenance,
      viewOf: (slug) => (slug === "san-a" ? view : null),
      onView(_, listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      showRuns(_, list) {
        const last = list.at(-1);
        if (last) runs.push(last);
        view = new Map([...view].filter(([, { kind }]) => kind !== "run"));
        for (const run of list) view = new Map(view).set(`run:${run.id}`, { kind: "run", ...run });
      },
      declare: () => undefined,
      log: { info: () => undefined, warn: () => undefined, error: (message) => logged.push(message) },
      now: () => clock.nowMs,
    });
  return {
    db,
    remove,
    answers,
    clock,
    orders,
    asked,
    runs,
    logged,
    journal,
    open,
    commands: await open(),
    /** Puts entities into the view, in place of those of the same key, and tells whoever waits. */
    show(...entities: readonly Entity[]): void {
      view = new Map([...view, ...viewOf(...entities)].filter(([key]) => key !== "gone"));
      for (const listener of [...listeners]) listener();
    },
    /** Puts these in place of all but the runs, under the keys they are given with, and tells whoever waits. */
    put(entities: ReadonlyMap<string, Entity>): void {
      view = new Map([...[...view].filter(([, { kind }]) => kind === "run"), ...entities]);
      for (const listener of [...listeners]) listener();
    },
    /** Tells whoever waits, as when something else moved. */
    tell(): void {
      for (const listener of [...listeners]) listener();
    },
    entries: () => db.audit.after(0, 100),
  };
}
export type TestCluster = Awaited<ReturnType<typeof testCluster>>;

/** crystal as it is in standby, with g_mail still on ruby. */
export const CRYSTAL_STANDBY: readonly Entity[] = [
  node("crystal", { state: said("held", "standby"), isInStandby: true }),
  resource("g_mail", "ruby"),
];

/** Somebody who asks, and what can be seen of it. `of`: the test's cluster, made anew before each test. */
export function desk(of: () => TestCluster) {
  const preview = async (ask: Ask = STANDBY, asker: Asker = ANNA): Promise<CommandPreview> => {
    const made = await of().commands.preview("san-a", ask, asker);
    if ("code" in made) throw new Error(made.message);
    return made;
  };
  /** Confirms with everything accepted that may be. */
  const confirm = async (made: CommandPreview, asker: Asker = ANNA, more: { accept?: string[]; typed?: string | null } = {}) => {
    const accept = more.accept ?? made.findings.map(({ guard }) => guard);
    const typed = more.typed === undefined ? made.typedName : more.typed;
    const answer = await of().commands.confirm("san-a", { preview: made.id, accept, typed, reason: null }, asker);
    if ("code" in answer) throw new Error(answer.message);
    return answer;
  };
  const last = () => of().runs.at(-1);
  return {
    preview,
    confirm,
    async start(ask: Ask = STANDBY): Promise<string> {
      const answer = await confirm(await preview(ask));
      if (answer.did !== "started") throw new Error(answer.message);
      return answer.run;
    },
    kinds: async () => (await of().entries()).map(({ kind }) => kind),
    last,
    row: async (run: string) => rowOf(await of().db.audit.ofRuns([run])),
  };
}

export const STANDBY = { verb: "node.standby", args: { node: "crystal" } };
export const MOVE = { verb: "resource.move", args: { resource: "g_mail", to: "crystal" } };

/** A fencing is no change of the configuration. */
export const fencesOf = (steps: readonly Step[]) => previewsOf(steps, { change: null, fenceDevices: ["fence"] });
