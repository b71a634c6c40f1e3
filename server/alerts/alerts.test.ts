// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ReceiverChange, RouteChange } from "@/agent/protocol/console/alerts";
import type { Database } from "@/server/db/open";
import { temporaryDatabase } from "@/server/db/temporary-database";
import type { Alerts } from "./alerts";
import { newWorld, OTTO, pass, startAlerts, type World, warmUp } from "./test-alerts";
import { DOWN, HOUR, MINUTE, seen, T0, TAKEN, trouble } from "./test-factories";

let db: Database;
let remove: () => Promise<void>;
let world: World;
let alerts: Alerts;

const HOOK: ReceiverChange = { name: "chat", settings: { kind: "webhook", url: "https://chat.example/hook" }, secret: "the key of chat" };
const ROUTE: Omit<RouteChange, "receiver"> = { matchers: [], waitSeconds: 0, repeatHours: null, sendsResolved: true, isOn: true };
const GONE = trouble("node-gone", { level: "bad" });

async function added(change: ReceiverChange = HOOK): Promise<string> {
  const made = await alerts.desk.receivers.add(change, OTTO);
  if (!made.ok) throw new Error(made.message);
  return made.id;
}

beforeEach(async () => {
  ({ db, remove } = await temporaryDatabase());
  world = newWorld();
  world.views.set("san-a", seen());
  alerts = await startAlerts(db, world);
  await warmUp(alerts, world);
});
afterEach(async () => {
  await alerts.end();
  await remove();
});

describe("nothing is lost", () => {
  it("what was not sent when the console was killed is sent by the next one, under the same id", async () => {
    await alerts.desk.routes.add({ ...ROUTE, receiver: await added() }, OTTO);
    world.answer = () => DOWN;
    world.views.set("san-a", seen(GONE));
    await pass(alerts, world, 1);
    expect(world.sent).toHaveLength(1);
    // Killed: it is not asked to end.
    const next = await startAlerts(db, world);
    world.answer = () => TAKEN;
    await pass(next, world, 11);
    expect(world.sent.map(({ sending }) => sending.id)).toEqual([world.sent[0]?.sending.id, world.sent[0]?.sending.id]);
    await pass(next, world, 120);
    expect(world.sent).toHaveLength(2);
    expect((await next.sent()).sent).toMatchObject([{ state: "sent", tried: 2, receiver: "chat", alerts: [{ reason: "new" }] }]);
    await next.end();
  });

  it("what could not be written is judged again: nobody is told what is not kept", async () => {
    await alerts.desk.routes.add({ ...ROUTE, receiver: await added() }, OTTO);
    const { commit } = db.alerts;
    db.alerts.commit = () => Promise.reject(new Error("disk full"));
    world.views.set("san-a", seen(GONE));
    await pass(alerts, world, 3);
    expect(world.sent).toEqual([]);
    expect(world.logged.join()).toContain("judged again");
    db.alerts.commit = commit;
    await pass(alerts, world, 1);
    expect(world.sent).toHaveLength(1);
  });

  it("a receiver gets the end after the beginning, however long it was away", async () => {
    await alerts.desk.routes.add({ ...ROUTE, receiver: await added() }, OTTO);
    world.answer = () => DOWN;
    world.views.set("san-a", seen(GONE));
    await pass(alerts, world, 1);
    world.views.set("san-a", seen());
    await pass(alerts, world, 90);
    world.sent = [];
    world.answer = () => TAKEN;
    await pass(alerts, world, 120);
    expect(world.sent.map(({ sending }) => sending.body.alerts[0]?.reason)).toEqual(["new", "resolved"]);
  });
});

describe("a receiver that takes nothing", () => {
  it("is told on the pages of the clusters concerned, and is over with the first message that it takes", async () => {
    world.views.set("north", seen());
    const id = await added();
    await alerts.desk.routes.add({ ...ROUTE, receiver: id }, OTTO);
    world.answer = () => DOWN;
    world.views.set("san-a", seen(GONE));
    await pass(alerts, world, 12);
    expect(world.shown.get("san-a")?.unsent).toMatchObject([{ receiver: id, name: "chat", waiting: 1, givenUp: 0, says: DOWN.says }]);
    expect(world.shown.get("north")?.unsent ?? []).toEqual([]);
    expect(alerts.receivers().receivers[0]).toMatchObject({ waiting: 1, says: DOWN.says, lastOkAtMs: null });
    expect(alerts.list().alerts[0]?.told, "made for it is not told to it").toMatchObject([{ receiver: "chat", reach: "waits" }]);
    world.answer = () => TAKEN;
    await pass(alerts, world, 60);
    expect(world.shown.get("san-a")?.unsent).toEqual([]);
    expect(alerts.list().alerts[0]?.told.map(({ reach }) => reach)).toEqual([undefined]);
    expect(alerts.receivers().receivers[0]).toMatchObject({ waiting: 0, failingSinceMs: null, says: null });
  });

  it("for a day has what was meant for it given up, which is said in the log and stays on the pages until it takes something", async () => {
    const id = await added();
    await alerts.desk.routes.add({ ...ROUTE, receiver: id }, OTTO);
    world.answer = () => DOWN;
    world.views.set("san-a", seen(GONE));
    await pass(alerts, world, 1);
    for (let hour = 0; hour < 25; hour += 1) {
      world.nowMs += HOUR;
      await pass(alerts, world, 1);
    }
    expect(world.logged.join()).toMatch(/a message to chat is given up after \d+ attempts/);
    expect(world.shown.get("san-a")?.unsent).toMatchObject([{ givenUp: 1, waiting: 0 }]);
    const next = await startAlerts(db, world);
    await pass(next, world, 1);
    expect(next.receivers().receivers[0]).toMatchObject({ givenUp: 1 });
    world.answer = () => TAKEN;
    expect(await next.desk.receivers.test(id, OTTO)).toMatchObject({ isOk: true });
    await pass(next, world, 1);
    expect(next.receivers().receivers[0]).toMatchObject({ givenUp: 0, failingSinceMs: null });
    // The way works again, and what was given up is told to nobody all the same.
    expect(next.list().alerts[0]?.told).toMatchObject([{ receiver: "chat", reach: "givenUp" }]);
    await next.end();
  });

  it("does not hold up another one", async () => {
    const down = await added();
    const up = await added({ name: "mail", settings: { kind: "webhook", url: "https://mail.example/" } });
    for (const receiver of [down, up]) await alerts.desk.routes.add({ ...ROUTE, receiver }, OTTO);
    world.answer = ({ name }) => (name === "chat" ? DOWN : TAKEN);
    world.views.set("san-a", seen(GONE));
    await pass(alerts, world, 2);
    const { sent } = await alerts.sent();
    expect(sent.map(({ receiver, state }) => `${receiver} ${state}`).sort()).toEqual(["chat waiting", "mail sent"]);
  });
});

describe("a secret", () => {
  it("is in no answer, no log and no audit", async () => {
    const id = await added();
    await alerts.desk.receivers.change(id, { ...HOOK, name: "chats", secret: "another key" }, OTTO);
    await alerts.desk.receivers.test(id, OTTO);
    const audit = await db.audit.newest();
    const said = JSON.stringify([alerts.receivers(), await alerts.sent(), world.logged, audit, alerts.desk.routes.list()]);
    expect(said).not.toMatch(/the key of chat|another key/);
    expect(alerts.receivers().receivers[0]).toMatchObject({ name: "chats", hasSecret: true });
  });

  it("is not for an API token to name: what it added would be told after its own end", async () => {
    expect(await alerts.desk.receivers.add(HOOK, { ...OTTO, token: "ci" })).toMatchObject({ ok: false, code: "TOKEN_BY_TOKEN" });
  });

  it("stays when it is not named, goes when it is taken away, and does not go along to another host", async () => {
    const id = await added();
    const { secret: _, ...silent } = HOOK;
    await alerts.desk.receivers.change(id, { ...silent, settings: { kind: "webhook", url: "https://chat.example/other" } }, OTTO);
    expect(alerts.desk.receivers.all.get(id)?.secret).toBe("the key of chat");
    const moved = { ...silent, settings: { kind: "webhook" as const, url: "https://elsewhere.example/hook" } };
    expect(await alerts.desk.receivers.change(id, moved, OTTO)).toMatchObject({ ok: false, code: "RECEIVER_SECRET" });
    expect(await alerts.desk.receivers.change(id, { ...moved, secret: null }, OTTO)).toMatchObject({ ok: true });
    expect(alerts.desk.receivers.all.get(id)?.secret).toBeNull();
  });
});

describe("people", () => {
  it("acknowledge an alert, which is kept, shown, in the audit, and taken back", async () => {
    world.views.set("san-a", seen(GONE));
    await pass(alerts, world, 1);
    const id = alerts.list().alerts[0]?.id ?? "";
    expect(await alerts.acknowledge(id, "on my way", OTTO)).toEqual({ ok: true });
    expect(world.shown.get("san-a")?.of.get("node-gone")).toMatchObject({ acknowledged: { by: "otto", note: "on my way" } });
    expect(await db.audit.newest()).toMatchObject({ kind: "closed", cluster: "san-a" });
    const next = await startAlerts(db, world);
    expect(next.list().alerts).toMatchObject([{ id, acknowledged: { by: "otto" } }]);
    expect(await next.takeBack(id, OTTO)).toEqual({ ok: true });
    expect(await next.takeBack(id, OTTO)).toMatchObject({ ok: false, code: "ALERT_UNKNOWN" });
    await next.end();
  });

  it("cannot acknowledge what is over", async () => {
    world.views.set("san-a", seen(GONE));
    await pass(alerts, world, 1);
    const id = alerts.list().alerts[0]?.id ?? "";
    world.views.set("san-a", seen());
    await pass(alerts, world, 62);
    expect(alerts.list().alerts).toMatchObject([{ id, endedBy: "It is no longer found." }]);
    expect(await alerts.acknowledge(id, "", OTTO)).toMatchObject({ ok: false, code: "ALERT_UNKNOWN" });
  });

  it("silence with an end in time, and end it before", async () => {
    const wanted = { matchers: [{ label: "rule" as const, isNot: false, values: ["node-gone"] }], reason: "new switch" };
    for (const endsAtMs of [world.nowMs, world.nowMs + 91 * 24 * HOUR])
      expect(await alerts.desk.silences.add({ ...wanted, endsAtMs }, OTTO)).toMatchObject({ ok: false, code: "SILENCE_END" });
    const made = await alerts.desk.silences.add({ ...wanted, endsAtMs: world.nowMs + HOUR }, OTTO);
    if (!made.ok) throw new Error(made.message);
    await alerts.desk.routes.add({ ...ROUTE, receiver: await added() }, OTTO);
    world.views.set("san-a", seen(GONE));
    await pass(alerts, world, 5);
    expect(world.sent).toEqual([]);
    expect(await alerts.desk.silences.end(made.id, OTTO)).toEqual({ ok: true });
    await pass(alerts, world, 1);
    expect(world.sent).toHaveLength(1);
    expect(alerts.desk.silences.list().silences).toMatchObject([{ endedBy: "otto", reason: "new switch" }]);
  });

  it("remove a receiver with its routes and what waits for it", async () => {
    const id = await added();
    await alerts.desk.routes.add({ ...ROUTE, receiver: id }, OTTO);
    world.answer = () => DOWN;
    world.views.set("san-a", seen(GONE));
    await pass(alerts, world, 1);
    expect(await alerts.desk.receivers.remove(id, OTTO)).toEqual({ ok: true });
    world.sent = [];
    await pass(alerts, world, 60);
    expect(world.sent).toEqual([]);
    expect([alerts.desk.routes.list().routes, (await alerts.sent()).sent]).toEqual([[], []]);
  });
});

it("a cluster that is removed takes its alerts to their end", async () => {
  await alerts.desk.routes.add({ ...ROUTE, receiver: await added() }, OTTO);
  world.views.set("san-a", seen(GONE));
  await pass(alerts, world, 1);
  world.views.delete("san-a");
  await pass(alerts, world, 2);
  expect(world.sent.map(({ sending }) => sending.body.alerts[0]?.reason)).toEqual(["new", "ended"]);
  expect(alerts.list().alerts[0]).toMatchObject({ end: "removed", endedBy: expect.stringMatching(/^The cluster was removed/) });
});

it("a rule that is switched off ends its alert as no longer looked for, which is kept, listed and told", async () => {
  await alerts.desk.routes.add({ ...ROUTE, receiver: await added() }, OTTO);
  world.views.set("san-a", seen(GONE));
  await pass(alerts, world, 1);
  world.off.set("node-gone", "otto switched “A node is gone” off: a test bed.");
  world.views.set("san-a", seen());
  await pass(alerts, world, 2);
  expect(world.sent.map(({ sending }) => sending.body.alerts[0]?.reason)).toEqual(["new", "ended"]);
  const next = await startAlerts(db, world);
  expect(next.list().alerts).toMatchObject([{ end: "unwatched", endedBy: expect.stringContaining("a test bed") }]);
  await next.end();
});

it("what is over for 90 days, and was sent, is forgotten; what lasts is not", async () => {
  await alerts.desk.routes.add({ ...ROUTE, receiver: await added() }, OTTO);
  world.views.set("san-a", seen(GONE));
  await pass(alerts, world, 1);
  world.views.set("san-a", seen());
  await pass(alerts, world, 62);
  world.views.set("san-a", seen(trouble("ring-down")));
  await pass(alerts, world, 1);
  world.nowMs = T0 + 91 * 24 * HOUR + MINUTE;
  await alerts.forget();
  const next = await startAlerts(db, world);
  expect(next.list().alerts.map(({ finding }) => finding)).toEqual(["ring-down"]);
  expect((await next.sent()).sent).toEqual([]);
  await next.end();
});
