// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { as, lab, seen } from "./lab";
import { nodeLine, others } from "./oracle";
import { wellOn } from "./truth";

test("the line between a node and the console is cut: its services are shown as not confirmed, the cluster goes on", async () => {
  const viewer = await as("viewer");
  const [witness = ""] = others("crystal");
  const before = (await lab.fencings()).length;
  await lab.cut("crystal", "console");
  const view = await seen(viewer, "crystal silent", (now) => (now.get("node", "node:crystal")?.state.word === "silent" ? now : null));
  expect(view.get("node", "node:crystal")?.state).toMatchObject({ level: "old", why: expect.stringContaining("still shows it online") });
  expect(wellOn(view, "crystal")).toEqual([]);
  expect(await nodeLine("crystal", witness)).toContain('online="true"');
  expect((await lab.fencings()).length).toBe(before);

  await lab.mend("crystal", "console");
  await seen(viewer, "crystal again", (now) => now.get("node", "node:crystal")?.link === "live" || null);
});

test("a hung node: silent first, then fenced by another, then back", async () => {
  const viewer = await as("viewer");
  const before = (await lab.fencings()).length;
  await lab.pause("ruby");
  await seen(viewer, "ruby silent", (view) => view.get("node", "node:ruby")?.state.word === "silent" || null);
  await lab.until(async () => (await lab.fencings()).length > before || null, "Nobody fences ruby");
  const [order] = (await lab.fencings()).slice(before);
  expect(order).toMatchObject({ target: "ruby", action: "reboot" });
  await seen(viewer, "ruby back", (view) => {
    const node = view.get("node", "node:ruby");
    return (node?.link === "live" && node.state.word === "online") || null;
  });
});
