// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import type { Entity } from "@/agent/protocol/console/view";
import { cluster, finding, maintenance, NOW_MS, node, run, said, snapshot } from "@/components/factories";
import { fromSnapshot } from "@/components/live/store";
import { mirror } from "@/components/storage-factories";
import { liveFixture } from "@/components/with-live";
import { layOut } from "./lay-out";
import { WallView } from "./WallView";
import { countWall, selectWallCluster, sortWall, type WallCluster } from "./wall";

afterEach(cleanup);

function selected(slug: string, entities: readonly Entity[]): WallCluster {
  const slice = fromSnapshot(snapshot(slug, entities)).clusters.get(slug);
  const one = slice && selectWallCluster(slug, slice);
  if (!one) throw new Error("nothing was selected");
  return one;
}
const well = (slug: string, part: Partial<WallCluster> = {}): WallCluster => ({
  ...selected(slug, [cluster({ slug, title: slug }), node("ruby")]),
  ...part,
});
const troubled = (slug: string, level: WallCluster["level"], ageMs: number) =>
  well(slug, { level, says: `${slug} wants you`, sinceMs: NOW_MS - ageMs });

function show(clusters: readonly WallCluster[], isLost = false) {
  const live = liveFixture([]);
  render(live.wrap(<WallView clusters={clusters} line={isLost ? "lost" : "live"} />));
  return live;
}
const text = (element: HTMLElement | null) => (element?.textContent ?? "").replaceAll("\u00a0", " ");

describe("what a wall makes of a cluster", () => {
  const alone = said("risk", "At risk: only ruby holds store", "crystal is 61 % synced.");

  test("the sentence of the finding that the headline tells, and the others below it; who acts comes first", () => {
    const one = selected("san-a", [
      cluster({ headline: alone }),
      node("ruby"),
      finding("Only ruby holds store"),
      finding("crystal has 3 of 4 ports", { rule: "bondPorts" }),
      run("r1", { by: "anna", title: "Take crystal back" }),
      run("r0", { outcome: "done", endedAtMs: NOW_MS }),
    ]);
    expect(one).toMatchObject({ level: "risk", says: "Only ruby holds store", why: "crystal is 61 % synced.", isSilent: false });
    expect(one.notes.map(({ text: note }) => note)).toEqual(["anna: Take crystal back", "crystal has 3 of 4 ports"]);
  });

  test("a split brain is told once, and not with the word that stands beside its shape", () => {
    const [a, b] = [
      finding("Split brain: crystal and ruby hold different data of mail", { level: "bad" }),
      finding("crystal has 3 of 4 ports"),
    ];
    const headline = said("bad", "Broken: split brain, crystal and ruby hold different data of mail");
    const one = selected("san-a", [cluster({ headline, headlineOf: `${a.rule}/${a.title}` }), a, b]);
    expect(one.says).toBe("Split brain: crystal and ruby hold different data of mail");
    expect(one.notes.map(({ text: note }) => note)).toEqual(["crystal has 3 of 4 ports"]);
  });

  test("who has acknowledged what, first of all of the headline's own", () => {
    const alert = (by: string) => ({ id: by, acknowledged: { by, atMs: NOW_MS, note: "" }, held: null });
    const one = selected("san-a", [
      cluster({ headline: alone }),
      finding("Only ruby holds store", { alert: alert("anna") }),
      finding("crystal has 3 of 4 ports", { rule: "bondPorts", alert: alert("otto") }),
    ]);
    expect(one.notes.map(({ text: note }) => note)).toEqual(["anna is at it", "crystal has 3 of 4 ports: otto is at it"]);
  });

  test("silent only when none of its nodes is heard, with the newest word of any", () => {
    const silent = (name: string, agoMs: number) => node(name, { link: "lost", lastWordAtMs: NOW_MS - agoMs });
    expect(selected("a", [cluster(), silent("ruby", 9_000), node("crystal")]).isSilent).toBe(false);
    expect(selected("a", [cluster(), silent("ruby", 9_000), silent("crystal", 60_000)])).toMatchObject({
      isSilent: true,
      lastWordAtMs: NOW_MS - 9_000,
    });
  });

  test("a mirror that was never verified is no proof, whatever the others are", () => {
    expect(selected("a", [cluster(), mirror("mail")]).cleanAtMs).toBeNull();
    expect(selected("a", [cluster()]).cleanAtMs).toBeUndefined();
  });

  test("a recording is no part of what is now", () => {
    const recorded = { atMs: NOW_MS, atFrom: "said", origin: "a folder", openedBy: "anna", openedAtMs: NOW_MS } as const;
    const slice = fromSnapshot(snapshot("old", [cluster({ recorded })])).clusters.get("old");
    expect(slice && selectWallCluster("old", slice)).toBeNull();
  });
});

test("the biggest trouble is first, of equal trouble the newest; what is silent comes after what is known to be bad", () => {
  const all = [
    well("calm"),
    troubled("risk-old", "risk", 90_000),
    well("silent", { isSilent: true }),
    troubled("bad", "bad", 10_000),
    troubled("risk-new", "risk", 1_000),
    well("held", { level: "held" }),
  ];
  const { troubled: first, calm } = sortWall(all);
  expect(first.map(({ slug }) => slug)).toEqual(["bad", "risk-new", "risk-old", "silent"]);
  expect(calm.map(({ slug }) => slug)).toEqual(["held", "calm"]);
  expect(countWall(all).map(({ says }) => says)).toEqual(["1 broken", "2 at risk", "1 silent", "1 in maintenance", "1 clear"]);
});

test("one to forty clusters in trouble have a place each on one screen, in words of at least 32 units", () => {
  for (let count = 1; count <= 40; count += 1) {
    const { columns, rows, form, scale, lines } = layOut(count);
    const places = form === "lead" && columns > 1 ? 1 + rows : columns * rows;
    expect(places, `${count}`).toBeGreaterThanOrEqual(count);
    expect(62 * scale, `${count}`).toBeGreaterThanOrEqual(32);
    expect(lines, `${count}`).toBeGreaterThanOrEqual(2);
  }
});

describe("the screen", () => {
  test("names every troubled cluster and says since when; a calm one has a line", () => {
    show([troubled("san-a", "bad", 43 * 60_000 + 5_000), well("north")]);
    expect(text(screen.getByRole("region", { name: "san-a" }))).toContain("broken since 13:19:40, 43 min");
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("san-a wants you");
    expect(text(screen.getByRole("contentinfo"))).toContain("north");
  });

  test("says who holds what, and until when", () => {
    const held = selected("north", [cluster({ headline: said("held", "Maintenance") }), node("bergen"), maintenance("bergen")]);
    show([troubled("san-a", "bad", 1_000), held]);
    expect(text(screen.getByRole("contentinfo"))).toContain("bergen by anna until 15:02:45");
  });

  test("says how old the oldest word is that all this stands on, and without a console does not", () => {
    const live = liveFixture([cluster(), node("ruby", { lastWordAtMs: NOW_MS - 1_400 })]);
    render(live.wrap(<WallView clusters={[well("san-a")]} line="live" />));
    expect(text(screen.getByRole("main"))).toContain("each node heard within 2 s");
    act(() => live.store.setLine("lost"));
    expect(text(screen.getByRole("main"))).not.toContain("heard within");
  });

  test("with nothing wrong says that, and names them all", () => {
    show([well("north"), well("south")]);
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Nothing known is wrong");
    expect(screen.getAllByRole("listitem")).toHaveLength(2);
    expect(text(screen.getAllByRole("listitem")[0] ?? null)).toContain("1 node, 0 mirrors");
  });

  test("a silent cluster is old as a whole and promises nothing", () => {
    show([well("north", { isSilent: true, lastWordAtMs: NOW_MS - 161_000 })]);
    const tile = screen.getByRole("region", { name: "north" });
    expect(text(tile)).toContain("No word since 14:00:04, 2 min ago");
    expect(text(tile)).toContain("Until then: nothing known was wrong");
    expect(tile.className).toContain("is-old");
    expect(tile.querySelector(".i-ok")).toBeNull();
  });

  test("without its console says so with the last moment it knew, counts by its own clock, and prints no age", () => {
    const live = show([troubled("san-a", "bad", 43 * 60_000)], true);
    act(() => {
      live.pass(5_200);
      live.store.setLine("lost");
    });
    expect(text(screen.getByRole("alert"))).toContain("No word from the console since 14:02:45");
    expect(text(screen.getByText(/^5/))).toContain("5 s");
    const tile = text(screen.getByRole("region", { name: "san-a" }));
    expect(tile).toContain("since 13:19:45");
    expect(tile).not.toContain("43 min");
    expect(screen.queryByRole("time")).toBeNull();
  });

  test("has nothing to press and leads nowhere", () => {
    show([troubled("san-a", "bad", 1_000), well("north")]);
    expect(screen.queryAllByRole("button")).toEqual([]);
    expect(screen.queryAllByRole("link")).toEqual([]);
  });
});
