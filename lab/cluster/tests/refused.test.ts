// SPDX-License-Identifier: Apache-2.0
// What Pacemaker's own tools take with exit 0, and then do nothing with, or the wrong thing.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { StepKind } from "@/agent/protocol/steps";
import { confirm, preview } from "@/lab/orders";
import type { Client, SeenView } from "../api";
import { RESOURCES } from "../configuration";
import { as, lab, seen } from "./lab";
import { constraints } from "./operate";
import { refusedWith } from "./refused";
import { configurationVersion, homeOf, otherThan } from "./services";

const { plain, promotable, promoted } = RESOURCES;

let operator: Client;
let admin: Client;
beforeEach(async () => {
  [operator, admin] = await Promise.all([as("operator"), as("admin")]);
});

const plainIn = (view: SeenView) => view.get("resource", `rsc:${plain}`);

test("a move to a node in standby, and to one that a left-over ban forbids", async () => {
  const home = await homeOf(operator, plain);
  const to = otherThan(home);
  const banned = lab.nodes.find((name) => name !== home && name !== to) ?? "";
  await lab.must("ruby", "crm_standby", "--node", to, "-v", "on");
  await lab.must("ruby", "crm_resource", "--resource", plain, "--ban", "--node", banned);
  await seen(operator, `${to} in standby`, (view) => view.get("node", `node:${to}`)?.state.word === "standby" || null);
  await seen(operator, "the ban", (view) => view.get("constraint", `constraint:cli-ban-${plain}-on-${banned}`));

  expect(await refusedWith(admin, "resource.move", { resource: plain, to })).toMatch(
    `${to} is in standby: nothing would start there. Take it back first.`,
  );
  expect(await refusedWith(admin, "resource.move", { resource: plain, to: banned })).toMatch(
    `${plain} is banned from ${banned} by cli-ban-${plain}-on-${banned}. It is left over from a move or ban: clear it first.`,
  );
});

test("a move of a stopped resource, with or without a failure of its own", async () => {
  await lab.must("ruby", "crm_resource", "--resource", plain, "--meta", "--set-parameter", "target-role", "--parameter-value", "Stopped");
  await seen(operator, `${plain} stopped`, (view) => plainIn(view)?.places.length === 0 || null);
  expect(await refusedWith(admin, "resource.move", { resource: plain, to: "jade" })).toMatch(new RegExp(`${plain} .*not run.*\\. \\w`));
});

test("a promotable clone without its role: it is asked for its promoted one, by whatever name it is meant", async () => {
  const home = await homeOf(operator, promotable);
  for (const resource of [promotable, promoted]) {
    const made = await preview(operator, "resource.move", { resource, to: otherThan(home, ["ruby", "crystal"]) });
    expect(made.commands[0]).toMatch(new RegExp(`^CIB_file=want.xml crm_resource --move --resource ${promotable} .*--promoted$`));
  }
});

test("a second move while another tool's preference is left: said before, and only with that accepted", async () => {
  const home = await homeOf(operator, plain);
  await lab.must("ruby", "crm_resource", "--resource", plain, "--move", "--node", home).catch(() => undefined); // exit 108: it is there
  const held = otherThan(home);
  await lab.must("ruby", "crm_resource", "--resource", plain, "--move", "--node", held);
  await seen(operator, "the preference", (view) => view.get("constraint", `constraint:cli-prefer-${plain}`));
  expect(await homeOf(operator, plain)).toBeTruthy();
  await seen(operator, `${plain} on ${held}`, (view) =>
    plainIn(view)?.places.some(({ node, role }) => node === held && role === "Started"),
  );

  const before = await configurationVersion();
  const made = await preview(admin, "resource.move", { resource: plain, to: home });
  const said = made.findings.find(({ guard }) => guard === "no-preference-is-replaced");
  expect(said?.message).toContain(`${plain} is held on ${held} by an earlier move (cli-prefer-${plain})`);
  const answer = await confirm(admin, made, { accept: [] });
  expect(answer.did).toBe("refused");
  expect(await configurationVersion()).toBe(before);
});

test("names that the cluster does not have, and what is no name at all", async () => {
  expect(await refusedWith(admin, "resource.move", { resource: plain, to: "nowhere" })).toMatch(/no node nowhere/i);
  expect(await refusedWith(admin, "resource.move", { resource: "nothing", to: "jade" })).toMatch(/nothing/);
  expect(await refusedWith(admin, "node.standby", { node: "nowhere" })).toMatch(/no node nowhere/i);
  for (const resource of ["-h", "a;reboot", "a b", "../x", "$(reboot)"])
    expect(await refusedWith(admin, "resource.move", { resource, to: "jade" })).toMatch(/resource.move does not take this/);
  for (const node of ["-h", "a;reboot"])
    expect(await refusedWith(admin, "node.standby", { node })).toMatch(/node.standby does not take this/);
});

test("a viewer sees everything and starts nothing", async () => {
  const viewer = await as("viewer");
  const made = await preview(operator, "resource.unmanage", { resource: plain });
  const asked = { verb: "node.standby", args: { node: "jade" } };
  expect((await viewer.askCluster("POST", "/previews", asked)).status).toBe(403);
  expect((await viewer.askCluster("POST", "/runs", { preview: made.id, accept: [], typed: null, reason: null })).status).toBe(403);
  expect((await viewer.askCluster("GET", "/offers?about=node:jade")).status).toBe(200);
  // Somebody else's preview is nobody's.
  expect((await admin.askCluster("POST", "/runs", { preview: made.id, accept: [], typed: null, reason: null })).status).toBe(409);
  expect(await constraints()).not.toContain("cli-");
});

describe("a step that the nodes' policies do not allow", () => {
  afterEach(async () => {
    for (const name of lab.nodes) await relinked(name, StepKind.options);
  });

  test("is refused by the agent at once, and by the console as soon as it knows", async () => {
    for (const name of lab.nodes) lab.allow(name, ["cleanup"]);
    expect(await refusedWith(admin, "node.standby", { node: "jade" })).toMatch(
      /This node does not allow standby: .*policy\.json allows cleanup\./,
    );
    for (const name of lab.nodes) await relinked(name, ["cleanup"]);
    expect(await refusedWith(admin, "node.standby", { node: "jade" })).toMatch(/does not allow standby|allow it in .*policy\.json/i);
  });
});

/** Writes an agent's policy and starts it again, until the console shows it. */
async function relinked(name: string, kinds: readonly string[]): Promise<void> {
  lab.allow(name, kinds);
  await lab.stopAgent(name);
  await lab.startAgent(name);
  await seen(operator, `the policy of ${name}`, (view) => {
    const node = view.get("node", `node:${name}`);
    return (node?.link === "live" && node.steps?.length === kinds.length) || null;
  });
}

test("a standby and a move without quorum", async () => {
  await Promise.all([lab.powerOff("crystal"), lab.powerOff("jade")]);
  await seen(operator, "the loss of quorum", (view) => view.get("cluster", "cluster")?.pacemaker?.quorum.level === "bad" || null);
  // Refused from the first moment on: while the others are only silent for that, then for the quorum.
  await lab.until(
    async () =>
      /no quorum.* Bring the other nodes back first\./.test(await refusedWith(admin, "node.standby", { node: "ruby" })) ? true : null,
    "A standby is not refused for the quorum",
  );
  expect(await refusedWith(admin, "resource.move", { resource: plain, to: "crystal" })).toMatch(/no quorum|crystal is offline/);
});
