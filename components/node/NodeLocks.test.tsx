// @vitest-environment happy-dom
// SPDX-License-Identifier: Apache-2.0
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import type { Entity, EntityOf } from "@/agent/protocol/console/view";
import { ClusterView } from "@/components/cluster/ClusterView";
import { cluster, dlm, NOW_MS, node, ocfs2, said, source } from "@/components/factories";
import { corosync } from "@/components/network-factories";
import { liveFixture } from "@/components/with-live";
import { NodeView } from "./NodeView";

afterEach(cleanup);

const words = (element: HTMLElement) => (element.textContent ?? "").replaceAll("\u00a0", " ");
const region = (name: RegExp) => words(screen.getByRole("region", { name }));
function page(own: EntityOf<"node">, ...entities: Entity[]) {
  const live = liveFixture([cluster(), own, ...entities]);
  render(live.wrap(<NodeView picture={live.picture} node={own} kernel={undefined} />));
}
function stack(...entities: Entity[]) {
  const live = liveFixture([cluster(), node("crystal"), node("ruby"), ...entities]);
  render(live.wrap(<ClusterView picture={live.picture} mayEnrol={false} />));
}
const waiting = dlm("ruby", [{ waitsFor: "fencing", newStatus: "wait fencing", flags: ["kern_stop"] }], {
  said: said("bad", "waits for fencing"),
  spaceSaid: { lvm_global: said("bad", "waits for fencing") },
});

test("OCFS2 on a node's page: its stack, and the cluster as it runs beside cluster.conf", () => {
  page(node("hv05"), source("hv05", "ocfs2"), ocfs2("hv05"));
  expect(region(/^OCFS2/)).toContain("stack o2cb plugin o2cb; loaded: o2cb; locking protocol 1.0");
  expect(screen.getAllByRole("row", { name: /hv06 1 10\.30\.9\.6:7777/ })).toHaveLength(2);
  expect(region(/^OCFS2/)).toContain("dead after 60 s");
});

test("OCFS2 whose plugins could not be read: said, never none", () => {
  const unread = ["active_cluster_plugin", "loaded_cluster_plugins", "max_locking_protocol"].map((what) => ({
    what,
    code: "COLLECT_FORBIDDEN" as const,
    message: "not permitted",
  }));
  const read = { activePlugin: null, loadedPlugins: [], lockingProtocol: null, unread };
  page(node("hv05"), source("hv05", "ocfs2", { unread }), ocfs2("hv05", read));
  expect(region(/^OCFS2/)).toContain("plugin in use not read; loaded plugins not read; locking protocol not read");
  expect(region(/^OCFS2/)).not.toContain("nothing mounted");
});

test("DLM on a node's page: each lockspace with what the kernel and the daemon say", () => {
  page(node("ruby"), source("ruby", "dlm"), waiting, corosync("ruby"));
  const row = words(screen.getByRole("row", { name: /lvm_global/ }));
  for (const text of ["0x12aabd2d", "waits for fencing", "wait fencing; kern_stop", "ruby, crystal", "recovery flags 0"])
    expect(row).toContain(text);
  expect(region(/^DLM/)).toContain("dlm_controld: quorate");
});

test("on the stack only where it is, and on that node's side", () => {
  stack(source("ruby", "dlm"), source("crystal", "dlm", { status: "absent", okAtMs: null }), waiting);
  expect(region(/^DLM/)).toContain("lvm_globalwaits for fencing");
  expect(region(/^DLM/)).toContain("no DLM here");
  expect(screen.queryByRole("region", { name: "OCFS2" })).toBeNull();
});

describe.each(["dlm", "ocfs2"] as const)("%s that is", (name) => {
  const title = name === "dlm" ? /^DLM/ : /^OCFS2/;
  const value = name === "dlm" ? dlm("ruby") : ocfs2("ruby");

  test("absent has no part on either page", () => {
    page(node("ruby"), source("ruby", name, { status: "absent", okAtMs: null }));
    expect(screen.queryByRole("region", { name: title })).toBeNull();
    expect(words(screen.getByRole("row", { name: title }))).toContain("not on this node");
  });

  test.each<[string, Parameters<typeof source>[2], Entity[], RegExp]>([
    [
      "forbidden",
      { status: "failed", okAtMs: null, error: { code: "COLLECT_FORBIDDEN", message: "not permitted" } },
      [],
      /could not read: not permitted/,
    ],
    [
      "hung",
      { status: "failed", okAtMs: NOW_MS - 283_000, error: { code: "COLLECT_TIMEOUT", message: "did not answer" } },
      [value],
      /not read since 13:58:02, 4 min 43 s ago/,
    ],
    [
      "unread in part",
      { unread: [{ what: "a part", code: "COLLECT_READ", message: "broken" }] },
      [value],
      /a part: could not read: broken/,
    ],
  ])("%s says so on both pages", (_, part, entities, expected) => {
    page(node("ruby"), source("ruby", name, part), ...entities);
    expect(region(title)).toMatch(expected);
    cleanup();
    stack(source("ruby", name, part), ...entities);
    expect(region(title)).toMatch(expected);
  });
});
