// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import type { AgentFrame, ConsoleFrame } from "@/agent/protocol/messages";
import type { SourceName } from "@/agent/protocol/sources";
import type { AuditHead, PrepareResult, PreviewResult, Step, StepOrder, StepResult } from "@/agent/protocol/steps";

/** What a console asks one agent. */
type Question = Extract<ConsoleFrame, { type: "preview" | "prepare" | "step" | "heads" }>;
export type AnswerFrame = Extract<AgentFrame, { type: "previewed" | "prepared" | "stepDone" | "heads" }>;

/**
 * An agent's answer, or why there is none. `wasSent` false: the agent has certainly not heard it. True: it may have heard,
 * and acted; nobody asks again on its own.
 */
export type Heard<A> = { ok: true; answer: A } | { ok: false; wasSent: boolean; why: string };

/** What can be asked of the agents of all nodes. Never rejects: no answer is an outcome of its own. */
export interface Agents {
  preview(cluster: string, node: string, steps: readonly Step[]): Promise<Heard<PreviewResult>>;
  /** `steps` null: only read these sources again. */
  prepare(cluster: string, node: string, sources: readonly SourceName[], steps: readonly Step[] | null): Promise<Heard<PrepareResult>>;
  /** Signs the order, and has it done. */
  step(cluster: string, node: string, order: StepOrder): Promise<Heard<StepResult>>;
  heads(cluster: string, node: string): Promise<Heard<readonly AuditHead[]>>;
}

/** A simulation on a large cluster takes seconds. */
const ANSWER_MS = 30_000;
/** A fence step answers when the fencing is over, or gives up by itself before this. */
const STEP_MS = 180_000;

interface Waiting {
  owner: object;
  hear: (answer: AnswerFrame) => void;
  lose: (why: string) => void;
}

/** An open connection of an agent. `owner` is what it is known by when it ends. */
export interface Line {
  owner: object;
  agentId: string;
  send: (frame: Question) => void;
}

/** Questions that wait for their answers, each of one connection. `factor` scales the limits in slow labs. */
export function createRequests(deps: {
  lineOf: (cluster: string, node: string) => Line | null;
  sign: (body: string) => string;
  factor: number;
  newId?: () => string;
}) {
  const waiting = new Map<string, Waiting>();
  const newId = deps.newId ?? randomUUID;

  function ask<A>(
    cluster: string,
    node: string,
    make: (id: string) => Question,
    pick: (answer: AnswerFrame) => A | null,
    limitMs = ANSWER_MS,
  ): Promise<Heard<A>> {
    const line = deps.lineOf(cluster, node);
    if (line === null) return Promise.resolve({ ok: false, wasSent: false, why: `${node}'s agent is not linked` });
    const id = newId();
    return new Promise((resolve) => {
      const settle = (heard: Heard<A>) => {
        clearTimeout(late);
        if (waiting.delete(id)) resolve(heard);
      };
      const lose = (why: string) => settle({ ok: false, wasSent: true, why });
      const late = setTimeout(() => lose(`${node}'s agent did not answer within ${limitMs / 1_000} s`), limitMs * deps.factor);
      const hear = (answer: AnswerFrame) => {
        const picked = pick(answer);
        if (picked !== null) settle({ ok: true, answer: picked });
      };
      waiting.set(id, { owner: line.owner, hear, lose });
      line.send(make(id));
    });
  }

  const agents: Agents = {
    preview: (cluster, node, steps) =>
      ask(
        cluster,
        node,
        (id) => ({ type: "preview", id, steps: [...steps] }),
        (answer) => (answer.type === "previewed" ? answer.result : null),
      ),
    prepare: (cluster, node, sources, steps) =>
      ask(
        cluster,
        node,
        (id) => ({ type: "prepare", id, sources: [...sources], steps: steps && [...steps] }),
        (answer) => (answer.type === "prepared" ? answer.result : null),
      ),
    step(cluster, node, order) {
      const body = JSON.stringify(order);
      const signature = deps.sign(body);
      return ask(
        cluster,
        node,
        (id) => ({ type: "step", id, body, signature }),
        (answer) => (answer.type === "stepDone" ? answer.result : null),
        STEP_MS,
      );
    },
    heads: (cluster, node) =>
      ask(
        cluster,
        node,
        (id) => ({ type: "heads", id }),
        (answer) => (answer.type === "heads" ? answer.heads : null),
      ),
  };

  return {
    agents,
    /** An answer came over `owner`'s connection. One nobody waits for (any more), or of another kind, is not heard. */
    hear(owner: object, answer: AnswerFrame): void {
      const one = waiting.get(answer.id);
      if (one?.owner === owner) one.hear(answer);
    },
    /** The connection is gone: what was asked may or may not have been done. */
    lose(owner: object): void {
      for (const one of [...waiting.values()]) if (one.owner === owner) one.lose("the link broke before its agent answered");
    },
  };
}
