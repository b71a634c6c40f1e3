// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Entity, View } from "@/agent/protocol/console/view";
import { timing } from "@/agent/protocol/timing";
import { repairOpen } from "@/server/findings/repair-open";
import { MAIL, repairRun, repairView, type Scene } from "@/server/repair/test-repair";
import { T0 } from "./guards/test-view";
import { ANNA, desk, OTTO, previewsOf, type TestCluster, testCluster } from "./test-cluster";

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await testCluster();
  const direct = (steps: Parameters<typeof previewsOf>[0]) => previewsOf(steps, { change: null, commands: ["drbdadm …"] });
  cluster.answers.preview = (steps) => ({ ok: true, answer: { ok: true, steps: direct(steps) } });
  cluster.answers.prepare = (_, steps) => ({ ok: true, answer: { ok: true, ready: steps && { nonce: "n", steps: direct(steps) } } });
});
afterEach(() => cluster.remove());

const { preview, confirm, last } = desk(() => cluster);
const ask = (verb: string) => ({ verb, args: { ...MAIL } });
/** All of a view's entities under their own keys, as the nodes would tell them. */
function show(scene: Scene): void {
  cluster.put(withoutRuns(repairView(scene)));
}
const withoutRuns = (view: View): ReadonlyMap<string, Entity> => new Map([...view].filter(([, { kind }]) => kind !== "run"));
const ended = (outcome: string) => vi.waitFor(() => expect(last()?.outcome).toBe(outcome), 10_000);
const repairs = () => {
  const plan = cluster.commands.repairs("san-a", "mail", 0, ANNA);
  if ("code" in plan) throw new Error(plan.message);
  return plan.repairs;
};

async function start(verb: string): Promise<void> {
  const before = cluster.orders.length;
  const answer = await confirm(await preview(ask(verb)));
  expect(answer.did).toBe("started");
  await vi.waitFor(() => expect(cluster.orders).toHaveLength(before + 1));
}

describe("a repair of 8.4", () => {
  it("lets go on the copy to be overwritten, connects it, and is done when both hold the same", async () => {
    show({});
    await start("drbd.disconnect");
    expect(cluster.orders[0]).toMatchObject({ node: "crystal", step: { kind: "drbdDisconnect", resource: "mail", peer: null } });
    show({ stage: "apart" });
    await ended("done");
    expect(repairs()[0]).toMatchObject({ halfWay: { by: "anna" } });
    expect(repairs()[0]?.steps.find(({ state }) => state === "next")).toMatchObject({ id: "connect", offer: { refusal: null } });

    await start("drbd.connect");
    expect(cluster.orders[1]).toMatchObject({ node: "crystal", step: { kind: "drbdConnect", resource: "mail", peer: null } });
    show({ stage: "moving" });
    expect(repairs()[0]?.steps.map(({ state }) => state)).toEqual(["done", "running", "later"]);
    expect(last()?.outcome).toBeNull();
    show({ stage: "same" });
    await ended("done");
    expect(repairs()[0]?.steps.map(({ state }) => state)).toEqual(["done", "done", "next"]);
  });

  it("after which the bits are still set is never done: no resync happened", async () => {
    show({});
    await start("drbd.disconnect");
    show({ stage: "apart" });
    await ended("done");
    await start("drbd.connect");
    show({ stage: "marked" });
    await vi.waitFor(() => expect(last()?.phases.some(({ says }) => says.startsWith("waits until crystal holds"))).toBe(true));
    // It has been so for as long as a cluster at rest.
    await vi.waitFor(() => {
      cluster.clock.nowMs += 21_000;
      cluster.tell();
      expect(last()?.outcome).toBe("unsettled");
    }, 10_000);
    expect(last()?.says).toContain("No resync happened; the bits are still set.");
    expect(repairs()[0]?.steps[1]?.found).toContain("No resync happened");
  });

  it("that a second person finished meanwhile, or a Primary that moved, ends in a refusal", async () => {
    show({});
    await start("drbd.disconnect");
    show({ stage: "apart" });
    await ended("done");
    const made = await preview(ask("drbd.connect"));
    show({ stage: "apart", roles: ["Secondary", "Primary"] });
    const answer = await confirm(made);
    expect(answer).toMatchObject({ did: "refused" });
    expect(cluster.orders).toHaveLength(1);
  });

  it("is typed by an admin: an operator is told so, and a name that is another's does not do", async () => {
    show({});
    const otto = await confirm(await preview(ask("drbd.disconnect"), OTTO), OTTO);
    expect(otto).toMatchObject({ did: "refused", message: expect.stringContaining("Only an admin may go on.") });
    const wrong = await confirm(await preview(ask("drbd.disconnect")), ANNA, { typed: "store" });
    expect(wrong).toMatchObject({ did: "refused", message: expect.stringContaining("To go on, type mail.") });
    expect(cluster.orders).toEqual([]);
  });
});

it("of DRBD 9.2 takes the marked blocks, both staying connected", async () => {
  const nine: Scene = { versions: ["9.2.8", "9.2.8"] };
  show(nine);
  await start("drbd.takeFromPeer");
  expect(cluster.orders[0]).toMatchObject({
    node: "crystal",
    step: { kind: "drbdTakeFromPeer", resource: "mail", volume: 0, peer: "ruby" },
  });
  show({ ...nine, stage: "same" });
  await ended("done");
});

describe("left half-way", () => {
  it("is told as a finding with who and since when, and after a restart of the console too", async () => {
    show({});
    await start("drbd.disconnect");
    show({ stage: "apart" });
    await ended("done");
    cluster.clock.nowMs += 12 * 60_000;
    cluster.commands.sweep();
    const again = await cluster.open();
    const plan = again.repairs("san-a", "mail", 0, ANNA);
    if ("code" in plan) throw new Error(plan.message);
    expect(plan.repairs[0]?.halfWay?.by).toBe("anna");
  });

  it("for longer than a step takes is a risk; connected again it is no finding", () => {
    const find = (scene: Scene, nowMs = T0) =>
      repairOpen.find(repairView(scene), { nowMs, timing: timing(1), told: [], findingSince: new Map() });
    const runs = [repairRun("drbd.disconnect", 12)];
    expect(find({ stage: "apart", runs })).toMatchObject([
      { level: "risk", title: "mail was disconnected for a repair and is not connected again", sinceMs: T0 - 720_000 },
    ]);
    expect(find({ stage: "apart", runs })[0]?.why).toContain("anna disconnected it on crystal 12 min ago.");
    expect(find({ stage: "apart", runs: [repairRun("drbd.disconnect", 1)] })[0]?.level).toBe("busy");
    expect(find({ stage: "same", runs })).toEqual([]);
    expect(find({ stage: "apart", runs: [...runs, repairRun("drbd.connect", 3)] })).toEqual([]);
  });
});
