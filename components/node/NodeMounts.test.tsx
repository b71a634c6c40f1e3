// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import type { Entity } from "@/agent/protocol/console/view";
import { ClusterView } from "@/components/cluster/ClusterView";
import { cluster, NOW_MS, node, said, source } from "@/components/factories";
import { mount, step } from "@/components/storage-factories";
import { liveFixture } from "@/components/with-live";
import { NodeView } from "./NodeView";

afterEach(cleanup);

const text = (element: HTMLElement) => (element.textContent ?? "").replaceAll("\u00a0", " ");
const ruby = node("ruby");
const region = (name: string | RegExp) => screen.getByRole("region", { name });
const failure = { code: "COLLECT_FORBIDDEN" as const, message: "/proc/1/mountinfo: not permitted" };
const onMail = [
  step("drbd1", "drbd", 0, { key: "mirror:mail/0" }),
  step("md0", "md", 1),
  step("e0.0", "aoe", 2, { at: "jade" }),
  step("e1.0", "aoe", 2, { at: "onyx" }),
];

function showNode(...entities: Entity[]) {
  const live = liveFixture([cluster(), ruby, ...entities]);
  render(live.wrap(<NodeView picture={live.picture} node={ruby} kernel={undefined} />));
}

function showStack(...entities: Entity[]) {
  const live = liveFixture([cluster(), node("crystal"), ruby, ...entities]);
  render(live.wrap(<ClusterView picture={live.picture} mayEnrol={false} />));
}

describe("mounts on a node's page", () => {
  test("one line says what it stands on, down to both ends; the mirror is a link", () => {
    showNode(source("ruby", "mounts"), mount("ruby", "/srv/mail", onMail));
    const row = screen.getByRole("row", { name: /\/srv\/mail/ });
    expect(text(row)).toContain("drbd1 (mail) → md0 → e0.0 at jade, e1.0 at onyx");
    expect(within(row).getByRole("link", { name: "mail" }).getAttribute("href")).toBe("/c/san-a/drbd/mail");
  });

  test("one that went read-only says so, and what that means", () => {
    showNode(
      source("ruby", "mounts"),
      mount("ruby", "/srv/mail", onMail, { said: said("bad", "went read-only", "It stopped writes itself.") }),
    );
    expect(text(screen.getByRole("row", { name: /\/srv\/mail/ }))).toContain("went read-only");
    expect(screen.getByText("It stopped writes itself.")).toBeDefined();
  });

  test("of a device that sysfs does not know the kernel's word stands", () => {
    const isos = mount("ruby", "/isos", []);
    showNode(source("ruby", "mounts"), { ...isos, mount: { ...isos.mount, device: "10.0.0.1:/isos", type: "nfs4" } });
    expect(text(screen.getByRole("row", { name: /\/isos/ }))).toContain("10.0.0.1:/isos");
  });

  test("swap stands with how full it is", () => {
    const swap = { device: "/dev/sda3", type: "partition", sizeBytes: 8 * 2 ** 30, usedBytes: 2 ** 30, priority: -2 };
    showNode(source("ruby", "mounts"), {
      kind: "swap",
      from: { node: "ruby", source: "mounts" },
      swap,
      said: said("ok", "in use"),
      standsOn: [],
      bypasses: null,
    });
    expect(text(screen.getByRole("row", { name: /swap/ }))).toMatch(/1(\.0)? GiB of 8(\.0)? GiB/);
  });

  test("could not be read: said so, and not that there are none", () => {
    showNode(source("ruby", "mounts", { status: "failed", okAtMs: null, error: failure }));
    expect(text(region(/^Mounts/))).toContain("could not read: /proc/1/mountinfo: not permitted");
  });

  test("old values stay, marked old", () => {
    showNode(source("ruby", "mounts", { freshness: "stale", okAtMs: NOW_MS - 60_000 }), mount("ruby", "/srv/mail", onMail));
    expect(
      within(region(/^Mounts/))
        .getByText("/srv/mail")
        .closest(".stale"),
    ).not.toBeNull();
  });

  test("not on this node: no part of the page", () => {
    showNode(source("ruby", "mounts", { status: "absent", okAtMs: null }));
    expect(screen.queryByRole("region", { name: /^Mounts/ })).toBeNull();
  });
});

describe("mounts in the stack", () => {
  test("what lies on mirrors and disks of other nodes; the system's own disk is not the cluster's", () => {
    showStack(
      source("ruby", "mounts"),
      source("crystal", "mounts"),
      mount("ruby", "/srv/mail", onMail),
      mount("ruby", "/", [step("sda1", "partition", 0)]),
      mount("crystal", "/", [step("sda1", "partition", 0)]),
    );
    const layer = text(region("Mounts"));
    expect(layer).toContain("/srv/mail ext4");
    expect(layer).toContain("on drbd1 (mail) → md0 → e0.0 at jade, e1.0 at onyx");
    expect(layer).not.toContain("sda1");
    expect(layer).toContain("no mounts on cluster storage here");
  });

  test("the system's own disk is told when something is wrong with it", () => {
    showStack(source("ruby", "mounts"), mount("ruby", "/", [step("sda1", "partition", 0)], { said: said("bad", "went read-only") }));
    expect(text(region("Mounts"))).toContain("went read-only");
  });

  test("none anywhere: no row", () => {
    showStack(source("ruby", "mounts"), source("crystal", "mounts"));
    expect(screen.queryByRole("region", { name: "Mounts" })).toBeNull();
  });
});
