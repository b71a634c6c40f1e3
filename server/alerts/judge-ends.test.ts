// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { EntityOf } from "@/agent/protocol/console/view";
import { clusterEntity, nodeEntity, sourceEntity, viewOf } from "@/server/api/test-view";
import { around, cluster, member, nodeFacts, pacemaker, resource } from "@/server/cluster/factories";
import { project } from "@/server/cluster/project";
import { alertmanagerBody } from "./alertmanager";
import type { NewMessage } from "./state";
import { HOUR, MINUTE, SECOND, seen, T0, trouble } from "./test-factories";
import { sayings, story } from "./test-judging";
import { webhookBody } from "./webhook";
import { subjectOf, textOf } from "./words";

const GONE = trouble("node-gone", { level: "bad" });
const calm = seen();
const WHO = "otto switched “A node is gone” off: moved to the other console.";

/** Told that ruby is in trouble, and all of it written down. */
function toldOf(...findings: readonly EntityOf<"finding">[]) {
  const of = story();
  of.watch(seen(...findings), T0, T0 + MINUTE);
  return of;
}

/** What a message reads as, in every kind of it. */
function readings({ body }: NewMessage) {
  const hook = JSON.parse(webhookBody("d1", body, null)).alerts[0];
  const [am] = JSON.parse(alertmanagerBody(body, null));
  return { status: hook.status, end: hook.end, says: hook.endedBy, subject: subjectOf(body), text: textOf(body, null), am };
}

describe("an alert whose rule is switched off", () => {
  it("ends at once as no longer looked for, with who and why, and not as over", () => {
    const of = toldOf(GONE);
    of.off.set("node-gone", WHO);
    const { messages } = of.look(calm, T0 + 2 * MINUTE);
    expect(sayings(messages)).toEqual(["noc: ended node-gone!"]);
    expect([...of.known.values()]).toMatchObject([{ endedAtMs: T0 + 2 * MINUTE, end: "unwatched" }]);
    expect([...of.known.values()][0]?.endedBy).toBe(`${WHO} Whether it still is so is not looked at.`);
  });

  it("reads so in a webhook, in Alertmanager and in a mail", () => {
    const of = toldOf(GONE);
    of.off.set("node-gone", WHO);
    const [message] = of.look(calm, T0 + 2 * MINUTE).messages;
    if (!message) throw new Error("nothing was told");
    const { am, text, ...read } = readings(message);
    expect(read).toEqual({
      status: "ended",
      end: "unwatched",
      says: `${WHO} Whether it still is so is not looked at.`,
      subject: "[SAN A] no longer looked for: node-gone!",
    });
    expect(text).toContain("NO LONGER LOOKED FOR: node-gone!");
    expect(text).toContain(WHO);
    expect(text).not.toMatch(/\bover\b/i);
    expect(am.annotations).toMatchObject({ summary: "No longer looked for: node-gone!", description: expect.stringContaining(WHO) });
    expect(Date.parse(am.endsAt)).toBe(T0 + 2 * MINUTE);
  });

  it("also when it had not been found for a while already: nobody looked long enough to call it over", () => {
    const of = toldOf(GONE);
    of.watch(calm, T0 + MINUTE, T0 + MINUTE + 30 * SECOND);
    of.off.set("node-gone", WHO);
    expect(of.watch(calm, T0 + MINUTE + 31 * SECOND, T0 + HOUR)).toEqual(["noc: ended node-gone!"]);
  });

  it("does so while its node is not heard: that nobody looks is known without it", () => {
    const of = toldOf(GONE);
    of.off.set("node-gone", WHO);
    expect(of.watch(viewOf(nodeEntity("ruby", { link: "lost" })), T0 + MINUTE, T0 + HOUR)).toEqual(["noc: ended node-gone!"]);
  });
});

describe("an alert about a node whose trust is ended", () => {
  it("is no longer known: nobody says any more whether it still is so", () => {
    const of = toldOf(trouble("bond-ports"));
    of.agents.delete("ruby");
    const [message] = of.look(viewOf(nodeEntity("crystal", {})), T0 + HOUR).messages;
    if (!message) throw new Error("nothing was told");
    const { am, ...read } = readings(message);
    expect(read).toMatchObject({ status: "ended", end: "untrusted", subject: "[SAN A] no longer known: bond-ports!" });
    expect(read.says).toBe("The trust in ruby's agent was ended: nobody says any more whether it still is so.");
    expect(am.annotations.summary).toBe("No longer known: bond-ports!");
  });

  it("is also where the cluster still names the node", () => {
    const of = toldOf(trouble("bond-ports"));
    of.agents.delete("ruby");
    const named = viewOf(nodeEntity("ruby", { link: "never" }), nodeEntity("crystal", {}));
    expect(of.watch(named, T0 + HOUR, T0 + 2 * HOUR)).toEqual(["noc: ended bond-ports!"]);
  });

  it("stands while the cluster itself still tells of it, and is over by its word alone", () => {
    const of = toldOf(GONE);
    of.agents.delete("ruby");
    const stranger = nodeEntity("ruby", { link: "never" });
    expect(of.watch(viewOf(stranger, nodeEntity("crystal", {}), GONE), T0 + HOUR, T0 + 2 * HOUR)).toEqual([]);
    expect(of.watch(viewOf(stranger, nodeEntity("crystal", {})), T0 + 2 * HOUR, T0 + 3 * HOUR)).toEqual(["noc: resolved node-gone!"]);
  });

  it("is not over while the node's new agent has read nothing yet", () => {
    const of = story();
    const read = sourceEntity("ruby", "bonding", {});
    const bond = trouble("source-failed", { about: ["source:ruby/bonding"] });
    of.watch(viewOf(nodeEntity("ruby", {}), nodeEntity("crystal", {}), read, bond), T0, T0 + MINUTE);
    const fresh = viewOf(nodeEntity("ruby", {}), nodeEntity("crystal", {}), { ...read, status: "pending" });
    expect(of.watch(fresh, T0 + HOUR, T0 + 2 * HOUR)).toEqual([]);
  });
});

describe("a console that was just started", () => {
  const settling = { settlesAtMs: T0 + HOUR + MINUTE };

  it("ends nothing because its nodes are not heard yet and seem to be the cause of it", () => {
    const of = toldOf(trouble("mirror-alone", { level: "bad" }));
    const silent = trouble("node-silent", { level: "old", ...settling });
    const view = viewOf(nodeEntity("ruby", { link: "lost" }), trouble("mirror-alone", { level: "bad", cause: "node-silent" }), silent);
    expect(of.watch(view, T0 + HOUR, T0 + HOUR + 59 * SECOND)).toEqual([]);
    expect(of.watch(seen(trouble("mirror-alone", { level: "bad" })), T0 + HOUR + MINUTE, T0 + 2 * HOUR)).toEqual([]);
  });

  it("ends nothing while its view could not be made: a view without nodes says nothing", () => {
    expect(toldOf(GONE).watch(viewOf(clusterEntity), T0 + HOUR, T0 + 2 * HOUR)).toEqual([]);
  });

  it("does not call a thing worse for what it remembers", () => {
    const of = toldOf(trouble("mirror-disk"));
    const worse = trouble("mirror-disk", { level: "bad" });
    expect(of.watch(seen({ ...worse, ...settling }), T0 + HOUR, T0 + HOUR + 59 * SECOND)).toEqual([]);
    expect(of.watch(seen(worse), T0 + HOUR + MINUTE, T0 + 2 * HOUR)).toEqual(["noc: worse mirror-disk!"]);
  });
});

describe("an alert about a service", () => {
  type Pacemaker = ReturnType<typeof pacemaker>;
  const members = [member("ruby", { isDc: true }), member("crystal")];
  const of = (service: ReturnType<typeof resource>, more: Partial<Pacemaker> = {}) => {
    const said = pacemaker(members, [service], more);
    return project(cluster(nodeFacts("ruby", { pacemaker: said }), nodeFacts("crystal", { pacemaker: said })), around(T0), new Map());
  };
  const stopped = resource("g_mail", null);
  const onlyService = (view: ReturnType<typeof of>) =>
    new Map([...view].filter(([, one]) => one.kind !== "finding" || one.rule.startsWith("service-s") || one.rule === "service-failed"));
  const told = () => {
    const all = story();
    expect(all.watch(onlyService(of(stopped)), T0, T0 + MINUTE)).toEqual(["noc: new g_mail is stopped"]);
    return all;
  };

  it("is not over when maintenance begins, and says that it is left alone", () => {
    const all = told();
    const held = onlyService(of({ ...stopped, managed: false }, { maintenance: true }));
    expect(all.watch(held, T0 + HOUR, T0 + 2 * HOUR)).toEqual([]);
    expect([...all.known.values()]).toMatchObject([{ endedAtMs: null, held: { by: "maintenance" } }]);
    expect(all.watch(onlyService(of(stopped)), T0 + 2 * HOUR, T0 + 3 * HOUR)).toEqual([]);
    expect(all.watch(onlyService(of(resource("g_mail", "ruby"))), T0 + 3 * HOUR, T0 + 4 * HOUR)).toEqual([
      "noc: resolved g_mail is stopped",
    ]);
  });

  it("is over in maintenance too, once the service runs", () => {
    const all = told();
    const runs = onlyService(of(resource("g_mail", "ruby", { managed: false }), { maintenance: true }));
    expect(all.watch(runs, T0 + HOUR, T0 + 2 * HOUR)).toEqual(["noc: resolved g_mail is stopped"]);
  });

  it("is told as another one when it is in other trouble", () => {
    const failed = onlyService(of({ ...stopped, failed: true }));
    expect(told().watch(failed, T0 + HOUR, T0 + HOUR + MINUTE)).toEqual(["noc: new g_mail failed", "noc: ended g_mail is stopped"]);
  });

  it("is not over while the service is only starting", () => {
    const starting = onlyService(of({ ...stopped, pending: "Starting" }));
    expect(told().watch(starting, T0 + HOUR, T0 + 2 * HOUR)).toEqual([]);
  });

  it("ends as left so when somebody ordered it to be stopped", () => {
    const all = told();
    const ordered = onlyService(of({ ...stopped, targetRole: "Stopped" }));
    expect(all.watch(ordered, T0 + HOUR, T0 + 2 * HOUR)).toEqual(["noc: ended g_mail is stopped"]);
    expect([...all.known.values()]).toMatchObject([{ end: "meant", endedBy: "It is meant so now: stopped by order (target-role)." }]);
  });

  it("ends as left so when it was taken out of the configuration", () => {
    const all = told();
    const without = onlyService(of(resource("g_web", "ruby")));
    expect(all.watch(without, T0 + HOUR, T0 + 2 * HOUR)).toEqual(["noc: ended g_mail is stopped"]);
    expect([...all.known.values()]).toMatchObject([{ end: "meant", endedBy: "g_mail is no longer in the configuration." }]);
  });

  it("is not over when the quorum is lost: then nobody says", () => {
    const all = told();
    const alone = onlyService(of(stopped, { quorate: false }));
    expect(all.watch(alone, T0 + HOUR, T0 + 2 * HOUR)).toEqual([]);
  });
});

it("one that is told inside another is no longer told by itself, and does not read as over", () => {
  const of = toldOf(trouble("mirror-alone"));
  const inside = seen(trouble("mirror-alone", { cause: "node-gone" }), GONE);
  expect(of.watch(inside, T0 + MINUTE, T0 + 2 * MINUTE - SECOND)).toEqual(["noc: new node-gone!"]);
  const [message] = of.look(inside, T0 + 2 * MINUTE).messages;
  if (!message) throw new Error("nothing was told");
  const { am: _, ...read } = readings(message);
  expect(read).toMatchObject({ status: "ended", end: "partOf", says: "It is part of another alert now: node-gone!." });
  expect(read.subject).toBe("[SAN A] told inside another: mirror-alone!");
});

it("one that is over reads as over everywhere, as before", () => {
  const of = toldOf(GONE);
  of.watch(calm, T0 + HOUR, T0 + HOUR + 59 * SECOND);
  const [message] = of.look(calm, T0 + HOUR + MINUTE).messages;
  if (!message) throw new Error("nothing was told");
  const { am, ...read } = readings(message);
  expect(read).toMatchObject({ status: "resolved", end: "over", says: "It is no longer found.", subject: "[SAN A] over: node-gone!" });
  expect(am.annotations.summary).toBe("node-gone!");
});
