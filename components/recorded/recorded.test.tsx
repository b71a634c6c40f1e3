// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { act, cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import { keyOf } from "@/agent/protocol/console/keys";
import { ClusterView } from "@/components/cluster/ClusterView";
import { cluster, NOW_MS, node, said, source } from "@/components/factories";
import { FleetView } from "@/components/fleet/FleetView";
import { type FleetCluster, sayFleet } from "@/components/fleet/fleet";
import { Age, Lasting } from "@/components/live/Age";
import { LineStatus } from "@/components/shell/LineStatus";
import { liveFixture, SLUG } from "@/components/with-live";
import { RecordedStrip } from "./RecordedStrip";

afterEach(cleanup);

const AT_MS = Date.UTC(2026, 10, 20, 11, 32, 10);
const recorded = { atMs: AT_MS, atFrom: "recording", origin: "sos-alice", openedBy: "anna", openedAtMs: NOW_MS } as const;
const ruby = node("ruby", { link: "recorded", lastWordAtMs: AT_MS });
const entities = [
  cluster({ environment: "RECORDED", recorded, headline: said("risk", "At risk: only ruby holds store") }),
  ruby,
  source("ruby", "drbd", { freshness: "recorded", takenAtMs: AT_MS, okAtMs: AT_MS }),
];
const text = () => (document.body.textContent ?? "").replaceAll("\u00a0", " ");

describe("a page of a recording", () => {
  test("says of when it is, whose, and that nothing is live, to whoever may close it and to who may not", () => {
    const live = liveFixture(entities);
    const { rerender } = render(live.wrap(<RecordedStrip userRole="operator" />));
    const strip = screen.getByRole("complementary", { name: "Recording" });
    expect(strip.textContent).toContain("Recorded 20 Nov 2026 11:32:10");
    expect(strip.textContent).toContain("from sos-alice, opened by anna");
    expect(strip.textContent).toContain("Nothing here is live");
    expect(within(strip).getByRole("button", { name: "Close the recording" })).toBeDefined();
    rerender(live.wrap(<RecordedStrip userRole="viewer" />));
    expect(screen.queryByRole("button")).toBeNull();
  });

  test("has no age and no line of agents: its clock stands", () => {
    const live = liveFixture(entities);
    render(
      live.wrap(
        <>
          <Age slug={SLUG} of={keyOf.node("ruby")} />, up <Lasting sinceMs={AT_MS - 60_000} />, <LineStatus />
        </>,
      ),
    );
    expect(text()).toBe("recorded 20 Nov 2026 11:32:10, up 1 min 00 s, a recording, not live");
    act(() => live.pass(3_600_000));
    expect(text()).toContain("up 1 min 00 s");
  });

  test("shows its nodes as they were, not as silent, and nothing as awaited", () => {
    const live = liveFixture([...entities, node("crystal", { link: "recorded", lastWordAtMs: AT_MS })]);
    render(live.wrap(<ClusterView picture={live.picture} mayEnrol={false} />));
    expect(text()).toContain("recorded 20 Nov 2026 11:32:10");
    expect(text()).toContain("in this recording");
    expect(text()).toContain("A recording holds one moment.");
    expect(text()).not.toMatch(/no word|not read yet|ago/);
  });

  test("says that it was closed when somebody closed it meanwhile", () => {
    const live = liveFixture(entities);
    render(live.wrap(<RecordedStrip userRole="operator" />));
    act(() => {
      live.store.take({ type: "patch", number: 8, atMs: NOW_MS, changes: { [SLUG]: { set: {}, remove: ["*"] } } });
    });
    expect(screen.getByRole("alert").textContent).toContain("This recording was closed");
  });

  test("a cluster that lives has no strip", () => {
    const live = liveFixture([cluster(), node("ruby")]);
    render(live.wrap(<RecordedStrip userRole="admin" />));
    expect(text()).toBe("");
  });
});

describe("the fleet's page", () => {
  const row = (slug: string, part: Partial<FleetCluster>): FleetCluster => ({
    slug,
    cluster: undefined,
    nodes: [],
    mirrors: [],
    verifies: [],
    findings: [],
    events: [],
    verdicts: [],
    maintenances: [],
    runs: [],
    ...part,
  });
  const living = row("san-a", { cluster: cluster(), nodes: [["node:ruby", node("ruby")]] });
  const recording = row("recorded-x", {
    cluster: cluster({ title: "SAN A, Monday", recorded, headline: said("bad", "Broken: store is gone") }),
    nodes: [["node:ruby", ruby]],
  });

  test("lists a recording apart, and neither verdict nor count takes it in", () => {
    const live = liveFixture(entities);
    render(live.wrap(<FleetView clusters={[recording, living]} clock="14:02:31" mayEnrol={false} />));
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe(sayFleet([living]).headline);
    const list = screen.getByRole("region", { name: /Recordings/ });
    expect(list.textContent).toContain("20 Nov 2026 11:32:10, then: Broken: store is gone");
    expect(within(list).getByRole("link", { name: "SAN A, Monday" }).getAttribute("href")).toBe("/c/recorded-x");
    expect(screen.getAllByRole("article")).toHaveLength(1);
  });

  test("without any cluster still shows the recordings", () => {
    const live = liveFixture(entities);
    render(live.wrap(<FleetView clusters={[recording]} clock="14:02:31" mayEnrol={true} />));
    expect(screen.getByRole("heading", { name: "No cluster yet" })).toBeDefined();
    expect(screen.getByRole("region", { name: /Recordings/ })).toBeDefined();
  });
});
