// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import type { Entity } from "@/agent/protocol/console/view";
import { cluster, constraint, event, finding, NOW_MS, node, resource, said, source } from "@/components/factories";
import { aoe, aoeExport, bond, bondPort } from "@/components/network-factories";
import { copy, drbd, mirror, pair } from "@/components/storage-factories";
import { liveFixture } from "@/components/with-live";
import { ClusterView } from "./ClusterView";

afterEach(cleanup);

const SOURCES = ["drbd", "bonding", "aoe", "pacemaker", "host"] as const;
const readings = (...names: string[]) => names.flatMap((name) => SOURCES.map((one) => source(name, one)));
const pairOfNodes = [node("crystal"), node("ruby"), drbd("crystal", "store"), drbd("ruby", "store")];

function show(entities: readonly Entity[], mayEnrol = false) {
  const live = liveFixture(entities);
  render(live.wrap(<ClusterView picture={live.picture} mayEnrol={mayEnrol} />));
}
const region = (name: string) => within(screen.getByRole("region", { name }));
const text = (element: HTMLElement) => (element.textContent ?? "").replaceAll("\u00a0", " ");

describe("the verdict", () => {
  test("is the headline of the page, with why and since when", () => {
    show([
      cluster({ headline: said("risk", "At risk: only ruby holds store", "crystal is 61 % synced.") }),
      ...pairOfNodes,
      ...readings("crystal", "ruby"),
    ]);
    expect(screen.getByRole("heading", { level: 1 }).textContent).toContain("At risk: only ruby holds store");
    expect(screen.getByText(/crystal is 61 % synced/).textContent).toContain("Since 13:21:44");
  });

  test("gives Pacemaker's version without its build", () => {
    const known = cluster().pacemaker;
    if (!known) throw new Error("the factory's cluster has Pacemaker");
    show([cluster({ pacemaker: { ...known, version: "2.1.5-a3f44794f94", dc: "ruby" } }), ...pairOfNodes]);
    expect(screen.getByText(/^2\.1\.5, DC ruby/)).toBeDefined();
  });

  test("shows the other side's opinion beside it", () => {
    show([cluster({ dissent: [{ node: "bob", says: "alice is offline" }] }), ...pairOfNodes]);
    expect(screen.getByRole("list", { name: "Other opinions" }).textContent).toBe("bob says: alice is offline");
  });

  test("without a cluster entity claims nothing", () => {
    show([...pairOfNodes]);
    expect(screen.getByRole("heading", { level: 1 }).textContent).toContain("Nothing is known of san-a yet");
  });
});

describe("a mirror between two nodes", () => {
  const progress = {
    kind: "resync" as const,
    percent: 61.4,
    leftBytes: 86 * 2 ** 30,
    totalBytes: 223 * 2 ** 30,
    rateBytesPerSec: 104 * 2 ** 20,
    etaSeconds: 846,
    stalled: false,
  };

  test("under resync says how far, how much is left, how fast and how long", () => {
    const line = pair("crystal", "ruby", { said: said("busy", "resync to crystal"), line: "resync", progress });
    show([
      cluster(),
      ...pairOfNodes,
      ...readings("crystal", "ruby"),
      mirror("store", { said: said("busy", "resync 61 %"), pairs: [line] }),
    ]);
    const lane = region("Mirror store");
    expect(lane.getByRole("progressbar", { name: "resync of store" }).getAttribute("aria-valuenow")).toBe("61.4");
    for (const words of ["resync to crystal", "61.4 %", "86 GiB left", "104 MiB/s", "14 min 06 s"])
      expect(text(screen.getByRole("region", { name: "Mirror store" }))).toContain(words);
  });

  test("does not invent a rate or a time the kernel does not say", () => {
    const line = pair("crystal", "ruby", { line: "resync", progress: { ...progress, rateBytesPerSec: null, etaSeconds: null } });
    show([cluster(), ...pairOfNodes, mirror("store", { pairs: [line] })]);
    expect(text(screen.getByRole("region", { name: "Mirror store" }))).toContain("rate not said");
    expect(text(screen.getByRole("region", { name: "Mirror store" }))).toContain("time not said");
  });

  test("that is cut says what each side says", () => {
    const line = pair("crystal", "ruby", { said: said("bad", "split brain"), line: "cut", aSays: "StandAlone", bSays: "WFConnection" });
    show([cluster(), ...pairOfNodes, mirror("store", { said: said("bad", "split brain"), pairs: [line] })]);
    expect(text(screen.getByRole("region", { name: "Mirror store" }))).toContain("crystal says StandAlone, ruby says WFConnection");
  });

  test("with one copy is named with its node, and says that the other has none", () => {
    show([cluster(), ...pairOfNodes, mirror("store", { copies: [copy("ruby", { drbd: "drbd:store/0@ruby" })], pairs: [] })]);
    expect(region("Mirror store on ruby").getByText("no copy here")).toBeDefined();
  });

  test("eight calm mirrors fold into one line, a troubled one does not", () => {
    const calm = Array.from({ length: 8 }, (_, index) => mirror(`r${index}`));
    show([cluster(), ...pairOfNodes, ...calm, mirror("store", { said: said("risk", "only ruby holds it") })]);
    expect(text(region("Calm mirrors").getByText(/8 more mirrors/))).toBe("8 more mirrors in sync");
    expect(screen.getByRole("region", { name: "Mirror store" })).toBeDefined();
  });
});

describe("what was read, and what was not", () => {
  const bonds = [bond("crystal", "bond0"), bond("ruby", "bond0")];

  test("not there, unreadable and not yet read are three things", () => {
    show([
      cluster(),
      ...pairOfNodes,
      source("crystal", "bonding", { status: "absent", okAtMs: null }),
      source("ruby", "bonding", { status: "failed", okAtMs: null, error: { code: "COLLECT_FORBIDDEN", message: "permission denied" } }),
    ]);
    expect(region("Bonds").getByText(/no bonds here/)).toBeDefined();
    expect(region("Bonds").getByText(/could not read: permission denied/)).toBeDefined();
    expect(region("Mirrors").getAllByText(/mirrors not read yet/).length).toBe(2);
  });

  test("old values stay where they stand, with since when and why", () => {
    show([
      cluster(),
      ...pairOfNodes,
      ...bonds,
      source("crystal", "bonding"),
      source("ruby", "bonding", {
        status: "failed",
        okAtMs: NOW_MS - 283_000,
        error: { code: "COLLECT_TIMEOUT", message: "did not answer within 5 s" },
      }),
    ]);
    const layer = screen.getByRole("region", { name: "Bonds" });
    expect(within(layer).getAllByText("bond0").length).toBe(2);
    const sentence = within(layer).getByText(/not read/);
    expect(text(sentence)).toContain("not read since 13:58:02, 4 min 43 s ago");
    expect(text(sentence)).toContain("did not answer within 5 s");
    expect(sentence.closest(".stale")).not.toBeNull();
  });

  test("a silent node says since when, and its copies look old", () => {
    const gone = { freshness: "lost" as const, takenAtMs: NOW_MS - 14_000, okAtMs: NOW_MS - 14_000 };
    show([
      cluster(),
      node("crystal"),
      node("ruby", { link: "lost", lastWordAtMs: NOW_MS - 14_000, state: said("old", "was online") }),
      drbd("crystal", "store"),
      drbd("ruby", "store"),
      source("crystal", "drbd"),
      source("ruby", "drbd", gone),
      mirror("store"),
    ]);
    expect(text(screen.getByText(/no word/))).toContain("no word since 14:02:31, 14 s ago");
    expect(screen.getByRole("region", { name: "Mirror store" }).querySelectorAll(".stale").length).toBe(1);
  });

  test("among four nodes and more, the one whose bonds could not be read stands below the table", () => {
    const names = ["crystal", "jade", "onyx", "ruby"];
    const denied = { status: "failed" as const, okAtMs: null, error: { code: "COLLECT_FORBIDDEN" as const, message: "permission denied" } };
    show([
      cluster(),
      ...names.map((name) => node(name)),
      ...["crystal", "jade", "onyx"].map((name) => bond(name, "bond0")),
      ...names.map((name) => source(name, "bonding", name === "ruby" ? denied : {})),
    ]);
    const bondsPart = region("Bonds");
    expect(bondsPart.getAllByText("bond0").length).toBe(3);
    expect(bondsPart.getByRole("link", { name: "ruby" })).toBeDefined();
    expect(bondsPart.getByText(/could not read: permission denied/)).toBeDefined();
  });

  test("a part that could not be read is said although the rest was", () => {
    const unread = [{ what: "LACP details of bond0", code: "COLLECT_FORBIDDEN" as const, message: "needs CAP_NET_ADMIN" }];
    show([cluster(), ...pairOfNodes, ...bonds, source("crystal", "bonding"), source("ruby", "bonding", { unread })]);
    expect(region("Bonds").getByText(/LACP details of bond0: could not read: needs CAP_NET_ADMIN/)).toBeDefined();
  });
});

describe("services", () => {
  test("stand at their place, made of their members, with what failed", () => {
    const failure = {
      resource: "p_ip",
      node: "ruby",
      task: "monitor",
      intervalMs: 10_000,
      exitCode: 7,
      exitStatus: "not running",
      exitReason: null,
      failCount: "3",
      lastChange: null,
    };
    show([
      cluster(),
      ...pairOfNodes,
      ...readings("crystal", "ruby"),
      resource("g_web", { type: "group", agent: null, children: ["p_ip", "p_fs"] }),
      resource("p_ip", { parents: ["g_web"], agent: "ocf:heartbeat:IPaddr2", failures: [failure] }),
      resource("p_fs", { parents: ["g_web"] }),
    ]);
    const layer = region("Services");
    expect(layer.getByRole("heading", { name: "g_web" })).toBeDefined();
    expect(layer.getByText("IPaddr2, Filesystem")).toBeDefined();
    expect(layer.getByText(/monitor of p_ip failed: not running \(7\), fail count 3/)).toBeDefined();
    expect(layer.getByText("no service here")).toBeDefined();
  });

  test("that run nowhere are shown, and so is what keeps them off a node", () => {
    show([
      cluster(),
      ...pairOfNodes,
      ...readings("crystal", "ruby"),
      resource("g_iscsi", { places: [], said: said("bad", "stopped") }),
      constraint("cli-ban-g_iscsi-on-crystal"),
    ]);
    expect(region("Services").getByRole("heading", { name: "g_iscsi" })).toBeDefined();
    expect(region("Services").getByText("g_iscsi banned from crystal")).toBeDefined();
  });

  test("that another node sees elsewhere show both opinions", () => {
    show([
      cluster(),
      ...pairOfNodes,
      ...readings("crystal", "ruby"),
      resource("g_web", { opinions: [{ node: "crystal", says: "started on crystal" }] }),
    ]);
    expect(region("Services").getByText(/started on crystal/)).toBeDefined();
  });
});

test("bonds of bonds are shown to their ports, with the switch between the nodes", () => {
  const lacp = { permitted: true, aggregatorId: 1, portCount: 2, partnerMac: "00:1b:73:aa:10:01" };
  const tree = (name: string, isDown: boolean) => [
    bond(
      name,
      "idmz",
      { mode: "adaptive load balancing (balance-alb)", ports: [bondPort("idmz1", { isBond: true })] },
      { kernelSays: "kernel says up" },
    ),
    bond(
      name,
      "idmz1",
      {
        parent: "idmz",
        lacp,
        ports: [
          bondPort("e1p2", { partnerMac: lacp.partnerMac }),
          bondPort("e3p2", isDown ? { link: "down", failureCount: 7, partnerMac: "00:00:00:00:00:00" } : { partnerMac: lacp.partnerMac }),
        ],
      },
      { portSaid: { e1p2: said("ok", "up"), e3p2: isDown ? said("bad", "down, 7 fails") : said("ok", "up") } },
    ),
  ];
  show([cluster(), ...pairOfNodes, ...readings("crystal", "ruby"), ...tree("crystal", true), ...tree("ruby", false)]);
  const layer = screen.getByRole("region", { name: "Bonds" });
  expect(within(layer).getAllByText("e3p2").length).toBe(2);
  expect(text(layer)).toContain("down, 7 fails");
  expect(text(layer)).not.toContain("7 fails, 7 fails");
  expect(text(layer)).toContain("kernel says up");
  expect(text(layer)).toContain("partner …73:aa:10:013 of 4 ports up");
});

test("a client's wire to a MAC nobody owns ends where nobody answers", () => {
  show([
    cluster(),
    node("glouton"),
    node("jade"),
    node("hv06", { role: "client" }),
    ...readings("glouton", "jade", "hv06"),
    aoe("hv06", "e1.1", {
      said: said("risk", "talks to glouton's MAC"),
      toolSays: "aoe-stat says up",
      talksTo: [{ mac: "52:54:00:00:02:00", node: "glouton", export: null, said: said("risk", "talks to glouton's MAC") }],
    }),
    aoeExport("jade", "e1.1", { said: said("risk", "runs without -s") }),
  ]);
  expect(region("AoE device e1.1").getByText("aoe-stat says up")).toBeDefined();
  expect(region("Exports").getByText("runs without -s")).toBeDefined();
  expect(screen.getByText("nobody answers here")).toBeDefined();
});

test("three nodes: the outer pair names both its nodes", () => {
  const names = ["bergen", "narvik", "tromso"] as const;
  const pairs = [pair("bergen", "narvik"), pair("narvik", "tromso", { said: said("risk", "Off"), line: "cut" }), pair("bergen", "tromso")];
  show([
    cluster(),
    ...names.map((name) => node(name)),
    ...readings(...names),
    mirror("pg", { copies: names.map((name) => copy(name)), pairs }),
  ]);
  const lane = region("Mirror pg");
  expect(lane.getByText("Off")).toBeDefined();
  expect(lane.getByText("bergen and tromso in sync")).toBeDefined();
});

test("five nodes: a table of pairs", () => {
  const names = ["n1", "n2", "n3", "n4", "n5"];
  show([cluster(), ...names.map((name) => node(name)), mirror("r0", { copies: [copy("n1"), copy("n4")], pairs: [pair("n1", "n4")] })]);
  const table = screen.getByRole("table");
  expect(within(table).getByRole("row", { name: /r0/ }).textContent).toContain("n1 and n4: in sync");
});

describe("a cluster without nodes", () => {
  test("says so, and offers to add one to who may", () => {
    show([cluster()], true);
    expect(screen.getByRole("heading", { name: "No node is enrolled here yet" })).toBeDefined();
    expect(screen.getByRole("link", { name: "Add a node" }).getAttribute("href")).toBe("/settings/nodes");
  });

  test("offers nothing to who may not", () => {
    show([cluster()], false);
    expect(screen.queryByRole("link", { name: "Add a node" })).toBeNull();
  });
});

test("the rail has findings worst first, and what changed newest first", () => {
  show([
    cluster(),
    ...pairOfNodes,
    finding("One port is down", { level: "risk", sinceMs: NOW_MS - 9_000_000 }),
    finding("Split brain", { level: "bad", todo: "Decide whose data to keep." }),
    event("store in sync", { atMs: NOW_MS - 1_000 }),
    event("crystal online", { atMs: NOW_MS - 5_000 }),
  ]);
  const rail = within(screen.getByRole("complementary", { name: "Now" }));
  const said = rail.getAllByRole("listitem").map((item) => text(item));
  expect(said[0]).toContain("Split brain");
  expect(said[0]).toContain("Decide whose data to keep.");
  expect(said[1]).toContain("One port is down");
  expect(said[2]).toContain("store in sync");
  expect(said[3]).toContain("crystal online");
});
