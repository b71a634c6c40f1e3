// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { as, lab, seen } from "./lab";
import { monitor } from "./oracle";
import { BELIEVED_MS, watch, wellWhileDead } from "./truth";

test("two of three nodes lose their power: nothing is well on them, the cluster is not well, and nobody is fenced", async () => {
  const viewer = await as("viewer");
  const before = (await lab.fencings()).length;
  const dead = ["ruby", "crystal"];
  await Promise.all(dead.map(lab.powerOff));
  const truth = watch(viewer, (view, sinceMs) => {
    if (sinceMs < BELIEVED_MS) return [];
    const verdict = view.get("cluster", "cluster")?.headline;
    return [
      ...dead.flatMap((name) => wellWhileDead(view, name, sinceMs)),
      ...(verdict?.level === "ok" ? [`the cluster: ${verdict.word}`] : []),
    ];
  });

  await seen(viewer, "that quorum is lost", (view) => view.get("cluster", "cluster")?.pacemaker?.quorum.word === "no quorum" || null);
  await seen(viewer, "both nodes gone", (view) => dead.every((name) => view.get("node", `node:${name}`)?.state.level === "bad") || null);
  // Pacemaker itself still prints services as started there: that is its memory.
  const said = await monitor("jade");
  expect(said).toContain('with_quorum="false"');
  expect(said).toMatch(/role="Started"[^>]*>\s*<node name="(ruby|crystal)"/);
  // Long enough for the agent's own look at everything.
  await seen(viewer, "jade's next whole look", (view) => {
    const source = view.get("source", "source:jade/pacemaker");
    return (source?.takenAtMs ?? 0) > Date.now() - 1_000 || null;
  });
  const { wrong, looks } = await truth.stop();
  expect(wrong).toEqual([]);
  expect(looks).toBeGreaterThan(0);
  expect((await lab.fencings()).slice(before)).toEqual([]);
});
