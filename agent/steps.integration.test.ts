// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
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
