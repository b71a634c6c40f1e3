// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { Entity } from "@/agent/protocol/console/view";
import { ClusterView } from "@/components/cluster/ClusterView";
import { cluster, node, said, source } from "@/components/factories";
import { pool } from "@/components/storage-factories";
import { liveFixture } from "@/components/with-live";
import { NodeView } from "./NodeView";

afterEach(cleanup);

const text = (element: HTMLElement) => (element.textContent ?? "").replaceAll("\u00a0", " ");
const ruby = node("ruby");
const region = () => screen.getByRole("region", { name: /^ZFS pools/ });
const failure = { code: "COLLECT_TIMEOUT" as const, message: "zpool did not answer" };

function show(...entities: Entity[]) {
  const live = liveFixture([cluster(), ruby, ...entities]);
  render(live.wrap(<NodeView picture={live.picture} node={ruby} kernel={undefined} />));
}

test("a pool stands with its devices and how full it is", () => {
  show(source("ruby", "zfs"), pool("ruby", "tank", { said: said("risk", "degraded", "One device is gone.") }));
  const row = text(within(region()).getByRole("row", { name: /tank/ }));
  expect(row).toContain("degraded");
  expect(row).toContain("One device is gone.");
  expect(row).toContain("drbd0 online");
  expect(row).toMatch(/512 GiB of 1(\.0)? TiB/);
});

test("none, and that is known", () => {
  show(source("ruby", "zfs"));
  expect(text(region())).toContain("no ZFS pools here");
});

test("could not be read: said so; old values stay, marked old", () => {
  show(source("ruby", "zfs", { status: "failed", error: failure }), pool("ruby", "tank"));
  expect(within(region()).getByText("tank").closest(".stale")).not.toBeNull();
  expect(text(region())).toContain("zpool did not answer");
});

test("not on this node: no part of the page", () => {
  show(source("ruby", "zfs", { status: "absent", okAtMs: null }));
  expect(screen.queryByRole("region", { name: /^ZFS pools/ })).toBeNull();
});

test("on the stack: where it is, with the device that is not well; where there is none, or it could not be read, that", () => {
  const devices = [
    { name: "sdb", key: null, at: null, said: said("ok", "online") },
    { name: "sdc", key: null, at: null, said: said("bad", "faulted") },
  ];
  const live = liveFixture([
    cluster(),
    node("crystal"),
    ruby,
    source("ruby", "zfs"),
    source("crystal", "zfs", { status: "failed", okAtMs: null, error: failure }),
    pool("ruby", "tank", { said: said("risk", "degraded"), devices }),
  ]);
  render(live.wrap(<ClusterView picture={live.picture} mayEnrol={false} />));
  const layer = text(screen.getByRole("region", { name: "Pools" }));
  expect(layer).toMatch(/tank zfs, 1(\.0)? TiB ?degraded ?sdb, sdc faulted/);
  expect(layer).toContain("zpool did not answer");
});
