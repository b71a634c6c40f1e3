// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { as, lab, seen } from "./lab";
import { nodeLine, others } from "./oracle";
import { watch, wellWhileDead } from "./truth";

const HEARD_BEFORE_MS = 1_000;

test("a node whose power is gone: never well while it is dead, fenced by another, shown so, and back again", async () => {
  const viewer = await as("viewer");
  await seen(viewer, "crystal online", (view) => view.get("node", "node:crystal")?.state.word === "online" || null);

  // Other tests on this lab may have had it fenced before.
  const before = (await lab.fencings()).length;
  await lab.kill("crystal");
  const truth = watch(viewer, (view, sinceMs) => wellWhileDead(view, "crystal", sinceMs));
  const fenced = await seen(viewer, "the fencing of crystal", (view) =>
    view.all("fencing").find(({ fencing }) => fencing.target === "crystal" && fencing.status === "success"),
  );
  const [order] = (await lab.fencings()).slice(before).filter(({ target }) => target === "crystal");
  expect(fenced.fencing).toMatchObject({ action: "reboot", delegate: order?.by });

  // Dead until Pacemaker itself takes it back; the console may have heard of that a moment before this test asks.
  const [witness = ""] = others("crystal");
  await lab.until(async () => /online="true"/.test(await nodeLine("crystal", witness)) || null, "Pacemaker does not take crystal back");
  const { wrong, looks } = await truth.stop(HEARD_BEFORE_MS);
  expect(wrong).toEqual([]);
  expect(looks).toBeGreaterThan(0);

  await seen(viewer, "crystal online again", (view) => {
    const node = view.get("node", "node:crystal");
    return (node?.state.word === "online" && node.link === "live") || null;
  });
});
