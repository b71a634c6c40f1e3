// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { EntityOf } from "@/agent/protocol/console/view";
import type { Pacemaker } from "@/agent/protocol/model/pacemaker";
import { member, pacemaker, resource } from "./factories";
import { constraintEntities, fencingEntities } from "./history";
import { serviceEntities } from "./services";
import type { Testimony } from "./testimony";

const nodes = [member("ruby", { isDc: true }), member("crystal")];
const group = { id: "g", kind: "group" as const, parents: [], managed: true };
const clone = { id: "c", kind: "clone" as const, parents: [], managed: true };
const promotable = { id: "ms", kind: "promotable" as const, parents: [], managed: true };

function by(value: Pacemaker): Testimony {
  return { node: "ruby", value, standing: { freshness: "live", status: "ok", isCurrent: true, why: null } };
}

function service(id: string, value: Pacemaker): EntityOf<"resource"> {
  const found = serviceEntities({ shown: by(value), dissent: [] }).find(([, entity]) => entity.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found[1];
}

function said(id: string, resources: Pacemaker["resources"], more: Partial<Pacemaker> = {}): string {
  const { said: own } = service(id, pacemaker(nodes, resources, more));
  return `${own.level} ${own.word}`;
}

describe("a service of its own", () => {
  it.each<[string, Parameters<typeof resource>[1], Parameters<typeof resource>[2], string]>([
    ["started", "ruby", {}, "ok started"],
    ["starting", "ruby", { role: "Starting" }, "busy starting"],
    ["stopping", "ruby", { role: "Stopping" }, "busy stopping"],
    ["about to start", null, { pending: "Starting" }, "busy starting"],
    ["stopped by order", null, { targetRole: "Stopped" }, "absent stopped"],
    ["stopped, and nothing says that it should be", null, {}, "bad stopped"],
    ["failed", "ruby", { failed: true }, "bad failed"],
    ["blocked", "ruby", { blocked: true, failed: true }, "bad blocked"],
    ["unmanaged", "ruby", { managed: false }, "held unmanaged"],
    ["orphaned", "ruby", { orphaned: true }, "risk orphaned"],
    ["running twice", "ruby", { nodes: ["ruby", "crystal"] }, "bad running twice"],
    ["a role nobody knows", "ruby", { role: "Sleeping" }, "unknown Sleeping"],
    ["remembered on a node that is gone", "crystal", { onOfflineNode: true, nodes: ["jade"] }, "unknown was on jade"],
  ])("%s", (_, node, more, expected) => {
    expect(said("p", [resource("p", node, more)])).toBe(expected);
  });

  it("started, with failures that are only remembered", () => {
    const failure = {
      resource: "p",
      node: "ruby",
      task: "monitor",
      intervalMs: 5_000,
      exitCode: 7,
      exitStatus: "not running",
      exitReason: "",
      failCount: "1",
      lastChange: null,
    };
    const own = service("p", pacemaker(nodes, [resource("p", "ruby")], { failures: [failure] }));
    expect(own.said).toEqual({
      level: "ok",
      word: "started",
      why: "1 failure of it is remembered. monitor of p on ruby failed: not running (exit code 7).",
    });
    expect(own.failures).toEqual([failure]);
  });
});

describe("what a command wants to know of a service", () => {
  const of = (more: Parameters<typeof resource>[2], value: Partial<Pacemaker> = {}) =>
    service("p", pacemaker(nodes, [resource("p", "ruby", more)], value));

  it("whether the cluster may touch it", () => {
    expect(of({}).isManaged).toBe(true);
    expect(of({ managed: false }).isManaged).toBe(false);
    expect(of({}, { maintenance: true }).isManaged).toBe(false);
  });

  it("a group may be touched when all of it may", () => {
    const inside = (more = {}) => pacemaker(nodes, [resource("ip", "ruby", { parents: ["g"], ...more })], { collections: [group] });
    expect(service("g", inside()).isManaged).toBe(true);
    expect(service("g", inside({ managed: false })).isManaged).toBe(false);
    expect(service("g", { ...inside(), collections: [{ ...group, managed: false }] }).isManaged).toBe(false);
  });

  it("what is under way", () => {
    expect(of({ pending: "Stopping" }).pending).toBe("Stopping");
    expect(of({})).not.toHaveProperty("pending");
  });

  it("how long its operations took and may take: good ones only, under the service's own name", () => {
    const operation = { resource: "p:0", node: "ruby", task: "start", tookMs: 1_200, isOk: true };
    const operations = [operation, { ...operation, task: "stop", tookMs: 300 }, { ...operation, node: "crystal", isOk: false }];
    expect(of({}, { operations, timeouts: [{ resource: "p", task: "stop", timeoutMs: 20_000 }] }).timings).toEqual([
      { node: "ruby", task: "start", tookMs: 1_200, timeoutMs: null },
      { node: "ruby", task: "stop", tookMs: 300, timeoutMs: 20_000 },
    ]);
    expect(of({}, { operations: [] }).timings).toEqual([]);
    expect(of({})).not.toHaveProperty("timings");
  });
});

describe("on a node whose agent fell silent while the cluster still calls it online", () => {
  const heard = (id: string, value: Pacemaker) =>
    serviceEntities({ shown: by(value), dissent: [] }, new Set(["crystal"])).find(([, entity]) => entity.id === id)?.[1];

  it.each<[string, Parameters<typeof resource>[2], string]>([
    ["what runs is not confirmed", {}, "old started"],
    ["what is moving is not either", { role: "Stopping" }, "old stopping"],
    ["what failed stays failed", { failed: true }, "bad failed"],
  ])("%s", (_, more, expected) => {
    const own = heard("p", pacemaker(nodes, [resource("p", "crystal", more)]));
    expect(own?.places.map(({ said: one }) => `${one.level} ${one.word}`)).toEqual([expected]);
    expect(`${own?.said.level} ${own?.said.word}`).toBe(expected);
  });

  it("a clone is well where its nodes are heard, and as a whole not confirmed", () => {
    const instances = ["ruby", "crystal"].map((node) => resource("ping", node, { parents: ["c"] }));
    const own = heard("c", pacemaker(nodes, instances, { collections: [clone] }));
    expect(own?.places.map(({ node, said: one }) => `${node} ${one.level}`)).toEqual(["ruby ok", "crystal old"]);
    expect(own?.said).toMatchObject({ level: "old", why: "No word from crystal; the cluster still shows it there." });
  });

  it("one that the cluster knows to be gone is said to be gone", () => {
    const value = pacemaker([member("ruby"), member("crystal", { online: false })], [resource("p", "crystal")]);
    expect(heard("p", value)?.said).toMatchObject({ level: "unknown", word: "was on crystal" });
  });
});

describe("services together", () => {
  const inGroup = (id: string, node: string | null, more = {}) => resource(id, node, { parents: ["g"], ...more });

  it.each<[string, Pacemaker["resources"], string]>([
    ["a whole group", [inGroup("ip", "ruby"), inGroup("fs", "ruby")], "ok started"],
    ["half a group", [inGroup("ip", "ruby"), inGroup("fs", null)], "bad 1 of 2 started"],
    ["a member failed", [inGroup("ip", "ruby"), inGroup("fs", "ruby", { failed: true })], "bad 1 of 2 started"],
    [
      "stopped by order",
      [inGroup("ip", null, { targetRole: "Stopped" }), inGroup("fs", null, { targetRole: "Stopped" })],
      "absent stopped",
    ],
    ["unmanaged", [inGroup("ip", "ruby", { managed: false }), inGroup("fs", "ruby", { managed: false })], "held unmanaged"],
    ["an empty one", [], "unknown empty"],
  ])("%s", (_, resources, expected) => {
    expect(said("g", resources, { collections: [group] })).toBe(expected);
  });

  it("a group says where it is and what it is made of", () => {
    const value = pacemaker(nodes, [inGroup("ip", "ruby"), inGroup("fs", "ruby")], { collections: [group] });
    expect(service("g", value)).toMatchObject({ type: "group", children: ["ip", "fs"], places: [{ node: "ruby", role: "Started" }] });
    expect(service("ip", value).parents).toEqual(["g"]);
  });

  it("a clone runs on many, and an empty slot is no fault", () => {
    const instances = ["ruby", "crystal", null].map((node) => resource("ping", node, { parents: ["c"] }));
    expect(said("c", instances, { collections: [clone] })).toBe("ok started on 2 nodes");
    expect(said("ping", instances, { collections: [clone] })).toBe("ok started");
  });

  it("a promotable clone says where it is promoted, in the words of any version", () => {
    const old = [
      resource("drbd", "ruby", { parents: ["ms"], role: "Master" }),
      resource("drbd", "crystal", { parents: ["ms"], role: "Slave" }),
    ];
    expect(said("ms", old, { collections: [promotable] })).toBe("ok Promoted on ruby");
    const nowhere = old.map((one) => ({ ...one, role: "Slave" }));
    expect(said("ms", nowhere, { collections: [promotable] })).toBe("risk promoted nowhere");
  });

  it("in maintenance nobody watches: services keep their words, never as ok, and nothing is repeated of each", () => {
    const free = { managed: false };
    const held = { collections: [group, promotable], maintenance: true };
    const all = [
      resource("g-ip", "ruby", { ...free, parents: ["g"] }),
      resource("drbd", "ruby", { ...free, parents: ["ms"], role: "Promoted" }),
      resource("drbd", "crystal", { ...free, parents: ["ms"], role: "Unpromoted" }),
      resource("ip", null, free),
    ];
    expect(["g", "ms", "ip"].map((id) => said(id, all, held))).toEqual(["held started", "held Promoted on ruby", "held stopped"]);
    const places = service("ms", pacemaker(nodes, all, held))?.places.map(({ node, said: own }) => ({ node, ...own }));
    expect(places).toEqual([
      { node: "ruby", level: "held", word: "Promoted", why: null },
      { node: "crystal", level: "held", word: "Unpromoted", why: null },
    ]);
  });
});

describe("constraints and fencing", () => {
  const constraint = (id: string, more = {}) => ({
    id,
    kind: "location" as const,
    resource: "g",
    with: null,
    node: "crystal",
    score: "-INFINITY",
    role: null,
    rule: null,
    ...more,
  });

  it.each([
    ["cli-ban-g-on-crystal", {}, "risk banned from crystal"],
    ["cli-prefer-g", { score: "INFINITY" }, "risk held on crystal"],
    ["drbd-fence-by-handler-store-ms", { role: "Master" }, "risk promotion locked by DRBD"],
    ["loc-3", {}, "absent never on crystal"],
    ["loc-4", { score: "100" }, null],
    ["col-1", { kind: "colocation" as const, score: "-INFINITY" }, null],
  ])("%s", (id, more, expected) => {
    const value = pacemaker(nodes, [], { constraints: [constraint(id, more)] });
    const own = constraintEntities(by(value))[0]?.[1].said;
    expect(own ? `${own.level} ${own.word}` : null).toBe(expected);
  });

  it.each([
    ["success", "ok fenced by ruby"],
    ["pending", "busy being fenced by ruby"],
    ["failed", "bad fencing failed"],
    ["unheard-of", "unknown unheard-of"],
  ])("fencing %s", (status, expected) => {
    const fencing = {
      target: "crystal",
      action: "reboot",
      status,
      delegate: "ruby",
      client: null,
      origin: null,
      completed: null,
      exitReason: null,
    };
    const own = fencingEntities(by(pacemaker(nodes, [], { fencing: [fencing] })))[0]?.[1].said;
    expect(`${own?.level} ${own?.word}`).toBe(expected);
  });
});
