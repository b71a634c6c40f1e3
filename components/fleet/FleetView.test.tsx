// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import type { Entity } from "@/agent/protocol/console/view";
import { cluster, event, finding, keyed, maintenance, NOW_MS, node, run, safety, said, snapshot } from "@/components/factories";
import { fromSnapshot } from "@/components/live/store";
import { copy, mirror, pair } from "@/components/storage-factories";
import { liveFixture } from "@/components/with-live";
import { FleetView } from "./FleetView";
import { ranked, sayFleet, selectFleetCluster } from "./fleet";

afterEach(cleanup);

/** A fleet of the given clusters. */
function fleetOf(clusters: Readonly<Record<string, readonly Entity[]>>) {
  const whole = snapshot("none", [], { clusters: Object.fromEntries(Object.entries(clusters).map(([slug, list]) => [slug, keyed(list)])) });
  return [...fromSnapshot(whole).clusters].map(([slug, slice]) => selectFleetCluster(slug, slice));
}

function show(clusters: Readonly<Record<string, readonly Entity[]>>, mayEnrol = false) {
  render(liveFixture([]).wrap(<FleetView clusters={fleetOf(clusters)} clock="14:02:45" mayEnrol={mayEnrol} />));
}
const text = (element: HTMLElement) => (element.textContent ?? "").replaceAll("\u00a0", " ");
const judged = (slug: string, headline: Parameters<typeof said>) => cluster({ slug, title: slug, headline: said(...headline) });

describe("the headline", () => {
  test("counts what is not well, worst first; the rest in the second line", () => {
    const clusters = fleetOf({
      a: [judged("a", ["ok", "Nothing known is wrong"]), node("n1"), mirror("m")],
      b: [judged("b", ["risk", "At risk"]), node("n2")],
      c: [judged("c", ["risk", "At risk"])],
      d: [judged("d", ["old", "Cannot judge"])],
    });
    const { headline, rest } = sayFleet(clusters);
    expect(headline.replaceAll("\u00a0", " ")).toBe("2 clusters at risk, 1 cannot be judged");
    expect(rest.replaceAll("\u00a0", " ")).toBe("In the other 1 nothing known is wrong. 2 nodes, 1 mirror.");
  });

  test("of a calm fleet claims no more than is known", () => {
    expect(sayFleet(fleetOf({ a: [judged("a", ["ok", "Nothing known is wrong"])] })).headline).toBe("Nothing known is wrong");
  });

  test("a cluster nothing is known of cannot be judged", () => {
    expect(sayFleet(fleetOf({ a: [] })).headline.replaceAll("\u00a0", " ")).toBe("1 cluster cannot be judged");
  });
});

test("rows stand worst first, equals by name", () => {
  const clusters = fleetOf({
    calm: [judged("calm", ["ok", "fine"])],
    silent: [judged("silent", ["old", "silent"])],
    held: [judged("held", ["held", "held"])],
    riskb: [judged("riskb", ["risk", "risk"])],
    riska: [judged("riska", ["risk", "risk"])],
    broken: [judged("broken", ["bad", "broken"])],
  });
  expect(ranked(clusters).map(({ slug }) => slug)).toEqual(["broken", "riska", "riskb", "silent", "held", "calm"]);
});

describe("a row", () => {
  test("of a troubled cluster has the verdict, why, three findings and how many more", () => {
    show({
      "san-a": [
        cluster({ headline: said("risk", "At risk: only ruby holds store", "crystal is 61 % synced.") }),
        node("ruby"),
        ...["one", "two", "three", "four", "five"].map((title) => finding(title)),
      ],
    });
    const row = within(screen.getByRole("article", { name: "san-a" }));
    expect(row.getByText("At risk: only ruby holds store")).toBeDefined();
    expect(row.getAllByRole("listitem").length).toBe(3);
    expect(row.getByText("and 2 more")).toBeDefined();
    expect(row.getByRole("link", { name: "ruby" }).getAttribute("href")).toBe("/c/san-a/n/ruby");
  });

  test("does not tell again what its headline tells", () => {
    show({
      "san-a": [
        cluster({ headline: said("risk", "At risk: only ruby holds store") }),
        finding("Only ruby holds store"),
        finding("another"),
      ],
    });
    const row = within(screen.getByRole("article", { name: "san-a" }));
    expect(row.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual(["another"]);
  });

  test("looks old only when none of its nodes is heard", () => {
    const silent = { link: "lost" as const, state: said("old", "silent") };
    show({
      part: [judged("part", ["old", "Cannot judge"]), node("a1", silent), node("a2")],
      whole: [judged("whole", ["old", "Cannot judge"]), node("b1", silent), node("b2", silent)],
    });
    const isFaded = (name: string) => screen.getByRole("article", { name }).classList.contains("faded");
    expect([isFaded("part"), isFaded("whole")]).toEqual([false, true]);
  });

  test("of a calm cluster is one line", () => {
    show({ delta: [judged("delta", ["ok", "Nothing known is wrong"]), node("a1"), node("a2"), mirror("x"), mirror("y")] });
    const row = screen.getByRole("article", { name: "delta" });
    expect(text(row)).toContain("2 nodes online");
    expect(text(row)).toContain("2 mirrors in sync");
    expect(within(row).queryByRole("link", { name: "a1" })).toBeNull();
  });

  test("with a silent node is never the calm line, whatever the headline says", () => {
    show({
      delta: [judged("delta", ["ok", "Nothing known is wrong"]), node("a1", { link: "stale", lastWordAtMs: NOW_MS - 14_000 }), node("a2")],
    });
    const row = screen.getByRole("article", { name: "delta" });
    expect(within(row).getByRole("link", { name: "a1" })).toBeDefined();
  });

  test("says each mirror's state beside its line", () => {
    const cut = pair("a", "b", { said: said("bad", "split brain"), line: "cut" });
    show({
      x: [
        judged("x", ["bad", "Split brain"]),
        mirror("store", { said: said("bad", "split brain"), copies: [copy("a"), copy("b")], pairs: [cut] }),
      ],
    });
    expect(screen.getByRole("link", { name: "store" }).getAttribute("href")).toBe("/c/x/drbd/store");
    expect(screen.getByText("split brain")).toBeDefined();
  });

  test("of a cluster under maintenance says what that means", () => {
    const held = cluster({ headline: said("held", "Maintenance"), pacemaker: { ...pacemaker(), maintenance: true } });
    show({ "san-a": [held, node("ruby"), maintenance(null)] });
    expect(screen.getByText(/starts and stops nothing by itself/)).toBeDefined();
  });
});

function pacemaker() {
  const { pacemaker: known } = cluster();
  if (!known) throw new Error("the factory's cluster has Pacemaker");
  return known;
}

test("what changed: the newest thirty of all clusters, newest first", () => {
  const events = (slug: string, offset: number) =>
    Array.from({ length: 20 }, (_, index) => event(`${slug} ${index}`, { atMs: NOW_MS - offset - index * 10_000 }));
  show({ a: [judged("a", ["ok", "fine"]), ...events("a", 0)], b: [judged("b", ["ok", "fine"]), ...events("b", 5_000)] });
  const rows = within(screen.getByRole("region", { name: /What changed/ })).getAllByRole("listitem");
  expect(rows.length).toBe(30);
  expect(rows.slice(0, 3).map((row) => row.children[2]?.textContent)).toEqual(["a 0", "b 0", "a 1"]);
});

test("what changed: where only findings are among the newest, not that nothing ever did", () => {
  show({ a: [judged("a", ["ok", "fine"]), event("Over: No word from ruby", { what: "finding" })] });
  expect(text(screen.getByRole("region", { name: /What changed/ }))).toContain("Nothing among the newest entries");
});

describe("without any cluster", () => {
  test("an admin is shown the way to the first node", () => {
    show({}, true);
    expect(screen.getByRole("heading", { name: "No cluster yet" })).toBeDefined();
    expect(screen.getByRole("link", { name: "Add a node" })).toBeDefined();
  });

  test("a viewer is told who can add one", () => {
    show({}, false);
    expect(screen.getByText(/An admin can add one/)).toBeDefined();
  });
});

describe("may a node be taken down", () => {
  test("is said in one phrase, at a calm row too", () => {
    show({
      calm: [judged("calm", ["ok", "fine"]), node("a1"), safety("a1"), safety("a2")],
      bad: [judged("bad", ["risk", "risk"]), node("b1"), safety("b1", { answer: "no", says: "No." }), safety("b2")],
    });
    expect(text(screen.getByRole("article", { name: "calm" }))).toContain("any one may be taken down");
    expect(text(screen.getByRole("article", { name: "bad" }))).toContain("b1 must stay up");
  });
});

test("a command under way and a maintenance take their lines, however calm the cluster is", () => {
  show({ "san-a": [judged("san-a", ["ok", "fine"]), node("ruby"), run("r1"), maintenance("ruby")] });
  const row = text(screen.getByRole("article", { name: "san-a" }));
  expect(row).toContain("anna: Standby ruby, g_mail stops on ruby, 12 s");
  expect(row).toContain("Maintenance of ruby. anna: “new memory”, until 15:02:45");
});
