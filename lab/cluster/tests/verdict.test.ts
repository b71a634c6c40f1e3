// SPDX-License-Identifier: Apache-2.0
// "Is it safe to take this node down now?", and what then happens to a standby of it.
import { beforeEach, expect, test } from "vitest";
import { SafetyAnswer } from "@/agent/protocol/console/commands";
import { confirm, operate, preview } from "@/lab/orders";
import type { Client } from "../api";
import { HOLDERS, RESOURCES } from "../configuration";
import { as, lab } from "./lab";
import { expectEnd, expectPredicted } from "./operate";
import { configurationVersion, homeOf, otherThan } from "./services";

let operator: Client;
let primary: string;
let copy: string;
beforeEach(async () => {
  operator = await as("operator");
  primary = await homeOf(operator, RESOURCES.promotable);
  copy = otherThan(primary, HOLDERS);
});

/** Waits until the verdict of a node is this one, for this guard's reason. */
async function verdictOf(node: string, answer: SafetyAnswer["answer"], guard?: string): Promise<SafetyAnswer> {
  let last = "";
  return lab
    .until(
      async () => {
        const { status, body } = await operator.askCluster("GET", `/nodes/${node}/safety`);
        if (status !== 200) return null;
        const verdict = SafetyAnswer.parse(body);
        last = `${verdict.answer}: ${verdict.says} (${verdict.reasons.map((reason) => `${reason.guard}/${reason.level}`).join(", ")})`;
        return verdict.answer === answer && (guard === undefined || verdict.reasons.some((one) => one.guard === guard)) ? verdict : null;
      },
      `The verdict of ${node} is not ${answer} for ${guard ?? "nothing"}`,
    )
    .catch((cause: unknown) => {
      throw new Error(`The verdict of ${node} is not ${answer} for ${guard ?? "nothing"}, but ${last}`, { cause });
    });
}

/** Yes: a standby is done as it was predicted. */
async function expectSafe(node: string): Promise<void> {
  await verdictOf(node, "yes");
  const { made, run } = await operate(operator, "node.standby", { node });
  expectEnd(run, "done");
  expectPredicted(made, await operator.view());
}

/** No, or cannot tell: the reason is this guard's, and a standby in which nothing of it is accepted is refused by it. */
async function expectUnsafe(node: string, guard: string, answer: SafetyAnswer["answer"] = "no", asked = "ruby"): Promise<void> {
  const { reasons } = await verdictOf(node, answer, guard);
  const before = await configurationVersion(asked);
  const { status } = await operator.askCluster("POST", "/previews", { verb: "node.standby", args: { node } });
  if (status === 201) {
    const made = await preview(operator, "node.standby", { node });
    expect(made.findings.filter(({ level }) => level !== "inform").map((finding) => finding.guard)).toContain(guard);
    expect(await confirm(operator, made, { accept: [], typed: null })).toMatchObject({ did: "refused" });
  } else expect(status).toBe(409);
  expect(reasons.find((one) => one.guard === guard)?.message).toMatch(/\. \w+|: \w+/);
  expect(await configurationVersion(asked)).toBe(before);
}

test("a calm cluster, a node without a copy: yes", () => expectSafe("jade"));

test("a calm cluster, the node that everything runs on: yes", () => expectSafe(primary));

test("the other copy is not complete: no", async () => {
  await lab.setDisk(copy, "Inconsistent");
  await expectUnsafe(primary, "other-copy-is-up-to-date");
});

test("the other nodes are in standby: no", async () => {
  for (const name of lab.nodes.filter((each) => each !== primary)) await lab.must(primary, "crm_standby", "--node", name, "-v", "on");
  await expectUnsafe(primary, "another-node-is-usable");
});

test("a service is banned from every other node: no", async () => {
  const home = await homeOf(operator, RESOURCES.plain);
  for (const name of lab.nodes.filter((each) => each !== home))
    await lab.must(home, "crm_resource", "--resource", RESOURCES.plain, "--ban", "--node", name);
  await expectUnsafe(home, "target-is-not-banned");
});

test("the quorum stands on this node's vote: no", async () => {
  await lab.powerOff("jade");
  await expectUnsafe(primary, "others-keep-quorum");
});

test("Pacemaker is stopped where the other copy is: no", async () => {
  await lab.stopPacemaker(copy);
  await expectUnsafe(primary, "other-copy-is-up-to-date", "no", primary);
});

test("the cluster is in maintenance: no", async () => {
  await lab.must(primary, "crm_attribute", "--name", "maintenance-mode", "--update", "true");
  await expectUnsafe(primary, "cluster-may-act");
});

test("the last of the nodes without quorum: no", async () => {
  await Promise.all(lab.nodes.filter((name) => name !== "ruby").map((name) => lab.powerOff(name)));
  await expectUnsafe("ruby", "cluster-has-quorum");
});

test("nothing is heard from the other copy's node: cannot tell", async () => {
  await lab.stopAgent(copy);
  await expectUnsafe(primary, "facts-are-fresh", "unknown");
});
