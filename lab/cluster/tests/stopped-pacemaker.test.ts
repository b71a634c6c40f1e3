// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { as, lab, seen } from "./lab";
import { nodeLine, others } from "./oracle";
import { watch, wellOn } from "./truth";

test("Pacemaker stopped while Corosync runs: pending, neither online nor standby, and nothing is well there", async () => {
  const viewer = await as("viewer");
  const [witness = ""] = others("crystal");
  await lab.stopPacemaker("crystal");
  await seen(viewer, "crystal pending", (view) => view.get("node", "node:crystal")?.state.word === "pending" || null);
  const truth = watch(viewer, (view) => {
    const word = view.get("node", "node:crystal")?.state.word ?? "not there";
    return [
      ...(word === "pending" ? [] : [`crystal is ${word}`]),
      ...wellOn(view, "crystal").map((service) => `${service} is well on crystal`),
    ];
  });
  // What is in crm_mon at this moment, and would be read as a standby node.
  expect(await nodeLine("crystal", witness)).toMatch(/online="true" standby="true".* pending="true"/);
  await seen(viewer, "crystal's own Corosync as running", (view) => view.get("corosync", "corosync:crystal")?.corosync.isRunning || null);
  const { wrong, looks } = await truth.stop();
  expect(wrong).toEqual([]);
  expect(looks).toBeGreaterThan(0);

  await lab.startPacemaker("crystal");
  await seen(viewer, "crystal online again", (view) => view.get("node", "node:crystal")?.state.word === "online" || null);
});
