// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { constraint, fencing, resource, said, T0 } from "./guards/test-view";
import { ANNA, CRYSTAL_STANDBY, desk, fencesOf, MOVE, OTTO, type TestCluster, testCluster } from "./test-cluster";

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await testCluster();
});
afterEach(() => cluster.remove());

const { preview, confirm, start, kinds, last, row } = desk(() => cluster);
const ended = (outcome: string) => vi.waitFor(() => expect(last()?.outcome).toBe(outcome), 5_000);

describe("an end that is not known", () => {
  const lose = () => {
    cluster.answers.step = () => ({ ok: false, wasSent: true, why: "the link broke before its agent answered" });
  };

  it("is said to be unknown, is not tried again, and is learnt from the view later", async () => {
    lose();
    const run = await start();
    await ended("unknown");
    expect(last()?.says).toContain("It is not tried again");
    cluster.show(...CRYSTAL_STANDBY);
    await ended("done");
    expect(cluster.orders).toHaveLength(1);
    expect(await row(run)).toMatchObject({ outcome: "done", says: expect.stringContaining("Learnt later") });
    expect(await kinds()).toEqual(["opened", "step", "closed", "resolved"]);
  });

  it("of a fencing is told by a fencing that is new, not by one from before, and that one is no failure", async () => {
    lose();
    cluster.show(fencing("crystal", "success", { completed: "2026-11-01 10:00:00Z" }));
    cluster.answers.preview = (steps) => ({ ok: true, answer: { ok: true, steps: fencesOf(steps) } });
    cluster.answers.prepare = (_, steps) => ({ ok: true, answer: { ok: true, ready: steps && { nonce: "n", steps: fencesOf(steps) } } });
    const made = await preview({ verb: "node.fence", args: { node: "crystal", action: "reboot" } });
    const accept = made.findings.map(({ guard }) => guard);
    const confirmation = { preview: made.id, accept, typed: "crystal", reason: "it hangs" };
    expect(await cluster.commands.confirm("san-a", confirmation, ANNA)).toMatchObject({ did: "started" });
    await ended("unknown");
    cluster.show(fencing("crystal", "pending"));
    expect(last()?.outcome).toBe("unknown");
    cluster.show(fencing("crystal", "success", { completed: "2026-11-02 11:00:00Z" }));
    await ended("done");
  });

  it("stays so where the view showed the same before", async () => {
    lose();
    cluster.show(resource("g_mail", "ruby"), constraint("cli-ban-g_mail-on-crystal"));
    await start({ verb: "resource.ban", args: { resource: "g_mail", node: "crystal", hours: 8 } });
    await ended("unknown");
    cluster.show(resource("g_mail", "ruby"));
    await vi.waitFor(async () => expect(await kinds()).toContain("closed"));
    expect(await kinds()).toEqual(["opened", "step", "closed"]);
    expect(last()?.outcome).toBe("unknown");
  });

  it("of a maintenance that is learnt later still says whose it is and until when", async () => {
    lose();
    await start({ verb: "cluster.maintenance-on", args: { untilMs: T0 + 3_600_000, note: "new switches" } });
    await ended("unknown");
    cluster.show({ kind: "maintenance", node: null, declared: null, said: said("held", "maintenance") });
    await ended("done");
    await vi.waitFor(async () =>
      expect((await cluster.db.maintenance.load()).get("san-a")).toMatchObject([{ owner: "anna", note: "new switches" }]),
    );
  });

  it("frees the cluster for the next command", async () => {
    lose();
    await start();
    await ended("unknown");
    expect((await confirm(await preview(MOVE, OTTO), OTTO)).did).toBe("started");
  });

  it("that the console did not live to see is marked interrupted when it starts again", async () => {
    const run = await start();
    await vi.waitFor(() => expect(cluster.orders).toHaveLength(1));
    await cluster.open();
    expect(await row(run)).toMatchObject({ outcome: "interrupted", says: expect.stringContaining("Standby crystal") });
  });
});

describe("a record that cannot be written", () => {
  /** The disk takes no entry of this kind, once. */
  const failOnce = (kind: string) => {
    const { append } = cluster.db.audit;
    cluster.db.audit.append = async (entry) => {
      if (entry.kind !== kind) return append(entry);
      cluster.db.audit.append = append;
      throw new Error("the disk is full");
    };
  };
  const goesOn = async () => expect((await confirm(await preview(MOVE, OTTO), OTTO)).did).toBe("started");

  it("of a step ends the run as unknown, closes its row, and frees the cluster", async () => {
    failOnce("step");
    const run = await start();
    await ended("unknown");
    await vi.waitFor(async () => expect(await row(run)).toMatchObject({ outcome: "unknown" }));
    await goesOn();
  });

  it("of a refusal before the first step frees the cluster, and the row says that nothing was written", async () => {
    const { prepare } = cluster.answers;
    cluster.answers.prepare = () => ({ ok: false, wasSent: true, why: "the link broke" });
    failOnce("closed");
    await expect(start()).rejects.toThrow("the disk is full");
    expect(last()).toMatchObject({ outcome: "refused", says: expect.stringContaining("Nothing was written") });
    expect(await kinds()).toEqual(["opened", "closed"]);
    cluster.answers.prepare = prepare;
    await goesOn();
  });

  it("of the end frees the cluster all the same", async () => {
    failOnce("closed");
    await start();
    cluster.show(...CRYSTAL_STANDBY);
    await ended("done");
  });
});
