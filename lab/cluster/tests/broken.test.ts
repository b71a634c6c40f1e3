// SPDX-License-Identifier: Apache-2.0
// What is between a person and the cluster breaks in the middle of a command.
import { afterEach, expect, test } from "vitest";
import { confirm, operate, preview } from "@/lab/orders";
import type { Client } from "../api";
import { RESOURCES } from "../configuration";
import { chainOf, rowOf } from "./audit";
import { as, lab, seen } from "./lab";
import { constraints } from "./operate";
import { placeOf } from "./oracle";
import { homeOf, otherThan } from "./services";

const { plain } = RESOURCES;

async function started(client: Client, verb: string, args: Record<string, unknown>): Promise<string> {
  const answer = await confirm(client, await preview(client, verb, args));
  if (answer.did !== "started") throw new Error(`${verb} was refused: ${answer.message}`);
  return answer.run;
}

test("the console killed with -9 in the middle of a move: the chain holds, the row says interrupted, and what is left is shown", async () => {
  const operator = await as("operator");
  const home = await homeOf(operator, plain);
  const to = otherThan(home);
  await lab.fail(to, plain, "start-slow");
  const run = await started(operator, "resource.move", { resource: plain, to });
  await lab.until(async () => (await constraints()).includes(`cli-prefer-${plain}`) || null, "The move is not written");
  await lab.killConsole();
  await lab.startConsole();

  const admin = await as("admin");
  expect(await chainOf(admin)).toMatchObject({ isWhole: true, faults: [] });
  const row = await rowOf(admin, run);
  expect(row.outcome).toBe("interrupted");
  expect(row.says).toContain(`Move ${plain} to ${to} may have been done in part`);
  // The cluster goes on by itself, and the console shows what it says.
  await lab.until(async () => ((await placeOf(plain, to)) === to ? true : null), `${plain} does not start on ${to}`);
  await seen(admin, `${plain} on ${to}`, (view) =>
    view.get("resource", `rsc:${plain}`)?.places.some(({ node, role, said }) => node === to && role === "Started" && said.level === "ok"),
  );
  expect(await lab.must(to, "crm_resource", "--resource", plain, "--locate")).toContain(`is running on: ${to}`);
  await seen(admin, "the constraint that is left", (view) => view.get("constraint", `constraint:cli-prefer-${plain}`));
  const cleared = await operate(admin, "resource.clear", { resource: plain, constraints: [`cli-prefer-${plain}`] });
  expect(cleared.run.outcome).toBe("done");
  expect(await constraints()).not.toContain("cli-");
});

/** The node's own end of the cable that leads to the console. */
const CONSOLE_NIC = "eth2";

afterEach(async () => {
  for (const name of lab.nodes) {
    lab.unwrapTool(name, "cibadmin");
    await lab.run(name, "ip", "link", "set", CONSOLE_NIC, "up");
  }
});

test("the agent cut off between confirmation and result: unknown, never tried again, and learnt later from the cluster", async () => {
  const operator = await as("operator");
  for (const name of lab.nodes)
    lab.wrapTool(
      name,
      "cibadmin",
      `#!/bin/sh\n[ "$1" != --patch ] || { echo >>/run/lab/patches; /usr/sbin/ip link set ${CONSOLE_NIC} down; }\nexec /usr/sbin/cibadmin "$@"\n`,
    );
  const { actingNode } = await preview(operator, "resource.unmanage", { resource: plain });
  const acting = actingNode ?? "";
  const made = await preview(operator, "node.standby", { node: otherThan(acting, ["jade", "crystal"]) });
  expect(made.actingNode).toBe(acting);
  await lab.run(acting, "rm", "-f", "/run/lab/patches");
  const answer = await confirm(operator, made);
  if (answer.did !== "started") throw new Error(answer.message);
  const row = await rowOf(operator, answer.run, ({ entries }) => entries.some(({ kind }) => kind === "resolved"));
  expect(row.entries.map(({ kind }) => kind)).toEqual(["opened", "step", "closed", "resolved"]);
  expect(row.says).toContain(`${acting} did not say how it ended: `);
  expect(row.says).toContain("It is not tried again; the cluster itself will show. Learnt later from the cluster: it was done.");
  expect(row.outcome).toBe("done");
  expect((await lab.must(acting, "cat", "/run/lab/patches")).trim().split("\n")).toHaveLength(1);
  await lab.must(acting, "ip", "link", "set", CONSOLE_NIC, "up");
  expect(await chainOf(await as("admin"))).toMatchObject({ isWhole: true });
});
