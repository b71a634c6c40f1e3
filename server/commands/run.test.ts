// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Step } from "@/agent/protocol/steps";
import { faultOf } from "@/server/audit/chain";
import { fencing, lonely, node, resource, said, source, T0 } from "./guards/test-view";
import { ANNA, CRYSTAL_STANDBY, desk, MOVE, OTTO, previewsOf, STANDBY, type TestCluster, testCluster } from "./test-cluster";

let cluster: TestCluster;
beforeEach(async () => {
  cluster = await testCluster();
});
afterEach(() => cluster.remove());

const { preview, confirm, start, kinds, last, row } = desk(() => cluster);
const ended = (outcome: string) => vi.waitFor(() => expect(last()?.outcome).toBe(outcome), 5_000);

describe("a run", () => {
  it("opens its row, has every node read anew, sends the step as it was previewed, and is done when the view shows it", async () => {
    const run = await start();
    await vi.waitFor(() => expect(cluster.orders).toHaveLength(1));
    // The first: what the preview is compared with.
    expect(cluster.asked).toEqual(["prepare ruby", "prepare ruby", "prepare crystal", "step ruby standby"]);
    expect((await kinds()).slice(0, 2)).toEqual(["opened", "step"]);
    const [order] = cluster.orders;
    const [opened] = await cluster.entries();
    expect(order).toMatchObject({ agentId: "agent-ruby", node: "ruby", runId: run, nonce: "nonce-1" });
    expect(order?.audit).toEqual({ seq: opened?.seq, hash: opened?.hash });
    expect(order?.expect.change).toEqual(previewsOf([{ kind: "standby", node: "crystal", on: true }])[0]?.change);
    expect(last()?.outcome).toBeNull();
    cluster.show(...CRYSTAL_STANDBY);
    await ended("done");
    expect(last()?.undo).toEqual({ verb: "node.unstandby", args: { node: "crystal" }, title: "Take crystal back" });
    expect(await kinds()).toEqual(["opened", "step", "closed"]);
  });

  it("leaves a chain that holds, and a row with who, from where, what was run and how it ended", async () => {
    const run = await start();
    cluster.show(...CRYSTAL_STANDBY);
    await ended("done");
    const entries = await cluster.entries();
    expect(entries.map((entry, index) => faultOf(entry, entries[index - 1] ?? null))).toEqual([null, null, null]);
    expect(await row(run)).toMatchObject({ by: "anna", from: "192.0.2.7", outcome: "done", commands: ["write standby"] });
  });

  it("of two steps waits in between, prepares the second anew, and removes its own constraint", async () => {
    const run = await start(MOVE);
    await vi.waitFor(() => expect(cluster.orders).toHaveLength(1));
    cluster.show(resource("g_mail", "crystal"));
    await ended("done");
    expect(cluster.asked.slice(-3)).toEqual(["step ruby prefer", "prepare ruby", "step ruby clear"]);
    expect(cluster.orders[1]).toMatchObject({ runId: run, step: { kind: "clear", constraints: ["cli-prefer-g_mail"] } });
    expect(last()?.undo).toMatchObject({ verb: "resource.move", args: { to: "ruby" } });
  });

  it("prepares the second only when what moves along has come too, for what is under way would be taken for its own doing", async () => {
    cluster.show(resource("p_along", "ruby"));
    const along = { resource: "p_along", action: "move", node: "ruby", to: "crystal", role: null, nextRole: null, reason: null };
    const made = (steps: readonly Step[]) =>
      steps.flatMap((step) => previewsOf([step], step.kind === "prefer" ? { actions: [along] } : {}));
    cluster.answers.preview = (steps) => ({ ok: true, answer: { ok: true, steps: made(steps) } });
    cluster.answers.prepare = (_, steps) => ({
      ok: true,
      answer: { ok: true, ready: steps && { nonce: "later", steps: made(steps) } },
    });
    await start(MOVE);
    await vi.waitFor(() => expect(cluster.orders).toHaveLength(1));
    cluster.show(resource("g_mail", "crystal"), resource("p_along", null));
    await vi.waitFor(() => expect(last()?.phases.at(-1)?.says).toBe("waits until all that moves along has come too"));
    expect(cluster.asked.at(-1)).toBe("step ruby prefer");
    cluster.show(resource("g_mail", "crystal"), resource("p_along", "crystal"));
    await ended("done");
    expect(cluster.asked.slice(-3)).toEqual(["step ruby prefer", "prepare ruby", "step ruby clear"]);
  });

  it("whose acting node is gone before the second step has it done by another", async () => {
    await start(MOVE);
    await vi.waitFor(() => expect(cluster.orders).toHaveLength(1));
    cluster.show(node("ruby", { link: "stale", state: said("old", "silent") }), resource("g_mail", "crystal"));
    await vi.waitFor(() => expect(cluster.orders).toHaveLength(2));
    expect(cluster.orders[1]).toMatchObject({ agentId: "agent-crystal", node: "crystal", step: { kind: "clear" } });
  });

  it("whose second step would now write something else leaves it, and says so", async () => {
    await start(MOVE);
    await vi.waitFor(() => expect(cluster.orders).toHaveLength(1));
    const other = previewsOf([{ kind: "standby", node: "ruby", on: true }]);
    cluster.answers.prepare = () => ({ ok: true, answer: { ok: true, ready: { nonce: "later", steps: other } } });
    cluster.show(resource("g_mail", "crystal"));
    await ended("unsettled");
    expect(cluster.orders).toHaveLength(1);
    expect(last()?.says).toContain("somebody changed the cluster");
  });

  it("that would be moved back once its constraint is gone leaves it with an end", async () => {
    cluster.answers.preview = (steps) => {
      const back = { resource: "g_mail", action: "move", node: "crystal", to: "ruby", role: null, nextRole: null, reason: null };
      const made = previewsOf(steps);
      return { ok: true, answer: { ok: true, steps: made.map((step, index) => (index === 1 ? { ...step, actions: [back] } : step)) } };
    };
    const made = await preview(MOVE);
    expect(made.plan).toHaveLength(2);
    expect(made.steps).toHaveLength(1);
  });

  it("whose start failed ends when the cluster has come to rest, and says what is left", async () => {
    await start(MOVE);
    await vi.waitFor(() => expect(last()?.phases.at(-1)?.says).toBe("waits until g_mail runs on crystal"));
    const failure = {
      resource: "g_mail",
      node: "crystal",
      task: "start",
      intervalMs: null,
      exitCode: 1,
      exitStatus: "error",
      exitReason: "no disk",
      failCount: "INFINITY",
      lastChange: null,
    };
    const still = { node: "crystal", role: "Started", said: said("bad", "failed") };
    cluster.show(resource("g_mail", "crystal", { places: [still], failures: [failure] }));
    const back = resource("g_mail", "ruby", { failures: [failure] });
    cluster.show(back);
    expect(cluster.orders).toHaveLength(1);
    cluster.clock.nowMs += 20_000;
    cluster.show(back);
    await ended("failed");
    expect(last()?.says).toBe(
      "The start of g_mail failed on crystal (error: no disk). Waited until g_mail runs on crystal: the cluster came to rest without it. cli-prefer-g_mail is still there: see why, then clear it.",
    );
  });

  it("in which a node is fenced has failed, with the reason, although what was wanted came true", async () => {
    await start(MOVE);
    await vi.waitFor(() => expect(cluster.orders).toHaveLength(1));
    const failure = {
      resource: "g_mail",
      node: "ruby",
      task: "stop",
      intervalMs: null,
      exitCode: 1,
      exitStatus: "error",
      exitReason: "busy",
      failCount: "1",
      lastChange: null,
    };
    await vi.waitFor(() => expect(last()?.phases.at(-1)?.says).toBe("waits until g_mail runs on crystal"));
    cluster.show(fencing("ruby", "pending"), resource("g_mail", "ruby", { failures: [failure] }));
    // Pacemaker forgets the failures of a node that is gone.
    cluster.show(fencing("ruby", "success"), resource("g_mail", "crystal"));
    await ended("failed");
    expect(last()?.says).toContain("ruby was fenced (reboot by crystal). The stop of g_mail failed there (error: busy).");
  });
});

describe("a result", () => {
  it("is none as long as only an old word shows it", async () => {
    await start();
    await vi.waitFor(() => expect(cluster.orders).toHaveLength(1));
    cluster.show(...CRYSTAL_STANDBY, source("ruby", "pacemaker", { freshness: "stale" }));
    await vi.waitFor(() => expect(last()?.phases.at(-1)?.says).toContain("waits until"));
    expect(last()?.outcome).toBeNull();
    cluster.show(...CRYSTAL_STANDBY, source("ruby", "pacemaker"));
    await ended("done");
  });
});

describe("the cluster settles", () => {
  const BACK = { verb: "node.unstandby", args: { node: "crystal" } };
  const silent = () => cluster.show(...CRYSTAL_STANDBY, source("ruby", "pacemaker", { freshness: "stale" }));

  it("and is not taken to be at rest while nobody tells of it", async () => {
    cluster.show(...CRYSTAL_STANDBY);
    await start(BACK);
    await vi.waitFor(() => expect(last()?.phases.at(-1)?.says).toBe("the cluster settles"));
    silent();
    cluster.clock.nowMs += 30_000;
    silent();
    cluster.show(source("ruby", "pacemaker"), node("crystal"));
    await ended("done");
  });

  it("and what comes true just as it would have been taken to be at rest counts", async () => {
    cluster.show(...CRYSTAL_STANDBY);
    await start(BACK);
    await vi.waitFor(() => expect(last()?.phases.at(-1)?.says).toBe("the cluster settles"));
    cluster.clock.nowMs += 20_000;
    cluster.show(node("crystal"));
    await ended("done");
  });

  it("and where nobody tells of it until the time is over, the end is unknown, and learnt later", async () => {
    cluster.show(...CRYSTAL_STANDBY);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      await start(BACK);
      await vi.waitFor(() => expect(last()?.phases.at(-1)?.says).toBe("the cluster settles"));
      silent();
      await vi.advanceTimersByTimeAsync(300_000);
    } finally {
      vi.useRealTimers();
    }
    await ended("unknown");
    cluster.show(source("ruby", "pacemaker"), node("crystal"));
    await ended("done");
  });
});

describe("nothing is written", () => {
  const nothingSent = async () => {
    expect(cluster.orders).toEqual([]);
    expect((await kinds()).includes("step")).toBe(false);
  };

  it("when a guard blocks; the refusal is recorded", async () => {
    cluster.show(lonely());
    const made = await preview({ verb: "node.standby", args: { node: "ruby" } }, OTTO);
    const answer = await confirm(made, OTTO);
    expect(answer.did).toBe("refused");
    expect(await kinds()).toEqual(["refused"]);
    await nothingSent();
  });

  it("when a warning is not accepted: it is named", async () => {
    const made = await preview();
    const warned = made.findings.find(({ level }) => level === "warn");
    const answer = await confirm(made, ANNA, { accept: [] });
    expect(answer).toMatchObject({ did: "refused", message: expect.stringContaining(warned?.guard ?? "no warning") });
    await nothingSent();
  });

  it("where nothing could be simulated, in a guard's words when one knows why, else in the tool's", async () => {
    const message = "crm_resource ended with exit 105: Node 'nowhere' not found";
    cluster.answers.preview = () => ({ ok: true, answer: { ok: false, error: { code: "STEP_TOOL", message, mayHaveHappened: false } } });
    const move = (to: string) => cluster.commands.preview("san-a", { verb: "resource.move", args: { resource: "g_mail", to } }, ANNA);
    expect(await move("nowhere")).toMatchObject({
      code: "COMMAND_REFUSED",
      message: "There is no node nowhere in this cluster. Choose one of its nodes. Nothing was changed.",
    });
    expect(await move("crystal")).toMatchObject({ code: "COMMAND_NO_PREVIEW", message: expect.stringContaining(message) });
  });

  it("when the configuration changed between preview and confirmation: the difference is said", async () => {
    const made = await preview();
    cluster.answers.prepare = (_, steps) => ({
      ok: true,
      answer: { ok: true, ready: steps && { nonce: "n", steps: previewsOf(steps, {}, 42) } },
    });
    const answer = await confirm(made);
    expect(answer).toMatchObject({
      did: "refused",
      message: "The cluster changed while you were reading. Review again.",
      differences: ["Somebody changed the cluster's configuration: it was version 0.41, and is 0.42."],
    });
    expect(await kinds()).toEqual(["opened", "closed"]);
    await nothingSent();
  });

  it("when a node concerned does not read its facts anew", async () => {
    const made = await preview();
    cluster.answers.prepare = (name, steps) =>
      name === "crystal"
        ? { ok: false, wasSent: true, why: "the link broke before its agent answered" }
        : { ok: true, answer: { ok: true, ready: steps && { nonce: "n", steps: previewsOf(steps) } } };
    const answer = await confirm(made);
    expect(answer).toMatchObject({ did: "refused", message: expect.stringContaining("crystal could not read its facts anew") });
    await nothingSent();
  });

  it("when the agent refuses the step itself", async () => {
    cluster.answers.step = () => ({
      ok: true,
      answer: { ok: false, error: { code: "STEP_CHANGED", message: "The configuration is another one.", mayHaveHappened: false } },
    });
    await start();
    await ended("refused");
    expect(last()?.says).toContain("Nothing was written.");
  });

  it("a preview is confirmed once, by the one who made it, and not when it is old", async () => {
    const made = await preview();
    const confirmation = { preview: made.id, accept: [], typed: null, reason: null };
    expect(await cluster.commands.confirm("san-a", confirmation, OTTO)).toMatchObject({ code: "COMMAND_NO_SUCH_PREVIEW" });
    cluster.clock.nowMs += 301_000;
    expect(await confirm(made)).toMatchObject({ did: "refused", message: expect.stringContaining("too old") });
    expect(await cluster.commands.confirm("san-a", confirmation, ANNA)).toMatchObject({ code: "COMMAND_NO_SUCH_PREVIEW" });
    await nothingSent();
  });

  it("while somebody else is at work: who and what is said", async () => {
    const second = await preview(MOVE, OTTO);
    await start();
    await vi.waitFor(() => expect(cluster.orders).toHaveLength(1));
    const answer = await confirm(second, OTTO);
    expect(answer).toMatchObject({ did: "refused", message: expect.stringContaining("anna is putting crystal in standby") });
    expect(cluster.orders).toHaveLength(1);
  });

  it("nothing is so already by an old word: not offered, not previewed, not confirmed", async () => {
    cluster.show(...CRYSTAL_STANDBY);
    const made = await preview();
    cluster.show(...CRYSTAL_STANDBY, source("ruby", "pacemaker", { freshness: "stale" }));
    expect(await confirm(made)).toMatchObject({ did: "refused", message: expect.stringContaining("preview it again") });
    const again = await cluster.commands.preview("san-a", STANDBY, ANNA);
    expect(again).toMatchObject({ code: "COMMAND_REFUSED", message: expect.stringContaining("nobody knows how it is") });
    await nothingSent();
  });

  it("when it is so already", async () => {
    cluster.show(...CRYSTAL_STANDBY);
    const made = await preview();
    expect(made.commands).toEqual([]);
    expect(made.isAlreadySo).toBe(true);
    expect((await confirm(made)).did).toBe("started");
    expect(last()).toMatchObject({ outcome: "alreadySo" });
    await nothingSent();
  });

  it("for a verb or arguments that are none, whatever they hold", async () => {
    const ask = (verb: string, args: Record<string, unknown>) => cluster.commands.preview("san-a", { verb, args }, ANNA);
    expect(await ask("node.explode", {})).toMatchObject({ code: "COMMAND_UNKNOWN" });
    for (const name of ["-h", "a;reboot", "a b", "../x", ""]) {
      expect(await ask("resource.move", { resource: name, to: "crystal" })).toMatchObject({ code: "COMMAND_BAD_ARGS" });
      expect(await ask("node.standby", { node: name })).toMatchObject({ code: "COMMAND_BAD_ARGS" });
    }
  });
});

describe("the object's name", () => {
  it("has to be typed by an admin where a guard asks for it", async () => {
    cluster.show(node("crystal", { state: said("held", "standby") }));
    const ask = { verb: "node.standby", args: { node: "ruby" } };
    const levels = (await preview(ask)).findings.map(({ level }) => level);
    expect(levels).toContain("type");
    expect(levels).not.toContain("block");
    expect(await confirm(await preview(ask, OTTO), OTTO)).toMatchObject({
      did: "refused",
      message: expect.stringContaining("Only an admin"),
    });
    expect(await confirm(await preview(ask), ANNA, { typed: "yes" })).toMatchObject({
      did: "refused",
      message: expect.stringContaining("type ruby"),
    });
    expect((await confirm(await preview(ask))).did).toBe("started");
  });
});

describe("a maintenance", () => {
  const ask = (untilMs: number) =>
    cluster.commands.preview("san-a", { verb: "cluster.maintenance-on", args: { untilMs, note: "new disks" } }, ANNA);

  it("whose end is over, or further than anybody plans, is refused with a sentence", async () => {
    expect(await ask(T0)).toMatchObject({ code: "COMMAND_BAD_ARGS", message: expect.stringContaining("over already") });
    expect(await ask(T0 + 91 * 86_400_000)).toMatchObject({ message: expect.stringContaining("90 days") });
  });

  it("that was ended with another tool has no owner any more", async () => {
    await cluster.db.maintenance.declare("san-a", {
      node: null,
      owner: "anna",
      note: "new disks",
      startedAtMs: T0,
      endsAtMs: T0 + 7_200_000,
    });
    const commands = await cluster.open();
    commands.sweep();
    expect((await cluster.db.maintenance.load()).get("san-a")).toHaveLength(1);
    cluster.clock.nowMs += 61_000;
    commands.sweep();
    await vi.waitFor(async () => expect((await cluster.db.maintenance.load()).get("san-a")).toBeUndefined());
  });
});
