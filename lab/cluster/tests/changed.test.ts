// SPDX-License-Identifier: Apache-2.0
// Somebody else is at work too: by hand in a node, or at the console.
import { afterEach, beforeEach, expect, test } from "vitest";
import { confirm, followed, operate, preview } from "@/lab/orders";
import type { Client } from "../api";
import { RESOURCES } from "../configuration";
import { as, lab, seen } from "./lab";
import { expectEnd } from "./operate";
import { configurationVersion, homeOf, otherThan } from "./services";

const { plain } = RESOURCES;

let operator: Client;
let admin: Client;
beforeEach(async () => {
  [operator, admin] = await Promise.all([as("operator"), as("admin")]);
});
afterEach(async () => {
  for (const name of lab.nodes) lab.unwrapTool(name, "crm_diff");
  await lab.run("ruby", "crm_attribute", "--type", "nodes", "--node", "ruby", "--name", "lab-note", "--delete");
});

const NOTE = ["crm_attribute", "--type", "nodes", "--node", "ruby", "--name", "lab-note", "--update"] as const;
const standbyOf = async (node: string) =>
  (await lab.run("ruby", "crm_attribute", "--type", "nodes", "--node", node, "--name", "standby", "--query", "--quiet")).stdout.trim();

test("the configuration changed between preview and confirmation: refused with the difference, and nothing is written", async () => {
  const made = await preview(operator, "node.standby", { node: "jade" });
  const [command, ...args] = NOTE;
  await lab.must("ruby", command, ...args, "by hand");
  const before = await configurationVersion();
  const answer = await confirm(operator, made);
  expect(answer).toMatchObject({ did: "refused", message: "The cluster changed while you were reading. Review again." });
  expect(answer.did === "refused" && answer.differences.join(" ")).toMatch(
    new RegExp(`Somebody changed the cluster's configuration: it was version [\\d.]+, and is ${before.replace(".", "\\.")}\\.`),
  );
  expect(await configurationVersion()).toBe(before);
  expect(await standbyOf("jade")).toBe("");
});

// The agent makes its change on a copy once for the preview, once to prepare, once for the step itself.
test.each([
  ["while it is prepared", 2],
  ["between the step's own look and its writing", 3],
])("the configuration changed %s: refused, and nothing of ours is written", async (_, nth) => {
  const script = `#!/bin/sh
n=$(($(cat /run/lab/crm_diff.count 2>/dev/null || echo 0) + 1))
echo $n >/run/lab/crm_diff.count
[ $n -ne ${nth} ] || /usr/sbin/${NOTE.join(" ")} "$n" >/dev/null
exec /usr/sbin/crm_diff "$@"
`;
  for (const name of lab.nodes) {
    await lab.must(name, "rm", "-f", "/run/lab/crm_diff.count");
    lab.wrapTool(name, "crm_diff", script);
  }
  const made = await preview(operator, "node.standby", { node: "jade" });
  const answer = await confirm(operator, made);
  const refused = answer.did === "started" ? await followed(operator, answer.run) : { outcome: "refused", says: answer.message };
  expect(refused).toMatchObject({ outcome: "refused" });
  expect(refused.says).toMatch(/changed .*nothing was written/i);
  expect(await lab.must("ruby", "cibadmin", "--query", "--scope", "nodes")).toContain(`name="lab-note" value="${nth}"`);
  expect(await standbyOf("jade")).toBe("");
});

test("two operators at once: the second is told whose command it waits for, and can when that has ended", async () => {
  const home = await homeOf(operator, plain);
  const to = otherThan(home);
  const other = lab.nodes.find((name) => name !== home && name !== to) ?? "";
  await lab.fail(to, plain, "start-slow");
  const ready = await preview(operator, "resource.ban", { resource: RESOURCES.plain, node: other, hours: 1 });
  const first = await confirm(admin, await preview(admin, "resource.move", { resource: plain, to }));
  if (first.did !== "started") throw new Error(first.message);
  const second = await confirm(operator, ready);
  expect(second.did).toBe("refused");
  expect(second.did === "refused" && second.message).toMatch(`admin is moving ${plain} (started `);
  expectEnd(await followed(operator, first.run), "done");
  await seen(operator, `${plain} on ${to}`, (view) => view.get("resource", `rsc:${plain}`)?.places.some(({ node }) => node === to) || null);
  await lab.unfail(to);
  expectEnd((await operate(operator, "resource.ban", { resource: plain, node: other, hours: 1 })).run, "done");
});
