// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { as, lab, seen } from "./lab";
import { nodeLine, others } from "./oracle";
import { watch, wellWhileDead } from "./truth";

/** What Pacemaker says is on the console by then: a bell, two commands, and the time of the machine that tests. */
const HEARD_WITHIN_MS = 2_000;

test("a node cut off from its peers: fenced, and while it stands alone both opinions are shown", async () => {
  const viewer = await as("viewer");
  await lab.partition("jade");
  // Its agent is heard all along: that it is cut off is its peers' word, and so is when.
  const [witness = ""] = others("jade");
  await lab.until(async () => !/online="true"/.test(await nodeLine("jade", witness)) || null, "jade's peers do not miss it");
  const truth = watch(viewer, (view, sinceMs) => wellWhileDead(view, "jade", sinceMs, HEARD_WITHIN_MS));
  const fenced = await seen(viewer, "the fencing of jade", (view) =>
    view.all("fencing").find(({ fencing }) => fencing.target === "jade" && fencing.status === "success"),
  );
  const order = (await lab.fencings()).findLast(({ target }) => target === "jade");
  expect(fenced.fencing.delegate).toBe(order?.by);

  // It boots with its cables still out: its own Pacemaker sees itself alone, without quorum.
  const cluster = await seen(viewer, "jade's own opinion", (view) => {
    const one = view.get("cluster", "cluster");
    return one?.dissent.some(({ node }) => node === "jade") ? one : null;
  });
  expect(cluster.pacemaker?.quorum.level).toBe("ok");
  expect(cluster.dissent).toEqual([{ node: "jade", says: expect.stringContaining("no quorum") }]);
  const view = await viewer.view();
  expect(view.get("node", "node:jade")).toMatchObject({
    link: "live",
    state: { level: "bad", why: expect.stringContaining("Its agent answers") },
  });
  expect(view.get("node", "node:ruby")?.state.word).toBe("online");

  const { wrong, looks } = await truth.stop();
  expect(wrong).toEqual([]);
  expect(looks).toBeGreaterThan(0);
  await lab.heal("jade");
  await seen(viewer, "one opinion", (now) => {
    const isOne = now.get("cluster", "cluster")?.dissent.length === 0;
    return (isOne && now.get("node", "node:jade")?.state.word === "online") || null;
  });
});
