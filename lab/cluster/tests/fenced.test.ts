// SPDX-License-Identifier: Apache-2.0
import { beforeEach, expect, test } from "vitest";
import { confirm, followed, operate, preview } from "@/lab/orders";
import type { Client } from "../api";
import { RESOURCES } from "../configuration";
import { rowOf } from "./audit";
import { as, lab, seen } from "./lab";
import { expectEnd } from "./operate";
import { homeOf, note, onlineOf } from "./services";

const { plain } = RESOURCES;

let operator: Client;
let admin: Client;
beforeEach(async () => {
  [operator, admin] = await Promise.all([as("operator"), as("admin")]);
});

const fencingsOf = async (name: string) => (await lab.fencings()).filter(({ target }) => target === name);

test("a stop that fails during a standby: the node is really fenced, and the outcome says so with the reason", async () => {
  const home = await homeOf(operator, plain);
  const before = (await fencingsOf(home)).length;
  await lab.fail(home, plain, "stop-fails");
  const { run, tookMs } = await operate(admin, "node.standby", { node: home });
  note(`standby of ${home} that ended in its fencing`, tookMs);
  expectEnd(run, "failed");
  const [order] = (await fencingsOf(home)).slice(before);
  expect(run.says).toContain(`${home} was fenced (reboot by ${order?.by})`);
  expect(run.says).toContain(`The stop of ${plain} failed there (error: the test wants the stop to fail).`);
  expect(await fencingsOf(home)).toHaveLength(before + 1);
  expect(await rowOf(admin, run.id, ({ closedAtMs }) => closedAtMs !== null)).toMatchObject({ outcome: "failed", says: run.says });
  await seen(operator, `${home} back in standby`, (view) => {
    const node = view.get("node", `node:${home}`);
    return (node?.state.word === "standby" && node.link === "live") || null;
  });
});

test("a node is fenced by an admin who types its name and says why: once, and everybody can read it", async () => {
  const ask = { verb: "node.fence", args: { node: "jade", action: "reboot" } };
  expect((await operator.askCluster("POST", "/previews", ask)).status).toBe(403);

  const before = (await fencingsOf("jade")).length;
  const made = await preview(admin, ask.verb, ask.args);
  expect(made).toMatchObject({ typedName: "jade", needsReason: true });
  expect(await confirm(admin, made, { typed: "jad", reason: "hangs in its storage" })).toMatchObject({ did: "refused" });
  const silent = await preview(admin, ask.verb, ask.args);
  expect(await confirm(admin, silent)).toMatchObject({ did: "refused", message: "Say why: the reason is kept with it." });
  expect(await fencingsOf("jade")).toHaveLength(before);

  const answer = await confirm(admin, await preview(admin, ask.verb, ask.args), { reason: "hangs in its storage" });
  if (answer.did !== "started") throw new Error(answer.message);
  const run = await followed(operator, answer.run);
  expectEnd(run, "done");
  note("fencing of jade", (run.endedAtMs ?? 0) - run.startedAtMs);
  const [order, ...more] = (await fencingsOf("jade")).slice(before);
  expect(order?.action).toBe("reboot");
  expect(more).toEqual([]);
  const fenced = await seen(operator, "the fencing of jade", (view) =>
    view.all("fencing").find(({ fencing }) => fencing.target === "jade" && fencing.status === "success"),
  );
  expect(fenced.fencing.delegate).toBe(order?.by);
  expect(await rowOf(operator, run.id)).toMatchObject({ by: "admin", reason: "hangs in its storage", outcome: "done" });
  await onlineOf(operator, "jade");
});
