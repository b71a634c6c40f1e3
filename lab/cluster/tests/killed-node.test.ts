// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { as, lab, seen } from "./lab";

test("a node whose power is gone: fenced by another, shown so, and back again", async () => {
  const viewer = await as("viewer");
  await seen(viewer, "crystal online", (view) => view.get("node", "node:crystal")?.state.word === "online" || null);

  await lab.kill("crystal");
  const fenced = await seen(viewer, "the fencing of crystal", (view) =>
    view.all("fencing").find(({ fencing }) => fencing.target === "crystal" && fencing.status === "success"),
  );
  const [order] = (await lab.fencings()).filter(({ target }) => target === "crystal");
  expect(fenced.fencing).toMatchObject({ action: "reboot", delegate: order?.by });

  await seen(viewer, "crystal online again", (view) => {
    const node = view.get("node", "node:crystal");
    return (node?.state.word === "online" && node.link === "live") || null;
  });
});
