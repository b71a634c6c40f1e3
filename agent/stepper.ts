// SPDX-License-Identifier: Apache-2.0

import { StepFailure, stepErrorOf } from "./actuators/failure";
import { previewSteps } from "./actuators/preview";
import { takeStep } from "./actuators/take";
import type { AuditHeads } from "./audit-heads";
import type { Clock } from "./clock";
import { drbdDifference } from "./drbd-expected";
import type { Host } from "./host/host";
import { isSignedBy } from "./keys";
import { createNonces } from "./nonces";
import { plainText } from "./plain-text";
import type { Policy } from "./policy";
import { decodeJson } from "./protocol/decode";
import { stepBytes } from "./protocol/signing";
import type { Reading, SourceName } from "./protocol/sources";
import {
  type AuditHead,
  type PrepareResult,
  type PreviewResult,
  type Step,
  type StepError,
  StepOrder,
  type StepResult,
} from "./protocol/steps";

export interface StepperDeps {
  host: Host;
  clock: Clock;
  agentId: string;
  node: string;
  /** The console's raw public key, base64, pinned at enrolment. */
  consoleKey: string;
  /** False over plain text off loopback: then nothing is previewed or done, whatever the policy says. */
  isTrustedLink: boolean;
  /** Read anew for every question, so that an admin's change holds at once. */
  policy: () => Promise<Policy>;
  heads: AuditHeads;
  /** Reads these sources once more, by reads that start now; settles when their readings were told. */
  reread: (sources: readonly SourceName[]) => Promise<void>;
  drbd: () => Reading<"drbd"> | undefined;
  log: (sentence: string) => void;
}

/** Answers what a console may ask of an agent that acts. Never rejects: a refusal is an answer. */
export interface Stepper {
  /** The kinds of steps that are taken here now. */
  kinds(): Promise<readonly string[]>;
  preview(steps: readonly Step[]): Promise<PreviewResult>;
  prepare(sources: readonly SourceName[], steps: readonly Step[] | null): Promise<PrepareResult>;
  step(body: string, signature: string): Promise<StepResult>;
  heads(): readonly AuditHead[];
  /** Something was refused before it came this far: it stands in the log too. */
  note(refusal: StepError): void;
}

export function createStepper(deps: StepperDeps): Stepper {
  const { host, clock, heads, log } = deps;
  const nonces = createNonces(clock);
  /** What is being done now; null when nothing is. */
  let acting: string | null = null;
  /** Previews run one after another: each is several tools. */
  let previews: Promise<unknown> = Promise.resolve();

  function note(what: string, { code, message }: StepError): void {
    log(`${what} was refused or failed (${code}): ${message}`);
  }
  function refuse(what: string, error: unknown): { ok: false; error: StepError } {
    const told = stepErrorOf(error);
    note(what, told);
    return { ok: false, error: told };
  }

  async function requireAllowed(steps: readonly Step[]): Promise<void> {
    requireLink();
    const policy = await deps.policy();
    const forbidden = steps.find(({ kind }) => !policy.steps.includes(kind));
    if (forbidden) throw new StepFailure("STEP_POLICY", `This node does not allow ${forbidden.kind}: ${policy.why}`);
  }
  function requireLink(): void {
    if (!deps.isTrustedLink)
      throw new StepFailure("STEP_LINK", "The link to this node is plain text across the network: no step is taken over it. Use https.");
  }

  function previewInTurn(steps: readonly Step[]) {
    const turn = previews.then(() => previewSteps(host, steps));
    previews = turn.catch(() => undefined); // whoever asked hears of it
    return turn;
  }

  /** One acting thing at a time. @throws StepFailure STEP_BUSY */
  async function alone<T>(what: string, act: () => Promise<T>): Promise<T> {
    if (acting !== null) throw new StepFailure("STEP_BUSY", `This agent is busy with another step (${acting}). Try again when it is over.`);
    acting = what;
    try {
      return await act();
    } finally {
      acting = null;
    }
  }

  /** The order, if it is the console's, for us, for now. The nonce is used up whatever comes of it. @throws StepFailure */
  function orderOf(body: string, signature: string): StepOrder {
    requireLink();
    if (!isSignedBy(deps.consoleKey, stepBytes(body), signature))
      throw new StepFailure("STEP_SIGNATURE", "The step is not signed by this node's console, or not as it arrived.");
    const order = decodeJson(StepOrder, body);
    if (!order.ok) throw new StepFailure("STEP_INVALID", `The step does not fit the contract: ${order.error}`);
    const { agentId, node, nonce, step } = order.value;
    const isFresh = nonces.take(nonce, step);
    if (agentId !== deps.agentId || node !== deps.node)
      throw new StepFailure(
        "STEP_NOT_MINE",
        `The step is for ${node}, and this is ${deps.node} (or the same name under another enrolment).`,
      );
    if (!isFresh)
      throw new StepFailure("STEP_NONCE", "The step carries a nonce that is unknown here, used, older than a minute, or for another step.");
    return order.value;
  }

  async function act(order: StepOrder): Promise<StepResult> {
    await requireAllowed([order.step]);
    return alone(`${order.step.kind} of run ${order.runId}`, async () => {
      await keepHead(order.audit);
      await deps.reread(["drbd"]);
      const difference = drbdDifference(deps.drbd(), order.expect.drbd);
      if (difference !== null) throw new StepFailure("STEP_CHANGED", `${difference} Nothing was done: look at it again.`);
      const { commands, output } = await takeStep({ host, clock, drbd: deps.drbd() }, order.step, order.expect.change);
      log(`Did ${plainText(JSON.stringify(order.step), 300)} for run ${order.runId}.`);
      return { ok: true, commands, output: output.slice(0, MAX_OUTPUT) };
    });
  }

  async function keepHead(head: AuditHead): Promise<void> {
    try {
      await heads.keep(head);
    } catch (error) {
      const why = error instanceof Error ? plainText(error.message) : "";
      throw new StepFailure("STEP_TOOL", `The audit's head cannot be kept on this node's disk, so nothing was done: ${why}`, false, {
        cause: error,
      });
    }
  }

  return {
    async kinds() {
      return deps.isTrustedLink ? (await deps.policy()).steps : [];
    },
    async preview(steps) {
      try {
        await requireAllowed(steps);
        return { ok: true, steps: await previewInTurn(steps) };
      } catch (error) {
        return refuse("A preview", error);
      }
    },
    async prepare(sources, steps) {
      try {
        if (steps === null) {
          await deps.reread(sources);
          return { ok: true, ready: null };
        }
        await requireAllowed(steps);
        if (acting !== null)
          throw new StepFailure("STEP_BUSY", `This agent is busy with another step (${acting}). Try again when it is over.`);
        const [previewed] = await Promise.all([previewInTurn(steps), deps.reread(sources)]);
        const [first] = steps;
        if (first === undefined) throw new StepFailure("STEP_INVALID", "There is no step to prepare.");
        return { ok: true, ready: { nonce: nonces.give(first), steps: previewed } };
      } catch (error) {
        return refuse("A preparation", error);
      }
    },
    async step(body, signature) {
      try {
        return await act(orderOf(body, signature));
      } catch (error) {
        return refuse("A step", error);
      }
    },
    heads: () => heads.all(),
    note: (refusal) => note("A question", refusal),
  };
}

/** As the contract has it. */
const MAX_OUTPUT = 4_000;
