// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import type { Entity } from "@/agent/protocol/console/view";
import { ClusterView } from "@/components/cluster/ClusterView";
import { cluster, NOW_MS, node, said, source } from "@/components/factories";
import { array } from "@/components/storage-factories";
import { liveFixture } from "@/components/with-live";
import { NodeView } from "./NodeView";

afterEach(cleanup);

const text = (element: HTMLElement) => (element.textContent ?? "").replaceAll("\u00a0", " ");
const hv06 = node("hv06", { role: "client", state: said("ok", "up") });
const region = (name: string | RegExp) => screen.getByRole("region", { name });
const failure = { code: "COLLECT_TIMEOUT" as const, message: "/proc/mdstat did not answer" };

function showNode(...entities: Entity[]) {
  const live = liveFixture([cluster(), hv06, ...entities]);
  render(live.wrap(<NodeView picture={live.picture} node={hv06} kernel={undefined} />));
}

function showStack(...entities: Entity[]) {
  const storage = ["glouton", "jade"].map((name) => node(name));
  const live = liveFixture([cluster(), ...storage, node("hv05", { role: "client" }), hv06, ...entities]);
  render(live.wrap(<ClusterView picture={live.picture} mayEnrol={false} />));
}

describe("arrays on a node's page", () => {
  test("each leg with its state and its other end, a rebuild with how long it takes", () => {
    const action = { kind: "recovery", state: "running", percent: 22, doneBytes: 88 * 2 ** 30, totalBytes: 400 * 2 ** 30 };
    const legs = array("hv06", "md0").legs.map((leg, index) => (index === 1 ? { ...leg, said: said("busy", "rebuilding") } : leg));
    showNode(
      source("hv06", "md"),
      array(
        "hv06",
        "md0",
        { action: { ...action, finishSeconds: 2_892, rateBytesPerSec: 110 * 2 ** 20 } },
        { said: said("risk", "1 of 2 legs, recovery 22 %", "The next failed leg takes it away."), legs },
      ),
    );
    const row = text(within(region(/^Arrays/)).getByRole("row", { name: /md0/ }));
    expect(row).toContain("e10.6 at jade in sync");
    expect(row).toContain("e11.6 at glouton rebuilding");
    expect(row).toContain("88 GiB of 400 GiB, 110 MiB/s, 48 min 12 s left");
    expect(row).toContain("The next failed leg takes it away.");
  });

  test("none, and that is known", () => {
    showNode(source("hv06", "md"));
    expect(text(region(/^Arrays/))).toContain("no md arrays here");
  });

  test("could not be read: said so, and not that there are none", () => {
    showNode(source("hv06", "md", { status: "failed", okAtMs: null, error: failure }));
    expect(text(region(/^Arrays/))).toContain("could not read: /proc/mdstat did not answer");
  });

  test("old values stay, marked old", () => {
    showNode(source("hv06", "md", { status: "failed", okAtMs: NOW_MS - 60_000, error: failure }), array("hv06", "md0"));
    expect(
      within(region(/^Arrays/))
        .getByText("md0")
        .closest(".stale"),
    ).not.toBeNull();
    expect(text(region(/^Arrays/))).toContain("not read since 14:01:45");
  });

  test("not on this node: no part of the page, only a line in what is read", () => {
    showNode(source("hv06", "md", { status: "absent", okAtMs: null }));
    expect(screen.queryByRole("region", { name: /^Arrays/ })).toBeNull();
    expect(text(screen.getByRole("row", { name: /^md arrays/ }))).toContain("not on this node");
  });
});

describe("arrays in the stack", () => {
  test("a client's stand below the clients, the storage nodes' nowhere while they have none", () => {
    showStack(source("hv06", "md"), source("hv05", "md", { status: "absent" }), array("hv06", "md0"));
    const layer = text(region("Arrays of the clients"));
    expect(layer).toContain("md0");
    expect(layer).toContain("e10.6 at jade, e11.6 at glouton");
    expect(layer).toContain("no md arrays here");
    expect(screen.queryByRole("region", { name: "Arrays" })).toBeNull();
  });

  test("a storage node's stand with its disks", () => {
    showStack(source("jade", "md"), array("jade", "md1", {}, { legs: [] }));
    expect(text(region("Arrays"))).toContain("md1");
    expect(screen.queryByRole("region", { name: "Arrays of the clients" })).toBeNull();
  });

  test("that cannot be read are a row, no array is none", () => {
    showStack(source("jade", "md", { status: "failed", okAtMs: null, error: failure }));
    expect(text(region("Arrays"))).toContain("could not read");
  });
});
