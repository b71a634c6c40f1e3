// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keyOf } from "@/agent/protocol/console/view";
import type { Planning } from "./planning";
import { ask, CLOSES_MS, finding, HOUR_MS, NOON_MS, OPENS_MS, type TestPlanning, testPlanning, WEEKLY } from "./test-planning";

let desk: TestPlanning;
let planning: Planning;
beforeEach(async () => {
  desk = await testPlanning();
  planning = await desk.open();
});
afterEach(() => desk.remove());

const verifies = () => desk.given.filter(({ verb }) => verb === "drbd.verify").map(({ mirror }) => mirror);
const refusals = () => desk.refused.map(({ summary }) => `${summary.resource}: ${summary.says}`);
async function add(resource: string, accept: string[] = []) {
  const queued = await planning.queue.add(ask(resource, accept), desk.otto);
  if ("code" in queued) throw new Error(queued.message);
  return queued;
}
async function schedule(change: Partial<typeof WEEKLY> = {}, by = desk.otto) {
  const made = await planning.schedules.add({ ...WEEKLY, ...change }, by);
  if ("code" in made) throw new Error(made.message);
  return made;
}
const lastSays = () => planning.schedules.list()[0]?.last?.says;

describe("two mirrors on one link", () => {
  it("are verified one after the other, the larger first", async () => {
    await add("mail");
    await add("store");
    await planning.tick();
    expect(verifies()).toHaveLength(1);
    const [first] = verifies();
    await desk.later(planning, 60_000);
    expect(verifies()).toEqual([first]);
    desk.end(first ?? "");
    await desk.later(planning, 10_000);
    expect(new Set(verifies())).toEqual(new Set(["mail", "store"]));
    expect(desk.given[0]).toMatchObject({ by: "otto", role: "operator", reason: "From the queue." });
  });

  it("are neither lost nor doubled by a restart while one runs and one waits", async () => {
    await schedule();
    await desk.at(planning, OPENS_MS);
    expect(verifies()).toEqual(["store"]);
    planning = await desk.open();
    await planning.tick();
    await desk.later(planning, HOUR_MS);
    expect(verifies()).toEqual(["store"]);
    expect(planning.queue.list().map(({ resource }) => resource)).toEqual(["mail"]);
    desk.end("store");
    planning = await desk.open();
    await desk.later(planning, 30_000);
    await desk.later(planning, 30_000);
    expect(verifies()).toEqual(["store", "mail"]);
    desk.end("mail", "differs", "12 KiB differ.");
    await desk.later(planning, 60_000);
    await desk.later(planning, 60_000);
    expect(verifies()).toEqual(["store", "mail"]);
    expect(refusals()).toEqual([]);
    expect(lastSays()).toBe("Of 2 mirrors: 1 clean and 1 with differences. mail: 12 KiB differ.");
  });

  it("say what they wait for, and their place", async () => {
    await add("store");
    await planning.tick();
    expect(await add("mail")).toMatchObject({ place: 1, says: "Waits: store is being verified on the same link, 10 min left." });
    await planning.tick();
    expect(desk.plans().get(keyOf.verify("mail", 0))).toMatchObject({
      next: null,
      queued: { place: 1, says: "Waits: store is being verified on the same link, 10 min left." },
    });
    expect(planning.queue.list()).toMatchObject([{ cluster: "san-a", resource: "mail", by: "otto", schedule: null }]);
  });
});

describe("a console that dies", () => {
  it("between noting a start and giving its command never gives it a second time, and the end is kept", async () => {
    desk.hooks.confirm = () => new Promise(() => undefined);
    await add("store");
    const dying = planning;
    void dying.tick();
    await expect.poll(() => desk.expected.length).toBe(1);
    desk.hooks.confirm = null;
    planning = await desk.open();
    await planning.tick();
    await desk.later(planning, 60_000);
    expect(verifies()).toEqual([]);
    await desk.later(planning, 120_000);
    expect(verifies()).toEqual([]);
    expect(refusals()).toEqual([expect.stringContaining("store: The console ended, or lost the node, while it was being started")]);
    expect(planning.queue.list()).toEqual([]);
  });
});

describe("a schedule", () => {
  it("begins its mirrors within its window and not before, in its owner's name, by its own reason", async () => {
    const { id, next } = await schedule();
    expect(next).toEqual({ opensAtMs: OPENS_MS, closesAtMs: CLOSES_MS });
    await desk.at(planning, OPENS_MS - 1);
    expect(planning.queue.list()).toEqual([]);
    await desk.at(planning, OPENS_MS);
    expect(verifies()).toEqual(["store"]);
    expect(desk.given[0]).toMatchObject({ by: "otto", reason: "By schedule, Sun 6 Dec, 02:00 to 06:00 Europe/Berlin." });
    expect(desk.expected).toMatchObject([{ resource: "store", cause: "schedule", by: "otto", schedule: id }]);
    expect(lastSays()).toBe("Of 2 mirrors: 1 under way and 1 waiting.");
  });

  it("shows its next opening at each of its mirrors", async () => {
    const { id } = await schedule();
    await planning.tick();
    const next = { atMs: OPENS_MS, schedule: id, says: "Sun 6 Dec, 02:00 to 06:00 Europe/Berlin, for otto" };
    expect(desk.plans()).toEqual(
      new Map([
        [keyOf.verify("store", 0), { queued: null, next }],
        [keyOf.verify("mail", 0), { queued: null, next }],
      ]),
    );
    expect(planning.due(NOON_MS, NOON_MS + 8 * 24 * HOUR_MS)).toHaveLength(2);
  });

  it("of no named mirror asks for every mirror of the cluster", async () => {
    await schedule({ mirrors: [] });
    await desk.at(planning, OPENS_MS);
    expect([...verifies(), ...planning.queue.list().map(({ resource }) => resource)]).toEqual(["store", "mail"]);
  });

  it("does not begin what its window closed over: that is recorded, with what it waited for", async () => {
    await schedule();
    await desk.at(planning, OPENS_MS);
    await desk.at(planning, CLOSES_MS);
    desk.end("store");
    await desk.later(planning, 60_000);
    expect(verifies()).toEqual(["store"]);
    expect(refusals()).toEqual([
      "mail: Not started: its window closed at 06:00 Europe/Berlin before its turn came. At the end: Waits: store is being verified on the same link, 10 min left.",
    ]);
    expect(desk.refused[0]).toMatchObject({ summary: { cause: "schedule", by: "otto", result: "refused" }, accepted: ["load"] });
  });

  it("lets run what outlasts its window, unless it is to be stopped then: once, with the reason", async () => {
    await schedule({ isStoppedAtEnd: true, mirrors: ["store/0"] });
    await desk.at(planning, OPENS_MS);
    await desk.at(planning, CLOSES_MS - 1);
    expect(desk.given).toHaveLength(1);
    await desk.at(planning, CLOSES_MS);
    await desk.later(planning, 60_000);
    planning = await desk.open();
    await desk.later(planning, 60_000);
    expect(desk.given.slice(1)).toMatchObject([
      { verb: "drbd.verifyStop", by: "otto", reason: "The window of its schedule closed at 06:00 Europe/Berlin." },
    ]);
    expect(desk.stopping).toEqual(["store: stopped as the window of its schedule closed at 06:00 Europe/Berlin"]);
    desk.end("store", "aborted", "Aborted at 41 %: stopped as the window closed.");
    await desk.later(planning, 60_000);
    expect(lastSays()).toBe("Of 1 mirror: 1 aborted. store: Aborted at 41 %: stopped as the window closed.");
  });

  it("whose window opened and closed while the console was down was missed, and that is recorded", async () => {
    await schedule();
    desk.clock.nowMs = CLOSES_MS + 7 * 24 * HOUR_MS;
    planning = await desk.open();
    await planning.tick();
    await planning.tick();
    const says = "Missed: the console did not run while the window of the schedule was open (Sun 13 Dec, 02:00 to 06:00 Europe/Berlin).";
    expect(refusals()).toEqual([`store: ${says}`, `mail: ${says}`]);
    expect(lastSays()).toBe(
      "Missed: the console did not run while it was open (Sun 13 Dec, 02:00 to 06:00 Europe/Berlin). 1 opening before it was missed as well.",
    );
    expect(verifies()).toEqual([]);
  });

  it("whose console comes back within its window begins then", async () => {
    await schedule();
    desk.clock.nowMs = OPENS_MS + HOUR_MS;
    planning = await desk.open();
    await planning.tick();
    expect(verifies()).toEqual(["store"]);
    expect(refusals()).toEqual([]);
  });

  it("leaves out a mirror that is in the queue already, and records that", async () => {
    await add("store");
    await schedule();
    await desk.at(planning, OPENS_MS);
    expect(refusals()).toEqual(["store: Not started by its schedule: it was in the queue already, or being verified."]);
    expect(verifies()).toEqual(["store"]);
  });

  it("that is paused opens nothing, and what opened meanwhile was not missed", async () => {
    const { id } = await schedule();
    await planning.schedules.change(id, { ...WEEKLY, isPaused: true }, desk.otto);
    expect(planning.schedules.list()[0]?.next).toBeNull();
    await desk.at(planning, OPENS_MS + HOUR_MS);
    await planning.schedules.change(id, WEEKLY, desk.otto);
    await desk.at(planning, CLOSES_MS + HOUR_MS);
    expect([verifies(), refusals()]).toEqual([[], []]);
    expect(planning.schedules.list()[0]?.next?.opensAtMs).toBe(OPENS_MS + 7 * 24 * HOUR_MS);
  });

  it.each(["paused", "removed"])("that is %s takes out what it asked for and did not begin", async (how) => {
    const { id } = await schedule();
    await desk.at(planning, OPENS_MS);
    if (how === "paused") await planning.schedules.change(id, { ...WEEKLY, isPaused: true }, desk.otto);
    else await planning.schedules.remove(id, desk.otto);
    expect(planning.queue.list()).toEqual([]);
    expect(refusals()).toEqual([`mail: Not started: otto ${how} its schedule.`]);
  });

  it("waits in a maintenance, and begins when that is over", async () => {
    await schedule();
    const held = { kind: "maintenance", node: "ruby", declared: null, said: { level: "held", word: "maintenance", why: null } } as const;
    desk.show(keyOf.maintenance("ruby"), held);
    await desk.at(planning, OPENS_MS);
    expect(verifies()).toEqual([]);
    expect(planning.queue.list()[0]?.says).toBe("Waits: ruby is in maintenance, switched on elsewhere.");
    desk.hide(keyOf.maintenance("ruby"));
    await desk.later(planning, 60_000);
    expect(verifies()).toEqual(["store"]);
  });
});

describe("what stands against a scheduled run", () => {
  it("a block skips it, and is recorded with its words", async () => {
    desk.findings.set("drbd.verify", [finding("connected", "block", "store is not connected to crystal.")]);
    await schedule({ mirrors: ["store/0"] });
    await desk.at(planning, OPENS_MS);
    expect(refusals()).toEqual(["store: Not started: store is not connected to crystal."]);
    expect(verifies()).toEqual([]);
    await desk.later(planning, 60_000);
    expect(refusals()).toHaveLength(1);
  });

  it("a warning that was accepted when it was scheduled does not; one that was not skips it", async () => {
    desk.findings.set("drbd.verify", [finding("load", "warn"), finding("hint", "inform")]);
    await schedule();
    await desk.at(planning, OPENS_MS);
    expect(desk.given[0]).toMatchObject({ mirror: "store", accept: ["load"] });
    desk.end("store");
    desk.findings.set("drbd.verify", [finding("load", "warn"), finding("two-primaries", "warn", "Both nodes write.")]);
    await desk.later(planning, 60_000);
    await desk.later(planning, 60_000);
    expect(refusals()).toEqual(["mail: Not started: Both nodes write. This warning was not accepted (two-primaries)."]);
  });

  it("what asks for a typed name skips it: nobody is there to type", async () => {
    desk.findings.set("drbd.verify", [finding("only-copy", "type", "It is the only copy.")]);
    await schedule({ mirrors: ["store/0"] });
    await desk.at(planning, OPENS_MS);
    expect(refusals()).toEqual(["store: Not started: It is the only copy. Its name has to be typed, which only a person can do."]);
  });

  it("a warning of what else runs there is waited for, not skipped over", async () => {
    desk.findings.set("drbd.verify", [finding("nodes-and-lines-are-free", "warn", "home is resyncing on ruby.")]);
    await schedule({ mirrors: ["store/0"] });
    await desk.at(planning, OPENS_MS);
    expect([verifies(), refusals()]).toEqual([[], []]);
    desk.findings.clear();
    await desk.later(planning, 60_000);
    expect(verifies()).toEqual(["store"]);
  });

  it("a block that passes by itself is waited for within the window", async () => {
    desk.findings.set("drbd.verify", [finding("no-other-command-runs", "block", "anna moves g_mail.")]);
    await schedule({ mirrors: ["store/0"] });
    await desk.at(planning, OPENS_MS);
    for (let look = 0; look < 5; look += 1) await desk.later(planning, 60_000);
    expect(planning.queue.list()[0]?.says).toBe("anna moves g_mail.");
    desk.findings.clear();
    await desk.later(planning, 60_000);
    expect(verifies()).toEqual(["store"]);
    expect(refusals()).toEqual([]);
  });

  it.each([
    ["was removed", (id: string) => desk.db.people.removeUser(id), "otto, in whose name it runs, is no user of this console any more."],
    [
      "may not sign in",
      (id: string) => desk.db.people.changeUser(id, { disabledAtMs: 1 }),
      "otto, in whose name it runs, may not sign in any more.",
    ],
    [
      "lost the role",
      (id: string) => desk.db.people.changeUser(id, { role: "viewer" }),
      "otto, in whose name it runs, is viewer: verifying needs the role operator.",
    ],
  ])("an owner who %s skips it, and that is recorded", async (_, change, says) => {
    await schedule({ mirrors: ["store/0"] });
    await change(desk.otto.userId);
    await desk.at(planning, OPENS_MS);
    expect(verifies()).toEqual([]);
    expect(refusals()).toEqual([`store: Not started: ${says}`]);
  });
});

describe("changes by people", () => {
  it("only the owner or an admin changes or removes a schedule", async () => {
    const olga = await desk.person("olga", "operator");
    const { id } = await schedule();
    expect(await planning.schedules.change(id, WEEKLY, olga)).toMatchObject({ code: "SCHEDULE_OWNER" });
    expect(await planning.schedules.remove(id, olga)).toMatchObject({ code: "SCHEDULE_OWNER" });
    expect(await planning.schedules.change(id, { ...WEEKLY, windowMinutes: 60 }, desk.anna)).toMatchObject({
      owner: "otto",
      windowMinutes: 60,
    });
    expect(await planning.schedules.remove(id, desk.anna)).toEqual({ ok: true });
    expect(planning.schedules.list()).toEqual([]);
  });

  it("an admin who changes what runs for somebody who may not verify any more takes it over", async () => {
    const { id } = await schedule();
    await desk.db.people.removeUser(desk.otto.userId);
    expect(await planning.schedules.change(id, WEEKLY, desk.anna)).toMatchObject({ owner: "anna" });
  });

  it("who made, changed and removed a schedule, and what was queued and taken out, is in the audit", async () => {
    const { id } = await schedule();
    await planning.schedules.change(id, { ...WEEKLY, windowMinutes: 60 }, desk.anna);
    await planning.schedules.remove(id, desk.otto);
    await add("store");
    await planning.tick();
    const queued = await add("mail");
    await planning.queue.remove(queued.id, desk.anna);
    expect((await desk.rows()).map(({ ask: { verb }, by, outcome }) => [verb, by, outcome])).toEqual([
      ["verify.schedule", "otto", "done"],
      ["verify.schedule-change", "anna", "done"],
      ["verify.schedule-remove", "otto", "done"],
      ["verify.queue", "otto", "done"],
      ["verify.queue", "otto", "done"],
      ["verify.unqueue", "anna", "done"],
    ]);
    expect(refusals()).toEqual(["mail: Not started: anna took it out of the queue."]);
  });

  it("a mirror is queued once, and one that has begun is not taken out", async () => {
    const { id } = await add("store");
    await planning.tick();
    expect(await planning.queue.add(ask("store"), desk.anna)).toMatchObject({ code: "QUEUE_TWICE" });
    expect(await planning.queue.remove(id, desk.anna)).toMatchObject({ code: "QUEUE_UNKNOWN" });
    await add("mail");
    expect(await planning.queue.add(ask("mail"), desk.anna)).toMatchObject({
      code: "QUEUE_TWICE",
      message: "mail is in the queue already, asked for by otto.",
    });
  });

  it("what does not exist or does not fit is refused with a sentence", async () => {
    expect(await planning.queue.add(ask("gone"), desk.otto)).toMatchObject({ code: "MIRROR_UNKNOWN" });
    expect(await planning.queue.add({ ...ask("store"), cluster: "san-b" }, desk.otto)).toMatchObject({ code: "CLUSTER_UNKNOWN" });
    expect(await planning.schedules.add({ ...WEEKLY, cron: "0 0 2 * * SUN" }, desk.otto)).toMatchObject({ code: "SCHEDULE_TIMES" });
    expect(await planning.schedules.add({ ...WEEKLY, mirrors: ["gone/0"] }, desk.otto)).toMatchObject({ code: "MIRROR_UNKNOWN" });
    expect(await planning.schedules.change("none", WEEKLY, desk.otto)).toMatchObject({ code: "SCHEDULE_UNKNOWN" });
    expect(desk.logged).toEqual([]);
  });
});
