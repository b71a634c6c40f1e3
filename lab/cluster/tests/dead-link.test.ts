// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { as, lab, seen } from "./lab";
import { monitor } from "./oracle";
import { watch } from "./truth";

test("a dead knet link: said of its ring and its node, while the cluster itself says nothing", async () => {
  const viewer = await as("viewer");
  const before = (await lab.fencings()).length;
  await lab.cut("ruby", "ring1");
  const ring = await seen(viewer, "the dead link", (view) => {
    const one = view.get("ring", "ring:1");
    return one?.pairs.every(({ a, b, said }) => (said.level === "ok") === (a !== "ruby" && b !== "ruby")) ? one : null;
  });
  const truth = watch(viewer, (now) => [
    ...(now.get("ring", "ring:1")?.said.level === "ok" ? ["ring 1 is well"] : []),
    ...(now.get("cluster", "cluster")?.headline.level === "ok" ? ["the cluster is well"] : []),
    ...now.all("node").flatMap(({ name, state }) => (state.word === "online" ? [] : `${name} is ${state.word}`)),
  ]);
  expect(ring.said.level).not.toBe("ok");
  const view = await viewer.view();
  expect(view.get("ring", "ring:0")?.said.level).toBe("ok");
  expect(view.get("cluster", "cluster")?.headline.level).not.toBe("ok");
  expect(view.all("node").map(({ state }) => state.word)).toEqual(["online", "online", "online"]);
  expect(await monitor("ruby")).toContain('with_quorum="true"');
  expect((await lab.fencings()).length).toBe(before);

  const { wrong, looks } = await truth.stop();
  expect(wrong).toEqual([]);
  expect(looks).toBeGreaterThan(0);
  await lab.mend("ruby", "ring1");
  await seen(viewer, "the link again", (now) => now.get("ring", "ring:1")?.said.level === "ok" || null);
});
