// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { drbd } from "./collectors/drbd/collector";
import { pacemakerCollector } from "./collectors/pacemaker/collector";
import type { Config } from "./config";
import { createHost } from "./host/node-host";
import { loadOrMakeKeys, newKeys } from "./keys";
import type { Step, StepKind, StepOrder, StepPreview } from "./protocol/steps";
import { serve } from "./serve";
import { startTestConsole } from "./test-console";
import { emptyFolder, put } from "./test-folder";

const PATIENCE = { timeout: 60_000 };
const CIB = readFileSync(path.join(import.meta.dirname, "collectors/pacemaker/fixtures/cib/pacemaker-2.1.5-healthy.txt"), "utf8");
const HEAD = { seq: 7, hash: "a".repeat(64) };

/** An enrolled agent whose cluster is a CIB in a file, on which Pacemaker's real tools work. */
async function agentOn(allowed: readonly StepKind[], cib = CIB) {
  const root = emptyFolder(onTestFinished);
  const stateDir = emptyFolder(onTestFinished);
  const scratchIn = emptyFolder(onTestFinished);
  const folder = emptyFolder(onTestFinished);
  const cibFile = put(folder, "cib.xml", cib, 0o600);
  const policyFile = put(folder, "policy.json", JSON.stringify({ steps: allowed }));
  const keys = newKeys();
  const agentKeys = await loadOrMakeKeys(stateDir);
  const console = await startTestConsole(onTestFinished, { keys, agentKey: agentKeys.publicKey });
  const config: Config = { console: console.address, agentId: "a", node: "node1", consoleKey: keys.publicKey, stateDir, root, policyFile };
  const log: string[] = [];
  const serving = await serve({
    config,
    host: createHost({ root, cibFile, scratchIn }),
    catalog: { drbd, pacemaker: pacemakerCollector() },
    log: (sentence) => log.push(sentence),
  });
  onTestFinished(() => serving.stop());
  await vi.waitFor(() => expect(serving.isLinked()).toBe(true), PATIENCE);
  const now = () => readFileSync(cibFile, "utf8");

  async function preview(...steps: Step[]): Promise<StepPreview[]> {
    const answer = await console.ask({ type: "preview", steps });
    if (answer.type !== "previewed" || !answer.result.ok) throw new Error(JSON.stringify(answer));
    return answer.result.steps;
  }
  async function prepare(...steps: Step[]) {
    const answer = await console.ask({ type: "prepare", sources: ["pacemaker", "drbd"], steps });
    if (answer.type !== "prepared" || !answer.result.ok || answer.result.ready === null) throw new Error(JSON.stringify(answer));
    return answer.result.ready;
  }
  async function orderFor(step: Step): Promise<StepOrder> {
    const { nonce, steps } = await prepare(step);
    const change = steps[0]?.change ?? null;
    return { agentId: "a", node: "node1", runId: "run-1", step, nonce, audit: HEAD, expect: { change, drbd: [] } };
  }
  return { console, log, now, preview, prepare, orderFor, scratchIn, cibFile };
}

test("standby: previewed, prepared, and written as what was previewed", async () => {
  const { console, now, preview, orderFor, scratchIn } = await agentOn(["standby"]);
  expect(console.of("hello")[0]?.steps).toEqual(["standby"]);
  const step: Step = { kind: "standby", node: "node1", on: true };
  const [seen] = await preview(step);
  expect(seen?.isSame).toBe(false);
  expect(seen?.commands[0]).toBe("CIB_file=want.xml crm_standby -N node1 -v on");
  expect(seen?.actions).toContainEqual(expect.objectContaining({ resource: "g-ip", action: "move", node: "node1", to: "node2" }));
  expect(seen?.placements).toContainEqual({ resource: "drbd", node: "node2", role: "Promoted" });
  expect(now()).toBe(CIB);
  const order = await orderFor(step);
  expect(order.expect.change).toEqual(seen?.change);
  const done = await console.order(order);
  expect(done).toMatchObject({ type: "stepDone", result: { ok: true } });
  expect(now()).toContain('name="standby" value="on"');
  expect(await console.ask({ type: "heads" })).toMatchObject({ heads: [HEAD] });
  expect(readdirSync(scratchIn)).toEqual([]);
});

const ALL: readonly StepKind[] = ["standby", "prefer", "ban", "clear", "managed", "maintenance", "cleanup", "fence"];
const PREFER = { kind: "prefer", role: null, lifetimeSeconds: null } as const;
/** Changes nothing, so its preview tells where the cluster as it stands would go. */
const NOTHING: Step = { kind: "clear", resource: "dummy1", constraints: ["cli-ban-dummy1-on-nowhere"] };

test.each<[Step, string]>([
  [{ kind: "standby", node: "node2", on: true }, 'name="standby" value="on"'],
  [{ ...PREFER, resource: "dummy1", node: "node3" }, '<rsc_location id="cli-prefer-dummy1" rsc="dummy1" role="Started" node="node3"'],
  [{ ...PREFER, resource: "grp", node: "node2", lifetimeSeconds: 120 }, "cli-prefer-lifetime-end-grp"],
  [
    { ...PREFER, resource: "drbd-clone", node: "node2", role: "Promoted" },
    'rsc="drbd-clone" role="Promoted" node="node2" score="INFINITY"',
  ],
  [{ ...PREFER, kind: "ban", resource: "g-fs", node: "node1" }, 'id="cli-ban-g-fs-on-node1"'],
  [{ ...PREFER, kind: "ban", resource: "drbd-clone", node: "node1", role: "Promoted" }, 'role="Promoted" node="node1" score="-INFINITY"'],
  [{ kind: "managed", resource: "grp", on: false }, 'name="is-managed" value="false"'],
  [{ kind: "maintenance", node: null, on: true }, 'name="maintenance-mode" value="true"'],
  [{ kind: "maintenance", node: "node2", on: true }, 'name="maintenance" value="true"'],
])("%j: what is written is what was previewed, and leads where it was predicted", async (step, written) => {
  const { console, now, preview, orderFor, scratchIn } = await agentOn(ALL);
  const [seen] = await preview(step);
  expect(seen?.isSame).toBe(false);
  expect(now()).toBe(CIB);
  const order = await orderFor(step);
  expect(order.expect.change).toEqual(seen?.change);
  expect(await console.order(order)).toMatchObject({ result: { ok: true } });
  expect(now()).toContain(written);
  const [after] = await preview(NOTHING);
  expect(after?.isSame).toBe(true);
  expect(after?.actions).toEqual(seen?.actions);
  expect(after?.placements).toEqual(seen?.placements);
  expect(readdirSync(scratchIn)).toEqual([]);
});

test("what is so already is the same, and nothing is written for it", async () => {
  const { console, now, preview, orderFor } = await agentOn(ALL);
  for (const step of [
    { kind: "standby", node: "node2", on: false },
    { kind: "maintenance", node: "node1", on: false },
    { ...PREFER, resource: "dummy1", node: "node2" }, // it runs there: exit 108
    NOTHING,
  ] as const) {
    expect((await preview(step))[0], JSON.stringify(step)).toMatchObject({ isSame: true, actions: [] });
    expect(await console.order(await orderFor(step))).toMatchObject({
      result: { ok: true, output: expect.stringContaining("nothing was written") },
    });
  }
  expect(now()).toBe(CIB);
});

test("a move and the removal of its constraint: the second is previewed on the outcome of the first, and both leave the CIB as it was", async () => {
  const { console, now, preview, orderFor } = await agentOn(ALL);
  const move: Step = { ...PREFER, resource: "grp", node: "node2" };
  const clear: Step = { kind: "clear", resource: "grp", constraints: ["cli-prefer-grp"] };
  const [first, second] = await preview({ ...PREFER, resource: "drbd-clone", node: "node2", role: "Promoted" }, move);
  expect(first?.actions).toContainEqual(expect.objectContaining({ resource: "g-ip", action: "move", to: "node2" }));
  // The group went along with the promoted instance, so there is nothing left for its own move to do: it runs there.
  expect(second).toMatchObject({ isSame: true, actions: [] });

  const plain: Step = { ...PREFER, resource: "dummy1", node: "node3" };
  const away: Step = { kind: "clear", resource: "dummy1", constraints: ["cli-prefer-dummy1"] };
  const [moved, cleared] = await preview(plain, away);
  expect(moved?.actions).toMatchObject([{ resource: "dummy1", action: "move", node: "node2", to: "node3" }]);
  // Its own location constraint would take it back: the chain tells before anything is done.
  expect(cleared?.actions).toMatchObject([{ resource: "dummy1", action: "move", node: "node3", to: "node2" }]);
  expect(cleared?.commands[0]).toBe(
    `CIB_file=want.xml cibadmin --delete --scope constraints --xml-text '<rsc_location id="cli-prefer-dummy1"/>'`,
  );
  expect(await console.order(await orderFor(plain))).toMatchObject({ result: { ok: true } });
  expect(now()).toContain("cli-prefer-dummy1");
  expect(await console.order(await orderFor(away))).toMatchObject({ result: { ok: true } });
  expect(now()).not.toContain("cli-prefer");
  expect((await preview(clear))[0]?.isSame).toBe(true);
});

test("the configuration changed after the preparation: refused, and nothing is written", async () => {
  const { console, now, orderFor, cibFile } = await agentOn(ALL);
  const order = await orderFor({ kind: "standby", node: "node2", on: true });
  execFileSync("/usr/sbin/crm_attribute", ["--type", "nodes", "--node", "node3", "--name", "standby", "--update", "on"], {
    env: { ...process.env, CIB_file: cibFile },
  });
  const changed = now();
  expect(await console.order(order)).toMatchObject({
    result: { ok: false, error: { code: "STEP_CHANGED", mayHaveHappened: false } },
  });
  expect(now()).toBe(changed);
});

test("only the status moved on: that is no change of the configuration, and the step is taken", async () => {
  const { console, now, orderFor, cibFile } = await agentOn(ALL);
  const order = await orderFor({ kind: "standby", node: "node2", on: true });
  writeFileSync(cibFile, now().replace(/num_updates="[0-9]+"/, 'num_updates="900"'));
  expect(await console.order(order)).toMatchObject({ result: { ok: true } });
  expect(now()).toContain('name="standby" value="on"');
});

test.each<[string, Step, RegExp]>([
  ["an unknown node", { kind: "standby", node: "node9", on: true }, /exit 105: .*node9/],
  ["an unknown resource", { ...PREFER, resource: "nosuch", node: "node1" }, /exit 105: .*nosuch/],
  ["a node to be fenced that there is not", { kind: "fence", node: "node9", action: "reboot" }, /no node node9/],
  ["no fencer to ask", { kind: "fence", node: "node2", action: "reboot" }, /stonith_admin --list ended with exit 102/],
])("%s: the tool's own words come back, and nothing is written", async (_name, step, words) => {
  const { console, now } = await agentOn(ALL);
  const answer = await console.ask({ type: "preview", steps: [step] });
  expect(answer).toMatchObject({
    result: { ok: false, error: { code: "STEP_TOOL", mayHaveHappened: false, message: expect.stringMatching(words) } },
  });
  expect(now()).toBe(CIB);
});

test("when a source was read for a preparation is told before its answer", async () => {
  const { console } = await agentOn(ALL);
  await vi.waitFor(() => expect(console.of("fact").map(({ source }) => source)).toContain("pacemaker"), PATIENCE);
  const before = console.heard.length;
  await console.ask({ type: "prepare", sources: ["pacemaker"], steps: null });
  const order = console.heard.slice(before).map(({ frame }) => frame);
  const answerAt = order.findIndex(({ type }) => type === "prepared");
  const pulse = order.slice(0, answerAt).findLast((frame) => frame.type === "pulse");
  expect(pulse?.type === "pulse" ? Object.keys(pulse.read) : []).toContain("pacemaker");
});
