// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { newFleet } from "./fleet";
import { type Cluster, clusterOf, type Fleet, memberOf } from "./model";
import { location } from "./parts";
import { predict } from "./predict";
import { planStep } from "./service-life";
import { play, tick } from "./tick";

const START_MS = Date.UTC(2026, 10, 20, 14);
const SLUGS = ["san-a", "north", "attic"] as const;
const start = (isCalm = true) => newFleet({ atMs: START_MS, isCalm, pace: 1, newId: () => "first-boot" });

/** Who is where, in which role. */
function places({ pacemaker, mirrors }: Cluster) {
  return {
    services: pacemaker.services.flatMap((service) => service.primitives.map(({ id, node, state }) => `${id} ${state} ${node}`)),
    copies: mirrors.flatMap((mirror) => mirror.copies.map(({ node, role, isUp }) => `${mirror.name} ${node} ${isUp ? role : "down"}`)),
    devices: pacemaker.fenceDevices.map(({ id, node }) => `${id} ${node}`),
  };
}

/** Changes a cluster, and lets a minute pass. */
function live(fleet: Fleet, slug: string, change: (cluster: Cluster) => void): Cluster {
  const changed = play(fleet, (scene) => {
    const cluster = clusterOf(scene.fleet, slug);
    change(cluster);
    planStep(scene, cluster, 300);
  }).fleet;
  return clusterOf(tick(changed, 60_000).fleet, slug);
}

function predicted(fleet: Fleet, slug: string, change: (cluster: Cluster) => void): Cluster {
  const copy = structuredClone(clusterOf(fleet, slug));
  change(copy);
  return predict(fleet, copy, null).after;
}

describe("the scheduler", () => {
  it.each(SLUGS)("has nothing to do on %s, calm or not", (slug) => {
    for (const fleet of [start(true), start(false)]) {
      const prediction = predict(fleet, clusterOf(fleet, slug), null);
      expect(prediction.operations).toEqual([]);
      expect(places(prediction.after)).toEqual(places(clusterOf(fleet, slug)));
    }
  });

  it.each(SLUGS)("ends on %s, in a minute of life, where it was predicted to end", (slug) => {
    const fleet = start();
    const { members, services } = clusterOf(fleet, slug).pacemaker;
    const changes = [
      ...members.map(
        ({ node }) =>
          (cluster: Cluster) =>
            void Object.assign(memberOf(cluster, node) ?? {}, { isStandby: true }),
      ),
      ...services.flatMap(({ group, order }) =>
        order.flatMap((node) =>
          ["INFINITY", "-INFINITY"].map(
            (score) => (cluster: Cluster) =>
              void cluster.pacemaker.constraints.push(location(`cli-${score}`, group, node, score, "Started")),
          ),
        ),
      ),
    ];
    for (const change of changes) expect(places(live(fleet, slug, change))).toEqual(places(predicted(fleet, slug, change)));
  });

  it("tells what a lost node would leave: it is fenced, and its services start elsewhere", () => {
    const fleet = start();
    const { after, fenced, operations } = predict(fleet, clusterOf(fleet, "san-a"), "ruby");
    expect(fenced).toBe("ruby");
    expect(new Set(after.pacemaker.services.flatMap((service) => service.primitives.map((primitive) => primitive.node)))).toEqual(
      new Set(["crystal"]),
    );
    expect(operations).toContainEqual({ resource: "p_drbd_store", task: "promote", node: "crystal" });
    // The fleet itself did not move.
    expect(fleet).toEqual(start());
  });
});
