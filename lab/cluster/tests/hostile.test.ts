// SPDX-License-Identifier: Apache-2.0
// The real agent on the real cluster, spoken to by a console that sends what it should not.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, inject, test } from "vitest";
import { z } from "zod";
import { ROOT } from "../console";
import { lab } from "./lab";
import { configurationVersion } from "./services";

const NODE = "jade";
const folder = mkdtempSync(path.join(os.tmpdir(), "quarterdeck-hostile-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const Tried = z.object({ what: z.string(), code: z.string() });

test("steps that are replayed, changed, misaddressed, forbidden or badly named are refused and recorded; only the good one is written", async () => {
  const config = path.join(inject("lab").dir, NODE, "agent/agent.json");
  const script = path.join(ROOT, "lab/cluster/inside/hostile-console.mjs");
  const before = (await configurationVersion()).split(".")[1];
  const out = await lab.must(NODE, process.execPath, script, path.join(ROOT, "dist/quarterdeck-agent.mjs"), config, folder);
  const lines = out
    .trim()
    .split("\n")
    .map((line) => Tried.parse(JSON.parse(line)));
  const told = Object.fromEntries(lines.map(({ what, code }) => [what, code]));
  const epoch = (when: string) => told[`epoch ${when}`];
  expect(told).toMatchObject({
    "a changed byte": "STEP_SIGNATURE",
    "signed by somebody else": "STEP_SIGNATURE",
    "for another agent": "STEP_NOT_MINE",
    "for another node": "STEP_NOT_MINE",
    "another step than was prepared": "STEP_NONCE",
    "a nonce of its own making": "STEP_NONCE",
    "not in the policy": "STEP_POLICY",
    "a resource named -h": "STEP_INVALID",
    "a resource named a;reboot": "STEP_INVALID",
    "a changed configuration": "STEP_CHANGED",
    "as it should be": "ok",
    replayed: "STEP_NONCE",
  });
  // Nothing of what was refused was written, and the good one once.
  expect(epoch("after all that")).toBe(before);
  expect(epoch("after its refusal")).toBe(epoch("after a change by hand"));
  expect(Number(epoch("after the good one"))).toBeGreaterThan(Number(epoch("after its refusal")));
  expect(epoch("after its replay")).toBe(epoch("after the good one"));
  expect(await lab.must(NODE, "crm_attribute", "--type", "nodes", "--node", NODE, "--name", "standby", "--query", "--quiet")).toContain(
    "on",
  );
  const log = readFileSync(path.join(folder, "log"), "utf8");
  for (const code of ["STEP_SIGNATURE", "STEP_NOT_MINE", "STEP_NONCE", "STEP_POLICY", "STEP_INVALID", "STEP_CHANGED"])
    expect(log).toContain(code);
  await lab.must("ruby", "crm_attribute", "--type", "crm_config", "--name", "cluster-delay", "--delete");
});
