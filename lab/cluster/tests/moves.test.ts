// SPDX-License-Identifier: Apache-2.0
import { beforeEach, expect, test } from "vitest";
import type { Client } from "../api";
import { RESOURCES } from "../configuration";
import { as, lab, seen } from "./lab";
import { constraints, expectPredicted, operate } from "./operate";

let operator: Client;
let admin: Client;
beforeEach(async () => {
  [operator, admin] = await Promise.all([as("operator"), as("admin")]);
});

const onlineOf = (name: string) =>
  seen(operator, `${name} online`, (view) => view.get("node", `node:${name}`)?.state.word === "online" || null);
const homeOf = (id: string) =>
  seen(operator, `where ${id} runs`, (view) => {
    const resource = view.get("resource", `rsc:${id}`);
    const place = resource?.places.find(({ role }) => role === "Started" || role === "Promoted" || role === "Master");
    return resource?.said.level === "ok" && place ? place.node : null;
  });
const note = (what: string, tookMs: number) => process.stdout.write(`lab: ${what} took ${(tookMs / 1_000).toFixed(1)} s\n`);

test("standby and back: the predicted end is the real one, and the node is taken back", async () => {
  await Promise.all(lab.nodes.map(onlineOf));
  const home = await homeOf(RESOURCES.plain);
  const { made, run, tookMs } = await operate(admin, "node.standby", { node: home });
  note(`standby of ${home}`, tookMs);
  expect(run).toMatchObject({ outcome: "done", by: "admin" });
  expectPredicted(made, await operator.view());
  expect(await lab.must(home, "crm_attribute", "--type", "nodes", "--node", home, "--name", "standby", "--query", "--quiet")).toContain(
    "on",
  );
  expect(run.undo).toMatchObject({ verb: "node.unstandby", args: { node: home } });
  const back = await operate(operator, "node.unstandby", { node: home });
  expect(back.run.outcome).toBe("done");
  await onlineOf(home);
});

test("a plain resource moves: as predicted, and its constraint is gone", async () => {
  await Promise.all(lab.nodes.map(onlineOf));
  const home = await homeOf(RESOURCES.plain);
  const to = lab.nodes.find((name) => name !== home) ?? "";
  const { made, run, tookMs } = await operate(operator, "resource.move", { resource: RESOURCES.plain, to });
  note(`move of ${RESOURCES.plain}`, tookMs);
  expect(run).toMatchObject({ outcome: "done" });
  expectPredicted(made, await operator.view());
  expect(await homeOf(RESOURCES.plain)).toBe(to);
  expect(await constraints()).not.toContain("cli-");
});
