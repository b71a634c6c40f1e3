// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openAuditHeads } from "./audit-heads";
import type { RunResult } from "./host/host";
import { type MemoryTree, memoryHost } from "./host/memory-host";
import { openJournal } from "./journal";
import { createJournalDisk } from "./journal-disk";
import { newKeys } from "./keys";
import { startLink } from "./link";
import { hurriedClock, manualClock } from "./manual-clock";
import type { Policy } from "./policy";
import type { Reading, SourceName } from "./protocol/sources";
import type { Step, StepKind, StepOrder } from "./protocol/steps";
import { timing } from "./protocol/timing";
import { createStepper, type StepperDeps } from "./stepper";
import { startTestConsole } from "./test-console";
import { emptyFolder } from "./test-folder";

const PATIENCE = { timeout: 60_000 };
const consoleKeys = newKeys();
const agentKeys = newKeys();
const HEAD = { seq: 3, hash: "b".repeat(64) };
const STANDBY: Step = { kind: "standby", node: "node1", on: true };
const DISCOVER: Step = { kind: "aoeDiscover" };
const fixture = (name: string) => readFileSync(path.join(import.meta.dirname, "actuators/fixtures", name), "utf8");
const SIMULATION = fixture("simulation/pacemaker-2.1.5-standby-node1.txt");
const DIFF = fixture("diff/pacemaker-2.1.5-move-with-lifetime.txt");
const CIB = '<cib admin_epoch="0" epoch="37" num_updates="0"><configuration/><status/></cib>\n';
const exit = (exitCode: number, stdout = ""): RunResult => ({ exitCode, stdout, stderr: "" });

/** Pacemaker's tools as far as a change needs them; `patched` is what was written. */
function tools(patched: string[], patchExit = 0): NonNullable<MemoryTree["tools"]> {
  return {
    cibadmin(args, { scratch }) {
      if (args[0] === "-Q") return exit(0, CIB);
      if (patchExit === 0) patched.push(scratch.get(args[2] ?? "") ?? "");
      return exit(patchExit);
    },
    crm_standby: exit(0),
    crm_simulate(args, { scratch }) {
      scratch.set(args.at(-1) ?? "", CIB);
      return exit(0, SIMULATION);
    },
    crm_diff: exit(1, DIFF),
    "aoe-discover": exit(0),
  };
}

interface Setup {
  allowed?: readonly StepKind[];
  deps?: Partial<StepperDeps>;
  patchExit?: number;
}

/** An agent's stepper behind a real link to a scripted console. */
async function linked({ allowed = ["standby", "aoeDiscover"], deps = {}, patchExit = 0 }: Setup = {}) {
  const stateDir = emptyFolder(onTestFinished);
  const log: string[] = [];
  const reread: SourceName[][] = [];
  const patched: string[] = [];
  const clock = manualClock();
  const host = memoryHost({ tools: tools(patched, patchExit) });
  const heads = await openAuditHeads(stateDir, "the console's key");
  const policy: Policy = { steps: allowed, why: "as the test says" };
  const stepper = createStepper({
    host,
    clock,
    agentId: "agent-1",
    node: "ruby",
    consoleKey: consoleKeys.publicKey,
    isTrustedLink: true,
    policy: async () => policy,
    heads,
    reread: async (sources) => void reread.push([...sources]),
    drbd: () => ({ status: "absent", takenAtMs: 1 }),
    log: (sentence) => log.push(sentence),
    ...deps,
  });
  const console = await startTestConsole(onTestFinished, { keys: consoleKeys, agentKey: agentKeys.publicKey });
  const linkClock = hurriedClock(20);
  const journal = await openJournal({ disk: createJournalDisk(stateDir), clock: linkClock, log: () => undefined });
  const link = startLink({
    console: console.address,
    allowPlainText: false,
    tlsProxy: false,
    ca: null,
    identity: { agentId: "agent-1", node: "ruby", keys: agentKeys, consoleKey: consoleKeys.publicKey },
    journal,
    clock: linkClock,
    timing: timing(6),
    bootId: async () => "boot-1",
    current: () => ({}),
    readTimes: () => ({}),
    stepper,
    log: () => undefined,
  });
  onTestFinished(async () => {
    await link.stop();
    await journal.close();
  });
  await vi.waitFor(() => expect(link.isLinked()).toBe(true), PATIENCE);

  async function orderFor(step: Step, part: Partial<StepOrder> = {}): Promise<StepOrder> {
    const answer = await console.ask({ type: "prepare", sources: ["drbd"], steps: [step] });
    if (answer.type !== "prepared" || !answer.result.ok || answer.result.ready === null) throw new Error(JSON.stringify(answer));
    const { nonce, steps } = answer.result.ready;
    const expect = { change: steps[0]?.change ?? null, drbd: [] };
    return { agentId: "agent-1", node: "ruby", runId: "run-1", step, nonce, audit: HEAD, expect, ...part };
  }
  return { console, log, reread, patched, clock, host, heads, orderFor, policy };
}

const refused = (code: string, mayHaveHappened = false) => ({
  type: "stepDone",
  result: { ok: false, error: { code, mayHaveHappened, message: expect.stringMatching(/\S.*[.:\w]/) } },
});

test("a step as it was prepared: facts read again, the head kept, the patch written", async () => {
  const { console, orderFor, patched, reread, heads, log } = await linked();
  const order = await orderFor(STANDBY);
  expect(reread).toEqual([["drbd"]]);
  expect(await console.order(order)).toMatchObject({ type: "stepDone", result: { ok: true } });
  expect(reread).toEqual([["drbd"], ["drbd"]]);
  expect(patched).toHaveLength(1);
  expect(patched[0]).toContain('<source admin_epoch="0" epoch="37"/>');
  expect(heads.all()).toEqual([HEAD]);
  expect(log).toEqual(['Did {"kind":"standby","node":"node1","on":true} for run run-1.']);
});

test("the same order again: refused, and nothing is written twice", async () => {
  const { console, orderFor, patched } = await linked();
  const order = await orderFor(STANDBY);
  await console.order(order);
  expect(await console.order(order)).toMatchObject(refused("STEP_NONCE"));
  expect(patched).toHaveLength(1);
});

test("a minute later: refused", async () => {
  const { console, orderFor, patched, clock } = await linked();
  const order = await orderFor(STANDBY);
  await clock.advance(60_000);
  expect(await console.order(order)).toMatchObject(refused("STEP_NONCE"));
  expect(patched).toEqual([]);
});

test("a nonce given for another step: refused, and used up", async () => {
  const { console, orderFor, patched } = await linked();
  const order = await orderFor(STANDBY);
  expect(await console.order({ ...order, step: { ...STANDBY, node: "node2" } })).toMatchObject(refused("STEP_NONCE"));
  expect(await console.order(order)).toMatchObject(refused("STEP_NONCE"));
  expect(patched).toEqual([]);
});

test("signed by another, or by nobody: refused, and the nonce is still good for the console", async () => {
  const { console, orderFor, patched, log } = await linked();
  const order = await orderFor(STANDBY);
  expect(await console.order(order, newKeys().sign)).toMatchObject(refused("STEP_SIGNATURE"));
  expect(await console.ask({ type: "step", body: JSON.stringify(order), signature: "AAAA" })).toMatchObject(refused("STEP_SIGNATURE"));
  expect(patched).toEqual([]);
  expect(log.at(-1)).toMatch(/^A step was refused or failed \(STEP_SIGNATURE\)/);
  expect(await console.order(order)).toMatchObject({ result: { ok: true } });
});

test("one byte changed on the way, anywhere: refused", async () => {
  const { console, orderFor, patched } = await linked();
  const body = JSON.stringify(await orderFor(STANDBY));
  const signature = consoleKeys.sign(new TextEncoder().encode(`quarterdeck step 1\n${body}`));
  for (const at of [0, 10, body.indexOf("node1") + 4, body.length - 1]) {
    const changed = `${body.slice(0, at)}${body[at] === "2" ? "3" : "2"}${body.slice(at + 1)}`;
    expect(await console.ask({ type: "step", body: changed, signature })).toMatchObject(refused("STEP_SIGNATURE"));
  }
  expect(await console.ask({ type: "step", body: `${body} `, signature })).toMatchObject(refused("STEP_SIGNATURE"));
  // What the console signs for a handshake or an enrolment is no step.
  expect(await console.ask({ type: "step", body, signature: consoleKeys.sign(Buffer.from(body)) })).toMatchObject(
    refused("STEP_SIGNATURE"),
  );
  expect(patched).toEqual([]);
});

test.each([
  ["another agent", { agentId: "agent-2" }],
  ["another node", { node: "crystal" }],
])("addressed to %s: refused", async (_name, part) => {
  const { console, orderFor, patched } = await linked();
  expect(await console.order(await orderFor(STANDBY, part))).toMatchObject(refused("STEP_NOT_MINE"));
  expect(patched).toEqual([]);
});

test("a kind that the policy does not allow: neither named, previewed, prepared nor taken", async () => {
  const { console, policy, orderFor, patched } = await linked();
  expect(console.of("hello")[0]?.steps).toEqual(["standby", "aoeDiscover"]);
  const fence: Step = { kind: "fence", node: "node2", action: "off" };
  const no = { result: { ok: false, error: { code: "STEP_POLICY", message: "This node does not allow fence: as the test says" } } };
  expect(await console.ask({ type: "preview", steps: [STANDBY, fence] })).toMatchObject(no);
  expect(await console.ask({ type: "prepare", sources: [], steps: [fence] })).toMatchObject(no);
  const order = await orderFor(STANDBY);
  policy.steps = ["fence"]; // the admin took it back between the preparation and the step
  expect(await console.order(order)).toMatchObject(refused("STEP_POLICY"));
  expect(patched).toEqual([]);
});

test("over a link that is not trusted nothing is named, previewed or taken; readings are made anew all the same", async () => {
  const { console, reread } = await linked({ deps: { isTrustedLink: false } });
  expect(console.of("hello")[0]?.steps).toEqual([]);
  expect(await console.ask({ type: "preview", steps: [STANDBY] })).toMatchObject({ result: { ok: false, error: { code: "STEP_LINK" } } });
  expect(await console.ask({ type: "step", body: "{}", signature: "AAAA" })).toMatchObject(refused("STEP_LINK"));
  expect(await console.ask({ type: "prepare", sources: ["drbd", "aoe"], steps: null })).toMatchObject({
    result: { ok: true, ready: null },
  });
  expect(reread).toEqual([["drbd", "aoe"]]);
});

test.each(["-h", "a;reboot", "--force", "a b", ""])("a resource named %j: refused with a sentence, and logged", async (resource) => {
  const { console, log, host } = await linked({ allowed: ["prefer", "cleanup"] });
  const ask = (question: object) => console.askText((id) => JSON.stringify({ ...question, id }));
  const steps = [{ kind: "cleanup", resource, node: null }];
  for (const type of ["preview", "prepare"]) {
    const answer = await ask({ type, steps, sources: [] });
    expect(answer).toMatchObject({ result: { ok: false, error: { code: "STEP_INVALID", mayHaveHappened: false } } });
  }
  const body = JSON.stringify({
    agentId: "agent-1",
    node: "ruby",
    runId: "r",
    step: steps[0],
    nonce: "n",
    audit: HEAD,
    expect: { change: null, drbd: [] },
  });
  const signature = consoleKeys.sign(new TextEncoder().encode(`quarterdeck step 1\n${body}`));
  expect(await console.ask({ type: "step", body, signature })).toMatchObject(refused("STEP_INVALID"));
  expect(log).toHaveLength(3);
  expect(host.asked).toEqual([]);
});

test("a kind of step that a newer console knows: refused, not left without an answer", async () => {
  const { console } = await linked();
  const answer = await console.askText((id) => JSON.stringify({ type: "preview", id, steps: [{ kind: "drbdVerify", minor: 0 }] }));
  expect(answer).toMatchObject({ type: "previewed", result: { ok: false, error: { code: "STEP_INVALID" } } });
});

test("the configuration moved on, or the change is another than previewed: refused, nothing is written", async () => {
  const { console, orderFor, patched } = await linked();
  const order = await orderFor(STANDBY);
  const { change } = order.expect;
  if (change === null) throw new Error("no change");
  const at = (epoch: number, digest = change.digest) => ({ change: { from: { adminEpoch: 0, epoch }, digest }, drbd: [] });
  expect(await console.order({ ...order, expect: at(36) })).toMatchObject(refused("STEP_CHANGED"));
  const other = await orderFor(STANDBY, { expect: at(37, "0".repeat(64)) });
  expect(await console.order(other)).toMatchObject(refused("STEP_CHANGED"));
  const none = await orderFor(STANDBY, { expect: { change: null, drbd: [] } });
  expect(await console.order(none)).toMatchObject(refused("STEP_INVALID"));
  expect(patched).toEqual([]);
});

test("the cluster changed between our look and the patch: exit 103 is a refusal, and nothing was written", async () => {
  const { console, orderFor } = await linked({ patchExit: 103 });
  expect(await console.order(await orderFor(STANDBY))).toMatchObject(refused("STEP_CHANGED"));
});

test("a cluster that does not say in time whether it took the patch: it may have happened", async () => {
  const { console, orderFor } = await linked({ patchExit: 124 });
  expect(await console.order(await orderFor(STANDBY))).toMatchObject(refused("STEP_TIMEOUT", true));
});

test("a cluster that is lost while the patch is written: it may have happened; one that refuses the patch has not taken it", async () => {
  const lost = await linked({ patchExit: 102 });
  expect(await lost.console.order(await lost.orderFor(STANDBY))).toMatchObject(refused("STEP_TOOL", true));
  const invalid = await linked({ patchExit: 78 });
  expect(await invalid.console.order(await invalid.orderFor(STANDBY))).toMatchObject(refused("STEP_TOOL"));
});

test("DRBD stands otherwise than expected: refused, and the head is kept all the same", async () => {
  const reading: Reading<"drbd"> = { status: "failed", takenAtMs: 1, error: { code: "COLLECT_TIMEOUT", message: "hangs" } };
  const { console, orderFor, patched, heads } = await linked({ deps: { drbd: () => reading } });
  expect(await console.order(await orderFor(STANDBY))).toMatchObject(refused("STEP_CHANGED"));
  expect(patched).toEqual([]);
  expect(heads.all()).toEqual([HEAD]);
});

test("a head that cannot be kept: nothing is done", async () => {
  const keep = async () => {
    throw new Error("the disk is full");
  };
  const { console, orderFor, patched } = await linked({ deps: { heads: { all: () => [], keep } } });
  expect(await console.order(await orderFor(STANDBY))).toMatchObject(refused("STEP_TOOL"));
  expect(patched).toEqual([]);
});

test("one step at a time; the second is told whose turn it is", async () => {
  const { console, orderFor, clock, host } = await linked();
  const [first, second] = [await orderFor(DISCOVER), await orderFor(DISCOVER)];
  const done = console.order(first);
  await vi.waitFor(() => expect(host.asked).toContain("aoe-discover"), PATIENCE);
  expect(await console.order(second)).toMatchObject(refused("STEP_BUSY"));
  expect(await console.ask({ type: "prepare", sources: [], steps: [STANDBY] })).toMatchObject({
    result: { ok: false, error: { code: "STEP_BUSY", message: expect.stringContaining("aoeDiscover of run run-1") } },
  });
  await clock.advance(2_000);
  expect(await done).toMatchObject({ result: { ok: true, output: "before: none\nafter: none\nnew: none" } });
});

test("the heads that were shown, and only those of orders that were the console's", async () => {
  const { console, orderFor } = await linked();
  await console.order(await orderFor(STANDBY), newKeys().sign);
  expect(await console.ask({ type: "heads" })).toMatchObject({ type: "heads", heads: [] });
  await console.order(await orderFor(STANDBY));
  expect(await console.ask({ type: "heads" })).toMatchObject({ type: "heads", heads: [HEAD] });
});
