// SPDX-License-Identifier: Apache-2.0
import { beforeEach, expect, test } from "vitest";
import { operate } from "@/lab/orders";
import type { Client } from "../api";
import { HOLDERS, RESOURCES } from "../configuration";
import { as, lab, seen } from "./lab";
import { constraints, expectEnd, expectPredicted } from "./operate";
import { homeOf, note, onlineOf, otherThan, resourcesIn } from "./services";

let operator: Client;
let admin: Client;
beforeEach(async () => {
  [operator, admin] = await Promise.all([as("operator"), as("admin")]);
});

const attributeOf = async (node: string, name: string) =>
  (await lab.run("ruby", "crm_attribute", "--type", "nodes", "--node", node, "--name", name, "--query", "--quiet")).stdout.trim();

/** A run's own way back, taken. */
async function undone(client: Client, undo: { verb: string; args: Record<string, unknown> } | null) {
  if (!undo) throw new Error("Nothing takes it back.");
  return operate(client, undo.verb, undo.args);
}

test("standby and back: the predicted end is the real one, and the node is taken back", async () => {
  const home = await homeOf(operator, RESOURCES.plain);
  const { made, run, tookMs } = await operate(admin, "node.standby", { node: home });
  note(`standby of ${home}`, tookMs);
  expectEnd(run, "done");
  expect(run.by).toBe("admin");
  expectPredicted(made, await operator.view());
  expect(await attributeOf(home, "standby")).toBe("on");
  expect(run.undo).toMatchObject({ verb: "node.unstandby", args: { node: home } });
  await homeOf(operator, RESOURCES.promotable);
  const back = await undone(operator, run.undo);
  expectEnd(back.run, "done");
  await onlineOf(operator, home);
});

test("a plain resource moves and is moved back by its undo: as predicted, and no constraint is left", async () => {
  const home = await homeOf(operator, RESOURCES.plain);
  const to = otherThan(home);
  const { made, run, tookMs } = await operate(operator, "resource.move", { resource: RESOURCES.plain, to });
  note(`move of ${RESOURCES.plain}`, tookMs);
  expectEnd(run, "done");
  expectPredicted(made, await operator.view());
  expect(await homeOf(operator, RESOURCES.plain)).toBe(to);
  expect(await constraints()).not.toContain("cli-");

  expect(run.undo).toMatchObject({ verb: "resource.move", args: { resource: RESOURCES.plain, to: home } });
  const back = await undone(operator, run.undo);
  note(`its way back`, back.tookMs);
  expectEnd(back.run, "done");
  expectPredicted(back.made, await operator.view());
  expect(await homeOf(operator, RESOURCES.plain)).toBe(home);
  expect(await constraints()).not.toContain("cli-");
});

test("a group moves with the promotable clone that it stands on, and the preview says so", async () => {
  const home = await homeOf(operator, RESOURCES.group);
  const to = otherThan(home, HOLDERS);
  const { made, run, tookMs } = await operate(operator, "resource.move", { resource: RESOURCES.group, to });
  note(`move of ${RESOURCES.group}`, tookMs);
  expect(made.effects.map(({ resource }) => resource)).toEqual(expect.arrayContaining([...RESOURCES.members, RESOURCES.promoted]));
  expect(made.effects.find(({ resource }) => resource === RESOURCES.promoted)).toMatchObject({
    parent: RESOURCES.promotable,
    before: `promoted on ${home} and unpromoted on ${to}`,
    after: `promoted on ${to} and unpromoted on ${home}`,
  });
  expectEnd(run, "done");
  expectPredicted(made, await operator.view());
  expect(await homeOf(operator, RESOURCES.group)).toBe(to);
  expect(await homeOf(operator, RESOURCES.promotable)).toBe(to);
  expect(await constraints()).not.toContain("cli-");
});

test("a promotable clone moves by its own name: promoted there, with the group on it, and no constraint is left", async () => {
  const home = await homeOf(operator, RESOURCES.promotable);
  const to = otherThan(home, HOLDERS);
  const { made, run, tookMs } = await operate(operator, "resource.move", { resource: RESOURCES.promotable, to });
  note(`move of ${RESOURCES.promotable}`, tookMs);
  expect(made.commands.join("\n")).toContain("--promoted");
  expect(made.effects.map(({ resource }) => resource)).toEqual(expect.arrayContaining([...RESOURCES.members, RESOURCES.promoted]));
  expectEnd(run, "done");
  expectPredicted(made, await operator.view());
  expect(await homeOf(operator, RESOURCES.promotable)).toBe(to);
  expect(await homeOf(operator, RESOURCES.group)).toBe(to);
  expect(await constraints()).not.toContain("cli-");
});

test("a ban keeps a resource off a node until it is cleared, and ends by itself", async () => {
  const home = await homeOf(operator, RESOURCES.plain);
  const { made, run } = await operate(operator, "resource.ban", { resource: RESOURCES.plain, node: home, hours: 1 });
  expectEnd(run, "done");
  expectPredicted(made, await operator.view());
  const id = `cli-ban-${RESOURCES.plain}-on-${home}`;
  const left = await constraints();
  expect(left).toContain(id);
  expect(left).toContain("<date_expression");

  expect(run.undo).toMatchObject({ verb: "resource.clear", args: { resource: RESOURCES.plain, constraints: [id] } });
  const cleared = await undone(operator, run.undo);
  expectEnd(cleared.run, "done");
  expect(await constraints()).not.toContain("cli-");
});

test("a move whose start fails ends with the reason and with what is left; that is cleared, and the failure cleaned up", async () => {
  const home = await homeOf(operator, RESOURCES.plain);
  const to = otherThan(home);
  await lab.fail(to, RESOURCES.plain, "start-fails");
  const { run } = await operate(operator, "resource.move", { resource: RESOURCES.plain, to });
  expectEnd(run, "failed");
  expect(run.says).toMatch(`The start of ${RESOURCES.plain} failed on ${to} (error: the test wants the start to fail).`);
  expect(run.says).toContain(`cli-prefer-${RESOURCES.plain} is still there`);
  await lab.unfail(to);

  const constraint = `cli-prefer-${RESOURCES.plain}`;
  const cleared = await operate(operator, "resource.clear", { resource: RESOURCES.plain, constraints: [constraint] });
  expectEnd(cleared.run, "done");
  expect(await constraints()).not.toContain("cli-");
  const clean = await operate(operator, "resource.cleanup", { resource: RESOURCES.plain, node: null });
  expectEnd(clean.run, "done");
  expect((await operator.view()).get("resource", `rsc:${RESOURCES.plain}`)?.failures).toEqual([]);
  expect(await lab.must("ruby", "crm_mon", "-1", "--output-as=xml")).not.toContain("<failure ");
});

test("a resource is left to people, and taken back", async () => {
  const isManaged = async () => (await operator.view()).get("resource", `rsc:${RESOURCES.plain}`)?.isManaged;
  const { run } = await operate(operator, "resource.unmanage", { resource: RESOURCES.plain });
  expectEnd(run, "done");
  expect(await isManaged()).toBe(false);
  expect(await resourcesIn()).toMatch(/name="is-managed" value="false"/);

  const back = await undone(operator, run.undo);
  expectEnd(back.run, "done");
  expect(back.made.effects).toEqual([]);
  expect(await isManaged()).toBe(true);
  expect(await resourcesIn()).not.toMatch(/name="is-managed" value="false"/);
});

test("maintenance of a node and of the cluster: everybody sees whose, why and until when, and it is over when it is ended", async () => {
  const untilMs = Date.now() + 3_600_000;
  for (const node of ["jade", null]) {
    const [subject, args] = node === null ? ["cluster", {}] : ["node", { node }];
    const key = `maintenance:${node ?? "*"}`;
    const held = await operate(operator, `${subject}.maintenance-on`, { ...args, untilMs, note: "new power supply" });
    expectEnd(held.run, "done");
    const banner = await seen(operator, `the maintenance of ${node ?? "the cluster"}`, (view) => view.get("maintenance", key)?.declared);
    expect(banner).toMatchObject({ owner: "operator", note: "new power supply", endsAtMs: untilMs });
    const properties = await lab.must("ruby", "cibadmin", "--query", "--scope", node === null ? "crm_config" : "nodes");
    expect(properties).toMatch(node === null ? /name="maintenance-mode" value="true"/ : /name="maintenance" value="(on|true)"/);

    const over = await undone(operator, held.run.undo);
    expectEnd(over.run, "done");
    expect((await operator.view()).get("maintenance", key)).toBeUndefined();
  }
});
